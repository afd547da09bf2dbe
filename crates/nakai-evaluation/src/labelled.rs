//! Utterances with the intents that people gave them, read from CSV or JSONL.

use std::path::Path;

use serde_json::Value;

use crate::{Unusable, csv, read};

/// What the column of the label may be called.
const LABELS: [&str; 2] = ["intent", "topic"];

/// What a line of JSON must be.
const EXPECTED: &str = "an object with `text` and `intent`, `topic` or `intents`";

/// An utterance and what its speaker wants.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Labelled {
    /// What was said.
    pub text: String,
    /// The intents that it has: one in most sets, several in multi-label ones, none if it has no intent at all.
    pub intents: Vec<String>,
    /// The file that it comes from.
    pub file: String,
    /// The line on which it begins, counted from 1.
    pub line: usize,
}

/// Reads a file by its ending: `.jsonl` as one object a line with `text` and `intent` (or `topic`, or a list `intents`), any other
/// as CSV with a header that has `text` and `intent` (or `topic`). Other columns and keys are ignored.
///
/// # Errors
/// The first thing that is not so, with its line; or that there are no utterances.
pub fn read_labelled(path: &Path) -> Result<Vec<Labelled>, Unusable> {
    let name = path.to_string_lossy();
    let text = read(path)?;
    let utterances = if name.ends_with(".jsonl") {
        from_jsonl(&name, &text)?
    } else {
        from_csv(&name, &text)?
    };
    if utterances.is_empty() {
        return Err(Unusable::file(
            &name,
            "no utterances; expected one a row, with its intent",
        ));
    }
    Ok(utterances)
}

fn from_csv(name: &str, text: &str) -> Result<Vec<Labelled>, Unusable> {
    let malformed = |error: csv::MalformedCsv| Unusable::line(name, error.line, error.problem);
    let mut rows = csv::rows(text);
    let header = match rows.next() {
        Some(header) => header.map_err(malformed)?,
        None => {
            return Err(Unusable::file(
                name,
                "empty; expected a header with `text` and `intent` or `topic`",
            ));
        }
    };
    let column = |names: &[&str]| header.fields.iter().position(|field| names.contains(&field.trim()));
    let missing = |wanted: &str| {
        let found = header.fields.join(", ");
        Unusable::line(
            name,
            header.line,
            format!("no column {wanted}; the header has: {found}"),
        )
    };
    let said = column(&["text"]).ok_or_else(|| missing("`text`"))?;
    let label = column(&LABELS).ok_or_else(|| missing("`intent` or `topic`"))?;
    let mut utterances = Vec::new();
    for row in rows {
        let mut row = row.map_err(malformed)?;
        let (expected, found) = (header.fields.len(), row.fields.len());
        if found != expected {
            let problem = format!(
                "{found} fields; expected {expected}, as in the header (a field with a comma stands in quotes)"
            );
            return Err(Unusable::line(name, row.line, problem));
        }
        let intent = std::mem::take(&mut row.fields[label]);
        if intent.trim().is_empty() {
            return Err(Unusable::line(
                name,
                row.line,
                format!("no label; expected one in `{}`", header.fields[label]),
            ));
        }
        utterances.push(Labelled {
            text: std::mem::take(&mut row.fields[said]),
            intents: vec![intent],
            file: name.to_owned(),
            line: row.line,
        });
    }
    Ok(utterances)
}

fn from_jsonl(name: &str, text: &str) -> Result<Vec<Labelled>, Unusable> {
    let mut utterances = Vec::new();
    for (number, line) in (1..).zip(text.lines()) {
        if line.trim().is_empty() {
            continue;
        }
        let wrong = |problem: &str| Unusable::line(name, number, format!("{problem}; expected {EXPECTED}"));
        let row: Value = serde_json::from_str(line).map_err(|error| Unusable::json(name, number, &error, EXPECTED))?;
        let said = row["text"].as_str().ok_or_else(|| wrong("no text `text`"))?;
        let intents = intents_of(&row).ok_or_else(|| wrong("no label"))?;
        utterances.push(Labelled {
            text: said.to_owned(),
            intents,
            file: name.to_owned(),
            line: number,
        });
    }
    Ok(utterances)
}

