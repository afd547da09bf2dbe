//! How well unsupported sentences of models are told from supported ones.
//!
//! The shipped sentences were written for the articles of the demo bot: paraphrases, and the same with another number, time, price or
//! name, with negation put in or taken out, inventions, and courtesy. What is held against them is the article with another one, as a
//! search would find.

use std::{collections::BTreeMap, fmt};

use nakai_bundle::model::Article;
use nakai_grounding::Evidence;
use nakai_types::Language;
use serde::Serialize;

use crate::{
    Unusable,
    cost::{cpu_of_one, micros_of_each},
};

const SHIPPED: [(Language, &str); 2] = [
    (Language::En, include_str!("../grounding/en.tsv")),
    (Language::Ja, include_str!("../grounding/ja.tsv")),
];

/// A sentence about an article.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Case {
    /// The article's path.
    pub article: String,
    /// `supported` and `courtesy` may stand; `number`, `name`, `negation` and `invention` may not.
    pub kind: String,
    /// What a model might say.
    pub sentence: String,
    /// In which language.
    pub language: Language,
}

impl Case {
    fn may_stand(&self) -> bool {
        matches!(self.kind.as_str(), "supported" | "courtesy")
    }
}

/// Gives the sentences about the demo bot.
///
/// # Errors
/// Never, as a test sees to it.
pub fn shipped() -> Result<Vec<Case>, Unusable> {
    let mut cases = Vec::new();
    for (language, text) in SHIPPED {
        for (number, line) in text.lines().enumerate() {
            let fields: Vec<&str> = line.split('\t').collect();
            let [article, kind, sentence] = fields[..] else {
                let place = format!("grounding/{language}.tsv");
                return Err(Unusable::line(
                    &place,
                    number + 1,
                    "three fields with tabs between them are expected",
                ));
            };
            cases.push(Case {
                article: article.to_owned(),
                kind: kind.to_owned(),
                sentence: sentence.to_owned(),
                language,
            });
        }
    }
    Ok(cases)
}

/// What became of the sentences of one language.
#[derive(Debug, Default, Serialize)]
pub struct Scores {
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
    /// The same in the half of the sentences by which nothing was chosen.
    pub held_out_precision: f64,
    /// The same in the half of the sentences by which nothing was chosen.
    pub held_out_recall: f64,
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
    /// By language code.
    pub languages: BTreeMap<String, Scores>,
    /// Sentences that were judged wrong.
    pub wrong: Vec<String>,
    /// Whether those are printed.
    #[serde(skip)]
    pub lists_failures: bool,
}

/// Judges sentences about articles.
///
/// # Errors
/// If a case names no article.
pub fn evaluate(articles: &[Article], cases: &[Case], least: f32) -> Result<Report, Unusable> {
    let mut report = Report::default();
    for language in Language::ALL {
        let cases: Vec<&Case> = cases.iter().filter(|case| case.language == language).collect();
        if cases.is_empty() {
            continue;
        }
        let evidences = evidences(articles, &cases, language)?;
        let evidence = |case: &Case| &evidences[&case.article].1;
        let mut scores = Scores {
            sentences: cases.len(),
            ..Scores::default()
        };
        let mut held_out = (0, 0, 0);
        for (number, case) in cases.iter().enumerate() {
            let verdict = evidence(case).check(&case.sentence, least);
            let stands = verdict.is_supported();
            let right = stands == case.may_stand();
            let kind = scores.kinds.entry(case.kind.clone()).or_default();
            kind.0 += usize::from(right);
            kind.1 += 1;
            let (caught, passed, dropped) = match (case.may_stand(), stands) {
                (false, false) => (1, 0, 0),
                (false, true) => (0, 1, 0),
                (true, false) => (0, 0, 1),
                (true, true) => (0, 0, 0),
            };
            scores.caught += caught;
            scores.passed += passed;
            scores.dropped += dropped;
            if number % 2 == 1 {
                held_out = (held_out.0 + caught, held_out.1 + passed, held_out.2 + dropped);
            }
            if !right {
                report.wrong.push(format!(
                    "{}\t{}\t{}\t{} {:.2}\t{}",
                    language,
                    case.kind,
                    if number % 2 == 1 { "held out" } else { "" },
                    verdict.finding.name(),
                    verdict.support,
                    case.sentence
                ));
            }
        }
        scores.precision = share(scores.caught, scores.dropped);
        scores.recall = share(scores.caught, scores.passed);
        scores.held_out_precision = share(held_out.0, held_out.2);
        scores.held_out_recall = share(held_out.0, held_out.1);
        let checking = cpu_of_one(|| {
            for case in &cases {
                std::hint::black_box(evidence(case).check(&case.sentence, least));
            }
        });
        scores.micros_a_sentence = micros_of_each(checking, cases.len());
        let reading = cpu_of_one(|| {
            for (texts, _) in evidences.values() {
                std::hint::black_box(Evidence::new(texts.iter().map(String::as_str)));
            }
        });
        scores.micros_an_answer = micros_of_each(reading, evidences.len());
        report.languages.insert(language.to_string(), scores);
    }
    Ok(report)
}

type Evidences = BTreeMap<String, (Vec<String>, Evidence)>;

/// By article: its passages with those of another one, and the evidence that they are.
fn evidences(articles: &[Article], cases: &[&Case], language: Language) -> Result<Evidences, Unusable> {
    let of_language: Vec<&Article> = articles
        .iter()
        .filter(|article| article.front_matter.language == language)
        .collect();
    let mut evidences = BTreeMap::new();
    for case in cases {
        if evidences.contains_key(&case.article) {
            continue;
        }
        let place = of_language
            .iter()
            .position(|article| article.path == case.article)
            .ok_or_else(|| Unusable::file(&case.article, format!("the bot has no such article in {language}")))?;
        let other = (place + 1) % of_language.len();
        let texts: Vec<String> = [of_language[place], of_language[other]]
            .into_iter()
            .flat_map(|article| {
                let title = &article.front_matter.title;
                article
                    .body
                    .split("\n## ")
                    .map(move |part| format!("{title}\n{}", part.trim_start_matches("## ").trim()))
                    .collect::<Vec<_>>()
            })
            .collect();
        let evidence = Evidence::new(texts.iter().map(String::as_str));
        evidences.insert(case.article.clone(), (texts, evidence));
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
        for (language, scores) in &self.languages {
            writeln!(
                f,
                "{language}: {} sentences; unsupported ones found with precision {:.3} and recall {:.3} (held-out half {:.3} and {:.3})",
                scores.sentences, scores.precision, scores.recall, scores.held_out_precision, scores.held_out_recall
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
        let report = evaluate(&bundle.articles, &shipped().expect("sound"), least).expect("articles exist");
        for (language, scores) in &report.languages {
            assert!(scores.precision >= 0.93, "{language}: {report:#?}");
            assert!(scores.recall >= 0.93, "{language}: {report:#?}");
        }
        assert_eq!(report.languages.len(), Language::ALL.len());
    }
}
