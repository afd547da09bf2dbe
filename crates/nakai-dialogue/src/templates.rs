//! MiniJinja, set up once: what the authors of a bot may write in wordings, conditions and tool calls, and how much it may cost.

use std::{fmt::Write as _, sync::LazyLock};

use minijinja::{Environment, Error, ErrorKind, UndefinedBehavior, Value};

use crate::spoken::{date_filter, time_filter};

/// Instructions that one template or expression may take; a wording takes tens.
const FUEL: u64 = 50_000;

/// An unfilled slot is false in a condition and an error where it would be printed.
pub(crate) fn environment() -> Environment<'static> {
    let mut environment = Environment::new();
    environment.set_undefined_behavior(UndefinedBehavior::SemiStrict);
    environment.set_auto_escape_callback(|_| minijinja::AutoEscape::None);
    environment.set_fuel(Some(FUEL));
    environment.set_recursion_limit(50);
    environment.add_filter("date", date_filter);
    environment.add_filter("time", time_filter);
    environment
}

/// Expressions borrow the environment in which they run; they all share this one.
static EXPRESSIONS: LazyLock<Environment<'static>> = LazyLock::new(environment);

/// A compiled condition, validation or assignment.
pub(crate) struct Expression(minijinja::Expression<'static, 'static>);

impl Expression {
    /// Compiles an expression.
    pub(crate) fn compile(source: &str) -> Result<Self, Error> {
        EXPRESSIONS.compile_expression_owned(source.to_owned()).map(Self)
    }

    /// Computes the value.
    pub(crate) fn value(&self, scope: Value) -> Result<Value, Error> {
        self.0.eval(scope)
    }

    /// The variables that it reads, with their path: `slots.guests`.
    pub(crate) fn reads(&self) -> impl Iterator<Item = String> {
        self.0.undeclared_variables(true).into_iter()
    }
}

/// A text that may have holes.
#[derive(Debug, Clone)]
pub(crate) enum Text {
    /// No holes: said as it is, without the template engine.
    Plain(Box<str>),
    /// The name of a template in [`Templates`].
    Template(Box<str>),
}

/// The templates of one bot, compiled.
pub(crate) struct Templates {
    texts: Environment<'static>,
    /// The same, except that every value is percent-encoded where it is printed.
    addresses: Environment<'static>,
    count: usize,
}

impl Templates {
    pub(crate) fn new() -> Self {
        let mut addresses = environment();
        addresses.set_formatter(|out, _, value| {
            if value.is_undefined() {
                return Err(Error::from(ErrorKind::UndefinedError));
            }
            out.write_str(&percent_encoded(&value.to_string())).map_err(Error::from)
        });
        Self {
            texts: environment(),
            addresses,
            count: 0,
        }
    }

    /// Compiles a wording, a field of a tool's body, or a question to the knowledge base.
    pub(crate) fn compile(&mut self, source: &str) -> Result<Text, Error> {
        self.count += 1;
        Self::compile_in(&mut self.texts, self.count, source)
    }

    /// Compiles an address, whose values are percent-encoded.
    pub(crate) fn compile_address(&mut self, source: &str) -> Result<Text, Error> {
        self.count += 1;
        Self::compile_in(&mut self.addresses, self.count, source)
    }

    fn compile_in(environment: &mut Environment<'static>, number: usize, source: &str) -> Result<Text, Error> {
        if !["{{", "{%", "{#"].iter().any(|mark| source.contains(mark)) {
            return Ok(Text::Plain(source.into()));
        }
        let name = number.to_string();
        environment.add_template_owned(name.clone(), source.to_owned())?;
        Ok(Text::Template(name.into()))
    }

    /// Fills the holes of a text.
    pub(crate) fn render(&self, text: &Text, scope: impl FnOnce() -> Value) -> Result<String, Error> {
        Self::render_in(&self.texts, text, scope)
    }

