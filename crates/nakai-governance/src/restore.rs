use nakai_types::{Language, PersonalData, Placeholder, Screened, Vault};

/// Puts a customer's own data back where placeholders stand, for the eyes of this customer only.
///
/// A placeholder that the vault does not know (its datum was forgotten, as after a restart) reads as a neutral label.
pub fn restore(text: &Screened, vault: &Vault, language: Language) -> String {
    let text = text.as_str();
    let mut restored = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(open) = rest.find('[') {
        restored.push_str(&rest[..open]);
        rest = &rest[open..];
        match leading_placeholder(rest) {
            Some((placeholder, length)) => {
                restored.push_str(
                    vault
                        .reveal(placeholder)
                        .unwrap_or_else(|| label(placeholder.kind, language)),
                );
                rest = &rest[length..];
            }
            None => {
                restored.push('[');
                rest = &rest[1..];
            }
        }
    }
    restored.push_str(rest);
    restored
}

/// Reads the placeholder with which `text` begins, with its length in bytes.
fn leading_placeholder(text: &str) -> Option<(Placeholder, usize)> {
    let inner = &text[1..text.find(']')?];
    let (name, number) = inner.rsplit_once('_')?;
    let kind = PersonalData::ALL.into_iter().find(|kind| kind.name() == name)?;
    let canonical = number.starts_with(|c: char| c.is_ascii_digit() && c != '0');
    let number = number.parse().ok().filter(|_| canonical)?;
    Some((Placeholder { kind, number }, inner.len() + 2))
}

const fn label(kind: PersonalData, language: Language) -> &'static str {
    match (kind, language) {
        (PersonalData::Email, Language::Ja) => "(メールアドレス)",
        (PersonalData::Email, Language::En) => "(e-mail address)",
        (PersonalData::Phone, Language::Ja) => "(電話番号)",
        (PersonalData::Phone, Language::En) => "(phone number)",
        (PersonalData::Card, Language::Ja) => "(カード番号)",
        (PersonalData::Card, Language::En) => "(card number)",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn known_placeholders_are_restored_and_unknown_ones_labelled() {
        let mut vault = Vault::default();
        vault.placeholder_for(PersonalData::Phone, "090-1234-5678");
        let text = Screened::ours("[phone_1]、[email_2]、[note]、[phone_01]、[");
        assert_eq!(
            restore(&text, &vault, Language::Ja),
            "090-1234-5678、(メールアドレス)、[note]、[phone_01]、["
        );
    }
}
