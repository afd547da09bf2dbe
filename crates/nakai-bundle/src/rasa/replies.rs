use std::collections::{BTreeMap, BTreeSet};

use super::{
    context::Context,
    domain::{Button, Response},
    entities::Entities,
    reactions::Reactions,
    report::Kind,
    template, wordings,
};
use crate::model::ReplyDefinition;

/// The replies of the bundle, and what their buttons teach.
#[derive(Debug, Default)]
pub(super) struct Replies {
    pub(super) by_name: BTreeMap<String, ReplyDefinition>,
    /// Slots that no customer fills; replies show their initial values.
    pub(super) facts: BTreeMap<String, String>,
    /// What buttons say, by the intent that they mean.
    pub(super) examples: BTreeMap<String, Vec<String>>,
}

impl Replies {
    pub(super) fn convert(reactions: &Reactions, entities: &Entities, context: &mut Context<'_>) -> Self {
        let mut replies = Self::default();
        let flow_slots: BTreeSet<String> = reactions
            .flows
            .values()
            .flat_map(|flow| flow.slots.keys().cloned())
            .collect();
        let none = BTreeSet::new();
        let domain = context.domain;
        for (response, content) in &domain.responses {
            let name = context.names.replies.of(response);
            // Outside a flow no slot is filled.
            let slots = if reactions.in_flows.contains(&name) {
                &flow_slots
            } else {
                &none
            };
            let reply = replies.convert_one(response, content, slots, entities, context);
            for button in content.variations.iter().flat_map(|variation| &variation.buttons) {
                replies.learn(response, button, reactions, context);
            }
            replies.by_name.insert(name, reply);
            context.ledger.carry(Kind::Response, response);
        }
        replies
    }

    fn convert_one(
        &mut self,
        response: &str,
        content: &Response,
        flow_slots: &BTreeSet<String>,
        entities: &Entities,
        context: &mut Context<'_>,
    ) -> ReplyDefinition {
        let place = context.ledger.place(Kind::Response, response);
        let texts = |special: bool| {
            let variations = content
                .variations
                .iter()
                .filter(move |variation| variation.special == special);
            variations
                .filter_map(|variation| variation.text.as_deref())
                .filter(|text| !text.trim().is_empty())
                .collect::<Vec<_>>()
        };
        let mut chosen = texts(false);
        if chosen.is_empty() {
            chosen = texts(true);
            if !chosen.is_empty() {
                let what = format!(
                    "response `{response}` has no wording for every case; the ones for some cases are used always"
                );
                context.ledger.changed(place.clone(), what, "word it for every case");
            }
        }
        let mut wordings: Vec<String> = Vec::new();
        for text in chosen {
            let wording = template::convert(text, |name| {
                let expression = self.resolve(name, flow_slots, entities, context);
                if expression.is_none() {
                    context.ledger.lost(
                        place.clone(),
                        format!("`{{{name}}}` in response `{response}` is filled by no flow, entity or fact"),
                        "fill a slot of this name in the flow, or add a fact to `bot.yaml`",
                    );
                }
                expression
            });
            if !wordings.contains(&wording) {
                wordings.push(wording);
            }
        }
        if wordings.is_empty() {
            wordings.push(wordings::no_text(context.language).to_owned());
            context
                .ledger
                .lost(place, format!("response `{response}` has no text"), "word the reply");
        }
        let mut reply = ReplyDefinition::default();
        match context.language {
            nakai_types::Language::Ja => reply.ja = wordings,
            nakai_types::Language::En => reply.en = wordings,
        }
        let mut choices: Vec<String> = Vec::new();
        for button in content.variations.iter().flat_map(|variation| &variation.buttons) {
            if !choices.contains(&button.title) {
                choices.push(button.title.clone());
            }
        }
        if !choices.is_empty() {
            reply.choices = context.localised(choices);
        }
        reply
    }

    /// The expression for a name in a response.
    fn resolve(
        &mut self,
        name: &str,
        flow_slots: &BTreeSet<String>,
        entities: &Entities,
        context: &mut Context<'_>,
    ) -> Option<String> {
        if context.ledger.knows(Kind::Slot, name) {
            let slot_name = context.names.slots.of(name);
            if flow_slots.contains(&slot_name) {
                return Some(format!("slots.{slot_name}"));
            }
        }
        let slot = context.domain.slots.get(name);
        if let Some(initial) = slot
            .filter(|slot| !slot.is_filled)
            .and_then(|slot| slot.initial.as_ref())
        {
            let fact = context.names.slots.of(name);
            self.facts.insert(fact.clone(), initial.clone());
            context.ledger.carry(Kind::Slot, name);
            let place = context.ledger.place(Kind::Slot, name);
            context.ledger.changed(
                place,
                format!("slot `{name}`, which is never filled, is the fact `bot.{fact}` now"),
                "",
            );
            return Some(format!("bot.{fact}"));
        }
        let by_slot = slot.into_iter().flat_map(|slot| &slot.entities);
        let known = |entity: &&str| entities.definitions.contains_key(*entity);
        let entity = by_slot.map(String::as_str).chain(std::iter::once(name)).find(known)?;
        if slot.is_some() {
            let place = context.ledger.place(Kind::Slot, name);
            context.ledger.carry(Kind::Slot, name);
            context.ledger.changed(
                place,
                format!("outside flows slot `{name}` is read as entity `{entity}` of the utterance"),
                "",
            );
        }
        Some(format!("entities.{}", context.names.entities.of(entity)))
    }

    /// A button sends its title, so the intent that its payload names has to know the title.
    fn learn(&mut self, response: &str, button: &Button, reactions: &Reactions, context: &mut Context<'_>) {
        let Some(payload) = &button.payload else { return };
        let Some(command) = payload.strip_prefix('/') else {
            if payload != &button.title {
                context.ledger.changed(
                    button.place.clone(),
                    format!(
                        "button `{}` of `{response}` sends its title, not `{payload}`",
                        button.title
                    ),
                    "",
                );
            }
            return;
        };
        let intent = command.split('{').next().unwrap_or_default();
        if reactions.only_answers(intent, context) {
            let what = format!(
                "button `{}` of `{response}` sends its title as the answer to the question",
                button.title
            );
            context.ledger.changed(button.place.clone(), what, "");
            return;
        }
        if context.nlu.examples.contains_key(intent) && !button.title.contains(['{', '}']) {
            self.examples
                .entry(intent.to_owned())
                .or_default()
                .push(button.title.clone());
            context.ledger.changed(
                button.place.clone(),
                format!(
                    "button `{}` of `{response}` sends its title, which is an example of intent `{intent}` now",
                    button.title
                ),
                "",
            );
        } else {
            context.ledger.lost(
                button.place.clone(),
                format!("button `{}` of `{response}` no longer sends `/{intent}`", button.title),
                "add its title to the examples of an intent",
            );
        }
    }
}
