//! Whether a bot behaves: small cases by capability, in the manner of CheckList (Ribeiro et al., "Beyond Accuracy: Behavioral Testing of
//! NLP Models with CheckList", 2020).
//!
//! A mean over a large test says how good a classifier is; cases by capability say at what. The shipped cases are for the demo bot.

use std::{collections::BTreeMap, fmt, sync::Arc};

use nakai_nlp::{
    Folded,
    intents::{IntentClassifier, Ranking},
    text::Normalised,
};
use serde::Serialize;

use crate::{Unusable, csv, share::share};

/// The cases for the demo bot: the name of each file and its content.
const SHIPPED: [(&str, &str); 2] = [
    ("behaviour/en.csv", include_str!("../behaviour/en.csv")),
    ("behaviour/ja.csv", include_str!("../behaviour/ja.csv")),
];

const HEADER: [&str; 3] = ["capability", "text", "expect"];

/// What a bot must make of an utterance.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Expectation {
    /// `none`: it has none of the intents.
    OutOfScope,
    /// `NAME`: this intent is the best.
    Intent(String),
    /// `!NAME`: anything but this intent.
    Not(String),
    /// `NAME+NAME`: all of these are found, in any order.
    All(Vec<String>),
}

/// One case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Case {
    /// What it tries, for example `typo`.
    pub capability: String,
    /// What is said.
    pub text: String,
    /// What must be understood.
    pub expect: Expectation,
    /// Where it stands: its file and line, counted from 1.
    pub place: (Arc<str>, usize),
}

/// Gives the cases for the demo bot.
///
/// # Errors
/// Never, as a test sees to it.
pub fn shipped() -> Result<Vec<Case>, Unusable> {
    let mut all = Vec::new();
    for (name, text) in SHIPPED {
        all.append(&mut read_cases(name, text)?);
    }
    Ok(all)
}

/// Reads cases from CSV with the header `capability,text,expect`.
///
/// # Errors
/// The first line that is none.
pub fn read_cases(name: &str, text: &str) -> Result<Vec<Case>, Unusable> {
    let file: Arc<str> = name.into();
    let malformed = |error: csv::MalformedCsv| Unusable::line(name, error.line, error.problem);
    let mut rows = csv::rows(text);
    let header = rows.next().transpose().map_err(malformed)?;
    if header.is_none_or(|header| header.fields != HEADER) {
        return Err(Unusable::line(name, 1, "expected the header `capability,text,expect`"));
    }
    let case = |row: Result<csv::Row, csv::MalformedCsv>| {
        let row = row.map_err(malformed)?;
        let line = row.line;
        let Ok([capability, text, expect]) = <[String; 3]>::try_from(row.fields) else {
            let problem = "expected three fields, as in the header (a field with a comma stands in quotes)";
            return Err(Unusable::line(name, line, problem));
        };
        let expect = Expectation::parse(&expect).ok_or_else(|| {
            let problem =
                format!("`{expect}` is no expectation; expected INTENT, `none`, `!INTENT` or `INTENT+INTENT`");
            Unusable::line(name, line, problem)
        })?;
        Ok(Case {
            capability,
            text,
            expect,
            place: (Arc::clone(&file), line),
        })
    };
    rows.map(case).collect()
}

impl Expectation {
    fn parse(text: &str) -> Option<Self> {
        let is_name = |name: &str| {
            !name.is_empty()
                && name
                    .chars()
                    .all(|c| c.is_alphanumeric() || matches!(c, '_' | '-' | '.' | ' '))
        };
        let names = |text: &str| text.split('+').map(|name| name.trim().to_owned()).collect::<Vec<_>>();
        let expectation = match text.trim() {
            "none" => Self::OutOfScope,
            text => match (text.strip_prefix('!'), text.contains('+')) {
                (Some(name), _) => Self::Not(name.to_owned()),
                (None, true) => Self::All(names(text)),
                (None, false) => Self::Intent(text.to_owned()),
            },
        };
        expectation
            .names()
            .iter()
            .all(|name| is_name(name))
            .then_some(expectation)
    }

    fn names(&self) -> &[String] {
        match self {
            Self::OutOfScope => &[],
            Self::Intent(name) | Self::Not(name) => std::slice::from_ref(name),
            Self::All(names) => names,
        }
    }

