//! Reads comma-separated values as RFC 4180 has them: quoted fields may hold commas, line ends and doubled quotes.

/// Gives the rows of a file, each as its fields. Empty lines are no rows.
pub(crate) fn rows(text: &str) -> impl Iterator<Item = Vec<String>> + '_ {
    let mut rest = text.strip_prefix('\u{feff}').unwrap_or(text);
    std::iter::from_fn(move || {
        rest = rest.trim_start_matches(['\r', '\n']);
        if rest.is_empty() {
            return None;
        }
        let mut row = Vec::new();
        loop {
            let (field, after) = field(rest);
            row.push(field);
            rest = after;
            match rest.strip_prefix(',') {
                Some(next) => rest = next,
                None => return Some(row),
            }
        }
    })
}

/// Reads one field; gives it with the rest of the text, which begins with a comma, a line end, or is empty.
fn field(text: &str) -> (String, &str) {
    let Some(mut quoted) = text.strip_prefix('"') else {
        let end = text.find([',', '\r', '\n']).unwrap_or(text.len());
        return (text[..end].to_owned(), &text[end..]);
    };
    let mut value = String::new();
    while let Some(end) = quoted.find('"') {
        value.push_str(&quoted[..end]);
        quoted = &quoted[end + 1..];
        match quoted.strip_prefix('"') {
            Some(next) => {
                value.push('"');
                quoted = next;
            }
            None => return (value, quoted),
        }
    }
    value.push_str(quoted);
    (value, "")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quotes_commas_and_line_ends_stay_in_their_field() {
        let text = "\u{feff}text,intent\r\n\"a, \"\"b\"\"\nc\",x\n\nplain,\n";
        let all: Vec<_> = rows(text).collect();
        assert_eq!(
            all,
            [vec!["text", "intent"], vec!["a, \"b\"\nc", "x"], vec!["plain", ""]]
        );
    }
}
