//! What the internet and machines know by a pattern, and quotations.

use std::{collections::HashSet, net::Ipv6Addr, ops::Range, sync::LazyLock};

use regex::Regex;

use super::{Found, Sequence, SequenceKind};
use crate::half_width::{after, before, is_word_character};

static EMAIL: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(concat!(
        r"(?i)[a-z0-9_][a-z0-9._%+'-]*@",
        r"(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]*[a-z0-9])?)*\.[a-z]{2,63}|\[[0-9]{1,3}(?:\.[0-9]{1,3}){3}\])",
    ))
    .ok()
});

/// An address with its scheme, and one that starts with its host.
static URL: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r"(?i)(?:https?|s?ftps?|wss?)://[a-z0-9\[][!#-&(-;=?-\[\]_a-z~]*").ok());
static HOST: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"(?i)[a-z0-9](?:[a-z0-9-]*[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]*[a-z0-9])?)+(?::[0-9]{1,5})?(?:[/?][!#-&(-;=?-\[\]_a-z~]*)?").ok()
});

static IPV4: LazyLock<Option<Regex>> = LazyLock::new(|| Regex::new(r"[0-9]{1,3}(?:\.[0-9]{1,3}){3}").ok());
static IPV6: LazyLock<Option<Regex>> = LazyLock::new(|| Regex::new(r"[0-9A-Fa-f:]*::?[0-9A-Fa-f:.]*").ok());
/// Of an IPv6 address with an IPv4 address in it.
const LONGEST_IPV6: usize = 45;

/// The identifier itself, without what stands around it, is the first, second or third group.
static GUID: LazyLock<Option<Regex>> = LazyLock::new(|| {
    const ELEMENT: &str = "((?:[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})|[0-9a-f]{32})";
    Regex::new(&format!(
        r"(?i)urn:uuid:{ELEMENT}|\{{{ELEMENT}\}}|%7b{ELEMENT}%7d|x'{ELEMENT}'|{ELEMENT}"
    ))
    .ok()
});

static HASHTAG: LazyLock<Option<Regex>> = LazyLock::new(|| Regex::new(r"#[\p{L}\p{M}\p{N}_]+").ok());
static MENTION: LazyLock<Option<Regex>> = LazyLock::new(|| Regex::new(r"@[A-Za-z0-9_]+").ok());

static TOP_LEVEL_DOMAINS: LazyLock<HashSet<&str>> = LazyLock::new(|| {
    let lines = include_str!("../../data/top_level_domains.txt").lines();
    lines
        .filter(|line| !line.starts_with('#'))
        .flat_map(str::split_whitespace)
        .collect()
});

/// Top-level domains that are rather the end of a file's name, unless the address says that it is one.
const FILES: [&str; 7] = ["md", "py", "rs", "sh", "zip", "mov", "ps"];

/// Finds e-mail addresses, addresses of pages and machines, GUIDs, hashtags, mentions and quotations in half-width text.
pub(super) fn find(text: &str, found: &mut Vec<Found>) {
    for address in matches(&EMAIL, text) {
        if !goes_on("_@", after(text, address.end)) {
            push(SequenceKind::Email, text, address, 1.0, found);
        }
    }
    urls(text, found);
    guids(text, found);
    ip_addresses(text, found);
    for tag in matches(&HASHTAG, text) {
        if !is_one_of("&#/_", before(text, tag.start)) {
            push(SequenceKind::Hashtag, text, tag, 0.8, found);
        }
    }
    for name in matches(&MENTION, text) {
        if !is_one_of("@", after(text, name.end)) {
            push(SequenceKind::Mention, text, name, 0.8, found);
        }
    }
    quotations(text, found);
}

fn matches<'t>(pattern: &'static LazyLock<Option<Regex>>, text: &'t str) -> impl Iterator<Item = Range<usize>> + 't {
    pattern
        .iter()
        .flat_map(|pattern| pattern.find_iter(text))
        .map(|found| found.range())
}

/// Says whether a character beside a sequence is one of some marks, so that the sequence is part of a longer one.
fn is_one_of(marks: &str, beside: Option<char>) -> bool {
    beside.is_some_and(|c| marks.contains(c))
}

