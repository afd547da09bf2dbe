use nakai_morph::PartOfSpeech;

use super::{
    Analyser, Kind, Term, Word,
    fold::{self, Script},
};

/// How much a run of hiragana counts: it is mostly grammar.
const HIRAGANA: f32 = 0.3;
/// Verbs and adjectives that say nothing without another word.
const LIGHT: &[&str] = &[
    "する",
    "ある",
    "いる",
    "なる",
    "できる",
    "いう",
    "言う",
    "行う",
    "ない",
    "いい",
    "よい",
    "くださる",
    "頂く",
    "いただく",
    "おる",
];

/// How much words of a part of speech say about what a text is about.
fn emphasis(part: PartOfSpeech, base: &str) -> f32 {
    match (part.major(), part.minor()) {
        ("名詞", "非自立" | "特殊" | "代名詞" | "接続詞的" | "動詞非自立的") => 0.0,
        ("名詞", "接尾") => 0.6,
        ("名詞", _) => 1.0,
        ("動詞", "自立") | ("形容詞", "自立") if LIGHT.contains(&base) => 0.1,
        ("動詞" | "形容詞", "自立") => 0.8,
        ("副詞", _) | ("感動詞", _) => 0.4,
        ("接頭詞", "名詞接続") if !matches!(base, "お" | "ご" | "御") => 0.4,
        _ => 0.0,
    }
}

impl Analyser {
    /// Adds the words of Japanese script, and gives the readings of those with Han characters or unusual kana.
    pub(super) fn japanese_words(&mut self, sink: &mut impl FnMut(Term<'_>)) {
        self.morphemes.clear();
        self.dictionary
            .analyse(&self.folded, &mut self.workspace, &mut self.morphemes);
        for morpheme in &self.morphemes {
            let range = morpheme.range();
            let surface = &self.folded[range.clone()];
            if !surface.chars().any(|c| Script::of(c).is_japanese()) {
                continue;
            }
            let base = self.dictionary.base(morpheme, &self.folded);
            let emphasis = emphasis(morpheme.part_of_speech(), &base);
            if emphasis == 0.0 {
                continue;
            }
            let mut term = String::new();
            fold::spelling_into(&base, &mut term);
            if morpheme.part_of_speech().major() == "名詞"
                && let Some(reading) = self.dictionary.reading(morpheme, &self.folded)
                && reading.chars().nth(1).is_some()
            {
                sink(Term {
                    kind: Kind::Reading,
                    text: &reading,
                    emphasis,
                });
            }
            self.words.push(Word {
                start: range.start,
                end: range.end,
                term,
                emphasis,
            });
        }
    }
}

/// Gives the Han characters and the pairs of characters between gaps. Kana are folded, so that only their emphasis tells hiragana from
/// katakana.
pub(super) fn runs(folded: &str, run: &mut String, sink: &mut impl FnMut(Term<'_>)) {
    let mut previous = ('\0', Script::Gap);
    for c in folded.chars() {
        let script = Script::of(c);
        let folded = fold::katakana(c);
        if script == Script::Han {
            run.clear();
            run.push(c);
            sink(Term {
                kind: Kind::Single,
                text: run,
                emphasis: 1.0,
            });
        }
        if previous.1 != Script::Gap && script != Script::Gap {
            run.clear();
            run.push(previous.0);
            run.push(folded);
            let grammar = previous.1 == Script::Hiragana && script == Script::Hiragana;
            sink(Term {
                kind: Kind::Double,
                text: run,
                emphasis: if grammar { HIRAGANA } else { 1.0 },
            });
        }
        previous = (folded, script);
    }
}
