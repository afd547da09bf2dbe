use std::collections::BTreeMap;

use serde_json::{Value, json};
use unicode_normalization::UnicodeNormalization;

use super::{
    config::Config,
    context::{self, Context},
    entities::Entities,
    forms,
    names::title,
    paths::Path,
    reactions::{Reaction, Reactions},
    replies::Replies,
    report::Kind,
    wordings,
};
use crate::model::{AnswerFrom, Control, EntityDefinition, Flow, Intent, ReplyDefinition, SlotType};

/// A bundle before it is written down.
#[derive(Debug, Default)]
pub(super) struct Draft {
    pub(super) bot: Value,
    pub(super) intents: BTreeMap<String, Intent>,
    pub(super) entities: BTreeMap<String, EntityDefinition>,
    pub(super) flows: BTreeMap<String, Flow>,
    pub(super) replies: BTreeMap<String, ReplyDefinition>,
    pub(super) built_in_replies: BTreeMap<String, ReplyDefinition>,
}

impl Draft {
    /// Turns what was read into a bundle; `bot_name` is the folder's.
    pub(super) fn make(bot_name: &str, config: &Config, paths: &[Path], context: &mut Context<'_>) -> Self {
        let entities = Entities::convert(&context.ledger.names(Kind::Entity), context);
        let reactions = Reactions::convert(paths, &entities, context);
        let replies = Replies::convert(&reactions, &entities, context);
        let mut draft = Self {
            intents: intents(&reactions, &replies, context),
            ..Self::default()
        };
        draft.bot = bot(bot_name, config, &reactions, &replies, context);
        draft.replies = replies.by_name;
        for (name, definition) in entities.definitions {
            draft.entities.insert(context.names.entities.of(&name), definition);
        }
        for (name, reply) in reactions.replies {
            draft.replies.entry(name).or_insert(reply);
        }
        draft.flows = reactions.flows;
        for (name, text) in wordings::needed(context.language) {
            let is_replaced = name == "fallback_ask_again" && draft.bot.get("fallback").is_some();
            if !is_replaced && !draft.replies.contains_key(name) {
                draft
                    .built_in_replies
                    .insert(name.to_owned(), forms::one_wording(text.to_owned(), context));
            }
        }
        settle_slots(context);
        settle_actions(context);
        draft
    }
}

fn bot(name: &str, config: &Config, reactions: &Reactions, replies: &Replies, context: &mut Context<'_>) -> Value {
    let bot_title = context.localised(title(name));
    let mut bot = json!({
        "name": super::names::slug(name, "bot"),
        "title": bot_title,
        "languages": [context.language.code()],
        "facts": replies.facts,
    });
    if let Some(threshold) = config.threshold {
        bot["thresholds"] = json!({ "out_of_scope": threshold });
    }
    if config.duckling {
        bot["time_convention"] = json!("duckling");
    }
    if let Some(timezone) = &config.timezone {
        bot["timezone"] = json!(timezone);
    }
    let default = "utter_default";
    let ask_again = reactions.ask_again.clone().or_else(|| {
        let has_default = context.domain.responses.contains_key(default);
        has_default.then(|| context.names.replies.of(default))
    });
    if let Some(reply) = ask_again {
        bot["fallback"] = json!({ "ask_again_reply": reply });
    }
    bot
}

fn intents(reactions: &Reactions, replies: &Replies, context: &mut Context<'_>) -> BTreeMap<String, Intent> {
    let asks_yes_or_no = reactions
        .flows
        .values()
        .any(|flow| flow.slots.values().any(|slot| slot.kind == SlotType::YesNo));
    let mut intents = BTreeMap::new();
    let mut owners: BTreeMap<String, String> = BTreeMap::new();
    let nlu = context.nlu;
    for name in context.ledger.names(Kind::Intent) {
        let mut examples = nlu.examples.get(&name).cloned().unwrap_or_default();
        if examples.is_empty() {
            without_examples(&name, context);
            continue;
        }
        examples.extend(replies.examples.get(&name).into_iter().flatten().cloned());
        let reaction = reactions.by_intent.get(&name);
        let control = control(&name, reaction, asks_yes_or_no, context);
        if control.is_none() && reactions.only_answers(&name, context) {
            let why = format!(
                "only answers the questions of a form; its {} examples are not carried over",
                examples.len()
            );
            context.ledger.lose(
                Kind::Intent,
                &name,
                &why,
                "a flow takes the answers to its questions without an intent",
            );
            continue;
        }
        keep_own_examples(&name, &mut examples, &mut owners, context);
        if examples.is_empty() {
            context.ledger.lose(
                Kind::Intent,
                &name,
                "has only examples that belong to other intents too",
                "give it examples of its own",
            );
            continue;
        }
        context.ledger.carry(Kind::Intent, &name);
        context.ledger.carry_examples(examples.len());
        let title_of_choice = match context.language {
            nakai_types::Language::Ja => examples.first().cloned().unwrap_or_else(|| name.clone()),
            nakai_types::Language::En => title(&name),
        };
        let mut intent = Intent {
            title: context.localised(title_of_choice),
            examples: context.localised(examples),
            control,
            ..Intent::default()
        };
        if control.is_none() {
            act(&name, reaction, &mut intent, context);
        }
        intents.insert(context.names.intents.of(&name), intent);
    }
    intents
}

