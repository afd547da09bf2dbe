use std::collections::BTreeMap;

use super::{
    context::Context,
    domain::Slot,
    entities::Entities,
    names::title,
    paths::{Act, Ending},
    report::Kind,
    script::Script,
    wordings,
};
use crate::model::{AskStep, ReplyDefinition, SlotDefinition, SlotType, Step, WhenStep};

/// The steps that ask for the slots of each form, and do what rules and stories do when it is filled.
pub(super) fn fill(
    form: &str,
    endings: &[Ending],
    entities: &Entities,
    script: &mut Script,
    context: &mut Context<'_>,
) -> Vec<Step> {
    let mut steps = Vec::new();
    let slots = context
        .domain
        .forms
        .get(form)
        .map(|form| form.slots.clone())
        .unwrap_or_default();
    for slot in &slots {
        let name = context.names.slots.of(slot);
        let definition = define_slot(slot, entities, context);
        script.slots.insert(name.clone(), definition);
        let reply = question(form, slot, script, context);
        steps.push(Step::Ask(AskStep {
            slot: name,
            reply,
            retry: None,
            attempts: 3,
            otherwise: Vec::new(),
        }));
        context.ledger.carry(Kind::Slot, slot);
    }
    let mut unconditional: Option<&Ending> = None;
    let mut cases = Vec::new();
    for ending in endings.iter().filter(|ending| ending.form == form) {
        if ending.conditions.is_empty() {
            if let Some(first) = unconditional {
                if first.acts != ending.acts {
                    context.ledger.lost(
                        ending.place.clone(),
                        format!("a second way to end form `{form}` is not carried over"),
                        "choose with a `when` step",
                    );
                }
                continue;
            }
            unconditional = Some(ending);
            continue;
        }
        match condition(&ending.conditions, &slots, context) {
            Some(condition) => {
                let then = script.say_all(&without_form(&ending.acts, form), &ending.place, context);
                if !then.is_empty() {
                    cases.push((condition, then));
                }
            }
            None => context.ledger.lost(
                ending.place.clone(),
                format!("what happens after form `{form}` depends on a slot that the form does not fill, and is not carried over"),
                "ask for the slot in the flow and choose with a `when` step",
            ),
        }
    }
    let mut end = match unconditional {
        Some(ending) => script.say_all(&without_form(&ending.acts, form), &ending.place, context),
        None => Vec::new(),
    };
    // A rule with a condition takes the place of the one without.
    for (condition, then) in cases.into_iter().rev() {
        end = vec![Step::When(WhenStep {
            condition,
            then,
            otherwise: end,
        })];
    }
    steps.extend(end);
    steps
}

fn without_form(acts: &[Act], form: &str) -> Vec<Act> {
    acts.iter()
        .filter(|act| !matches!(act, Act::Form(name) if name == form))
        .cloned()
        .collect()
}

fn question(form: &str, slot: &str, script: &mut Script, context: &mut Context<'_>) -> String {
    let candidates = [format!("utter_ask_{form}_{slot}"), format!("utter_ask_{slot}")];
    if let Some(response) = candidates
        .iter()
        .find(|name| context.domain.responses.contains_key(*name))
    {
        return context.names.replies.of(response);
    }
    let name = context.names.replies.of(&format!("utter_ask_{slot}"));
    let text = wordings::question(context.language, &title(slot));
    script.replies.insert(name.clone(), one_wording(text, context));
    let place = context.ledger.place(Kind::Slot, slot);
    context.ledger.changed(
        place,
        format!("no response asks for slot `{slot}`; reply `{name}` is new"),
        "word it",
    );
    name
}

pub(super) fn one_wording(text: String, context: &Context<'_>) -> ReplyDefinition {
    let mut reply = ReplyDefinition::default();
    match context.language {
        nakai_types::Language::Ja => reply.ja.push(text),
        nakai_types::Language::En => reply.en.push(text),
    }
    reply
}

