//! Sentences that a model might say, with the passages that they are about.

use std::path::Path;

use nakai_bundle::model::Article;
use nakai_types::Language;
use serde::Serialize;

use crate::{Unusable, read, retrieval};

const DEMO: [(Language, &str, &str); 2] = [
    (
        Language::En,
        "grounding/demo/en.tsv",
        include_str!("../../grounding/demo/en.tsv"),
    ),
    (
        Language::Ja,
        "grounding/demo/ja.tsv",
        include_str!("../../grounding/demo/ja.tsv"),
    ),
];
/// Passages and sentences of a language.
type Files = [(&'static str, &'static str); 2];
const DESK: [Files; 2] = [
    [
        ("grounding/desk/en.jsonl", include_str!("../../grounding/desk/en.jsonl")),
        ("grounding/desk/en.tsv", include_str!("../../grounding/desk/en.tsv")),
    ],
    [
        ("grounding/desk/ja.jsonl", include_str!("../../grounding/desk/ja.jsonl")),
        ("grounding/desk/ja.tsv", include_str!("../../grounding/desk/ja.tsv")),
    ],
];
const MORE: [Files; 2] = [
    [
        ("grounding/more/en.jsonl", include_str!("../../grounding/more/en.jsonl")),
        ("grounding/more/en.tsv", include_str!("../../grounding/more/en.tsv")),
    ],
    [
        ("grounding/more/ja.jsonl", include_str!("../../grounding/more/ja.jsonl")),
        ("grounding/more/ja.tsv", include_str!("../../grounding/more/ja.tsv")),
    ],
];

/// Whether the rules of the check may be made by a sentence.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Part {
    /// They may: its failures were looked at.
    Tuning,
    /// They may not: only how many of these come out right is looked at.
    Judging,
}

impl Part {
    /// Its name in tables.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Tuning => "tuning",
            Self::Judging => "judging",
        }
    }
}

/// A sentence about a source.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Case {
    /// The source's id.
    pub source: String,
    /// `supported` and `courtesy` may stand; every other kind, such as `number` or `negation`, says what is wrong with it.
    pub kind: String,
    /// What a model might say.
    pub sentence: String,
    /// In which language.
    pub language: Language,
    /// What it is for.
    pub part: Part,
}

impl Case {
    pub(super) fn may_stand(&self) -> bool {
        matches!(self.kind.as_str(), "supported" | "courtesy")
    }
}

/// Passages that belong together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Source {
    /// What sentences name it by.
    pub id: String,
    /// In which language it is.
    pub language: Language,
    /// Its passages, each with its title on a line of its own.
    pub texts: Vec<String>,
}

/// Sentences with their sources.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Set {
    /// Its name in tables.
    pub name: String,
    /// What the sentences are about. With the passages of a source go those of the next one of the same language, as a search would find
    /// others beside the right ones.
    pub sources: Vec<Source>,
    /// The sentences.
    pub cases: Vec<Case>,
}

impl Set {
    /// The sentences about the demo bot's articles. All are for tuning.
    ///
    /// # Errors
    /// Never, as a test sees to it.
    pub fn demo(articles: &[Article]) -> Result<Self, Unusable> {
        let sources = articles.iter().map(|article| {
            let title = &article.front_matter.title;
            let parts = article.body.split("\n## ");
            Source {
                id: article.path.clone(),
                language: article.front_matter.language,
                texts: parts
                    .map(|part| format!("{title}\n{}", part.trim_start_matches("## ").trim()))
                    .collect(),
            }
        });
        let mut set = Self {
            name: "demo".to_owned(),
            sources: sources.collect(),
            cases: Vec::new(),
        };
        for (language, file, text) in DEMO {
            for (_, [source, kind, sentence]) in lines(file, text)? {
                set.cases.push(Case {
                    source: source.to_owned(),
                    kind: kind.to_owned(),
                    sentence: sentence.to_owned(),
                    language,
                    part: Part::Tuning,
                });
            }
        }
        Ok(set)
    }

    /// The sentences about the help pages of a shop, a telephone company, a bank, a clinic, a maker of software and a parcel service.
    ///
    /// # Errors
    /// Never, as a test sees to it.
    pub fn desk() -> Result<Self, Unusable> {
        Self::shipped("desk", DESK)
    }

