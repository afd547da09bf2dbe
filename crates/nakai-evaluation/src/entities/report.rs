use std::{collections::BTreeMap, fmt};

use nakai_time::Convention;
use serde::Serialize;
use serde_json::Value;

use crate::share::share;

/// How many texts were recognised exactly: the same spans, types and values, and nothing else.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Score {
    /// Texts of which everything is right.
    pub exact: usize,
    /// All texts.
    pub total: usize,
}

/// A text of which something is wrong.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Wrong {
    /// What it belongs to: `English/NumberModel`, `Duckling/Time`.
    pub spec: String,
    /// The text.
    pub input: String,
    /// What must be found.
    pub expected: Value,
    /// What was found.
    pub found: Value,
}

/// What came of the rows of one or several files.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct EntitiesReport {
    /// By whose convention the times of Duckling's corpora are read.
    #[serde(skip)]
    convention: Convention,
    /// By family: `Number`, `NumberWithUnit`, `DateTime`, `Sequence` and `Choice` of the specifications of Recognizers-Text, and
    /// `Duckling/Time`, `Duckling/Numeral`, ... of Duckling's corpora.
    pub types: BTreeMap<String, Score>,
    /// The specifications by model: `NumberModel`, `OrdinalModel`, ...
    pub models: BTreeMap<String, Score>,
    /// All exact texts.
    pub exact: usize,
    /// All texts that count.
    pub total: usize,
    /// Rows that do not count, by reason.
    pub left_out: BTreeMap<String, usize>,
    /// Every text that is not exact.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub wrong: Vec<Wrong>,
}

impl EntitiesReport {
    /// Nothing yet; the times of Duckling's corpora will be read by a convention.
    #[must_use]
    pub fn new(convention: Convention) -> Self {
        Self {
            convention,
            ..Self::default()
        }
    }

    pub(super) const fn convention(&self) -> Convention {
        self.convention
    }

    /// Counts a text; `wrong` says what is wrong with it.
    pub(super) fn count(&mut self, family: &str, model: Option<&str>, wrong: Option<Wrong>) {
        let exact = usize::from(wrong.is_none());
        let score = |scores: &mut BTreeMap<String, Score>, name: &str| {
            let score = scores.entry(name.to_owned()).or_default();
            score.exact += exact;
            score.total += 1;
        };
        score(&mut self.types, family);
        if let Some(model) = model {
            score(&mut self.models, model);
        }
        self.exact += exact;
        self.total += 1;
        self.wrong.extend(wrong);
    }

    /// Counts a row that does not count.
    pub(super) fn leave_out(&mut self, reason: &str) {
        *self.left_out.entry(reason.to_owned()).or_default() += 1;
    }
}

impl fmt::Display for EntitiesReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(
            f,
            "exact: the very spans, types and values that the file has, and nothing else\n"
        )?;
        writeln!(f, "{:<28}{:>7}{:>7}{:>10}", "", "exact", "texts", "share")?;
        let mut line = |name: &str, score: Score| {
            let percent = 100.0 * share(score.exact, score.total);
            writeln!(f, "{name:<28}{:>7}{:>7}{percent:>8.1} %", score.exact, score.total)
        };
        for (name, score) in &self.types {
            line(name, *score)?;
        }
        let all = Score {
            exact: self.exact,
            total: self.total,
        };
        line("all", all)?;
        if !self.models.is_empty() {
            writeln!(f, "\nby model")?;
        }
        let mut line = |name: &str, score: Score| {
            let percent = 100.0 * share(score.exact, score.total);
            writeln!(f, "  {name:<26}{:>7}{:>7}{percent:>8.1} %", score.exact, score.total)
        };
        for (name, score) in &self.models {
            line(name, *score)?;
        }
        if !self.left_out.is_empty() {
            writeln!(f, "\nrows left out")?;
        }
        for (reason, rows) in &self.left_out {
            writeln!(f, "  {rows:>6}  {reason}")?;
        }
        for wrong in &self.wrong {
            writeln!(f, "\n{}: {}", wrong.spec, wrong.input)?;
            writeln!(f, "  expected {}", wrong.expected)?;
            writeln!(f, "  found    {}", wrong.found)?;
        }
        Ok(())
    }
}
