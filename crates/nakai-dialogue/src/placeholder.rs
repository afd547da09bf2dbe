//! Placeholders in screened text, and the personal data behind them for tools that need it.

use std::borrow::Cow;

use nakai_types::{PersonalData, Placeholder, Vault};

use crate::templates::percent_encoded;

/// A placeholder whose datum is not known any more, for example after a restart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Unknown(pub(crate) PersonalData);

/// Finds placeholders in a text: each with its first byte and its length.
pub(crate) fn find(text: &str) -> impl Iterator<Item = (usize, usize, Placeholder)> {
    find_between(text, "[", "]")
}

fn find_between<'a>(
    text: &'a str,
    open: &'a str,
    close: &'a str,
) -> impl Iterator<Item = (usize, usize, Placeholder)> + 'a {
    text.match_indices(open).filter_map(move |(start, _)| {
        let inside = &text[start + open.len()..];
        let (kind, rest) = PersonalData::ALL
            .into_iter()
            .find_map(|kind| Some((kind, inside.strip_prefix(kind.name())?.strip_prefix('_')?)))?;
        let digits = rest.find(|c: char| !c.is_ascii_digit())?;
        let number = rest[..digits].parse().ok()?;
        rest[digits..].starts_with(close).then(|| {
            let length = open.len() + kind.name().len() + 1 + digits + close.len();
            (start, length, Placeholder { kind, number })
        })
    })
}

/// The last placeholder of a kind in a text: the customer's latest word.
pub(crate) fn last_of(kind: PersonalData, text: &str) -> Option<Placeholder> {
    find(text)
        .map(|(_, _, placeholder)| placeholder)
        .filter(|placeholder| placeholder.kind == kind)
        .last()
}

/// Puts the personal data back into a text.
pub(crate) fn reveal(text: &str, vault: &Vault) -> Result<String, Unknown> {
    reveal_between(text, "[", "]", vault, |datum| Cow::Borrowed(datum))
}

/// Puts the personal data back into an address in which values, and so placeholders, are percent-encoded.
pub(crate) fn reveal_in_address(address: &str, vault: &Vault) -> Result<String, Unknown> {
    reveal_between(address, "%5B", "%5D", vault, |datum| Cow::Owned(percent_encoded(datum)))
}

fn reveal_between(
    text: &str,
    open: &str,
    close: &str,
    vault: &Vault,
    written: impl Fn(&str) -> Cow<'_, str>,
) -> Result<String, Unknown> {
    let mut revealed = String::with_capacity(text.len());
    let mut from = 0;
    for (start, length, placeholder) in find_between(text, open, close) {
        revealed.push_str(&text[from..start]);
        revealed.push_str(&written(vault.reveal(placeholder).ok_or(Unknown(placeholder.kind))?));
        from = start + length;
    }
    revealed.push_str(&text[from..]);
    Ok(revealed)
}

/// Puts the personal data back into every text of a JSON value.
pub(crate) fn reveal_in(value: &mut serde_json::Value, vault: &Vault) -> Result<(), Unknown> {
    match value {
        serde_json::Value::String(text) => *text = reveal(text, vault)?,
        serde_json::Value::Array(values) => {
            for value in values {
                reveal_in(value, vault)?;
            }
        }
        serde_json::Value::Object(fields) => {
            for value in fields.values_mut() {
                reveal_in(value, vault)?;
            }
        }
        _ => {}
    }
    Ok(())
}

/// Replaces personal data that a tool sends back by their placeholders, in every text of a JSON value.
pub(crate) fn hide(value: &mut serde_json::Value, vault: &Vault) {
    match value {
        serde_json::Value::String(text) => {
            for (placeholder, datum) in vault.entries() {
                if !datum.is_empty() && text.contains(datum.expose()) {
                    *text = text.replace(datum.expose(), &placeholder.to_string());
                }
            }
        }
        serde_json::Value::Array(items) => items.iter_mut().for_each(|item| hide(item, vault)),
        serde_json::Value::Object(fields) => fields.values_mut().for_each(|field| hide(field, vault)),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use nakai_types::RawText;

    use super::*;

    fn vault() -> Vault {
        let mut vault = Vault::default();
        vault.insert(
            Placeholder {
                kind: PersonalData::Email,
                number: 1,
            },
            RawText::new("a+b@example.jp".into()),
        );
        vault.insert(
            Placeholder {
                kind: PersonalData::Email,
                number: 10,
            },
            RawText::new("c@example.jp".into()),
        );
        vault
    }

    #[test]
    fn placeholders_are_found_and_nothing_else_is() {
        let found: Vec<_> = find("[email_1] [email_x] [phone_22][card_3 [other_1]")
            .map(|(_, _, p)| p.to_string())
            .collect();
        assert_eq!(found, ["[email_1]", "[phone_22]"]);
        assert_eq!(
            last_of(PersonalData::Email, "[email_1] not [email_2]").unwrap().number,
            2
        );
    }

    #[test]
    fn data_come_back_only_where_they_are_known() {
        assert_eq!(
            reveal("to [email_1], [email_10]", &vault()),
            Ok("to a+b@example.jp, c@example.jp".into())
        );
        assert_eq!(
            reveal_in_address("https://x/?m=%5Bemail_1%5D", &vault()),
            Ok("https://x/?m=a%2Bb%40example.jp".into())
        );
        assert_eq!(reveal("[email_2]", &vault()), Err(Unknown(PersonalData::Email)));
    }

    #[test]
    fn a_tool_that_sends_data_back_is_screened() {
        let mut value = serde_json::json!({"to": ["mail a+b@example.jp"], "n": 1});
        hide(&mut value, &vault());
        assert_eq!(value, serde_json::json!({"to": ["mail [email_1]"], "n": 1}));
    }
}
