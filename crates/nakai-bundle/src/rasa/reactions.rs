use std::collections::{BTreeMap, BTreeSet};

use super::{
    branches::{Branch, Chosen, answer, contradict},
    context::Context,
    entities::Entities,
    forms,
    names::title,
    paths::{Act, Ending, Path},
    report::{Kind, Place},
    script::{Script, cut_after_handover, hand_over},
};
use crate::model::{AskStep, Flow, HandoverStep, ReplyDefinition, SlotDefinition, SlotType, Step, WhenStep};

/// What the bot does about an intent.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Reaction {
    Reply(String),
    Flow(String),
    Handover(String),
    Cancel,
    StartOver,
    Search,
}

/// What rules and stories say, turned into one reaction for each intent.
#[derive(Debug, Default)]
pub(super) struct Reactions {
    pub(super) by_intent: BTreeMap<String, Reaction>,
    pub(super) flows: BTreeMap<String, Flow>,
    /// Replies that Rasa did not have.
    pub(super) replies: BTreeMap<String, ReplyDefinition>,
    /// Intents that only answer the questions of a form.
    answers: BTreeSet<String>,
    /// Replies that flows give.
    pub(super) in_flows: BTreeSet<String>,
    /// The reply to what is not understood.
    pub(super) ask_again: Option<String>,
}

impl Reactions {
    /// Whether an intent does nothing but answer the questions of forms.
    pub(super) fn only_answers(&self, intent: &str, context: &Context<'_>) -> bool {
        self.answers.contains(intent) && !self.by_intent.contains_key(intent) && answer(intent, context).is_none()
    }

    pub(super) fn convert(paths: &[Path], entities: &Entities, context: &mut Context<'_>) -> Self {
        let Chosen {
            branches,
            answers,
            contradicting,
        } = Chosen::among(paths, context);
        let endings = paths.iter().flat_map(|path| path.endings.iter().cloned()).collect();
        let mut writer = Writer {
            paths,
            entities,
            endings,
            done: Self {
                answers,
                ..Self::default()
            },
        };
        for (intent, branch) in branches {
            writer.react(&intent, &branch, context);
        }
        writer.write_unused_forms(context);
        writer.settle_paths(&contradicting, context);
        let mut done = writer.done;
        done.flows
            .values()
            .for_each(|flow| replies_of(&flow.steps, &mut done.in_flows));
        done
    }
}

struct Writer<'a> {
    paths: &'a [Path],
    entities: &'a Entities,
    endings: Vec<Ending>,
    done: Reactions,
}

