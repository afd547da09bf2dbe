use std::{
    cell::RefCell,
    hash::{BuildHasher, RandomState},
};

use crate::{SentenceEncoder, UniversalSentenceEncoder};

/// The encoder that is part of the program. It remembers the last vector of each thread: a turn asks for that of its utterance once to
/// understand it and once more to search in articles.
pub(crate) struct Shipped {
    encoder: UniversalSentenceEncoder,
    keys: RandomState,
}

/// A vector with the number of the pieces of its text and their hash, which tells nothing of them.
struct Last {
    key: (usize, u64),
    vector: Vec<f32>,
}

thread_local! {
    static LAST: RefCell<Option<Last>> = const { RefCell::new(None) };
}

impl Shipped {
    pub(crate) fn new(encoder: UniversalSentenceEncoder) -> Self {
        Self {
            encoder,
            keys: RandomState::new(),
        }
    }
}

impl SentenceEncoder for Shipped {
    fn id(&self) -> &str {
        self.encoder.id()
    }

    fn dimension(&self) -> usize {
        self.encoder.dimension()
    }

    fn knows_word(&self, word: &str) -> bool {
        self.encoder.knows_word(word)
    }

    fn vocabulary(&self) -> Vec<(&str, f32)> {
        self.encoder.vocabulary()
    }

    fn encode(&self, text: &str, vector: &mut Vec<f32>) {
        let cut = self.encoder.cut(text);
        let key = (cut.len(), self.keys.hash_one(&cut));
        LAST.with_borrow_mut(|last| {
            if let Some(last) = last.as_ref().filter(|last| last.key == key) {
                vector.extend_from_slice(&last.vector);
                return;
            }
            let mut new = Vec::with_capacity(self.dimension());
            self.encoder.encode_together(&[cut], &mut new);
            vector.extend_from_slice(&new);
            *last = Some(Last { key, vector: new });
        });
    }

    fn encode_batch(&self, texts: &[&str], threads: usize) -> Vec<f32> {
        self.encoder.encode_batch(texts, threads)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_remembered_is_what_would_be_encoded() {
        let open = || UniversalSentenceEncoder::open(include_bytes!("../data/encoder.bin")).unwrap();
        let (remembering, plain) = (Shipped::new(open()), open());
        let texts = [
            "Where is the bath?",
            "where is  the bath?",
            "風呂はどこ",
            "",
            "風呂はどこ",
            "Where is the bath?",
        ];
        for text in texts.into_iter().chain(texts) {
            let (mut ours, mut theirs) = (vec![1.0], vec![1.0]);
            remembering.encode(text, &mut ours);
            plain.encode(text, &mut theirs);
            assert_eq!(ours, theirs, "{text}");
        }
        assert!(remembering.knows_word("bath") && !remembering.knows_word("bthroom"));
        assert_eq!(remembering.vocabulary(), plain.vocabulary());
    }
}
