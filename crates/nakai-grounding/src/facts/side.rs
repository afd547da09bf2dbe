//! Limits: whether a number is one that something holds until or from.

use std::ops::Range;

/// Whether a fact is a limit that something holds until or from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Side {
    Until,
    From,
    /// Neither, or both.
    Itself,
}

impl Side {
    /// Whether two limits can be the same one.
    pub(crate) fn meets(self, other: Self) -> bool {
        self == other || self == Self::Itself || other == Self::Itself
    }

    /// Reads what stands around a fact.
    pub(super) fn of(text: &str, range: &Range<usize>) -> Self {
        const UNTIL: [&str; 25] = [
            "まで",
            "以前",
            "より前",
            "前",
            "以下",
            "以内",
            "未満",
            "until ",
            "till ",
            "before ",
            "by ",
            "less than ",
            "fewer than ",
            "smaller than ",
            "lighter than ",
            "shorter than ",
            "younger than ",
            "lower than ",
            "earlier than ",
            "under ",
            "below ",
            "up to ",
            "at most ",
            "within ",
            "no more than ",
        ];
        const FROM: [&str; 22] = [
            "以降",
            "から",
            "より後",
            "を過ぎ",
            "過ぎ",
            "以上",
            "超",
            "を超え",
            "後",
            "from ",
            "after ",
            "since ",
            "more than ",
            "over ",
            "larger than ",
            "heavier than ",
            "longer than ",
            "older than ",
            "higher than ",
            "later than ",
            "above ",
            "at least ",
        ];
        let (within, after) = (&text[range.clone()], &text[range.end..]);
        let before = &text[..range.start];
        // 23kg以下, 15歳以下
        let after = after.trim_start_matches(|c: char| c.is_ascii_alphabetic());
        const COUNTERS: [&str; 12] = [
            "円", "名様", "名", "人", "歳", "日", "か月", "個", "点", "回", "週間", "年",
        ];
        let after = COUNTERS
            .iter()
            .find_map(|counter| after.strip_prefix(counter))
            .unwrap_or(after);
        let says = |words: &[&str]| {
            let mut words = words.iter();
            words.any(|word| {
                within.ends_with(word) || after.starts_with(word) || within.starts_with(word) || before.ends_with(word)
            })
        };
        match (says(&UNTIL), says(&FROM)) {
            (true, false) => Self::Until,
            (false, true) => Self::From,
            _ => Self::Itself,
        }
    }
}