impl Writer<'_> {
    fn react(&mut self, intent: &str, branch: &Branch, context: &mut Context<'_>) {
        if intent == "nlu_fallback" || intent == "nlu_fallback_low_confidence" {
            context.ledger.settle(Kind::Intent, intent);
            return self.do_not_understand(intent, branch, context);
        }
        let retrieval = branch.acts.iter().find_map(|act| match act {
            Act::Say(response) if is_retrieval(response, context) => Some(response.clone()),
            _ => None,
        });
        if let Some(response) = retrieval {
            return self.react_by_retrieval(&response, branch, context);
        }
        let reaction = match branch.acts.as_slice() {
            [Act::Say(response)] if branch.next.is_empty() => {
                Reaction::Reply(self.reply(response, &branch.place, context))
            }
            [Act::Form(form)] if branch.next.is_empty() => Reaction::Flow(self.form_flow(form, intent, context)),
            [Act::Custom(action)] => Reaction::Handover(hand_over(action, context)),
            [Act::Restart, ..] | [.., Act::Restart] => {
                self.drop_words(
                    branch,
                    "the conversation begins anew",
                    "word the reply `started_over`",
                    context,
                );
                Reaction::StartOver
            }
            acts if acts.contains(&Act::LeaveForm) => {
                self.drop_words(branch, "the flow is left", "word the reply `cancelled`", context);
                Reaction::Cancel
            }
            [Act::Fallback] => Reaction::Search,
            _ => {
                let mut script = Script::default();
                let steps = self.steps(branch, &mut script, context);
                Reaction::Flow(self.add_flow(&format!("on_{intent}"), intent, steps, script, context))
            }
        };
        self.done.by_intent.insert(intent.to_owned(), reaction);
    }

    /// Each intent below a retrieval intent gets the response of the same name.
    fn react_by_retrieval(&mut self, response: &str, branch: &Branch, context: &mut Context<'_>) {
        if branch.acts.len() > 1 || !branch.next.is_empty() {
            context.ledger.lost(
                branch.place.clone(),
                format!("what the bot does besides `{response}` is not carried over"),
                "turn the intents below it into flows",
            );
        }
        let prefix = format!("{}/", response.trim_start_matches("utter_"));
        let nlu = context.nlu;
        for intent in nlu.examples.keys().filter(|intent| intent.starts_with(&prefix)) {
            let reply = self.reply(&format!("utter_{intent}"), &branch.place, context);
            self.done.by_intent.insert(intent.clone(), Reaction::Reply(reply));
        }
    }

    fn do_not_understand(&mut self, intent: &str, branch: &Branch, context: &mut Context<'_>) {
        let mut acts = branch.acts.iter();
        match acts.next() {
            Some(Act::Say(response)) => self.done.ask_again = Some(self.reply(response, &branch.place, context)),
            Some(Act::Fallback) => {}
            Some(Act::Custom(action)) => {
                hand_over(action, context);
            }
            _ => {}
        }
        context.ledger.changed(
            branch.place.clone(),
            format!(
                "intent `{intent}` is `fallback` in `bot.yaml` now: the bot asks again, offers choices, offers a human"
            ),
            "",
        );
        if acts.next().is_some() {
            context.ledger.lost(
                branch.place.clone(),
                format!("only the first action about `{intent}` is carried over"),
                "see `fallback` in `bot.yaml`",
            );
        }
    }

    fn drop_words(&self, branch: &Branch, what: &str, instead: &str, context: &mut Context<'_>) {
        for act in &branch.acts {
            if let Act::Say(response) = act {
                context.ledger.lost(
                    branch.place.clone(),
                    format!("`{response}` is no longer said when {what}"),
                    instead,
                );
            }
            if let Act::Custom(action) = act {
                context.ledger.lost(
                    branch.place.clone(),
                    format!("`{action}` no longer runs when {what}"),
                    "make the intent a flow if it has to",
                );
            }
        }
    }

    fn steps(&mut self, branch: &Branch, script: &mut Script, context: &mut Context<'_>) -> Vec<Step> {
        let (last, acts) = match branch.acts.split_last() {
            Some((Act::Say(last), acts)) if !branch.next.is_empty() => (Some(last), acts),
            _ => (None, branch.acts.as_slice()),
        };
        let mut steps = Vec::new();
        for act in acts {
            match act {
                Act::Form(form) => {
                    context.ledger.carry(Kind::Form, form);
                    steps.extend(forms::fill(form, &self.endings, self.entities, script, context));
                }
                act => steps.extend(script.say_all(std::slice::from_ref(act), &branch.place, context)),
            }
        }
        let Some(question) = last else {
            return cut_after_handover(steps, &branch.place, context);
        };
        let slot = context.names.slots.of(&format!("answer to {question}"));
        let definition = SlotDefinition {
            title: context.localised(title(question)),
            kind: SlotType::YesNo,
            entity: None,
            choices: BTreeMap::new(),
            validate: None,
        };
        script.slots.insert(slot.clone(), definition);
        let reply = script.reply(question, &branch.place, context);
        steps.push(Step::Ask(AskStep {
            slot: slot.clone(),
            reply,
            retry: None,
            attempts: 3,
            otherwise: Vec::new(),
        }));
        let (mut then, mut otherwise) = (Vec::new(), Vec::new());
        for (intent, next) in &branch.next {
            let target = if answer(intent, context) == Some(true) {
                &mut then
            } else {
                &mut otherwise
            };
            if target.is_empty() {
                *target = self.steps(next, script, context);
            } else {
                contradict(self.paths, intent, next, context);
            }
        }
        let no_then = then.is_empty();
        let condition = if no_then {
            format!("not slots.{slot}")
        } else {
            format!("slots.{slot}")
        };
        let (then, otherwise) = if no_then {
            (otherwise, Vec::new())
        } else {
            (then, otherwise)
        };
        if !then.is_empty() {
            steps.push(Step::When(WhenStep {
                condition,
                then,
                otherwise,
            }));
        }
        cut_after_handover(steps, &branch.place, context)
    }

    fn form_flow(&mut self, form: &str, intent: &str, context: &mut Context<'_>) -> String {
        let name = context.names.flows.of(form);
        if !self.done.flows.contains_key(&name) {
            let mut script = Script::default();
            let steps = forms::fill(form, &self.endings, self.entities, &mut script, context);
            self.add_flow(form, intent, steps, script, context);
        }
        context.ledger.carry(Kind::Form, form);
        name
    }

    fn add_flow(
        &mut self,
        name: &str,
        intent: &str,
        mut steps: Vec<Step>,
        script: Script,
        context: &mut Context<'_>,
    ) -> String {
        let key = context.names.flows.of(name);
        if steps.is_empty() {
            steps.push(Step::Handover(HandoverStep {
                reason: key.clone(),
                reply: None,
            }));
            context.ledger.lost(
                context.ledger.place(Kind::Form, name),
                format!("`{name}` has no steps that can be carried over"),
                "write its flow",
            );
        }
        let flow_title = if context.language == nakai_types::Language::Ja {
            let examples = context.nlu.examples.get(intent).and_then(|examples| examples.first());
            examples.cloned().unwrap_or_else(|| name.to_owned())
        } else {
            title(name.trim_start_matches("on_").trim_end_matches("_form"))
        };
        self.done.replies.extend(script.replies);
        self.done.flows.insert(
            key.clone(),
            Flow {
                title: context.localised(flow_title),
                slots: script.slots,
                steps,
            },
        );
        key
    }

    /// Forms that nothing starts become flows all the same: somebody wrote their questions.
    fn write_unused_forms(&mut self, context: &mut Context<'_>) {
        let domain = context.domain;
        for form in domain.forms.keys() {
            let name = context.names.flows.of(form);
            let is_inline = context.ledger.is_carried(Kind::Form, form);
            if !is_inline && !self.done.flows.contains_key(&name) {
                self.form_flow(form, "", context);
                let place = context.ledger.place(Kind::Form, form);
                context.ledger.changed(
                    place,
                    format!("no rule or story starts form `{form}`"),
                    format!("name flow `{name}` in an intent"),
                );
            }
        }
    }

    fn settle_paths(&self, contradicting: &BTreeSet<usize>, context: &mut Context<'_>) {
        for (index, path) in self.paths.iter().enumerate() {
            if path.turns.is_empty() && path.endings.is_empty() {
                context.ledger.lose(
                    path.kind,
                    &path.name,
                    "has no steps that can be carried over",
                    "write it as a flow",
                );
            } else if contradicting.contains(&index) {
                context.ledger.lose(
                    path.kind,
                    &path.name,
                    "contradicts another one and is not carried over",
                    "see the note at its utterance",
                );
            } else {
                context.ledger.carry(path.kind, &path.name);
            }
        }
    }

    fn reply(&mut self, response: &str, place: &Place, context: &mut Context<'_>) -> String {
        let mut script = Script::default();
        let name = script.reply(response, place, context);
        self.done.replies.extend(script.replies);
        name
    }
}

fn replies_of(steps: &[Step], replies: &mut BTreeSet<String>) {
    for step in steps {
        match step {
            Step::Say(reply) => {
                replies.insert(reply.clone());
            }
            Step::Ask(ask) => {
                replies.insert(ask.reply.clone());
            }
            Step::When(when) => {
                replies_of(&when.then, replies);
                replies_of(&when.otherwise, replies);
            }
            Step::Set(_) | Step::Call(_) | Step::Answer(_) | Step::Handover(_) | Step::End(_) => {}
        }
    }
}

/// Whether a response is that of a retrieval intent: it has responses below it, and none of its own.
fn is_retrieval(response: &str, context: &Context<'_>) -> bool {
    let prefix = format!("{response}/");
    !context.domain.responses.contains_key(response)
        && (context.domain.responses.keys().any(|name| name.starts_with(&prefix))
            || context
                .nlu
                .examples
                .keys()
                .any(|intent| format!("utter_{intent}").starts_with(&prefix)))
}
