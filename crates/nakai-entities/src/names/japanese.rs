//! Names in Japanese, from the parts of speech of the dictionary.
//!
//! Nouns that stand together are read as one run, from left to right: at each word, the name that ends with what it is (an
//! organisation, a building), then a person, then a place.

mod compounds;
mod people;
mod places;
mod run;

use std::sync::LazyLock;

use nakai_morph::{Dictionary, Workspace};

use self::run::{Run, runs, words};
use super::{Found, NameKind, lists::Lists};

static LISTS: LazyLock<Lists> = LazyLock::new(|| Lists::of(include_str!("../../data/names_ja.txt"), ' '));

/// What is read at a word of a run.
struct Part {
    /// How many words it has.
    words: usize,
    /// What it names; `None` for what looks like a name and is none.
    kind: Option<NameKind>,
    /// How sure that is.
    score: f64,
}

pub(super) fn find(text: &str) -> Vec<Found> {
    let (mut workspace, mut morphemes) = (Workspace::default(), Vec::new());
    let dictionary = Dictionary::ipadic();
    dictionary.analyse(text, &mut workspace, &mut morphemes);
    let words = words(dictionary, text, &morphemes);
    let mut found = Vec::new();
    for range in runs(text, &words) {
        let words = words.get(range).unwrap_or_default();
        names(Run { text, words }, &mut found);
    }
    found
}

/// Appends the names of a run, in their order.
fn names(run: Run<'_>, found: &mut Vec<Found>) {
    if let Some(range) = run.cued_person() {
        found.push(Found {
            range,
            kind: NameKind::Person,
            score: 0.95,
        });
        return;
    }
    let mut at = 0;
    while at < run.words.len() {
        let part = run
            .compound(at)
            .or_else(|| run.person(at))
            .or_else(|| run.place(at))
            .or_else(|| run.known_organisation(at));
        let length = part.as_ref().map_or(1, |part| part.words.max(1));
        if let Some(Part {
            kind: Some(kind),
            score,
            ..
        }) = part
            && let Some(range) = run.range(at..at + length)
        {
            push(run.text, Found { range, kind, score }, found);
        }
        at += length;
    }
}

/// Appends a name. A family and a given name may have a space between them: 田中 太郎.
fn push(text: &str, name: Found, found: &mut Vec<Found>) {
    if let Some(last) = found.last_mut()
        && [last.kind, name.kind] == [NameKind::Person; 2]
        && matches!(text.get(last.range.end..name.range.start), Some(" " | "\u{3000}"))
        && !text
            .get(last.range.clone())
            .is_some_and(|earlier| earlier.contains([' ', '\u{3000}']))
    {
        last.range.end = name.range.end;
        last.score = last.score.max(name.score);
        return;
    }
    found.push(name);
}
