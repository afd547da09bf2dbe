//! How well unsupported sentences of models are told from supported ones.
//!
//! Sentences were written for passages: paraphrases, and the same with another number, time, price or name, with negation put in or
//! taken out, with a condition, a quantifier or a permission turned, inventions, and courtesy. What is held against them is the passage
//! with another one, as a search would find.

mod set;

use std::{collections::BTreeMap, fmt};

use nakai_grounding::Evidence;
use nakai_types::Language;
use serde::Serialize;

pub use self::set::{Case, Part, Set, Source};
use crate::{
    Unusable,
    cost::{cpu_of_one, micros_of_each},
};

/// What became of the sentences of one set in one language that are for the same.
#[derive(Debug, Serialize)]
pub struct Scores {
    /// The set's name.
    pub set: String,
    /// The language.
    pub language: Language,
    /// What the sentences are for.
    pub part: Part,
    /// Sentences.
    pub sentences: usize,
    /// Unsupported sentences that were found.
    pub caught: usize,
    /// Unsupported sentences that passed.
    pub passed: usize,
    /// Supported sentences that were dropped.
    pub dropped: usize,
    /// Of the sentences found unsupported, the share that is.
    pub precision: f64,
    /// Of the unsupported sentences, the share found.
    pub recall: f64,
    /// By kind: right ones and all.
    pub kinds: BTreeMap<String, (usize, usize)>,
    /// CPU time to check a sentence, the evidence being read, µs.
    pub micros_a_sentence: f64,
    /// CPU time to read the evidence of an answer, µs.
    pub micros_an_answer: f64,
}

/// Everything that was measured.
#[derive(Debug, Default, Serialize)]
pub struct Report {
    /// By set, language and part.
    pub scores: Vec<Scores>,
    /// Sentences that were judged wrong.
    pub wrong: Vec<String>,
    /// Whether those are printed.
    #[serde(skip)]
    pub lists_failures: bool,
}

/// Judges the sentences of sets, all of them or those of one part.
///
/// # Errors
/// If a case names no source.
pub fn evaluate(sets: &[Set], part: Option<Part>, least: f32) -> Result<Report, Unusable> {
    let mut report = Report::default();
    for set in sets {
        for language in Language::ALL {
            for of in [Part::Tuning, Part::Judging] {
                if part.is_some_and(|part| part != of) {
                    continue;
                }
                let cases = set.cases.iter();
                let cases: Vec<&Case> = cases
                    .filter(|case| case.language == language && case.part == of)
                    .collect();
                if !cases.is_empty() {
                    let scores = score(set, language, of, &cases, least, &mut report.wrong)?;
                    report.scores.push(scores);
                }
            }
        }
    }
    Ok(report)
}

fn score(
    set: &Set,
    language: Language,
    part: Part,
    cases: &[&Case],
    least: f32,
    wrong: &mut Vec<String>,
) -> Result<Scores, Unusable> {
    let evidences = evidences(&set.sources, cases, language)?;
    let evidence = |case: &Case| &evidences[&case.source].1;
    let (mut caught, mut passed, mut dropped) = (0, 0, 0);
    let mut kinds: BTreeMap<String, (usize, usize)> = BTreeMap::new();
    for case in cases {
        let verdict = evidence(case).check(&case.sentence, least);
        let stands = verdict.is_supported();
        let right = stands == case.may_stand();
        match (case.may_stand(), stands) {
            (false, false) => caught += 1,
            (false, true) => passed += 1,
            (true, false) => dropped += 1,
            (true, true) => {}
        }
        let kind = kinds.entry(case.kind.clone()).or_default();
        kind.0 += usize::from(right);
        kind.1 += 1;
        if !right {
            wrong.push(format!(
                "{}\t{language}\t{}\t{}\t{}\t{} {:.2}\t{}",
                set.name,
                part.name(),
                case.source,
                case.kind,
                verdict.finding.name(),
                verdict.support,
                case.sentence
            ));
        }
    }
    let checking = cpu_of_one(|| {
        for case in cases {
            std::hint::black_box(evidence(case).check(&case.sentence, least));
        }
    });
    let reading = cpu_of_one(|| {
        for (texts, _) in evidences.values() {
            std::hint::black_box(Evidence::new(texts.iter().map(String::as_str)));
        }
    });
    Ok(Scores {
        set: set.name.clone(),
        language,
        part,
        sentences: cases.len(),
        caught,
        passed,
        dropped,
        precision: share(caught, dropped),
        recall: share(caught, passed),
        kinds,
        micros_a_sentence: micros_of_each(checking, cases.len()),
        micros_an_answer: micros_of_each(reading, evidences.len()),
    })
}