/// Takes away examples that are the same to a classifier as one of this or another intent.
fn keep_own_examples(
    name: &str,
    examples: &mut Vec<String>,
    owners: &mut BTreeMap<String, String>,
    context: &mut Context<'_>,
) {
    examples.retain(|example| {
        let folded: String = example.nfkc().flat_map(char::to_lowercase).collect();
        let folded = folded.split_whitespace().collect::<Vec<_>>().join(" ");
        let Some(owner) = owners.get(&folded) else {
            owners.insert(folded, name.to_owned());
            return true;
        };
        let place = context.ledger.place(Kind::Intent, name);
        let what = format!("the example `{example}` of intent `{name}` is an example of intent `{owner}` already");
        if owner == name {
            context.ledger.changed(place, what, "");
        } else {
            context.ledger.lost(place, what, "keep it where it belongs");
        }
        false
    });
}

fn act(name: &str, reaction: Option<&Reaction>, intent: &mut Intent, context: &mut Context<'_>) {
    let place = context.ledger.place(Kind::Intent, name);
    match reaction {
        Some(Reaction::Reply(reply)) => {
            intent.reply = Some(reply.clone());
            if context::is_social(name) {
                intent.social = true;
                context.ledger.changed(
                    place,
                    format!("intent `{name}` is small talk: beside another intent it does not count"),
                    "",
                );
            }
        }
        Some(Reaction::Flow(flow)) => intent.flow = Some(flow.clone()),
        Some(Reaction::Handover(reason)) => intent.handover = Some(reason.clone()),
        Some(Reaction::Cancel) => intent.control = Some(Control::Cancel),
        Some(Reaction::StartOver) => intent.control = Some(Control::StartOver),
        Some(Reaction::Search) | None => {
            intent.answer = Some(AnswerFrom::Search(true));
            let what = format!("no rule or story says what to do about intent `{name}`; it is answered from knowledge");
            context
                .ledger
                .changed(place, what, "give it a reply or a flow, or write articles");
        }
    }
}

/// Whether an intent steers the conversation. A reaction that rules or stories give comes first, except about yes and no while some
/// flow asks for one.
fn control(
    name: &str,
    reaction: Option<&Reaction>,
    asks_yes_or_no: bool,
    context: &mut Context<'_>,
) -> Option<Control> {
    let control = match super::branches::answer(name, context) {
        Some(_) if context::cancels(name) => Control::Cancel,
        Some(true) => Control::Affirm,
        Some(false) => Control::Deny,
        None if context::starts_over(name) => Control::StartOver,
        None => return None,
    };
    let is_answer = matches!(control, Control::Affirm | Control::Deny);
    match reaction {
        None => {}
        Some(_) if is_answer && asks_yes_or_no => {
            let place = context.ledger.place(Kind::Intent, name);
            context.ledger.lost(
                place,
                format!("what the bot does about intent `{name}` outside a question is not carried over"),
                "it answers yes or no only",
            );
        }
        Some(_) => return None,
    }
    let place = context.ledger.place(Kind::Intent, name);
    context.ledger.changed(
        place,
        format!("intent `{name}` steers the conversation as `control`"),
        "",
    );
    Some(control)
}

fn without_examples(name: &str, context: &mut Context<'_>) {
    let below = format!("{name}/");
    if context.nlu.examples.keys().any(|intent| intent.starts_with(&below)) {
        context.ledger.settle(Kind::Intent, name);
        let place = context.ledger.place(Kind::Intent, name);
        context.ledger.changed(
            place,
            format!("retrieval intent `{name}` is several intents now, one for each below it"),
            "",
        );
    } else if !context.ledger.is_settled(Kind::Intent, name) {
        context.ledger.lose(
            Kind::Intent,
            name,
            "has no examples and is not carried over",
            "add it with examples",
        );
    }
}

fn settle_slots(context: &mut Context<'_>) {
    for name in context.ledger.names(Kind::Slot) {
        if !context.ledger.is_carried(Kind::Slot, &name) {
            context.ledger.lose(
                Kind::Slot,
                &name,
                "is filled by no form",
                "add it to the flow that needs it",
            );
        }
    }
}

fn settle_actions(context: &mut Context<'_>) {
    for name in context.ledger.names(Kind::Action) {
        let validates = name
            .strip_prefix("validate_")
            .filter(|form| context.ledger.knows(Kind::Form, form))
            .map(str::to_owned);
        if context.ledger.knows(Kind::Response, &name) || context.ledger.knows(Kind::Form, &name) {
            context.ledger.settle(Kind::Action, &name);
        } else if let Some(form) = validates {
            let flow = context.names.flows.of(&form);
            context.ledger.lose(
                Kind::Action,
                &name,
                "is code and is not carried over",
                &format!("write `validate` for the slots of flow `{flow}`"),
            );
        } else if !context.ledger.is_settled(Kind::Action, &name) {
            context.ledger.lose(
                Kind::Action,
                &name,
                "is code and is not carried over",
                "write it as a `call` step of a flow",
            );
        }
    }
}
