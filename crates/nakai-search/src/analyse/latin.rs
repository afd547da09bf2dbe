use super::{Analyser, Kind, Term, Word, english, fold::Script};

/// How little a stop word counts.
const STOP_WORD: f32 = 0.1;
/// The letters of a piece.
const PIECE: usize = 4;

impl Analyser {
    /// Adds the words that are written in letters and digits. Of a word with a hyphen both the parts and the whole are words, and a
    /// thousands separator belongs to its number.
    pub(super) fn latin_words(&mut self) {
        let mut before: Option<(usize, usize)> = None;
        for (start, end) in tokens(&self.folded) {
            let token = &self.folded[start..end];
            let stop = english::is_stop_word(token);
            let term = if token.contains(',') {
                token.replace(',', "")
            } else {
                self.english.stem(token).into_owned()
            };
            self.words.push(Word {
                start,
                end,
                term,
                emphasis: if stop { STOP_WORD } else { 1.0 },
            });
            if let Some((first, dash)) = before.filter(|(_, dash)| self.folded.get(*dash..start) == Some("-")) {
                let whole = [&self.folded[first..dash], token].concat();
                let term = self.english.stem(&whole).into_owned();
                self.words.push(Word {
                    start: first,
                    end,
                    term,
                    emphasis: 1.0,
                });
            }
            before = Some((start, end));
        }
        self.words.sort_by_key(|word| (word.start, word.end));
    }
}

/// Gives each content word's runs of letters, with a mark at its beginning and end, so that a slip of the finger leaves some.
pub(super) fn pieces(folded: &str, sink: &mut impl FnMut(Term<'_>)) {
    let mut marked = String::new();
    for (start, end) in tokens(folded) {
        let token = &folded[start..end];
        if english::is_stop_word(token) || !token.is_ascii() || token.len() < PIECE {
            continue;
        }
        marked.clear();
        marked.push('^');
        marked.push_str(token);
        marked.push('$');
        for at in 0..=marked.len() - PIECE {
            sink(Term {
                kind: Kind::Piece,
                text: &marked[at..at + PIECE],
                emphasis: 1.0,
            });
        }
    }
}

/// The byte ranges of runs of letters and digits. `'s` is cut off and other apostrophes end a word.
fn tokens(folded: &str) -> impl Iterator<Item = (usize, usize)> {
    let mut characters = folded.char_indices().peekable();
    std::iter::from_fn(move || {
        loop {
            let (start, first) = characters.next()?;
            if Script::of(first) != Script::Letter {
                continue;
            }
            let mut end = start + first.len_utf8();
            let mut last = first;
            while let Some((at, c)) = characters.peek().copied() {
                let inside_number = matches!(c, ',' | '.')
                    && last.is_ascii_digit()
                    && folded.as_bytes().get(at + 1).is_some_and(u8::is_ascii_digit);
                if Script::of(c) != Script::Letter && !inside_number {
                    break;
                }
                characters.next();
                end = at + c.len_utf8();
                last = c;
            }
            return Some((start, end));
        }
    })
}
