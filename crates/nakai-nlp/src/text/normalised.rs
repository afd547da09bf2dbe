use std::{borrow::Cow, iter::once, ops::Range};

use nakai_types::Span;
use unicode_normalization::{IsNormalized, UnicodeNormalization, char, is_nfc_quick};

/// A text in normal form, with the way back to what was typed.
///
/// The normal form is NFKC (so full-width Latin becomes ASCII and half-width katakana becomes katakana) with these foldings on top:
///
/// - curly quotes, hyphens and wave dashes become `'`, `"`, `-` and `~`; a long-vowel mark between digits becomes `-`;
/// - old kana become modern ones (`ゐ` is `い`) and kana iteration marks the kana that they repeat (`すゞ` is `すず`);
/// - a repeated mark is written once (`!!!!` is `!`, `ーーー` is `ー`), three dots or more are `…`;
/// - characters that can't be seen (zero-width spaces, direction marks) go; emoji and letter case stay.
///
/// Text that is in normal form already is borrowed, not copied.
///
/// ```
/// use nakai_nlp::text::Normalised;
/// use nakai_types::Span;
///
/// let text = Normalised::of("ｶﾞｲﾄﾞは？？");
/// assert_eq!(text.as_str(), "ガイドは?");
/// assert_eq!(text.original(0..9), Span::new(0, 15));   // ガイド
/// assert_eq!(text.original(12..13), Span::new(18, 24)); // ?
/// ```
#[derive(Clone)]
pub struct Normalised<'t> {
    text: Cow<'t, str>,
    original_len: usize,
    /// In order, without overlap. What lies between two changes is the same in both texts.
    changes: Vec<Change>,
}

/// A piece of the original and what stands for it in the normal form.
#[derive(Clone)]
struct Change {
    normal: Range<usize>,
    original: Range<usize>,
}

impl<'t> Normalised<'t> {
    /// Normalises a text.
    pub fn of(original: &'t str) -> Self {
        let plain = plain_prefix(original);
        if plain == original.len() {
            return Self {
                text: Cow::Borrowed(original),
                original_len: original.len(),
                changes: Vec::new(),
            };
        }
        let mut folding = Folding::after(original, plain);
        folding.run();
        Self {
            text: Cow::Owned(folding.text),
            original_len: original.len(),
            changes: folding.changes,
        }
    }

    /// The text in normal form.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// Gives the span of what was typed that a byte range of the normal form stands for. The range lies on character boundaries;
    /// where several typed characters became one (or the reverse), the span covers all of them.
    pub fn original(&self, range: Range<usize>) -> Span {
        let whole = range.end >= self.text.len();
        let start = if range.start == 0 {
            0
        } else {
            self.original_start(range.start)
        };
        let end = if whole {
            self.original_len
        } else {
            self.original_end(range.end)
        };
        Span::new(start, end.max(start))
    }

    fn original_start(&self, at: usize) -> usize {
        match self.change_before(at) {
            None => at,
            Some(change) if at < change.normal.end => change.original.start,
            Some(change) => (change.original.end + (at - change.normal.end)).min(self.original_len),
        }
    }

    fn original_end(&self, at: usize) -> usize {
        match self.change_before(at) {
            None => at,
            Some(change) if at == change.normal.start && at < change.normal.end => change.original.start,
            Some(change) if at < change.normal.end => change.original.end,
            Some(change) => (change.original.end + (at - change.normal.end)).min(self.original_len),
        }
    }

    /// The last change that starts at or before a byte of the normal form.
    fn change_before(&self, at: usize) -> Option<&Change> {
        let after = self.changes.partition_point(|change| change.normal.start <= at);
        self.changes.get(after.checked_sub(1)?)
    }
}

impl std::fmt::Debug for Normalised<'_> {
    /// Tells sizes only: this is what a customer typed.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(
            f,
            "Normalised({} bytes, {} changes)",
            self.text.len(),
            self.changes.len()
        )
    }
}

/// The length of the beginning of a text that is certainly in normal form, whatever follows it.
fn plain_prefix(text: &str) -> usize {
    let (mut before, mut last) = (0, '\0');
    for (at, c) in text.char_indices() {
        if !is_plain(c) || (c == last && is_repeatable(c)) || (c == 'ー' && last.is_ascii_digit()) {
            // The character before may combine with this one.
            return before;
        }
        (before, last) = (at, c);
    }
    text.len()
}

/// Says whether a character stays as it is and does not combine with the one before it.
const fn is_plain(c: char) -> bool {
    match c {
        'ゐ' | 'ゑ' | 'ヰ' | 'ヱ' => false,
        ' '..='~' | '\n' | '\t' | '\r' => true,
        'ぁ'..='ゖ' | 'ァ'..='ー' | '一'..='\u{9fff}' | '、'..='】' => true,
        _ => false,
    }
}

/// Says whether a mark means the same however often it is repeated.
const fn is_repeatable(c: char) -> bool {
    matches!(
        c,
        '!' | '?' | '。' | '、' | ',' | '.' | 'ー' | '~' | '・' | '…' | '♪' | '★' | '☆'
    )
}

/// The work of one normalisation.
struct Folding<'t> {
    original: &'t str,
    at: usize,
    text: String,
    changes: Vec<Change>,
    /// Where the last character of `text` starts in the original.
    last_original: usize,
}