fn intents_of(row: &Value) -> Option<Vec<String>> {
    let label = LABELS.iter().find_map(|key| row[*key].as_str());
    if let Some(label) = label {
        return (!label.trim().is_empty()).then(|| vec![label.to_owned()]);
    }
    let several = row["intents"].as_array()?;
    several
        .iter()
        .map(|intent| intent.as_str().map(str::to_owned))
        .collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn said(read: Result<Vec<Labelled>, Unusable>) -> Vec<(usize, String, Vec<String>)> {
        let utterances = read.unwrap().into_iter();
        utterances.map(|u| (u.line, u.text, u.intents)).collect()
    }

    #[test]
    fn the_columns_may_stand_in_any_order_among_others() {
        let text = "id,topic,text\n1,朝食,\"朝食は、何時ですか\"\n2,風呂,露天風呂\n";
        let expected = [
            (2, "朝食は、何時ですか".to_owned(), vec!["朝食".to_owned()]),
            (3, "露天風呂".to_owned(), vec!["風呂".to_owned()]),
        ];
        assert_eq!(said(from_csv("a.csv", text)), expected);
    }

    #[test]
    fn a_line_of_json_has_one_intent_several_or_none() {
        let text = "{\"text\":\"a\",\"intent\":\"x\",\"id\":1}\n\n{\"text\":\"b\",\"intents\":[\"x\",\"y\"]}\n{\"text\":\"c\",\"intents\":[]}\n";
        let all = said(from_jsonl("a.jsonl", text));
        let counts: Vec<_> = all
            .iter()
            .map(|(line, text, intents)| (*line, text.as_str(), intents.len()))
            .collect();
        assert_eq!(counts, [(1, "a", 1), (3, "b", 2), (4, "c", 0)]);
    }

    #[test]
    fn what_is_wrong_is_said_with_its_file_and_line() {
        for (text, part) in [
            ("", "a.csv: empty; expected a header"),
            (
                "text,label\na,b\n",
                "a.csv, line 1: no column `intent` or `topic`; the header has: text, label",
            ),
            ("intent\nb\n", "a.csv, line 1: no column `text`"),
            ("text,intent\na,b\nc\n", "a.csv, line 3: 1 fields; expected 2"),
            ("text,intent\nhello, there,b\n", "a.csv, line 2: 3 fields; expected 2"),
            ("text,intent\na,\n", "a.csv, line 2: no label; expected one in `intent`"),
            ("text,intent\n\"a,b\n", "a.csv, line 2: a quoted field is never closed"),
        ] {
            let error = from_csv("a.csv", text).unwrap_err().to_string();
            assert!(error.starts_with(part), "{error}");
        }
        for (text, part) in [
            (
                "{\"text\":\"a\",\"intent\":\"x\"}\n{\"text\":",
                "a.jsonl, line 2: EOF while parsing a value (column 8); expected an object",
            ),
            (
                "{\"intent\":\"x\"}",
                "a.jsonl, line 1: no text `text`; expected an object with",
            ),
            ("{\"text\":\"a\"}", "a.jsonl, line 1: no label"),
            ("{\"text\":\"a\",\"intents\":[1]}", "a.jsonl, line 1: no label"),
            ("[1]", "a.jsonl, line 1: no text"),
        ] {
            let error = from_jsonl("a.jsonl", text).unwrap_err().to_string();
            assert!(error.starts_with(part), "{error}");
        }
    }

    proptest! {
        #[test]
        fn any_text_is_read_or_refused_at_a_line(text in "(?s)(text,intent\n)?[a-c\",\\r\\n{}\\[\\]:あ]{0,60}") {
            for read in [from_csv("a", &text), from_jsonl("a", &text)] {
                let lines = text.matches('\n').count() + 1;
                match read {
                    Ok(utterances) => prop_assert!(utterances.iter().all(|u| u.line <= lines)),
                    Err(error) => prop_assert!(error.line.is_none_or(|line| line <= lines)),
                }
            }
        }
    }
}
