//! A text as tokens, each looked up once in the lexicon.

use std::ops::Range;

use super::words::{self, Class};

/// A word, a run of digits or one sign.
#[derive(Debug, Clone, Copy)]
pub(super) struct Token {
    start: usize,
    end: usize,
    kind: Kind,
    /// Whether white space stands before it.
    spaced: bool,
}

#[derive(Debug, Clone, Copy, PartialEq)]
enum Kind {
    Word(Class),
    Number { value: i64, digits: u8 },
    Sign(char),
}

/// What a rule found, with the number of the token after it.
pub(super) type Parsed<T> = Option<(T, usize)>;

/// A text as tokens. Numbers of tokens may be past the end: nothing is there.
pub(super) struct Text<'t> {
    original: &'t str,
    /// The text in lower case (ASCII only, so that places stay the same).
    lower: String,
    tokens: Vec<Token>,
}

impl<'t> Text<'t> {
    pub(super) fn new(original: &'t str) -> Self {
        let lower = original.to_ascii_lowercase();
        let mut tokens = Vec::with_capacity(original.len() / 4);
        let mut spaced = true;
        let mut chars = lower.char_indices().peekable();
        while let Some((start, first)) = chars.next() {
            if first.is_whitespace() {
                spaced = true;
                continue;
            }
            let mut end = start + first.len_utf8();
            let mut run = |belongs: fn(char) -> bool| {
                while let Some((at, c)) = chars.next_if(|(_, c)| belongs(*c)) {
                    end = at + c.len_utf8();
                }
            };
            let kind = if first.is_ascii_digit() {
                run(|c| c.is_ascii_digit());
                number(lower.get(start..end).unwrap_or_default())
            } else if first.is_alphabetic() {
                run(char::is_alphabetic);
                Kind::Word(words::class(lower.get(start..end).unwrap_or_default()))
            } else {
                Kind::Sign(if first == '\u{2019}' { '\'' } else { first })
            };
            tokens.push(Token {
                start,
                end,
                kind,
                spaced,
            });
            spaced = false;
        }
        Self {
            original,
            lower,
            tokens,
        }
    }

    /// How many tokens there are.
    pub(super) const fn len(&self) -> usize {
        self.tokens.len()
    }

    /// Whether an expression of time can be here at all.
    pub(super) fn has_time(&self) -> bool {
        self.tokens.iter().any(says_time)
    }

    /// Whether an expression can start with a token. A word that only leads to expressions must have something of time near it.
    pub(super) fn can_start(&self, at: usize) -> bool {
        match self.tokens.get(at).map(|token| token.kind) {
            Some(Kind::Word(Class::Lead)) => self.following(at).iter().any(says_time),
            Some(Kind::Word(class)) => class != Class::Other,
            Some(Kind::Number { .. }) => true,
            Some(Kind::Sign(sign)) => matches!(sign, '<' | '>' | '=' | '\''),
            None => false,
        }
    }

    /// A word in lower case, digits, or a sign; empty past the end.
    pub(super) fn word(&self, at: usize) -> &str {
        self.tokens
            .get(at)
            .and_then(|token| self.lower.get(token.start..token.end))
            .unwrap_or_default()
    }

    /// The word as it was written.
    pub(super) fn written(&self, at: usize) -> &str {
        self.tokens
            .get(at)
            .and_then(|token| self.original.get(token.start..token.end))
            .unwrap_or_default()
    }

    /// Whether one of some words is here.
    pub(super) fn any(&self, at: usize, words: &[&str]) -> bool {
        let word = self.word(at);
        !word.is_empty() && words.contains(&word)
    }

    /// Whether one of some words follows not far away: most expressions have no such word, and need not be read to find out.
    pub(super) fn soon(&self, at: usize, words: &[&str]) -> bool {
        self.following(at)
            .iter()
            .filter(|token| matches!(token.kind, Kind::Word(Class::Lead)))
            .any(|token| {
                self.lower
                    .get(token.start..token.end)
                    .is_some_and(|word| words.contains(&word))
            })
    }

    /// The next few tokens: as many as a day or a length has, or what leads to one.
    fn following(&self, at: usize) -> &[Token] {
        const FEW: usize = 10;
        let end = (at + FEW).min(self.len());
        self.tokens.get(at + 1..end).unwrap_or_default()
    }

    /// The token after words in a row.
    pub(super) fn seq(&self, at: usize, words: &[&str]) -> Option<usize> {
        words
            .iter()
            .enumerate()
            .all(|(offset, word)| self.word(at + offset) == *word)
            .then_some(at + words.len())
    }

    /// The token after the longest of some phrases; these are in the order in which they must be tried.
    pub(super) fn phrase(&self, at: usize, phrases: &[&[&str]]) -> Option<usize> {
        phrases.iter().find_map(|phrase| self.seq(at, phrase))
    }

    /// The token after a word if it is here, or else the same token.
    pub(super) fn skip(&self, at: usize, words: &[&str]) -> usize {
        if self.any(at, words) { at + 1 } else { at }
    }

    /// What the lexicon says of a word.
    pub(super) fn class(&self, at: usize) -> Class {
        match self.tokens.get(at).map(|token| token.kind) {
            Some(Kind::Word(class)) => class,
            _ => Class::Other,
        }
    }

    /// Digits: their value and how many there are.
    pub(super) fn digits(&self, at: usize) -> Option<(i64, u8)> {
        match self.tokens.get(at)?.kind {
            Kind::Number { value, digits } => Some((value, digits)),
            _ => None,
        }
    }

    pub(super) fn sign(&self, at: usize) -> Option<char> {
        match self.tokens.get(at)?.kind {
            Kind::Sign(sign) => Some(sign),
            _ => None,
        }
    }

    /// Whether it is a word of letters.
    pub(super) fn is_word(&self, at: usize) -> bool {
        matches!(
            self.tokens.get(at),
            Some(Token {
                kind: Kind::Word(_),
                ..
            })
        )
    }

    /// Whether a token follows the one before it without white space.
    pub(super) fn glued(&self, at: usize) -> bool {
        at > 0 && self.tokens.get(at).is_some_and(|token| !token.spaced)
    }

    /// Whether a sign is here that ends a clause, or nothing.
    pub(super) fn ends(&self, at: usize) -> bool {
        match self.tokens.get(at).map(|token| token.kind) {
            None => true,
            Some(Kind::Sign(sign)) => matches!(sign, '.' | ',' | '!' | '?' | ';' | ')' | '-'),
            _ => false,
        }
    }

    /// The bytes of some tokens.
    pub(super) fn bytes(&self, from: usize, to: usize) -> Range<usize> {
        let start = self.tokens.get(from).map_or(0, |token| token.start);
        let end = to.checked_sub(1).and_then(|last| self.tokens.get(last));
        start..end.map_or(start, |token| token.end)
    }
}

/// Whether a token has to do with time, or is a number.
const fn says_time(token: &Token) -> bool {
    !matches!(token.kind, Kind::Word(Class::Other | Class::Lead) | Kind::Sign(_))
}

fn number(digits: &str) -> Kind {
    Kind::Number {
        value: if digits.len() <= 9 {
            digits.parse().unwrap_or(i64::MAX)
        } else {
            i64::MAX
        },
        digits: u8::try_from(digits.len()).unwrap_or(u8::MAX),
    }
}
