/// Turns the text of a response into a template: `{slot}` becomes what `resolve` says, everything else stays what it says.
///
/// `resolve` gives the expression for a name, or `None` if there is no such value; the name then stays, in square brackets.
pub(super) fn convert(text: &str, mut resolve: impl FnMut(&str) -> Option<String>) -> String {
    let mut template = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(start) = rest.find(['{', '}']) {
        let (before, from) = rest.split_at(start);
        push_literal(&mut template, before);
        if let Some(after) = from.strip_prefix("{{").or_else(|| from.strip_prefix("}}")) {
            // Doubled braces are Rasa's way to write one.
            push_literal(&mut template, &from[..1]);
            rest = after;
        } else if let Some((name, after)) = variable(from) {
            match resolve(name) {
                Some(expression) => template.push_str(&format!("{{{{ {expression} }}}}")),
                None => push_literal(&mut template, &format!("[{name}]")),
            }
            rest = after;
        } else {
            push_literal(&mut template, &from[..1]);
            rest = &from[1..];
        }
    }
    push_literal(&mut template, rest);
    template
}

/// Takes `{name}` off the front.
fn variable(text: &str) -> Option<(&str, &str)> {
    let (name, after) = text.strip_prefix('{')?.split_once('}')?;
    let legal = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-' | '.');
    (!name.is_empty() && name.chars().all(legal)).then_some((name, after))
}

/// Adds text that says itself: a brace is never next to what would make it an opening of the template language.
fn push_literal(template: &mut String, text: &str) {
    for character in text.chars() {
        if character == '{' {
            template.push_str("{{ '{' }}");
        } else {
            template.push(character);
        }
    }
}

#[cfg(test)]
mod tests {
    use minijinja::{Environment, context};
    use proptest::prelude::*;

    use super::convert;

    fn rendered(text: &str) -> String {
        let template = convert(text, |name| (name == "city").then(|| "slots.city".to_owned()));
        Environment::new()
            .render_str(&template, context! { slots => context! { city => "Kyoto" } })
            .unwrap()
    }

    #[test]
    fn a_slot_is_filled_in_and_the_rest_stays() {
        for (text, expected) in [
            ("To {city}!", "To Kyoto!"),
            ("{{ not a slot }} {city}", "{ not a slot } Kyoto"),
            ("Dear {name}", "Dear [name]"),
            ("{% raw %} {# note #} {", "{% raw %} {# note #} {"),
            ("{ city }", "{ city }"),
            ("{{{city}}}", "{Kyoto}"),
        ] {
            assert_eq!(rendered(text), expected, "{text}");
        }
    }

    proptest! {
        #[test]
        fn every_text_becomes_a_template_that_parses(text in "([{}%#a-z '\"\n-]|city|予約)*") {
            rendered(&text);
        }
    }
}
