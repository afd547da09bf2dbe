//! Scores search on questions whose passages are known.

mod data;
mod table;

use std::{collections::HashMap, path::Path, sync::Arc};

use nakai_search::{Filter, IndexBuilder, Mode, Passage, SearchIndex};
use serde::Serialize;

use crate::{Unusable, cost};

/// How well and how fast passages are found.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct RetrievalReport {
    /// How many passages were searched.
    pub passages: usize,
    /// How many questions were asked.
    pub questions: usize,
    /// The size of the index as it is stored, in bytes.
    pub index_bytes: usize,
    /// By words and characters alone.
    pub text: ModeReport,
    /// By vectors alone.
    pub vector: ModeReport,
    /// By both.
    pub fused: ModeReport,
}

/// How well and how fast passages are found in one way. Every figure but the last is 0 to 1.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize)]
pub struct ModeReport {
    /// The share of questions whose passage is found first.
    pub recall_at_1: f64,
    /// The share of questions whose passage is among the first five.
    pub recall_at_5: f64,
    /// The share of questions whose passage is among the first ten.
    pub recall_at_10: f64,
    /// The mean of one divided by the passage's place, 0 below the tenth.
    pub mrr: f64,
    /// The normalised discounted cumulative gain of the first ten: with one right passage, the mean of `1 / log2(place + 1)`.
    pub ndcg_at_10: f64,
    /// The mean difference between how sure search was of its first passage and whether that was the right one, in ten groups of
    /// questions by confidence (the expected calibration error).
    pub calibration_error: f64,
    /// CPU time of one search, all threads, µs.
    pub cpu_us_per_query: f64,
}

/// How many hits count.
pub const DEPTH: usize = 10;

/// Asks each question of a file about the passages of another and says how well it was answered. Both are JSON Lines: passages of
/// `doc_id`, `title` and `text`, questions of `qid`, `question`, `doc_id` and `answers`.
pub fn evaluate(corpus: &Path, queries: &Path) -> Result<RetrievalReport, Unusable> {
    let (passages, questions) = read(corpus, queries)?;
    let mut builder = IndexBuilder::new(Arc::clone(nakai_encoder::shipped()));
    passages.into_iter().for_each(|passage| builder.add(passage));
    let index = builder.build();
    Ok(RetrievalReport {
        passages: index.passages().len(),
        questions: questions.len(),
        index_bytes: index.to_bytes().len(),
        text: score(&index, &questions, Mode::Text),
        vector: score(&index, &questions, Mode::Vector),
        fused: score(&index, &questions, Mode::Fused),
    })
}

/// Reads the files of [`evaluate`], for whoever searches otherwise.
pub fn read(corpus: &Path, queries: &Path) -> Result<(Vec<Passage>, Vec<Question>), Unusable> {
    let passages = data::passages(&data::File::read(corpus)?)?;
    let questions = data::questions(&data::File::read(queries)?, &passages)?;
    Ok((passages, questions))
}

/// The passages of a file of this name.
pub(crate) fn passages(name: &str, content: &str) -> Result<Vec<Passage>, Unusable> {
    data::passages(&data::File::new(name, content))
}

/// A question with the id of the passage that answers it.
#[derive(Debug)]
pub struct Question {
    /// What is asked.
    pub text: String,
    /// The id of the passage.
    pub passage: String,
}

fn score(index: &SearchIndex, questions: &[Question], mode: Mode) -> ModeReport {
    let mut outcomes = Vec::new();
    let used = cost::cpu_of_one(|| {
        outcomes = questions.iter().map(|question| ask(index, question, mode)).collect();
    });
    ModeReport {
        cpu_us_per_query: cost::micros_of_each(used, questions.len()),
        ..figures(&outcomes)
    }
}

/// The figures of outcomes, but for the time that they took.
pub fn figures(outcomes: &[Outcome]) -> ModeReport {
    let many = outcomes.len().max(1) as f64;
    let mean = |gain: &dyn Fn(usize) -> f64| outcomes.iter().filter_map(|o| o.place).map(gain).sum::<f64>() / many;
    let within = |first: usize| mean(&|place| f64::from(u8::from(place < first)));
    ModeReport {
        recall_at_1: within(1),
        recall_at_5: within(5),
        recall_at_10: within(DEPTH),
        mrr: mean(&|place| 1.0 / (place as f64 + 1.0)),
        ndcg_at_10: mean(&|place| 1.0 / (place as f64 + 2.0).log2()),
        calibration_error: calibration_error(outcomes),
        cpu_us_per_query: 0.0,
    }
}

/// What came of a question.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Outcome {
    /// The place of the right passage among the first [`DEPTH`], from 0.
    pub place: Option<usize>,
    /// How sure search was of the first passage, 0 to 1.
    pub confidence: f64,
}

fn ask(index: &SearchIndex, question: &Question, mode: Mode) -> Outcome {
    let hits = index.search(&question.text, &Filter::default(), mode, DEPTH);
    Outcome {
        place: hits.iter().position(|hit| hit.passage.id == question.passage),
        confidence: hits.first().map_or(0.0, |hit| f64::from(hit.confidence)),
    }
}

fn calibration_error(outcomes: &[Outcome]) -> f64 {
    const GROUPS: f64 = 10.0;
    let mut groups: HashMap<u8, f64> = HashMap::new();
    for outcome in outcomes {
        let right = f64::from(u8::from(outcome.place == Some(0)));
        let group = (outcome.confidence * GROUPS).min(GROUPS - 1.0) as u8;
        *groups.entry(group).or_default() += right - outcome.confidence;
    }
    groups.values().map(|difference| difference.abs()).sum::<f64>() / outcomes.len().max(1) as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    fn question(text: &str, passage: &str) -> Question {
        Question {
            text: text.into(),
            passage: passage.into(),
        }
    }

    #[test]
    fn figures_follow_from_the_places_of_the_right_passages() {
        let mut builder = IndexBuilder::new(Arc::clone(nakai_encoder::shipped()));
        for (id, text) in [("a", "The pool opens at nine."), ("b", "The pool closes at eight.")] {
            builder.add(nakai_search::Passage::new(id, "", text, nakai_types::Language::En));
        }
        let index = builder.build();
        let questions = [
            question("when does the pool open", "a"),
            question("pool opens", "b"),
            question("xyzzy", "a"),
        ];
        let report = score(&index, &questions, Mode::Text);
        assert!((report.recall_at_1 - 1.0 / 3.0).abs() < 1e-9, "{report:?}");
        assert!((report.recall_at_5 - 2.0 / 3.0).abs() < 1e-9, "{report:?}");
        assert!((report.mrr - 0.5).abs() < 1e-9, "{report:?}");
        assert!(
            (report.ndcg_at_10 - (1.0 + 1.0 / 3_f64.log2()) / 3.0).abs() < 1e-9,
            "{report:?}"
        );
    }

    #[test]
    fn a_search_that_is_as_sure_as_it_is_right_has_no_calibration_error() {
        let outcome = |right: bool, confidence: f64| Outcome {
            place: right.then_some(0),
            confidence,
        };
        assert!(calibration_error(&[outcome(true, 0.5), outcome(false, 0.5)]) < 1e-9);
        assert!((calibration_error(&[outcome(false, 1.0), outcome(false, 1.0)]) - 1.0).abs() < 1e-9);
        assert!(calibration_error(&[]) < 1e-9);
    }
}