/// The same, also of letters and digits.
fn goes_on(marks: &str, beside: Option<char>) -> bool {
    is_one_of(marks, beside) || beside.is_some_and(is_word_character)
}

fn push(kind: SequenceKind, text: &str, range: Range<usize>, score: f64, found: &mut Vec<Found>) {
    let value = text.get(range.clone()).unwrap_or_default().to_owned();
    let canonical = match kind {
        SequenceKind::Email | SequenceKind::Guid => Some(value.to_ascii_lowercase()),
        _ => None,
    };
    found.push(Found {
        range,
        sequence: Sequence {
            kind,
            value,
            canonical,
            score,
        },
    });
}

fn urls(text: &str, found: &mut Vec<Found>) {
    for range in matches(&URL, text) {
        let range = without_marks(text, range);
        let address = text.get(range.clone()).unwrap_or_default();
        let host = address
            .split_once("://")
            .map(|(_, rest)| host(rest))
            .unwrap_or_default();
        if is_host(host) {
            push(SequenceKind::Url, text, range, 1.0, found);
        }
    }
    for range in matches(&HOST, text) {
        let range = without_marks(text, range);
        let address = text.get(range.clone()).unwrap_or_default();
        let host = host(address);
        let starts = !is_one_of("@./-_:", before(text, range.start));
        let ends = !is_one_of("@_", after(text, range.end));
        if starts && ends && is_named_host(host) {
            push(SequenceKind::Url, text, range, 0.9, found);
        }
    }
}

fn host(address: &str) -> &str {
    address.split(['/', '?', '#', ':']).next().unwrap_or_default()
}

/// The marks at the end of an address belong to the sentence.
fn without_marks(text: &str, range: Range<usize>) -> Range<usize> {
    let mut address = text.get(range.clone()).unwrap_or_default();
    loop {
        let trimmed = address.trim_end_matches(['.', ',', ';', ':', '!', '?', '*', '&']);
        let trimmed = match trimmed.chars().next_back() {
            Some(')') if !trimmed.contains('(') => trimmed.trim_end_matches(')'),
            Some(']') if !trimmed.contains('[') => trimmed.trim_end_matches(']'),
            _ => trimmed,
        };
        if trimmed.len() == address.len() {
            return range.start..range.start + address.len();
        }
        address = trimmed;
    }
}

/// A host after a scheme: with a top-level domain of letters, or an IPv4 address.
fn is_host(host: &str) -> bool {
    let (name, domain) = host.rsplit_once('.').unwrap_or_default();
    let letters = domain.len() > 1 && domain.chars().all(|c| c.is_ascii_alphabetic());
    host == "localhost" || (!name.is_empty() && letters) || ipv4(host).is_some()
}

/// A host without a scheme must have a top-level domain that exists, and be written like one: no new sentence starts in it.
fn is_named_host(host: &str) -> bool {
    let (name, domain) = host.rsplit_once('.').unwrap_or_default();
    let written =
        domain.chars().skip(1).any(|c| c.is_ascii_uppercase()) || !domain.starts_with(|c: char| c.is_ascii_uppercase());
    let known = TOP_LEVEL_DOMAINS.contains(domain.to_ascii_lowercase().as_str());
    let lower = domain.to_ascii_lowercase();
    let time = name.chars().all(|c| c.is_ascii_digit()) && matches!(lower.as_str(), "am" | "pm");
    let file = !name.contains('.') && FILES.contains(&lower.as_str());
    known && written && !time && !file
}

fn guids(text: &str, found: &mut Vec<Found>) {
    for captures in GUID.iter().flat_map(|pattern| pattern.captures_iter(text)) {
        let (Some(whole), Some(element)) = (captures.get(0), captures.iter().skip(1).flatten().next()) else {
            continue;
        };
        let bare = whole.start() == element.start();
        let joins = |c: Option<char>| c.is_some_and(|c| is_word_character(c) || c == '-');
        if joins(before(text, whole.start())) || (whole.end() == element.end() && joins(after(text, whole.end()))) {
            continue;
        }
        let mut score: f64 = 1.0;
        if bare {
            score -= 0.1;
        }
        if !element.as_str().contains('-') {
            score -= 0.1;
        }
        if element.as_str().chars().all(|c| c.is_ascii_digit()) {
            score -= 0.15;
        }
        push(
            SequenceKind::Guid,
            text,
            whole.range(),
            (score * 100.0).round() / 100.0,
            found,
        );
    }
}

