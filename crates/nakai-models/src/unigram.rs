//! Cuts texts into the most probable pieces, by the unigram model of SentencePiece (Kudo 2018) as XLM-RoBERTa uses it.

/// Stands for a space.
const SPACE: char = '▁';
/// Of a longer text only the beginning is read, in characters.
const MAX_CHARS: usize = 2048;
/// How much less probable than the least probable piece a character is that no piece has.
const UNKNOWN_PENALTY: f32 = 10.0;

pub(crate) struct Unigram {
    /// All pieces, one behind the other, and where each ends.
    texts: String,
    ends: Vec<u32>,
    scores: Vec<f32>,
    /// The number of a piece and one, 0 where there is none. The length is a power of two, at most half of it is used.
    slots: Vec<u32>,
    /// The longest piece, in bytes.
    longest: usize,
    unknown: u32,
    unknown_score: f32,
    /// What characters become, in the order of the characters.
    changes: Vec<(char, Box<[char]>)>,
}

impl Unigram {
    /// None if the ends do not cut the texts into pieces.
    pub(crate) fn new(
        texts: String,
        ends: Vec<u32>,
        scores: Vec<f32>,
        unknown: u32,
        mut changes: Vec<(char, Box<[char]>)>,
    ) -> Option<Self> {
        changes.sort_by_key(|(c, _)| *c);
        let mut start = 0;
        let mut longest = 0;
        for end in &ends {
            longest = longest.max(texts.get(start..*end as usize)?.len());
            start = *end as usize;
        }
        let mut pieces = Self {
            slots: vec![0; (2 * ends.len()).next_power_of_two()],
            unknown_score: scores.iter().copied().fold(0.0, f32::min) - UNKNOWN_PENALTY,
            texts,
            ends,
            scores,
            longest,
            unknown,
            changes,
        };
        for number in 0..pieces.ends.len() {
            let mut slot = pieces.slot(pieces.piece(number));
            while pieces.slots[slot] != 0 {
                slot = (slot + 1) % pieces.slots.len();
            }
            pieces.slots[slot] = number as u32 + 1;
        }
        (pieces.scores.len() == pieces.ends.len()).then_some(pieces)
    }

    fn piece(&self, number: usize) -> &str {
        let start = number.checked_sub(1).map_or(0, |before| self.ends[before]);
        &self.texts[start as usize..self.ends[number] as usize]
    }

    fn slot(&self, text: &str) -> usize {
        let hash = text.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
            (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3)
        });
        (hash ^ hash >> 29) as usize & (self.slots.len() - 1)
    }

    fn find(&self, text: &str) -> Option<usize> {
        let mut slot = self.slot(text);
        loop {
            let number = (self.slots[slot] as usize).checked_sub(1)?;
            if self.piece(number) == text {
                return Some(number);
            }
            slot = (slot + 1) % self.slots.len();
        }
    }

    /// The text as pieces are written: characters changed, spaces joined and marked, one before the text.
    fn prepared(&self, text: &str) -> String {
        let mut prepared = String::from(SPACE);
        let mut push = |c: char| {
            let c = if c == ' ' { SPACE } else { c };
            if c != SPACE || !prepared.ends_with(SPACE) {
                prepared.push(c);
            }
        };
        for c in text.chars().take(MAX_CHARS) {
            match self.changes.binary_search_by_key(&c, |(c, _)| *c) {
                Ok(at) => self.changes[at].1.iter().copied().for_each(&mut push),
                Err(_) => push(c),
            }
        }
        prepared
    }

    /// Cuts a text.
    pub(crate) fn cut(&self, text: &str) -> Vec<u32> {
        let text = self.prepared(text);
        let edges: Vec<usize> = text.char_indices().map(|(at, _)| at).chain([text.len()]).collect();
        // The best score up to each edge, where its last piece starts, and its number.
        let mut best = vec![(f32::NEG_INFINITY, 0, self.unknown); edges.len()];
        best[0].0 = 0.0;
        for start in 0..edges.len() - 1 {
            let score = best[start].0;
            let ends = start + 1..edges.len();
            for end in ends.take_while(|end| edges[*end] - edges[start] <= self.longest) {
                if let Some(number) = self.find(&text[edges[start]..edges[end]]) {
                    let score = score + self.scores[number];
                    if number as u32 != self.unknown && score > best[end].0 {
                        best[end] = (score, start, number as u32);
                    }
                }
            }
            if score + self.unknown_score > best[start + 1].0 {
                best[start + 1] = (score + self.unknown_score, start, self.unknown);
            }
        }
        let mut cut = Vec::new();
        let mut end = edges.len() - 1;
        while end > 0 {
            cut.push(best[end].2);
            end = best[end].1;
        }
        cut.reverse();
        cut
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_become_their_most_probable_pieces() {
        let texts = ["<unk>", "▁", "▁re", "▁refund", "fund", "ed", "金"];
        let mut end = 0;
        let ends = texts.map(|text| {
            end += text.len() as u32;
            end
        });
        let scores = vec![0.0, -3.0, -4.0, -5.0, -4.0, -3.0, -6.0];
        let changes = vec![('Ａ', Box::from(['e', 'd'])), ('\u{3000}', Box::from([' ']))];
        let pieces = Unigram::new(texts.concat(), ends.to_vec(), scores, 0, changes).unwrap();
        for (text, expected) in [
            ("refunded", &[3, 5][..]),
            ("refundＡ  \u{3000}金", &[3, 5, 1, 6]),
            ("x金", &[1, 0, 6]),
            ("", &[1]),
        ] {
            assert_eq!(pieces.cut(text), expected, "{text}");
        }
        assert!(Unigram::new("ab".into(), vec![3], vec![0.0], 0, Vec::new()).is_none());
        assert!(pieces.cut(&"\u{301}".repeat(500_000)).len() <= MAX_CHARS + 1);
    }
}