/// An expression that is true if the slots have these values; `None` if one of them is no slot of the form.
fn condition(conditions: &[(String, Option<String>)], slots: &[String], context: &mut Context<'_>) -> Option<String> {
    let mut parts = Vec::new();
    for (slot, value) in conditions {
        if !slots.contains(slot) {
            return None;
        }
        let name = context.names.slots.of(slot);
        parts.push(match value.as_deref() {
            Some("true" | "True") => format!("slots.{name}"),
            Some("false" | "False" | "null") => format!("not slots.{name}"),
            Some(value) if value.parse::<i64>().is_ok() => format!("slots.{name} == {value}"),
            Some(value) => format!("slots.{name} == {}", quoted(value)),
            None => format!("slots.{name} is not none"),
        });
    }
    Some(parts.join(" and "))
}

fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

fn define_slot(name: &str, entities: &Entities, context: &mut Context<'_>) -> SlotDefinition {
    let unknown = Slot::default();
    let domain = context.domain;
    let slot = domain.slots.get(name).unwrap_or(&unknown);
    let place = context.ledger.place(Kind::Slot, name);
    let mut definition = SlotDefinition {
        title: context.localised(title(name)),
        kind: SlotType::Text,
        entity: None,
        choices: BTreeMap::new(),
        validate: None,
    };
    let filler = slot.entities.iter().find(|entity| entities.is_complete(entity));
    let built_in = slot
        .entities
        .iter()
        .chain(std::iter::once(&name.to_owned()))
        .find_map(|entity| match entity.as_str() {
            "email" => Some(SlotType::Email),
            "phone-number" | "phone_number" | "phone" => Some(SlotType::Phone),
            _ => None,
        });
    match slot.kind.as_str() {
        "bool" => definition.kind = SlotType::YesNo,
        "float" => {
            definition.kind = SlotType::Number;
            context.ledger.changed(
                place.clone(),
                format!("slot `{name}` takes whole numbers only"),
                "make it `type: text` if it needs others",
            );
        }
        "categorical" if slot.values.iter().any(|value| !value.trim().is_empty()) => {
            definition.kind = SlotType::Choice;
            for value in slot.values.iter().filter(|value| !value.trim().is_empty()) {
                let words = choice_words(value, slot, entities, context);
                definition.choices.insert(value.clone(), context.localised(words));
            }
        }
        _ => {
            if let Some(entity) = filler {
                definition.kind = SlotType::Entity;
                definition.entity = Some(context.names.entities.of(entity));
            } else if let Some(kind) = built_in {
                definition.kind = kind;
            } else if let Some(entity) = slot.entities.first() {
                context.ledger.changed(
                    place.clone(),
                    format!("slot `{name}` takes any text, as entity `{entity}` has examples but no list of values"),
                    format!("complete the entity and write `type: entity`, `entity: {entity}` to take its values only"),
                );
            }
        }
    }
    if matches!(slot.kind.as_str(), "list" | "any") && definition.kind == SlotType::Text {
        context.ledger.changed(
            place.clone(),
            format!("slot `{name}` of type `{}` is a text now", slot.kind),
            "",
        );
    }
    if let Some(initial) = &slot.initial {
        context.ledger.lost(
            place,
            format!("the initial value `{initial}` of slot `{name}` is not carried over"),
            "set it with a `set` step before the question",
        );
    }
    definition
}

/// The words for a value of a categorical slot: itself, and what the entity or the synonyms say.
fn choice_words(value: &str, slot: &Slot, entities: &Entities, context: &Context<'_>) -> Vec<String> {
    let mut words = vec![value.to_owned()];
    let from_entities = slot.entities.iter().filter_map(|entity| {
        entities
            .definitions
            .get(entity)?
            .values
            .get(value)?
            .get(context.language)
    });
    let from_synonyms = context.nlu.synonyms.get(value);
    for word in from_entities.chain(from_synonyms).flatten() {
        if !words.iter().any(|known| known.to_lowercase() == word.to_lowercase()) {
            words.push(word.clone());
        }
    }
    words
}
