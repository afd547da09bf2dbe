//! Reads comma-separated values as RFC 4180 has them: quoted fields may hold commas, line ends and doubled quotes.

/// A row of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// The line on which it begins, counted from 1.
    pub line: usize,
    /// Its fields, without their quotes.
    pub fields: Vec<String>,
}

/// A quote where RFC 4180 allows none.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("line {line}: {problem}")]
pub struct MalformedCsv {
    /// The line on which the field begins, counted from 1.
    pub line: usize,
    /// What is wrong there, and what was expected.
    pub problem: &'static str,
}

const NEVER_CLOSED: &str = "a quoted field is never closed; expected a `\"` before a comma or the end of a line";
const AFTER_THE_QUOTE: &str =
    "text after a closing `\"`; expected a comma or the end of the line (a quote within a field is written `\"\"`)";
const BARE_QUOTE: &str =
    "a `\"` within a field that has none around it; expected the whole field in quotes, and each inner quote doubled";

/// Gives the rows of a file, the header too. Empty lines are no rows. Ends after the first error.
pub fn rows(text: &str) -> Rows<'_> {
    Rows {
        rest: text.strip_prefix('\u{feff}').unwrap_or(text),
        line: 1,
    }
}

/// See [`rows`].
#[derive(Debug, Clone)]
pub struct Rows<'t> {
    rest: &'t str,
    line: usize,
}

impl Iterator for Rows<'_> {
    type Item = Result<Row, MalformedCsv>;

    fn next(&mut self) -> Option<Self::Item> {
        let row = self.rest.trim_start_matches(['\r', '\n']);
        self.advance_to(row);
        if row.is_empty() {
            return None;
        }
        let line = self.line;
        let mut fields = Vec::new();
        loop {
            match self.field() {
                Ok(field) => fields.push(field),
                Err(problem) => {
                    self.rest = "";
                    return Some(Err(MalformedCsv {
                        line: self.line,
                        problem,
                    }));
                }
            }
            match self.rest.strip_prefix(',') {
                Some(next) => self.rest = next,
                None => return Some(Ok(Row { line, fields })),
            }
        }
    }
}

impl<'t> Rows<'t> {
    /// Reads one field; the rest of the text then begins with a comma or a line end, or is empty.
    fn field(&mut self) -> Result<String, &'static str> {
        let Some(quoted) = self.rest.strip_prefix('"') else {
            let end = self.rest.find([',', '\r', '\n']).unwrap_or(self.rest.len());
            let (field, rest) = self.rest.split_at(end);
            if field.contains('"') {
                return Err(BARE_QUOTE);
            }
            self.rest = rest;
            return Ok(field.to_owned());
        };
        let mut value = String::new();
        let mut rest = quoted;
        loop {
            let (before, after) = rest.split_once('"').ok_or(NEVER_CLOSED)?;
            value.push_str(before);
            rest = after;
            match rest.strip_prefix('"') {
                Some(next) => {
                    value.push('"');
                    rest = next;
                }
                None => break,
            }
        }
        if !(rest.is_empty() || rest.starts_with([',', '\r', '\n'])) {
            return Err(AFTER_THE_QUOTE);
        }
        self.advance_to(rest);
        Ok(value)
    }

    /// Goes on to a later place of the text, and counts the lines between.
    fn advance_to(&mut self, later: &'t str) {
        let passed = &self.rest[..self.rest.len() - later.len()];
        self.line += passed.bytes().filter(|byte| *byte == b'\n').count();
        self.rest = later;
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn fields(text: &str) -> Vec<Vec<String>> {
        rows(text).map(|row| row.unwrap().fields).collect()
    }

    #[test]
    fn quotes_commas_and_line_ends_stay_in_their_field() {
        let text = "\u{feff}text,intent\r\n\"a, \"\"b\"\"\nc\",x\n\nplain,\n";
        assert_eq!(
            fields(text),
            [vec!["text", "intent"], vec!["a, \"b\"\nc", "x"], vec!["plain", ""]]
        );
    }

    #[test]
    fn rows_know_the_line_on_which_they_begin() {
        let text = "text,intent\n\"two\nlines\",x\r\n\r\nplain,y";
        let lines: Vec<_> = rows(text).map(|row| row.unwrap().line).collect();
        assert_eq!(lines, [1, 2, 5]);
    }

    #[test]
    fn a_wrong_quote_is_an_error_with_its_line() {
        for (text, line, problem) in [
            ("a,b\n\"open,x\n1,2\n", 2, NEVER_CLOSED),
            ("a,b\n1,2\n\"closed\" early,x\n", 3, AFTER_THE_QUOTE),
            ("a,b\nsay \"hello\",x\n", 2, BARE_QUOTE),
            ("a,b\n\"two\nlines\",\"x\"y\n", 3, AFTER_THE_QUOTE),
        ] {
            let error = rows(text).find_map(Result::err);
            assert_eq!(error, Some(MalformedCsv { line, problem }), "{text}");
        }
    }

    proptest! {
        #[test]
        fn what_is_written_by_the_rules_is_read_back(
            table in prop::collection::vec(prop::collection::vec("(?s)[a\",\\r\\n あ]{0,6}", 2..4), 1..6)
        ) {
            let quoted = |field: &String| format!("\"{}\"", field.replace('"', "\"\""));
            let line = |row: &Vec<String>| row.iter().map(quoted).collect::<Vec<_>>().join(",");
            let text: Vec<String> = table.iter().map(line).collect();
            prop_assert_eq!(fields(&text.join("\r\n")), table);
        }

        #[test]
        fn any_text_is_read_to_its_end(text in "(?s)[a\",\\r\\nあ\u{feff}]{0,60}") {
            let read: Vec<_> = rows(&text).collect();
            let last = text.matches('\n').count() + 1;
            for row in &read {
                let line = match row {
                    Ok(row) => row.line,
                    Err(error) => error.line,
                };
                prop_assert!(line <= last);
            }
            prop_assert!(read.iter().rev().skip(1).all(Result::is_ok));
        }
    }
}
