//! Cuts what is said into what is wanted: "what time is breakfast and is there parking" is two wishes.

/// At most so many wishes are told apart.
const MAX_WISHES: usize = 4;
/// What is shorter than this, in characters, wants nothing by itself.
const SHORTEST: usize = 4;

/// Words between two wishes. Behind each of them a new one may begin.
const BETWEEN: [&str; 16] = [
    " and also ",
    " as well as ",
    " also ",
    " and ",
    " plus ",
    " by the way ",
    " oh and ",
    " then ",
    "それから",
    "それと",
    "あとは",
    "あと",
    "ついでに",
    "ちなみに",
    "また",
    "そして",
];

/// Cuts clauses at the words between wishes. Empty, or a single one, for what wants one thing only; clauses beyond the fourth are not
/// read.
pub(super) fn wishes<'t>(clauses: impl Iterator<Item = &'t str>) -> Vec<&'t str> {
    let mut wishes = Vec::new();
    for clause in clauses {
        let mut rest = clause;
        while let Some((start, word)) = first(rest) {
            push(&rest[..start], &mut wishes);
            rest = &rest[start + word.len()..];
            if wishes.len() == MAX_WISHES {
                return wishes;
            }
        }
        push(rest, &mut wishes);
        if wishes.len() == MAX_WISHES {
            return wishes;
        }
    }
    wishes
}

/// The first word between wishes, the longest of those that begin at the same place.
fn first(text: &str) -> Option<(usize, &'static str)> {
    let found = BETWEEN.iter().filter_map(|word| Some((text.find(word)?, *word)));
    found.min_by_key(|(start, word)| (*start, usize::MAX - word.len()))
}

fn push<'t>(text: &'t str, wishes: &mut Vec<&'t str>) {
    let text = text.trim();
    if text.chars().nth(SHORTEST - 1).is_some() {
        wishes.push(text);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wishes_are_told_apart() {
        for (clauses, expected) in [
            (
                &["what time is breakfast and is there parking"][..],
                &["what time is breakfast", "is there parking"][..],
            ),
            (
                &["朝食は何時ですか", "あと駐車場はありますか"],
                &["朝食は何時ですか", "駐車場はありますか"],
            ),
            (
                &["予約をキャンセルしたいです", "それとキャンセル料も教えてください"],
                &["予約をキャンセルしたいです", "キャンセル料も教えてください"],
            ),
            (&["hi"], &[]),
            (&["where is the spa"], &["where is the spa"]),
        ] {
            assert_eq!(wishes(clauses.iter().copied()), expected);
        }
        assert_eq!(
            wishes(std::iter::repeat_n("one two and three four", 1000)).len(),
            MAX_WISHES
        );
    }
}
