//! Cuts texts into the pieces that an encoder knows, by the unigram model of SentencePiece (Kudo 2018): the most probable pieces.

use unicode_normalization::UnicodeNormalization as _;

use crate::weights::Weights;

/// Stands for the space before a word, also before the first.
const SPACE: char = '▁';
/// The numbers of the pieces that no text has.
pub(crate) const UNKNOWN: u32 = 0;
pub(crate) const BEGIN: u32 = 1;
pub(crate) const END: u32 = 2;
const SPECIAL: usize = 3;
/// How much less probable than the least probable piece a character is that no piece has.
const UNKNOWN_PENALTY: f32 = 10.0;
/// Of a longer text only the beginning is read, in characters. What a sentence is about is said before.
const MAX_CHARS: usize = 1024;

/// The pieces of an encoder, in a table of hashes.
pub(crate) struct Pieces {
    /// The number of a piece and the low half of its hash; the number is 0 where there is none. The length is a power of two, at most
    /// half of it is used.
    slots: Vec<(u32, u32)>,
    /// One bit for each of [`BEGINNINGS`] remainders of hashes: whether a piece may begin with a text of such a hash.
    beginnings: Vec<u64>,
    texts: Vec<&'static str>,
    scores: Vec<f32>,
    unknown: f32,
    /// The longest piece, in characters.
    longest: usize,
}

/// The most probable way to cut a text up to some character.
#[derive(Clone, Copy)]
struct Best {
    score: f32,
    start: usize,
    piece: u32,
}

impl Pieces {
    pub(crate) fn new(weights: &mut Weights) -> Self {
        let texts = std::mem::take(&mut weights.pieces);
        let scores = std::mem::take(&mut weights.scores);
        let mut pieces = Self {
            slots: vec![(0, 0); (2 * texts.len()).next_power_of_two()],
            beginnings: vec![0; BEGINNINGS / 64],
            unknown: scores.iter().copied().fold(0.0, f32::min) - UNKNOWN_PENALTY,
            longest: texts.iter().map(|text| text.chars().count()).max().unwrap_or(0),
            texts,
            scores,
        };
        for number in SPECIAL..pieces.texts.len() {
            let mut hash = SEED;
            for byte in pieces.texts[number].bytes() {
                hash = mix(hash, byte);
                let (word, bit) = beginning(hash);
                pieces.beginnings[word] |= bit;
            }
            let mut slot = pieces.slot(hash);
            while pieces.slots[slot].0 != 0 {
                slot = (slot + 1) % pieces.slots.len();
            }
            pieces.slots[slot] = (number as u32, hash as u32);
        }
        pieces
    }

    /// The texts of all pieces, without the space before a word, each with the natural logarithm of its probability.
    pub(crate) fn all(&self) -> impl Iterator<Item = (&'static str, f32)> {
        let pieces = self.texts.iter().zip(&self.scores).skip(SPECIAL);
        pieces.map(|(text, score)| (text.strip_prefix(SPACE).unwrap_or(text), *score))
    }

    /// Whether a piece is unknown or the space alone. A text of such pieces only, in a script that no piece has, means nothing to the
    /// encoder; its vector would be near those of short texts.
    pub(crate) fn says_nothing(&self, piece: u32) -> bool {
        piece == UNKNOWN || self.texts[piece as usize].chars().eq([SPACE])
    }

    fn slot(&self, hash: u64) -> usize {
        (hash >> 20) as usize & (self.slots.len() - 1)
    }

    /// Whether a piece may begin with a text of this hash. Rarely true of one with which none does.
    fn may_begin(&self, hash: u64) -> bool {
        let (word, bit) = beginning(hash);
        self.beginnings[word] & bit != 0
    }

    /// The number of the piece that a text with this hash is.
    fn find(&self, hash: u64, text: &str) -> Option<u32> {
        let mut slot = self.slot(hash);
        loop {
            let (number, low) = self.slots[slot];
            if number == 0 || (low == hash as u32 && self.texts[number as usize] == text) {
                return (number != 0).then_some(number);
            }
            slot = (slot + 1) & (self.slots.len() - 1);
        }
    }

