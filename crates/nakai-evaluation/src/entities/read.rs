use nakai_types::Language;
use serde_json::Value;

use super::{duckling, report::EntitiesReport, specs};
use crate::Unusable;

const EXPECTED: &str =
    "an object with `spec`, `Input` and `Results` (Recognizers-Text) or `dim`, `expected` and `texts` (Duckling)";

impl EntitiesReport {
    /// Scores the rows of a file (JSONL) in a language and adds them. `name` is what errors call the file.
    ///
    /// # Errors
    /// The first line that is no row of either kind.
    pub fn add(&mut self, name: &str, file: &str, language: Language) -> Result<(), Unusable> {
        for (number, line) in (1..).zip(file.lines()) {
            if line.trim().is_empty() {
                continue;
            }
            self.add_line(line, language)
                .map_err(|error| Unusable::json(name, number, &error, EXPECTED))?;
        }
        Ok(())
    }

    fn add_line(&mut self, line: &str, language: Language) -> Result<(), serde_json::Error> {
        let row: Value = serde_json::from_str(line)?;
        if row.get("dim").is_some() {
            duckling::add(self, &serde_json::from_value(row)?, language);
        } else {
            specs::add(self, &serde_json::from_value(row)?, language);
        }
        Ok(())
    }
}