impl<'t> Folding<'t> {
    fn after(original: &'t str, plain: usize) -> Self {
        let mut text = String::with_capacity(original.len());
        text.push_str(original.get(..plain).unwrap_or_default());
        let last_original = text.char_indices().next_back().map_or(0, |(at, _)| at);
        Self {
            original,
            at: plain,
            text,
            changes: Vec::new(),
            last_original,
        }
    }

    fn run(&mut self) {
        while let Some(rest) = self.original.get(self.at..)
            && let Some(first) = rest.chars().next()
        {
            let dots = if first == '.' {
                rest.bytes().take_while(|b| *b == b'.').count()
            } else {
                0
            };
            if dots >= 3 {
                self.put(dots, |text, _| text.push('…'));
                continue;
            }
            let length = cluster(rest, first);
            let (cluster, after) = rest.split_at(length);
            let next = after.chars().next();
            if length == first.len_utf8() {
                self.put(length, |text, last| fold(first, last, next, text));
            } else {
                self.put(length, |text, _| {
                    text.extend(cluster.chars().map(spacing_to_combining).nfkc().map(modern));
                });
            }
        }
    }

    /// Writes what stands for the next `length` bytes of the original.
    fn put(&mut self, length: usize, write: impl FnOnce(&mut String, Option<char>)) {
        let original = self.at..self.at + length;
        self.at = original.end;
        let last = self.text.chars().next_back();
        let start = self.text.len();
        write(&mut self.text, last);
        let written = self.text.get(start..).unwrap_or_default();
        let mut chars = written.chars();
        let repeated = match (chars.next(), chars.next()) {
            (Some(only), None) => Some(only) == last && is_repeatable(only) && only != '.',
            _ => false,
        };
        if repeated && let Some(last) = last {
            self.text.truncate(start);
            self.extend_last(last, original.end);
        } else if self.original.get(original.clone()) != Some(written) {
            self.last_original = original.start;
            self.changes.push(Change {
                normal: start..self.text.len(),
                original,
            });
        } else {
            self.last_original = original.start;
        }
    }

    /// Lets the last character of the text stand for the original up to `end` too.
    fn extend_last(&mut self, last: char, end: usize) {
        let start = self.text.len() - last.len_utf8();
        match self.changes.last_mut() {
            Some(change) if change.normal.end > start => change.original.end = end,
            _ => self.changes.push(Change {
                normal: start..self.text.len(),
                original: self.last_original..end,
            }),
        }
    }
}

/// The length of the first character of a text with all that combines with it.
fn cluster(text: &str, first: char) -> usize {
    let mut length = first.len_utf8();
    let mut kana = is_kana(first);
    for c in text.get(length..).unwrap_or_default().chars() {
        let joins = match c {
            '゛' | '゜' => kana,
            _ => combines(c),
        };
        if !joins {
            break;
        }
        kana = false;
        length += c.len_utf8();
    }
    length
}

/// Says whether NFKC may combine a character with the one before it.
fn combines(c: char) -> bool {
    if is_plain(c) || c < '\u{300}' {
        return false;
    }
    let mut first = None;
    char::decompose_compatible(c, |part| first = first.or(Some(part)));
    first.is_some_and(|part| {
        char::canonical_combining_class(part) != 0 || is_nfc_quick(once(part)) == IsNormalized::Maybe
    })
}

const fn is_kana(c: char) -> bool {
    matches!(c, 'ぁ'..='ゖ' | 'ァ'..='ヺ' | 'ｦ'..='ﾝ')
}

/// Turns a voicing mark that was typed as a character of its own into one that combines.
const fn spacing_to_combining(c: char) -> char {
    match c {
        '゛' => '\u{3099}',
        '゜' => '\u{309a}',
        _ => c,
    }
}

const fn modern(c: char) -> char {
    match c {
        'ゐ' => 'い',
        'ゑ' => 'え',
        'ヰ' => 'イ',
        'ヱ' => 'エ',
        _ => c,
    }
}

/// Writes what stands for one character that combines with nothing.
fn fold(c: char, last: Option<char>, next: Option<char>, text: &mut String) {
    match c {
        'ー' if last.is_some_and(|l| l.is_ascii_digit()) && next.is_some_and(is_digit) => text.push('-'),
        'ゝ' | 'ヽ' | 'ゞ' | 'ヾ' => text.push(last.filter(|l| is_kana(*l)).map_or(c, |l| repeat(l, c))),
        '‘' | '’' | '‛' => text.push('\''),
        '“' | '”' | '‟' => text.push('"'),
        '\u{2010}'..='\u{2013}' | '\u{2212}' => text.push('-'),
        '\u{301c}' => text.push('~'),
        '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}' | '\u{2066}'..='\u{2069}' => {}
        '\u{feff}' | '\u{ad}' => {}
        // NFKC would make three dots, a space and a voicing mark, or letters that stick to the brand before them.
        '…' | '゛' | '゜' | '™' | '℠' => text.push(c),
        _ if is_plain(c) => text.push(c),
        _ => text.extend(once(c).nfkc().map(modern)),
    }
}

const fn is_digit(c: char) -> bool {
    matches!(c, '0'..='9' | '０'..='９')
}

/// The kana that an iteration mark after `last` stands for.
fn repeat(last: char, mark: char) -> char {
    let base = once(last).nfd().next().unwrap_or(last);
    match mark {
        'ゞ' | 'ヾ' => [base, '\u{3099}'].into_iter().nfc().next().unwrap_or(base),
        _ => base,
    }
}

#[cfg(test)]
mod tests;
