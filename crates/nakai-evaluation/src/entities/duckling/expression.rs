//! Reads the value expressions of Duckling's corpora, which are Haskell: `(datetime (2013, 2, 12, 0, 0, 0) Day)`.

/// A Haskell expression of literals.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Expression {
    Number(f64),
    Text(String),
    /// A name: a function, a constructor, a unit.
    Name(String),
    /// A function with its arguments, or a tuple.
    List(Vec<Expression>),
}

/// Deeper than any value is.
const MAX_DEPTH: usize = 16;

impl Expression {
    /// The parts of a list.
    pub(super) fn parts(&self) -> &[Self] {
        match self {
            Self::List(parts) => parts,
            _ => std::slice::from_ref(self),
        }
    }

    pub(super) const fn number(&self) -> Option<f64> {
        match self {
            Self::Number(number) => Some(*number),
            _ => None,
        }
    }

    pub(super) fn name(&self) -> Option<&str> {
        match self {
            Self::Name(name) => Some(name),
            _ => None,
        }
    }
}

/// Reads a whole expression; `None` if it is none.
pub(super) fn parse(text: &str) -> Option<Expression> {
    let mut rest = text;
    let expression = list(&mut rest, MAX_DEPTH)?;
    rest.is_empty().then_some(expression)
}

/// Reads up to a closing parenthesis or the end. One part alone is that part.
fn list(rest: &mut &str, depth: usize) -> Option<Expression> {
    let mut parts = Vec::new();
    loop {
        *rest = rest.trim_start_matches(|c: char| c.is_whitespace() || c == ',');
        let Some(first) = rest.chars().next() else { break };
        match first {
            ')' => break,
            '(' => {
                *rest = &rest[1..];
                parts.push(list(rest, depth.checked_sub(1)?)?);
                *rest = rest.strip_prefix(')')?;
            }
            '"' => parts.push(Expression::Text(text(rest)?)),
            _ => {
                let end = rest
                    .find(|c: char| c.is_whitespace() || "(),\"".contains(c))
                    .unwrap_or(rest.len());
                let (word, after) = rest.split_at(end);
                *rest = after;
                let is_number = word.starts_with(|c: char| c.is_ascii_digit() || c == '-');
                let number = word.parse().ok().filter(|_| is_number);
                parts.push(number.map_or_else(|| Expression::Name(word.to_owned()), Expression::Number));
            }
        }
    }
    match parts.len() {
        0 => None,
        1 => parts.pop(),
        _ => Some(Expression::List(parts)),
    }
}

/// Reads a text in quotes, in which a backslash stands before a quote or another backslash.
fn text(rest: &mut &str) -> Option<String> {
    let mut value = String::new();
    let mut chars = rest.char_indices().skip(1);
    while let Some((at, c)) = chars.next() {
        match c {
            '"' => {
                *rest = &rest[at + 1..];
                return Some(value);
            }
            '\\' => value.push(chars.next()?.1),
            _ => value.push(c),
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn name(name: &str) -> Expression {
        Expression::Name(name.into())
    }

    #[test]
    fn values_are_nested_lists_of_literals() {
        let date = |day| Expression::List([2013.0, 2.0, day].map(Expression::Number).to_vec());
        for (text, value) in [
            (
                "(NumeralValue (-1.2e6))",
                vec![name("NumeralValue"), Expression::Number(-1.2e6)],
            ),
            (
                "(datetime (2013, 2, 12) Day)",
                vec![name("datetime"), date(12.0), name("Day")],
            ),
            (
                "(interval ((2013, 2, 1), (2013, 2, 3)) Day)",
                vec![
                    name("interval"),
                    Expression::List(vec![date(1.0), date(3.0)]),
                    name("Day"),
                ],
            ),
            (
                "(simple Gram 5 (Just \"a \\\"b)\"))",
                vec![
                    name("simple"),
                    name("Gram"),
                    Expression::Number(5.0),
                    Expression::List(vec![name("Just"), Expression::Text("a \"b)".into())]),
                ],
            ),
        ] {
            assert_eq!(parse(text), Some(Expression::List(value)), "{text}");
        }
        for broken in ["", "(", "(a", "a)", "(a \"b)", "()"] {
            assert_eq!(parse(broken), None, "{broken}");
        }
    }

    proptest! {
        #[test]
        fn any_text_is_read_or_refused(text in "[()\",a1 \\\\あ-]{0,40}") {
            let _ = parse(&text);
            let _ = parse(&"(".repeat(100_000));
        }
    }
}
