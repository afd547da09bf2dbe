//! Finds the words that are a slip or two away from one, without a look at all others: two words are that near only if they are equal
//! after as many letters were left out of each (the symmetric deletion of SymSpell). All shorter forms of the beginnings of known words
//! are in a sorted table.

use super::slips;

/// So many characters of a word count in the table.
const BEGINNING: usize = 7;
/// Words may be mistyped from so many characters on, and twice from so many on.
const SHORTEST: usize = 3;
const LONG: usize = 5;
/// At most so many slips in a word are forgiven.
const MOST_SLIPS: usize = 2;

/// Known words, by number, and the shorter forms of their beginnings.
#[derive(Default)]
pub(super) struct Neighbours {
    words: Vec<Box<str>>,
    /// The hash of each shorter form with the number of its word, sorted.
    shorter: Vec<(u32, u32)>,
}

impl Neighbours {
    /// Takes the known words.
    pub(super) fn new(words: Vec<Box<str>>) -> Self {
        let mut shorter = Vec::new();
        let mut hashes = Vec::new();
        for (number, word) in (0..).zip(&words) {
            if word.chars().nth(1).is_none() || word.chars().any(|c| c.is_ascii_digit()) {
                continue;
            }
            shorter_forms(word, MOST_SLIPS, &mut hashes);
            shorter.extend(hashes.drain(..).map(|hash| (hash, number)));
        }
        shorter.sort_unstable();
        shorter.dedup();
        Self { words, shorter }
    }

    /// The known word of a number.
    pub(super) fn word(&self, number: u32) -> &str {
        self.words.get(number as usize).map_or("", |word| word)
    }

    /// The numbers of the known words that a word may have been meant for, sorted.
    pub(super) fn of(&self, word: &str) -> Vec<u32> {
        let length = word.chars().take(LONG).count();
        let slips = match length {
            0..SHORTEST => return Vec::new(),
            SHORTEST..LONG => 1,
            _ => MOST_SLIPS,
        };
        let mut hashes = Vec::new();
        shorter_forms(word, slips, &mut hashes);
        let mut found = Vec::new();
        for hash in hashes {
            let from = self.shorter.partition_point(|(other, _)| *other < hash);
            let same = self.shorter[from..].iter().take_while(|(other, _)| *other == hash);
            found.extend(same.map(|(_, number)| *number));
        }
        found.sort_unstable();
        found.dedup();
        found.retain(|number| slips::count(word, self.word(*number)) <= slips);
        found
    }
}

/// Appends the hashes of the beginning of a word without any, or with up to so many of its characters left out.
fn shorter_forms(word: &str, left_out: usize, hashes: &mut Vec<u32>) {
    let mut beginning = ['\0'; BEGINNING];
    let mut length = 0;
    for (place, c) in beginning.iter_mut().zip(word.chars()) {
        *place = c;
        length += 1;
    }
    let beginning = &beginning[..length];
    // Nothing is left out at `length`.
    for first in 0..=length {
        hashes.push(hash(beginning, first, length));
        if first < length && left_out > 1 {
            hashes.extend((first + 1..length).map(|second| hash(beginning, first, second)));
        }
    }
}

/// Hashes characters without those at two places.
fn hash(characters: &[char], first: usize, second: usize) -> u32 {
    let kept = characters
        .iter()
        .enumerate()
        .filter(|(at, _)| *at != first && *at != second);
    kept.fold(0x811c_9dc5, |hash: u32, (_, c)| {
        (hash ^ u32::from(*c)).wrapping_mul(0x0100_0193)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slip_in_short_words_and_two_in_long_ones_are_forgiven() {
        let words = ["breakfast", "break", "parking", "park", "tea", "to", "reservations"];
        let neighbours = Neighbours::new(words.map(Box::from).to_vec());
        let of = |word: &str| {
            neighbours
                .of(word)
                .into_iter()
                .map(|number| neighbours.word(number))
                .collect::<Vec<_>>()
        };
        for (typed, meant) in [
            ("brekfast", &["breakfast"][..]),
            ("braekfats", &["breakfast"]),
            ("rbeakfast", &["breakfast"]),
            ("brk", &[]),
            ("paek", &["park"]),
            ("parkng", &["parking", "park"]),
            ("tae", &["tea"]),
            ("ot", &[]),
            ("reservatoisn", &["reservations"]),
            ("resrvatonis", &[]),
            ("", &[]),
        ] {
            assert_eq!(of(typed), meant, "{typed}");
        }
    }

    #[test]
    fn the_table_grows_with_the_words_not_with_their_length() {
        let forms = |word: &str| Neighbours::new(vec![word.into()]).shorter.len();
        assert_eq!(forms(&"abcdefg".repeat(10_000)), forms("abcdefg"));
    }
}
