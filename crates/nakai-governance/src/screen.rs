use nakai_types::{Analysis, Entity, EntityValue, RawText, Screened, Understanding, UnderstoodEntity, Vault};

use crate::detect::personal_data;

/// An utterance after screening: safe to store, log and send on.
#[derive(Debug, Clone, PartialEq)]
pub struct Screening {
    /// What was said, personal data as placeholders.
    pub utterance: Screened,
    /// What was understood, personal data as placeholders.
    pub understanding: Understanding,
}

/// Screens an utterance and what was understood of it. The data that placeholders stand for go into the conversation's `vault`.
pub fn screen(raw: &RawText, analysis: Analysis, vault: &mut Vault) -> Screening {
    let text = raw.expose();
    let findings: Vec<_> = personal_data(text)
        .into_iter()
        .filter_map(|(span, kind)| {
            span.of(text)
                .map(|datum| (span, vault.placeholder_for(kind, datum).to_string()))
        })
        .collect();
    let understood = |entity: Entity| {
        let typed = entity.span.of(text).unwrap_or_default();
        match findings.iter().find(|(span, _)| span.overlaps(entity.span)) {
            Some((_, placeholder)) => UnderstoodEntity {
                kind: entity.kind,
                span: entity.span,
                text: Screened::after_screening(placeholder.clone()),
                value: EntityValue::Text(placeholder.clone()),
                alternatives: Vec::new(),
            },
            None => UnderstoodEntity {
                kind: entity.kind,
                span: entity.span,
                text: Screened::after_screening(typed.to_owned()),
                value: entity.value,
                alternatives: entity.alternatives,
            },
        }
    };
    let understanding = Understanding {
        language: analysis.language,
        mixed: analysis.mixed,
        intents: analysis.intents,
        out_of_scope: analysis.out_of_scope,
        also: analysis.also,
        entities: analysis.entities.into_iter().map(understood).collect(),
    };
    let mut screened = String::with_capacity(text.len());
    let mut copied = 0;
    for (span, placeholder) in &findings {
        screened.push_str(&text[copied..span.start]);
        screened.push_str(placeholder);
        copied = span.end;
    }
    screened.push_str(&text[copied..]);
    Screening {
        utterance: Screened::after_screening(screened),
        understanding,
    }
}

/// Screens a text that is not an utterance, such as a value that a caller attached to a request.
pub fn screen_text(text: &str, vault: &mut Vault) -> Screened {
    let mut screened = String::with_capacity(text.len());
    let mut copied = 0;
    for (span, kind) in personal_data(text) {
        screened.push_str(&text[copied..span.start]);
        screened.push_str(&vault.placeholder_for(kind, &text[span.start..span.end]).to_string());
        copied = span.end;
    }
    screened.push_str(&text[copied..]);
    Screened::after_screening(screened)
}

#[cfg(test)]
mod tests {
    use nakai_types::{Language, Span};
    use proptest::prelude::*;

    use super::*;
    use crate::restore;

    fn analysis(entities: Vec<Entity>) -> Analysis {
        Analysis {
            language: Language::Ja,
            mixed: false,
            intents: Vec::new(),
            out_of_scope: true,
            also: Vec::new(),
            entities,
            models: Vec::new(),
        }
    }

    #[test]
    fn an_entity_over_a_personal_datum_becomes_its_placeholder() {
        let raw = RawText::new("電話は090-1234-5678、3名です".to_owned());
        let at = |part: &str| {
            let start = raw.expose().find(part).unwrap();
            Span::new(start, start + part.len())
        };
        let entities = vec![
            Entity {
                kind: "number".into(),
                span: at("1234"),
                value: EntityValue::Integer(1234),
                alternatives: Vec::new(),
            },
            Entity {
                kind: "guests".into(),
                span: at("3名"),
                value: EntityValue::Text("3".into()),
                alternatives: Vec::new(),
            },
        ];
        let mut vault = Vault::default();
        let screening = screen(&raw, analysis(entities), &mut vault);
        assert_eq!(screening.utterance.as_str(), "電話は[phone_1]、3名です");
        let texts: Vec<_> = screening
            .understanding
            .entities
            .iter()
            .map(|e| e.text.as_str())
            .collect();
        assert_eq!(texts, ["[phone_1]", "3名"]);
        assert_eq!(
            screening.understanding.entities[0].value,
            EntityValue::Text("[phone_1]".into())
        );
    }

    proptest! {
        #[test]
        fn a_planted_address_or_number_is_never_left_and_always_restored(
            before in "[a-zぁ-んァ-ヶ一-龠、。! ]{0,20}",
            after in "[ぁ-んァ-ヶ一-龠、。! ]{0,20}",
            user in "[a-z0-9]{1,12}",
            number in 10_000_000u32..99_999_999,
        ) {
            let email = format!("{user}@inn.example");
            let phone = format!("090-{}-{}", number / 10_000, number % 10_000 + 10_000);
            let phone = &phone[..13];
            let typed = format!("{before} {email}　{phone} {after}");
            let mut vault = Vault::default();
            let screened = screen(&RawText::new(typed.clone()), analysis(Vec::new()), &mut vault).utterance;
            prop_assert!(!screened.as_str().contains(&email) && !screened.as_str().contains(phone), "{screened}");
            prop_assert_eq!(restore(&screened, &vault, Language::Ja), typed);
        }

        #[test]
        fn any_text_is_screened_without_a_panic_and_restored_exactly(typed in "\\PC{0,60}") {
            prop_assume!(!typed.contains('['));
            let mut vault = Vault::default();
            let screened = screen(&RawText::new(typed.clone()), analysis(Vec::new()), &mut vault).utterance;
            prop_assert_eq!(&restore(&screened, &vault, Language::En), &typed);
            let mut other = Vault::default();
            prop_assert_eq!(screen_text(&typed, &mut other), screened);
        }
    }
}
