use std::collections::BTreeMap;

use super::{
    context::{Context, hands_over},
    forms,
    names::slug,
    paths::Act,
    report::{Kind, Place},
    wordings,
};
use crate::model::{HandoverStep, ReplyDefinition, SlotDefinition, Step};

/// The steps of a flow while it is being written.
#[derive(Debug, Default)]
pub(super) struct Script {
    pub(super) slots: BTreeMap<String, SlotDefinition>,
    pub(super) replies: BTreeMap<String, ReplyDefinition>,
}

impl Script {
    /// The steps for what the bot does, forms aside. What follows a hand-over is not reached.
    pub(super) fn say_all(&mut self, acts: &[Act], at: &Place, context: &mut Context<'_>) -> Vec<Step> {
        let mut steps = Vec::new();
        for act in acts {
            match act {
                Act::Say(response) => steps.push(Step::Say(self.reply(response, at, context))),
                Act::Custom(action) => {
                    let reason = hand_over(action, context);
                    steps.push(Step::Handover(HandoverStep { reason, reply: None }));
                }
                Act::Form(form) => {
                    context.ledger.lost(
                        at.clone(),
                        format!("form `{form}` no longer starts when another one is filled"),
                        "put its steps into the same flow",
                    );
                }
                Act::LeaveForm | Act::Restart | Act::Fallback => {
                    context.ledger.lost(
                        at.clone(),
                        "a built-in action amid others is not carried over",
                        "end the flow there with an `end` step",
                    );
                }
            }
        }
        cut_after_handover(steps, at, context)
    }

    /// The bundle's name for a response, which is made if the domain has none.
    pub(super) fn reply(&mut self, response: &str, place: &Place, context: &mut Context<'_>) -> String {
        let name = context.names.replies.of(response);
        if !context.domain.responses.contains_key(response) {
            self.replies.insert(
                name.clone(),
                forms::one_wording(wordings::no_text(context.language).to_owned(), context),
            );
            context.ledger.lost(
                place.clone(),
                format!("the domain has no response `{response}`"),
                format!("word reply `{name}`"),
            );
        }
        name
    }
}

/// A hand-over ends a flow: what follows it is not reached.
pub(super) fn cut_after_handover(mut steps: Vec<Step>, place: &Place, context: &mut Context<'_>) -> Vec<Step> {
    if let Some(first) = steps.iter().position(|step| matches!(step, Step::Handover(_)))
        && first + 1 < steps.len()
    {
        steps.truncate(first + 1);
        context.ledger.lost(
            place.clone(),
            "what follows code here is not carried over",
            "add it below the `call` step that you write",
        );
    }
    steps
}

/// What stands for a custom action: a human, until somebody writes the call.
pub(super) fn hand_over(action: &str, context: &mut Context<'_>) -> String {
    let reason = slug(action, "action");
    if hands_over(action) {
        let place = context.ledger.place(Kind::Action, action);
        context.ledger.changed(
            place,
            format!("action `{action}` hands over to a human, with the reason `{reason}`"),
            "",
        );
        context.ledger.carry(Kind::Action, action);
    } else {
        context.ledger.lose(
            Kind::Action,
            action,
            &format!("is code and is not carried over; a hand-over with the reason `{reason}` stands in its place"),
            "write it as a `call` step",
        );
    }
    reason
}