    /// Cuts a text; takes time linear in its length.
    pub(crate) fn cut(&self, text: &str) -> Vec<u32> {
        let text = prepared(text);
        let edges: Vec<usize> = text.char_indices().map(|(at, _)| at).chain([text.len()]).collect();
        let nothing = Best {
            score: f32::NEG_INFINITY,
            start: 0,
            piece: UNKNOWN,
        };
        let mut best = vec![nothing; edges.len()];
        best[0].score = 0.0;
        for start in 0..edges.len() - 1 {
            let score = best[start].score;
            let mut offer = |end: usize, piece: u32, score: f32| {
                if score > best[end].score {
                    best[end] = Best { score, start, piece };
                }
            };
            let mut hash = SEED;
            let mut single = false;
            for end in start + 1..edges.len().min(start + 1 + self.longest) {
                hash = text.as_bytes()[edges[end - 1]..edges[end]]
                    .iter()
                    .copied()
                    .fold(hash, mix);
                if !self.may_begin(hash) {
                    break;
                }
                if let Some(piece) = self.find(hash, &text[edges[start]..edges[end]]) {
                    single |= end == start + 1;
                    offer(end, piece, score + self.scores[piece as usize]);
                }
            }
            if !single {
                offer(start + 1, UNKNOWN, score + self.unknown);
            }
        }
        let mut cut = Vec::new();
        let mut end = edges.len() - 1;
        while end > 0 {
            // Neighbouring characters that no piece has are one unknown word.
            if best[end].piece != UNKNOWN || cut.last() != Some(&UNKNOWN) {
                cut.push(best[end].piece);
            }
            end = best[end].start;
        }
        cut.reverse();
        cut
    }
}

/// NFKC in lower case, every stretch of white space one [`SPACE`], one before the text, none behind it. Empty without any word.
fn prepared(text: &str) -> String {
    let mut prepared = String::with_capacity(text.len().min(4 * MAX_CHARS) + SPACE.len_utf8());
    let mut space = true;
    let characters = text.nfkc().filter(|c| !is_invisible(*c)).take(MAX_CHARS);
    for c in characters.flat_map(char::to_lowercase) {
        if c.is_whitespace() || c.is_control() {
            space = true;
            continue;
        }
        if space {
            prepared.push(SPACE);
            space = false;
        }
        prepared.push(c);
    }
    prepared
}

const fn is_invisible(c: char) -> bool {
    matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{ad}')
}

/// How many kinds of beginnings are told apart: ten times as many as there are, so that few are mistaken.
const BEGINNINGS: usize = 1 << 20;

/// Where the bit of a beginning stands.
const fn beginning(hash: u64) -> (usize, u64) {
    let kind = (hash >> 40) as usize % BEGINNINGS;
    (kind / 64, 1 << (kind % 64))
}

const SEED: u64 = 0xcbf2_9ce4_8422_2325;

/// One step of FNV-1a, folded so that the high bits depend on all bytes.
const fn mix(hash: u64, byte: u8) -> u64 {
    let product = (hash ^ byte as u64).wrapping_mul(0x0000_0100_0000_01b3);
    product ^ product >> 29
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_prepared_as_pieces_are_written() {
        for (text, expected) in [
            (" Hello \t World\n", "▁hello▁world"),
            ("ＷｉＦｉ　ﾊﾟｽﾜｰﾄﾞ", "▁wifi▁パスワード"),
            ("a\u{200b}b", "▁ab"),
            (" \u{3000} ", ""),
            ("", ""),
        ] {
            assert_eq!(prepared(text), expected, "{text}");
        }
        assert_eq!(prepared(&"あ".repeat(5000)).chars().count(), MAX_CHARS + 1);
    }
}