fn ip_addresses(text: &str, found: &mut Vec<Found>) {
    for range in matches(&IPV4, text) {
        let next = after(text, range.end);
        let decimal = next == Some('.') && after(text, range.end + 1).is_some_and(|c| c.is_ascii_digit());
        let address = text.get(range.clone()).unwrap_or_default();
        if goes_on("._-", before(text, range.start)) || goes_on("_-", next) || decimal {
            continue;
        }
        if let Some(value) = ipv4(address) {
            let kind = SequenceKind::Ipv4;
            push_value(kind, range, value, found);
        }
    }
    for range in matches(&IPV6, text) {
        let address = text.get(range.clone()).unwrap_or_default();
        let mut trimmed = address.trim_end_matches('.');
        if trimmed.ends_with(':') && !trimmed.ends_with("::") {
            trimmed = trimmed.trim_end_matches(':');
        }
        let range = range.start..range.start + trimmed.len();
        let edge = |c: Option<char>| c.is_none_or(char::is_whitespace);
        let (previous, next) = (before(text, range.start), after(text, range.end));
        let alone = edge(previous) && edge(next);
        if trimmed.len() > LONGEST_IPV6
            || goes_on("._-", previous)
            || goes_on("_-", next)
            || (trimmed == "::" && !alone)
            || trimmed.parse::<Ipv6Addr>().is_err()
        {
            continue;
        }
        let groups: Vec<&str> = trimmed.split(':').map(without_zeros).collect();
        push_value(SequenceKind::Ipv6, range, groups.join(":"), found);
    }
}

fn push_value(kind: SequenceKind, range: Range<usize>, value: String, found: &mut Vec<Found>) {
    found.push(Found {
        range,
        sequence: Sequence {
            kind,
            value,
            canonical: None,
            score: 1.0,
        },
    });
}

/// An IPv4 address without leading zeros.
fn ipv4(address: &str) -> Option<String> {
    let parts: Vec<&str> = address.split('.').map(without_zeros).collect();
    let valid = parts.len() == 4 && parts.iter().all(|part| part.parse::<u8>().is_ok());
    valid.then(|| parts.join("."))
}

fn without_zeros(digits: &str) -> &str {
    match digits.trim_start_matches('0') {
        "" => digits.get(..1).unwrap_or_default(),
        rest => rest,
    }
}

/// Opening and closing marks.
const QUOTATION_MARKS: [(char, char); 12] = [
    ('“', '”'),
    ('‘', '’'),
    ('«', '»'),
    ('‹', '›'),
    ('「', '」'),
    ('『', '』'),
    ('《', '》'),
    ('〈', '〉'),
    ('｢', '｣'),
    ('"', '"'),
    ('`', '`'),
    ('\'', '\''),
];

fn quotations(text: &str, found: &mut Vec<Found>) {
    let mut open = [None; QUOTATION_MARKS.len()];
    for (at, c) in text.char_indices() {
        if c == '\n' {
            open = [None; QUOTATION_MARKS.len()];
        }
        for ((opening, closing), open) in QUOTATION_MARKS.iter().zip(&mut open) {
            let end = at + c.len_utf8();
            // An apostrophe is within a word or at its end.
            let apostrophe = |beside: Option<char>| matches!(c, '\'' | '’') && beside.is_some_and(is_word_character);
            match *open {
                Some(start) if c == *closing && !apostrophe(after(text, end)) => {
                    if end - start > 1 + opening.len_utf8() {
                        push(SequenceKind::Quoted, text, start..end, 1.0, found);
                    }
                    *open = None;
                }
                None if c == *opening && !apostrophe(before(text, at)) => *open = Some(at),
                _ => {}
            }
        }
    }
}
