/// Endings of English words and what the word without them may end in instead.
const ENDINGS: [(&str, &[&str]); 12] = [
    ("'s", &[""]),
    ("s'", &["", "s"]),
    ("ies", &["y"]),
    ("es", &["", "e"]),
    ("s", &[""]),
    ("ied", &["y"]),
    ("ed", &["", "e"]),
    ("ing", &["", "e"]),
    ("er", &["", "e"]),
    ("ers", &["", "e"]),
    ("ly", &["", "le"]),
    ("able", &["", "e"]),
];
/// A stem has at least so many bytes.
const SHORTEST: usize = 3;

/// The words of which an English word may be a form: `cards`, `card's` and `carded` of `card`.
pub(super) fn stems(word: &str) -> Vec<String> {
    let mut stems = Vec::new();
    for (ending, instead) in ENDINGS {
        let Some(stem) = word.strip_suffix(ending).filter(|stem| stem.len() >= SHORTEST) else {
            continue;
        };
        stems.extend(instead.iter().map(|other| [stem, other].concat()));
        // `shipped` of `ship`.
        let mut chars = stem.chars();
        if let Some(last) = chars.next_back()
            && chars.next_back() == Some(last)
        {
            stems.push(stem.strip_suffix(last).unwrap_or(stem).to_owned());
        }
    }
    stems
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forms_lead_to_the_word() {
        for (form, word) in [
            ("puppies", "puppy"),
            ("delays", "delay"),
            ("london's", "london"),
            ("guests'", "guests"),
            ("shipped", "ship"),
            ("moving", "move"),
            ("reader", "read"),
            ("gently", "gentle"),
        ] {
            assert!(stems(form).iter().any(|stem| stem == word), "{form}: {:?}", stems(form));
        }
        assert!(stems("is").is_empty() && stems("").is_empty());
    }
}
