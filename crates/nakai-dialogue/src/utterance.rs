//! One utterance as dialogue hears it: what was typed, folded, with what was understood of it.

use nakai_types::UnderstoodEntity;

use crate::{state::SlotValue, text};

/// What the customer said.
pub(crate) struct Utterance<'a> {
    /// As typed, screened.
    pub(crate) original: &'a str,
    /// See [`text::fold`].
    pub(crate) folded: String,
    pub(crate) entities: &'a [UnderstoodEntity],
}

impl<'a> Utterance<'a> {
    pub(crate) fn new(original: &'a str, entities: &'a [UnderstoodEntity]) -> Self {
        Self {
            original,
            folded: text::fold(original),
            entities,
        }
    }

    /// Whether it has the form of a question.
    pub(crate) fn is_question(&self) -> bool {
        text::is_question(self.original, &self.folded)
    }

    /// Whether it takes something back: "actually", 「やっぱり」.
    pub(crate) fn revises(&self) -> bool {
        const WORDS: [&str; 27] = [
            "やっぱり",
            "やっぱ",
            "やはり",
            "訂正",
            "間違え",
            "間違い",
            "変更",
            "ではなく",
            "じゃなく",
            "でなく",
            "修正",
            "に変え",
            "actually",
            "i mean",
            "i meant",
            "instead",
            "rather",
            "change",
            "make it",
            "make that",
            "correction",
            "wait",
            "sorry",
            "not",
            "should be",
            "on second thought",
            "no",
        ];
        WORDS.iter().any(|word| text::mentions(&self.folded, word))
            || ["いや", "いえ", "いいえ"]
                .iter()
                .any(|word| self.folded.starts_with(word))
    }

    /// Whether it begins by taking something back. While free text is asked for, only this counts: a text may well say "not".
    pub(crate) fn begins_with_revising(&self) -> bool {
        const WORDS: [&str; 10] = [
            "actually",
            "i mean",
            "i meant",
            "correction",
            "make it",
            "やっぱり",
            "やっぱ",
            "やはり",
            "訂正",
            "間違え",
        ];
        const BEFORE: [&str; 10] = [
            "sorry",
            "no",
            "wait",
            "oh",
            "すみません",
            "すいません",
            "いや",
            "いえ",
            "あ",
            "ごめんなさい",
        ];
        let text = BEFORE
            .iter()
            .find_map(|word| self.folded.strip_prefix(word))
            .unwrap_or(&self.folded);
        let text = text.trim_start_matches([' ', ',', '、', '。', '.', '!']);
        WORDS.iter().any(|word| text.starts_with(word))
    }

    /// The values of an entity that the customer means, in order: without those that are said only to be denied
    /// ("not 2 but 3", 「2名ではなく3名」).
    pub(crate) fn values_of(&self, kind: &str) -> Vec<SlotValue> {
        let meant = |entity: &&UnderstoodEntity| {
            let words = text::fold(entity.text.as_str());
            let at = text::positions(&self.folded, &words).next();
            &*entity.kind == kind && !at.is_some_and(|at| self.denies(at, at + words.len()))
        };
        self.entities
            .iter()
            .filter(meant)
            .map(|entity| SlotValue::from(&entity.value))
            .collect()
    }

    /// Whether the words at these bytes of the folded text are said only to be denied.
    pub(crate) fn denies(&self, start: usize, end: usize) -> bool {
        const BEFORE: [&str; 4] = ["not ", "instead of ", "rather than ", "no longer "];
        const AFTER: [&str; 6] = ["ではなく", "じゃなく", "でなく", "ではない", "じゃない", "をやめて"];
        let after = &self.folded[end..];
        // A counter may stand between a number and the denial: `2名ではなく`.
        let near = after.char_indices().nth(3).map_or(after.len(), |(at, _)| at);
        BEFORE.iter().any(|word| self.folded[..start].ends_with(word))
            || AFTER.iter().any(|word| {
                after
                    .find(word)
                    .is_some_and(|at| at <= near && !after[..at].contains(|c: char| c.is_ascii_digit()))
            })
    }
}