    /// Says whether a ranking is what was expected.
    fn is_met(&self, ranking: &Ranking) -> bool {
        let found = found(ranking);
        match self {
            Self::OutOfScope => found.is_empty(),
            Self::Intent(name) => found.first() == Some(&name.as_str()),
            Self::Not(name) => found.first() != Some(&name.as_str()),
            Self::All(names) => names.iter().all(|name| found.contains(&name.as_str())),
        }
    }
}

impl fmt::Display for Expectation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::OutOfScope => f.write_str("none"),
            Self::Intent(name) => f.write_str(name),
            Self::Not(name) => write!(f, "!{name}"),
            Self::All(names) => f.write_str(&names.join("+")),
        }
    }
}

/// The intents that would be acted on, the best first; none if the utterance is out of scope.
fn found(ranking: &Ranking) -> Vec<&str> {
    let best = ranking.intents.first().filter(|_| !ranking.out_of_scope);
    best.into_iter()
        .chain(best.and(Some(&ranking.also)).into_iter().flatten())
        .map(|score| &*score.name)
        .collect()
}

/// How a bot did.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct BehaviourReport {
    /// How many cases were tried.
    pub cases: usize,
    /// How many of them passed.
    pub passed: usize,
    /// By capability.
    pub capabilities: BTreeMap<String, Passed>,
    /// Every case that failed, in the order of the files.
    pub failures: Vec<Failure>,
    /// Whether failures are written out in the table for people.
    #[serde(skip)]
    pub lists_failures: bool,
}

/// How many cases of a capability passed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Passed {
    /// How many were tried.
    pub cases: usize,
    /// How many of them passed.
    pub passed: usize,
}

/// A case that failed.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Failure {
    /// What it tries.
    pub capability: String,
    /// What was said.
    pub text: String,
    /// What was expected, as written.
    pub expected: String,
    /// What was understood instead: intents joined by `+`, or `none`.
    pub found: String,
    /// How sure the classifier was of its best intent, 0 to 1.
    pub confidence: f32,
    /// The file of the case.
    pub file: String,
    /// Its line, counted from 1.
    pub line: usize,
}

/// Tries cases on a classifier; what is less sure than `threshold` is out of scope.
///
/// # Errors
/// If a case expects an intent that is not among `intents`.
pub fn evaluate<'i>(
    classifier: &IntentClassifier,
    intents: impl Iterator<Item = &'i str>,
    threshold: f32,
    cases: &[Case],
) -> Result<BehaviourReport, Unusable> {
    let known: Vec<&str> = intents.collect();
    let mut capabilities: BTreeMap<String, Passed> = BTreeMap::new();
    let mut failures = Vec::new();
    for case in cases {
        let (file, line) = &case.place;
        if let Some(name) = case.expect.names().iter().find(|name| !known.contains(&name.as_str())) {
            return Err(Unusable::line(file, *line, format!("the bot has no intent `{name}`")));
        }
        let normalised = Normalised::of(&case.text);
        let ranking = classifier.classify(&Folded::of(&normalised), threshold);
        let passed = case.expect.is_met(&ranking);
        let count = capabilities.entry(case.capability.clone()).or_default();
        count.cases += 1;
        count.passed += usize::from(passed);
        if !passed {
            let found = found(&ranking).join("+");
            failures.push(Failure {
                capability: case.capability.clone(),
                text: case.text.clone(),
                expected: case.expect.to_string(),
                found: if found.is_empty() { "none".to_owned() } else { found },
                confidence: ranking.intents.first().map_or(0.0, |best| best.confidence),
                file: file.to_string(),
                line: *line,
            });
        }
    }
    Ok(BehaviourReport {
        cases: cases.len(),
        passed: cases.len() - failures.len(),
        capabilities,
        failures,
        lists_failures: false,
    })
}

impl fmt::Display for BehaviourReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut line = |name: &str, passed: usize, cases: usize| {
            writeln!(
                f,
                "{name:<24}{:>8.1} %  {passed} of {cases}",
                100.0 * share(passed, cases)
            )
        };
        for (capability, Passed { cases, passed }) in &self.capabilities {
            line(capability, *passed, *cases)?;
        }
        line("all", self.passed, self.cases)?;
        if self.lists_failures && !self.failures.is_empty() {
            writeln!(f)?;
            for failure in &self.failures {
                let Failure {
                    capability,
                    text,
                    expected,
                    found,
                    confidence,
                    ..
                } = failure;
                writeln!(
                    f,
                    "{capability}: \"{text}\" is {expected}, taken for {found} ({confidence:.2})"
                )?;
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests;
