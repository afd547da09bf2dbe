//! The terms of a text: stemmed words in English; in Japanese, pairs of characters of one script, so that no dictionary is needed.

use crate::text::fold;

/// Something that a text says, with how much it says.
pub(super) struct Term {
    pub(super) text: String,
    pub(super) weight: f32,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Script {
    Latin,
    Kanji,
    Katakana,
    Hiragana,
    Other,
}

fn script(c: char) -> Script {
    match c {
        _ if c.is_ascii_alphanumeric() => Script::Latin,
        '\u{4e00}'..='\u{9fff}' | '\u{3400}'..='\u{4dbf}' | '々' => Script::Kanji,
        '\u{30a1}'..='\u{30fc}' => Script::Katakana,
        '\u{3041}'..='\u{309f}' => Script::Hiragana,
        _ if c.is_alphanumeric() => Script::Latin,
        _ => Script::Other,
    }
}

/// The terms of a text with the weight of their kind: what carries meaning weighs more than what joins it.
pub(super) fn terms(text: &str) -> Vec<Term> {
    let folded = fold(text);
    let chars: Vec<char> = folded.chars().filter(|c| *c != '\'').collect();
    let mut found = Vec::new();
    for run in chars.chunk_by(|a, b| script(*a) == script(*b)) {
        match script(run[0]) {
            Script::Latin => found.extend(stem(&run.iter().collect::<String>()).map(|text| Term { text, weight: 1.0 })),
            Script::Kanji => {
                // A question word (何, 何時) is in the question, never in its answer.
                let run: Vec<char> = run.iter().copied().filter(|c| *c != '何').collect();
                let single = if run.len() == 1 { 0.8 } else { 0.3 };
                found.extend(run.iter().map(|c| Term {
                    text: c.to_string(),
                    weight: single,
                }));
                pairs(&run, 1.0, &mut found);
            }
            Script::Katakana => pairs(run, 1.0, &mut found),
            Script::Hiragana => pairs(run, 0.15, &mut found),
            Script::Other => {}
        }
    }
    found
}

fn pairs(run: &[char], weight: f32, found: &mut Vec<Term>) {
    found.extend(run.windows(2).map(|pair| Term {
        text: pair.iter().collect(),
        weight,
    }));
}

/// Takes the ending off an English word, roughly; `None` for words that carry no meaning.
fn stem(word: &str) -> Option<String> {
    const STOP: [&str; 72] = [
        "a", "about", "all", "am", "an", "and", "any", "are", "as", "at", "be", "been", "by", "can", "could", "did",
        "do", "does", "for", "from", "get", "give", "had", "has", "have", "how", "i", "id", "if", "im", "in", "is",
        "it", "its", "know", "let", "like", "may", "me", "my", "of", "on", "or", "our", "please", "s", "should", "so",
        "tell", "than", "that", "the", "their", "them", "there", "they", "this", "to", "us", "want", "was", "we",
        "what", "when", "where", "which", "who", "will", "with", "would", "you", "your",
    ];
    if STOP.binary_search(&word).is_ok() {
        return None;
    }
    let mut stemmed = word.to_owned();
    let long = |text: &str, ending: &str| text.len() >= ending.len() + 3;
    if stemmed.ends_with("ies") && long(&stemmed, "ies") {
        stemmed.truncate(stemmed.len() - 3);
        stemmed.push('y');
    } else if let Some(ending) = ["ing", "ed", "es", "s"]
        .into_iter()
        .find(|e| stemmed.ends_with(e) && long(&stemmed, e))
        && !(ending == "s" && stemmed.ends_with("ss"))
    {
        stemmed.truncate(stemmed.len() - ending.len());
    }
    let bytes = stemmed.as_bytes();
    let doubled =
        bytes.len() > 3 && bytes[bytes.len() - 1] == bytes[bytes.len() - 2] && !b"sl".contains(&bytes[bytes.len() - 1]);
    if (stemmed.ends_with('e') && stemmed.len() > 3) || doubled {
        stemmed.pop();
    }
    Some(stemmed)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stemming_joins_forms_and_the_stop_list_is_sorted() {
        for (a, b) in [
            ("closes", "closing"),
            ("opened", "opens"),
            ("dog", "dogs"),
            ("cities", "city"),
            ("swimming", "swims"),
        ] {
            assert_eq!(stem(a), stem(b));
        }
        for stop in ["a", "your", "of", "which"] {
            assert_eq!(stem(stop), None);
        }
    }
}
