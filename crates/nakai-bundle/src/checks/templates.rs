use minijinja::{Environment, Error, UndefinedBehavior};
use nakai_config::{Problems, did_you_mean};

use super::names::Names;

/// What templates and expressions see.
pub(super) const USUAL: &[&str] = &["slots", "bot", "result", "entities", "now", "language"];
/// What the validation of a slot sees.
pub(super) const IN_VALIDATION: &[&str] = &["value", "slots", "now"];

/// Checks templates and expressions without running them.
pub(super) struct Templates<'a> {
    environment: Environment<'static>,
    names: &'a Names<'a>,
}

impl<'a> Templates<'a> {
    pub(super) fn new(names: &'a Names<'a>) -> Self {
        let mut environment = Environment::new();
        environment.set_undefined_behavior(UndefinedBehavior::Strict);
        Self { environment, names }
    }

    /// Pushes what is wrong with a text that may have holes. `seen` are the names that it may use.
    pub(super) fn template(&self, text: &str, seen: &[&str], key: &str, problems: &mut Problems) {
        if !["{{", "{%", "{#"].iter().any(|mark| text.contains(mark)) {
            return;
        }
        match self.environment.template_from_str(text) {
            Ok(template) => self.variables(template.undeclared_variables(true), seen, key, problems),
            Err(error) => problems.error(
                key,
                format!("the template can't be read: {}", reason(&error, text)),
                "write a hole as `{{ slots.name }}`, a condition as `{% if … %}…{% endif %}`",
            ),
        }
    }

    /// The members of a name that a text uses, `number` for `arguments.number`; none of a text that does not parse.
    pub(super) fn members(text: &str, name: &str) -> Vec<String> {
        let environment = Environment::new();
        let used = environment
            .template_from_str(text)
            .map(|template| template.undeclared_variables(true))
            .unwrap_or_default();
        let mut members: Vec<String> = used
            .iter()
            .filter_map(|path| path.strip_prefix(name)?.strip_prefix('.'))
            .map(|member| member.split('.').next().unwrap_or_default().to_owned())
            .collect();
        members.sort_unstable();
        members
    }

    /// Pushes what is wrong with an expression. `seen` are the names that it may use.
    pub(super) fn expression(&self, text: &str, seen: &[&str], key: &str, problems: &mut Problems) {
        match self.environment.compile_expression(text) {
            Ok(expression) => self.variables(expression.undeclared_variables(true), seen, key, problems),
            Err(error) => problems.error(
                key,
                format!("the expression can't be read: {}", reason(&error, text)),
                "write it like `slots.guests >= 1 and slots.guests <= 8`, without `{{ }}`",
            ),
        }
    }

    fn variables(&self, used: impl IntoIterator<Item = String>, seen: &[&str], key: &str, problems: &mut Problems) {
        let mut used: Vec<String> = used.into_iter().collect();
        used.sort_unstable();
        for path in used {
            let mut parts = path.split('.');
            let (name, member) = (parts.next().unwrap_or_default(), parts.next());
            if !seen.contains(&name) {
                if !self.environment.globals().any(|(global, _)| global == name) {
                    problems.error(
                        key,
                        format!("the name `{name}` is not known here"),
                        did_you_mean(name, seen.iter().copied()),
                    );
                }
                continue;
            }
            let Some(member) = member else { continue };
            match name {
                "slots" => self.names.slots.require(member, key, problems),
                "bot" => self.names.facts.require(member, key, problems),
                "result" => self.names.results.require(member, key, problems),
                "entities" => self.names.entities.require(member, key, problems),
                _ => {}
            }
        }
    }
}

/// Says what the template engine found, with the line if there are several.
fn reason(error: &Error, text: &str) -> String {
    let what = error
        .detail()
        .map_or_else(|| error.kind().to_string(), ToOwned::to_owned);
    match error.line() {
        Some(line) if text.trim_end().contains('\n') => format!("{what} (in its line {line})"),
        _ => what,
    }
}