    /// Fills the holes of an address.
    pub(crate) fn render_address(&self, text: &Text, scope: impl FnOnce() -> Value) -> Result<String, Error> {
        Self::render_in(&self.addresses, text, scope)
    }

    fn render_in(
        environment: &Environment<'static>,
        text: &Text,
        scope: impl FnOnce() -> Value,
    ) -> Result<String, Error> {
        match text {
            Text::Plain(text) => Ok(text.as_ref().to_owned()),
            Text::Template(name) => environment.get_template(name)?.render(scope()),
        }
    }
}

/// Encodes everything but RFC 3986's unreserved characters.
pub(crate) fn percent_encoded(text: &str) -> String {
    let mut encoded = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            encoded.push(char::from(byte));
        } else {
            // Writing to a string does not fail.
            let _ = write!(encoded, "%{byte:02X}");
        }
    }
    encoded
}

#[cfg(test)]
mod tests {
    use minijinja::context;

    use super::*;

    #[test]
    fn an_unfilled_slot_is_false_in_a_condition_and_an_error_in_a_wording() {
        let scope = || context! { slots => context! { guests => 3 } };
        assert!(
            !Expression::compile("slots.note")
                .unwrap()
                .value(scope())
                .unwrap()
                .is_true()
        );
        let mut templates = Templates::new();
        let text = templates
            .compile("{% if slots.note %}{{ slots.note }}{% endif %}{{ slots.guests }}")
            .unwrap();
        assert_eq!(templates.render(&text, scope).unwrap(), "3");
        let text = templates.compile("{{ slots.note }}").unwrap();
        assert_eq!(
            templates.render(&text, scope).unwrap_err().kind(),
            ErrorKind::UndefinedError
        );
    }

    #[test]
    fn values_in_an_address_are_encoded_and_the_address_itself_is_not() {
        let mut templates = Templates::new();
        let text = templates.compile_address("https://example.jp/a?q={{ q }}").unwrap();
        let rendered = templates
            .render_address(&text, || context! { q => "&x=[email_1] 宿" })
            .unwrap();
        assert_eq!(rendered, "https://example.jp/a?q=%26x%3D%5Bemail_1%5D%20%E5%AE%BF");
    }

    #[test]
    fn days_and_times_are_said_in_the_language_of_the_reply() {
        let mut templates = Templates::new();
        let text = templates
            .compile("{{ day|date }} {{ day|time }} {{ later|date }} {{ other|date }} {{ other|time }}")
            .unwrap();
        let scope = |language: &str| {
            let (day, later, other) = ("2026-11-26T15:30", "2027-01-05", "soon");
            context! { day, later, other, language, now => context! { year => 2026 } }
        };
        assert_eq!(
            templates.render(&text, || scope("ja")).unwrap(),
            "11月26日(木) 15時30分 2027年1月5日(火) soon soon"
        );
        assert_eq!(
            templates.render(&text, || scope("en")).unwrap(),
            "Thursday 26 November 3:30 pm Tuesday 5 January 2027 soon soon"
        );
        let unfilled = templates.compile("{{ slots.date|date }}").unwrap();
        assert!(
            templates
                .render(&unfilled, || context! { slots => context! {} })
                .is_err()
        );
    }

    #[test]
    fn an_endless_template_runs_out_of_fuel() {
        let endless = "{% for a in range(9999) %}{% for b in range(9999) %}x{% endfor %}{% endfor %}";
        let mut templates = Templates::new();
        let text = templates.compile(endless).unwrap();
        assert_eq!(
            templates.render(&text, || context! {}).unwrap_err().kind(),
            ErrorKind::OutOfFuel
        );
    }

    #[test]
    fn an_expression_says_what_it_reads() {
        let expression = Expression::compile("slots.a + 1 if result.b else bot.c").unwrap();
        let mut reads: Vec<_> = expression.reads().collect();
        reads.sort();
        assert_eq!(reads, ["bot.c", "result.b", "slots.a"]);
    }
}
