mod cardinal;
mod fraction;
mod ordinal;
mod percentage;
mod range;
mod words;

use super::{Folded, NumberKind, digits};
use words::{Word, word};

pub(super) use ordinal::ordinals;
pub(super) use percentage::percentages;
pub(super) use range::ranges;

/// What a token is.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Kind {
    Digits(digits::Literal),
    Word(Word),
    Symbol(char),
}

/// A word, a number of digits or a sign, with its place in characters.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Token {
    start: usize,
    end: usize,
    kind: Kind,
}

/// A number that was found, with its place in characters.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Found {
    pub(crate) start: usize,
    pub(crate) end: usize,
    pub(crate) value: f64,
    pub(crate) kind: NumberKind,
    /// Where the numerator of a fraction with `in` ends, with its value: `in` can also begin something else (`2000 in 2009`).
    pub(crate) numerator: Option<(usize, f64)>,
}

/// A part of a number in tokens: where it ends, and what it is worth.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Part {
    next: usize,
    value: f64,
    kind: NumberKind,
    /// The scale it ends with (`three million`), or 1.
    scale: f64,
}

/// Reads numbers from an English text.
pub(crate) struct Reader<'a> {
    text: &'a Folded,
    tokens: Vec<Token>,
    /// Whether ways of speaking count that are no number in every context: `a pair`, `single`, `one twenty two`.
    colloquial: bool,
    /// Whether units can touch the digits.
    with_units: bool,
}

impl<'a> Reader<'a> {
    /// A reader that also finds the numbers of quantities: digits that a unit touches, and `one` of `that one mile`.
    pub(crate) fn with_units(text: &'a Folded, colloquial: bool) -> Self {
        Self {
            with_units: true,
            ..Self::new(text, colloquial)
        }
    }

    pub(crate) fn new(text: &'a Folded, colloquial: bool) -> Self {
        Self {
            text,
            tokens: tokens(text),
            colloquial,
            with_units: false,
        }
    }

    /// Whether there is anything to find.
    pub(crate) fn is_empty(&self) -> bool {
        !self.tokens.iter().any(|token| {
            matches!(token.kind, Kind::Digits(_)) || matches!(token.kind, Kind::Word(word) if word != Word::Other)
        }) && !self.text.chars().iter().any(|c| digits::vulgar(*c).is_some())
    }

    /// How many tokens there are.
    pub(crate) fn len(&self) -> usize {
        self.tokens.len()
    }

    /// The token that starts at a place in characters or after it.
    pub(crate) fn token_at(&self, place: usize) -> usize {
        self.tokens.partition_point(|token| token.start < place)
    }

    /// The token after a word for a part (`half`, `quarter`, `tenth`), and its value.
    pub(crate) fn part(&self, index: usize) -> Option<(usize, f64)> {
        match self.word(index)? {
            Word::Half => Some((index + 1, 0.5)),
            Word::Quarter => Some((index + 1, 0.25)),
            Word::Ordinal {
                value, plural: false, ..
            } if value > 2.0 => Some((index + 1, 1.0 / value)),
            _ => None,
        }
    }

    fn word(&self, index: usize) -> Option<Word> {
        match self.tokens.get(index)?.kind {
            Kind::Word(word) => Some(word),
            _ => None,
        }
    }

    pub(crate) fn symbol(&self, index: usize) -> Option<char> {
        match self.tokens.get(index)?.kind {
            Kind::Symbol(symbol) => Some(symbol),
            _ => None,
        }
    }

    fn literal(&self, index: usize) -> Option<digits::Literal> {
        match self.tokens.get(index)?.kind {
            Kind::Digits(literal) => Some(literal),
            _ => None,
        }
    }

    pub(crate) fn start(&self, index: usize) -> usize {
        self.tokens.get(index).map_or(self.text.len(), |token| token.start)
    }

    /// Where the token before this one ends.
    pub(crate) fn end(&self, index: usize) -> usize {
        index
            .checked_sub(1)
            .and_then(|index| self.tokens.get(index))
            .map_or(0, |token| token.end)
    }

    /// Whether a token is this word.
    pub(crate) fn is(&self, index: usize, word: &str) -> bool {
        self.tokens.get(index).is_some_and(|token| {
            matches!(token.kind, Kind::Word(_)) && self.text.starts_with(token.start, word) == Some(token.end)
        })
    }

    /// The token after these words, if they stand here.
    pub(crate) fn phrase(&self, mut index: usize, words: &str) -> Option<usize> {
        for word in words.split(' ') {
            if !self.is(index, word) {
                return None;
            }
            index += 1;
        }
        Some(index)
    }
}

fn tokens(text: &Folded) -> Vec<Token> {
    let mut tokens = Vec::new();
    let mut at = 0;
    let mut buffer = String::new();
    while at < text.len() {
        let c = text.at(at);
        let start = at;
        let kind;
        if c.is_whitespace() {
            at += 1;
            continue;
        } else if c.is_ascii_digit()
            || (c == '.' && text.at(at + 1).is_ascii_digit() && !text.before(at).is_alphanumeric())
        {
            match digits::read(text, at, digits::ENGLISH).filter(|literal| literal.value.is_finite()) {
                Some(literal) => {
                    let literal = digits::multiplied(text, literal).unwrap_or(literal);
                    at = literal.end;
                    kind = Kind::Digits(literal);
                }
                None => {
                    at = digits::digits(text, at).max(at + 1);
                    kind = Kind::Symbol(c);
                }
            }
        } else if c.is_alphabetic() {
            buffer.clear();
            while text.at(at).is_alphabetic() {
                buffer.extend(text.at(at).to_lowercase());
                at += 1;
            }
            kind = Kind::Word(word(&buffer));
        } else {
            at += 1;
            kind = Kind::Symbol(c);
        }
        tokens.push(Token { start, end: at, kind });
    }
    tokens
}
