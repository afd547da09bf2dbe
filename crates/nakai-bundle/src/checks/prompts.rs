use minijinja::{Environment, Error};
use nakai_config::{Problem, ProblemCode, Problems, Severity, did_you_mean};

use super::names::Names;
use crate::model::{PROMPT_VARIABLES, Prompt};

const INVALID: ProblemCode = ProblemCode::PromptInvalid;
const UNKNOWN: ProblemCode = ProblemCode::PromptNameUnknown;

/// Checks `prompts/*.j2`: each must parse, and may use what [`PROMPT_VARIABLES`] lists and nothing else.
pub(super) fn check(prompts: &[Prompt], names: &Names<'_>, problems: &mut Problems) {
    let environment = Environment::new();
    for prompt in prompts {
        let file = format!("prompts/{}.j2", prompt.name);
        let text = prompt.template.as_str();
        let mut push = |code, (line, column): (u32, u32), key: &str, what: String, cure: String| {
            problems.push(Problem {
                severity: Severity::Error,
                code: Some(code),
                file: file.clone(),
                line,
                column,
                key: key.into(),
                what,
                cure,
            });
        };
        if prompt.name.is_empty() || prompt.name.contains('/') {
            let cure = "put it right below prompts/".to_owned();
            push(
                INVALID,
                (0, 0),
                "",
                "a prompt can't be in a folder of its own".into(),
                cure,
            );
        }
        if text.trim().is_empty() {
            let cure = "say how the model is to answer, or remove the file".to_owned();
            push(INVALID, (0, 0), "", "the prompt is blank".into(), cure);
        }
        match environment.template_from_str(text) {
            Err(error) => push(
                INVALID,
                place_of(&error, text),
                "",
                format!("the prompt can't be read: {}", reason(&error)),
                "write a hole as `{{ bot.title }}`, a condition as `{% if … %}…{% endif %}`".into(),
            ),
            Ok(template) => {
                let mut used: Vec<String> = template.undeclared_variables(true).into_iter().collect();
                used.sort_unstable();
                for path in used {
                    let (name, member) = path.split_once('.').unwrap_or((&path, ""));
                    let known = PROMPT_VARIABLES.iter().map(|(name, ..)| *name);
                    if environment.globals().any(|(global, _)| global == name) {
                        continue;
                    }
                    if !known.clone().any(|known| known == name) {
                        let what = format!("the name `{name}` is not known in prompts");
                        push(
                            UNKNOWN,
                            place_of_name(text, &path),
                            &path,
                            what,
                            did_you_mean(name, known),
                        );
                    } else if name == "bot" && !member.is_empty() && !names.facts.may_have(member) {
                        let what = format!("there is no fact `{member}`");
                        push(
                            UNKNOWN,
                            place_of_name(text, &path),
                            &path,
                            what,
                            "add it to `facts` in bot.yaml".into(),
                        );
                    }
                }
            }
        }
    }
}

fn reason(error: &Error) -> String {
    error
        .detail()
        .map_or_else(|| error.kind().to_string(), ToOwned::to_owned)
}

/// Line and column of an error of the template engine.
fn place_of(error: &Error, text: &str) -> (u32, u32) {
    match error.range() {
        Some(range) => place(text, range.start),
        None => (error.line().and_then(|line| u32::try_from(line).ok()).unwrap_or(0), 1),
    }
}

/// Where a name first stands between the marks of the template engine.
fn place_of_name(text: &str, name: &str) -> (u32, u32) {
    let mut from = 0;
    let is_part = |c: char| c.is_alphanumeric() || c == '_' || c == '.';
    while let Some(open) = text[from..].find("{{").into_iter().chain(text[from..].find("{%")).min() {
        let start = from + open;
        let end = text[start..].find(['}']).map_or(text.len(), |close| start + close);
        for (at, _) in text[start..end].match_indices(name) {
            let (before, after) = (&text[..start + at], &text[start + at + name.len()..]);
            let whole = !before.ends_with(is_part) && !after.starts_with(is_part);
            if whole {
                return place(text, start + at);
            }
        }
        from = end.max(start + 2);
    }
    (0, 0)
}

/// Line and column, both from 1, of a byte.
fn place(text: &str, at: usize) -> (u32, u32) {
    let before = text.get(..at).unwrap_or(text);
    let line = before.matches('\n').count() + 1;
    let column = before.rsplit('\n').next().unwrap_or_default().chars().count() + 1;
    (u32::try_from(line).unwrap_or(0), u32::try_from(column).unwrap_or(0))
}