    /// The sentences about the help pages of a gym, an airline, a library, an insurance company and a network. All are for tuning.
    ///
    /// # Errors
    /// Never, as a test sees to it.
    pub fn more() -> Result<Self, Unusable> {
        let mut set = Self::shipped("more", MORE)?;
        for case in &mut set.cases {
            case.part = Part::Tuning;
        }
        Ok(set)
    }

    fn shipped(name: &str, files: [Files; 2]) -> Result<Self, Unusable> {
        let mut set = Self {
            name: name.to_owned(),
            sources: Vec::new(),
            cases: Vec::new(),
        };
        for [corpus, sentences] in files {
            let found = Self::parse(corpus, sentences)?;
            set.sources.extend(found.sources);
            set.cases.extend(found.cases);
        }
        Ok(set)
    }

    /// Reads passages, JSON Lines of `doc_id`, `title` and `text`, and sentences about them, lines of the passage's id, the kind and the
    /// sentence with tabs between them. Of the passages in the order in which the sentences name them, every second one is for judging.
    ///
    /// # Errors
    /// If a file can't be read, or a line of it is not as said here.
    pub fn read(corpus: &Path, sentences: &Path) -> Result<Self, Unusable> {
        let texts = (read(corpus)?, read(sentences)?);
        let names = (corpus.to_string_lossy(), sentences.to_string_lossy());
        Self::parse((&names.0, &texts.0), (&names.1, &texts.1))
    }

    fn parse(corpus: (&str, &str), sentences: (&str, &str)) -> Result<Self, Unusable> {
        let passages = retrieval::passages(corpus.0, corpus.1)?;
        let (mut cases, mut named) = (Vec::new(), Vec::new());
        for (number, [source, kind, sentence]) in lines(sentences.0, sentences.1)? {
            let passage = passages.iter().find(|passage| passage.id == source).ok_or_else(|| {
                let problem = format!("there is no passage `{source}` in {}", corpus.0);
                Unusable::line(sentences.0, number, problem)
            })?;
            let place = named.iter().position(|name| *name == source).unwrap_or_else(|| {
                named.push(source);
                named.len() - 1
            });
            cases.push(Case {
                source: source.to_owned(),
                kind: kind.to_owned(),
                sentence: sentence.to_owned(),
                language: passage.language,
                part: [Part::Tuning, Part::Judging][place % 2],
            });
        }
        let name = Path::new(sentences.0).file_stem().unwrap_or_default();
        let sources = passages.into_iter().map(|passage| Source {
            texts: vec![format!("{}\n{}", passage.title, passage.text)],
            id: passage.id,
            language: passage.language,
        });
        Ok(Self {
            name: name.to_string_lossy().into_owned(),
            sources: sources.collect(),
            cases,
        })
    }
}

/// The lines of a file of sentences with their numbers.
fn lines<'a>(file: &str, text: &'a str) -> Result<Vec<(usize, [&'a str; 3])>, Unusable> {
    (1..)
        .zip(text.lines())
        .map(|(number, line)| {
            let fields: Vec<&str> = line.split('\t').collect();
            let fields = fields.try_into().map_err(|_| {
                let problem =
                    "three fields with tabs between them are expected: the passage's id, the kind, the sentence";
                Unusable::line(file, number, problem)
            })?;
            Ok((number, fields))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const CORPUS: &str =
        "{\"doc_id\":\"a\",\"title\":\"A\",\"text\":\"One.\"}\n{\"doc_id\":\"b\",\"title\":\"B\",\"text\":\"Two.\"}\n";

    #[test]
    fn every_second_passage_that_is_named_is_for_judging() {
        let sentences = "b\tsupported\tTwo.\na\tnumber\tThree.\nb\tnumber\tFour.\n";
        let set = Set::parse(("corpus.jsonl", CORPUS), ("some.tsv", sentences)).expect("sound");
        let parts: Vec<Part> = set.cases.iter().map(|case| case.part).collect();
        assert_eq!(parts, [Part::Tuning, Part::Judging, Part::Tuning]);
        assert_eq!((set.name.as_str(), set.sources.len()), ("some", 2));
    }

    #[test]
    fn what_is_wrong_is_said_with_the_line() {
        for (sentences, problem) in [
            (
                "c\tsupported\tTwo.",
                "some.tsv, line 1: there is no passage `c` in corpus.jsonl",
            ),
            ("a\tsupported", "some.tsv, line 1: three fields with tabs"),
        ] {
            let error = Set::parse(("corpus.jsonl", CORPUS), ("some.tsv", sentences)).unwrap_err();
            assert!(error.to_string().starts_with(problem), "{error}");
        }
    }
}