type Evidences = BTreeMap<String, (Vec<String>, Evidence)>;

/// By source: its passages with those of the next one, and the evidence that they are.
fn evidences(sources: &[Source], cases: &[&Case], language: Language) -> Result<Evidences, Unusable> {
    let sources: Vec<&Source> = sources.iter().filter(|source| source.language == language).collect();
    let mut evidences = BTreeMap::new();
    for case in cases {
        if evidences.contains_key(&case.source) {
            continue;
        }
        let place = sources.iter().position(|source| source.id == case.source);
        let place =
            place.ok_or_else(|| Unusable::file(&case.source, format!("there is no such article in {language}")))?;
        let other = (place + 1) % sources.len();
        let texts = [&sources[place].texts[..], &sources[other].texts[..]].concat();
        let evidence = Evidence::new(texts.iter().map(String::as_str));
        evidences.insert(case.source.clone(), (texts, evidence));
    }
    Ok(evidences)
}

fn share(right: usize, wrong: usize) -> f64 {
    #[expect(clippy::cast_precision_loss, reason = "a count of sentences")]
    let share = right as f64 / (right + wrong).max(1) as f64;
    share
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for scores in &self.scores {
            let kept: (usize, usize) = ["supported", "courtesy"]
                .iter()
                .filter_map(|kind| scores.kinds.get(*kind))
                .fold((0, 0), |sum, kind| (sum.0 + kind.0, sum.1 + kind.1));
            writeln!(
                f,
                "{}, {}, {}: {} sentences; unsupported ones found with precision {:.3} and recall {:.3}; {}/{} that may stand kept",
                scores.set,
                scores.language,
                scores.part.name(),
                scores.sentences,
                scores.precision,
                scores.recall,
                kept.0,
                kept.1
            )?;
            for (kind, (right, all)) in &scores.kinds {
                writeln!(f, "    {kind:<10} {right}/{all}")?;
            }
            writeln!(
                f,
                "    {:.0} CPU-µs a sentence, {:.0} CPU-µs to read the passages of an answer",
                scores.micros_a_sentence, scores.micros_an_answer
            )?;
        }
        if self.lists_failures {
            for wrong in &self.wrong {
                writeln!(f, "{wrong}")?;
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;

    /// What the check reached when it was last changed, less a little.
    #[test]
    fn unsupported_sentences_are_found_and_supported_ones_kept() {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../bots/ryokan");
        let bundle = nakai_bundle::load_folder(&folder)
            .expect("the demo bot is sound")
            .bundle;
        let least = bundle.bot.generation.grounding.min_support;
        let sets = [
            Set::demo(&bundle.articles).expect("sound"),
            Set::more().expect("sound"),
            Set::desk().expect("sound"),
        ];
        let report = evaluate(&sets, None, least).expect("articles exist");
        for scores in &report.scores {
            let (precision, recall) = match (scores.set.as_str(), scores.language, scores.part) {
                ("demo", _, _) => (0.95, 0.93),
                ("more", _, _) => (0.93, 0.80),
                (_, Language::En, _) => (0.90, 0.85),
                (_, Language::Ja, Part::Tuning) => (0.95, 0.85),
                (_, Language::Ja, Part::Judging) => (0.95, 0.20),
            };
            assert!(scores.precision >= precision, "{scores:#?}");
            assert!(scores.recall >= recall, "{scores:#?}");
        }
        // Two languages of two sets that are for tuning alone, and of one that has both parts.
        assert_eq!(report.scores.len(), 8);
    }
}
