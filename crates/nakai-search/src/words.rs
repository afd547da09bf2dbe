use crate::{
    analyse::{Analyser, Kind},
    question::TELLING,
};

/// The words of a short text that say something, in any form: what two texts have in common can be told without an index.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Words {
    /// Sorted, each once.
    keys: Vec<u64>,
}

impl Words {
    /// Takes the words of a text. Function words are left out.
    pub fn of(text: &str) -> Self {
        let mut keys = Vec::new();
        Analyser::with(|analyser| {
            analyser.analyse(text, |term| {
                if term.kind == Kind::Word && term.emphasis >= TELLING {
                    keys.push(term.key());
                }
            });
        });
        Self::new(keys)
    }

    /// Takes the keys of words, in any order.
    pub(crate) fn new(mut keys: Vec<u64>) -> Self {
        keys.sort_unstable();
        keys.dedup();
        Self { keys }
    }

    /// The share of these words that are also in another text, 0 to 1; `None` if there are no words.
    pub fn share_in(&self, other: &Self) -> Option<f32> {
        let shared = self.keys.iter().filter(|key| other.keys.binary_search(key).is_ok());
        (!self.keys.is_empty()).then(|| shared.count() as f32 / self.keys.len() as f32)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_shared_in_any_form() {
        for (text, other, share) in [
            ("Assistance dogs", "Can I bring my dog?", Some(0.5)),
            ("ご利用時間", "利用できる時間は?", Some(1.0)),
            ("Parking", "どこに停めますか", Some(0.0)),
            ("", "dog", None),
        ] {
            assert_eq!(Words::of(text).share_in(&Words::of(other)), share, "{text}");
        }
    }
}
