/// Finds the candidate that `word` most likely means: the one that the fewest slips of the hand turn into it, if they are few.
pub fn nearest<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let word: Vec<char> = word.chars().flat_map(char::to_lowercase).collect();
    let allowed = (word.len() / 3).clamp(1, 2);
    candidates
        .into_iter()
        .map(|candidate| {
            (
                slips(
                    &word,
                    &candidate.chars().flat_map(char::to_lowercase).collect::<Vec<_>>(),
                ),
                candidate,
            )
        })
        .filter(|(slips, _)| *slips <= allowed)
        .min_by_key(|(slips, _)| *slips)
        .map(|(_, candidate)| candidate)
}

/// Writes a cure for an unknown word: the candidate that is meant, else all of them if they are few.
pub fn did_you_mean<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> String {
    let candidates: Vec<&str> = candidates.into_iter().collect();
    match nearest(word, candidates.iter().copied()) {
        Some(candidate) => format!("did you mean `{candidate}`?"),
        None if candidates.is_empty() => String::new(),
        None if candidates.len() <= 20 => format!("use one of {}", listed(candidates)),
        None => format!(
            "there are {} to choose from, for example {}",
            candidates.len(),
            listed(candidates.into_iter().take(3))
        ),
    }
}

/// Writes words as a list: `` `a`, `b`, `c` ``.
pub(crate) fn listed<'a>(words: impl IntoIterator<Item = &'a str>) -> String {
    words
        .into_iter()
        .map(|word| format!("`{word}`"))
        .collect::<Vec<_>>()
        .join(", ")
}

/// Counts the insertions, deletions, replacements and swaps of neighbours that turn one word into another.
fn slips(from: &[char], to: &[char]) -> usize {
    if from.len().abs_diff(to.len()) > 4 {
        return usize::MAX;
    }
    let mut before_last = vec![0; to.len() + 1];
    let mut last: Vec<usize> = (0..=to.len()).collect();
    for (i, a) in from.iter().enumerate() {
        let mut row = vec![i + 1];
        for (j, b) in to.iter().enumerate() {
            let mut cost = (last[j + 1] + 1).min(row[j] + 1).min(last[j] + usize::from(a != b));
            if i > 0 && j > 0 && *a == to[j - 1] && from[i - 1] == *b {
                cost = cost.min(before_last[j - 1] + 1);
            }
            row.push(cost);
        }
        before_last = std::mem::replace(&mut last, row);
    }
    last[to.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slip_of_the_hand_is_forgiven_and_another_word_is_not() {
        let keys = ["title", "examples", "reply", "flow"];
        for (word, meant) in [
            ("exmaples", Some("examples")),
            ("example", Some("examples")),
            ("Title", Some("title")),
            ("flwo", Some("flow")),
            ("handover", None),
            ("", None),
        ] {
            assert_eq!(nearest(word, keys), meant, "{word}");
        }
        assert_eq!(
            did_you_mean("handover", ["reply", "flow"]),
            "use one of `reply`, `flow`"
        );
        assert_eq!(did_you_mean("人数", ["人員"]), "did you mean `人員`?");
    }
}
