//! What an utterance means at this point of a conversation: everything is decided here, nothing is done.
//!
//! The order is the policy. With a flow that waits for an answer:
//!
//! 1. an utterance that is nothing but a fitting answer is that answer, even if it resembles an intent;
//! 2. a sure "cancel", "start over" or wish for a human;
//! 3. a question about something else, if the other intent is sure;
//! 4. new values for slots that are filled (corrections), and values for slots that are not;
//! 5. any other sure intent;
//! 6. otherwise the answer does not fit.
//!
//! Without one: what the last reply offered, then the intent, then a search.

use std::sync::Arc;

use nakai_bundle::model::Control;

use crate::{
    bot::{Action, Intent},
    numerals,
    program::{Program, Question, SlotKind},
    slots::{self, Filling},
    state::{ActiveFlow, Offer},
    text::without_politeness,
    turn::Turn,
    yes_no,
};

/// What the bot does next.
pub(crate) enum Move<'a> {
    /// Steers the conversation.
    Control(Control),
    /// Hands over, for a reason.
    HandOver(Arc<str>),
    /// Takes values for slots of the active flow.
    Fill {
        /// New values for slots that are filled.
        corrections: Vec<Filling>,
        /// Values for slots that are not.
        fillings: Vec<Filling>,
    },
    /// The answer does not fit the question.
    Misfit,
    /// Acts on an intent; a flow that waits is interrupted.
    Act(&'a Intent),
    /// Yes to several choices at once: shows them again.
    ShowChoices(Vec<String>),
    /// None of the choices that were offered.
    NoneOfThese,
    /// No to a human.
    DeclineHuman,
    /// Nothing was understood: the knowledge base may still know.
    Search,
}

/// The intent that was understood.
#[derive(Clone, Copy)]
struct Meant<'a> {
    intent: &'a Intent,
    confidence: f32,
    /// Its title was said word for word.
    named: bool,
}

impl Meant<'_> {
    const fn control(&self) -> Option<Control> {
        match self.intent.action {
            Action::Control(control) => Some(control),
            _ => None,
        }
    }
}

/// Decides what the utterance means.
pub(crate) fn hear<'a>(turn: &Turn<'a>) -> Move<'a> {
    let meant = meant(turn);
    match turn.pending() {
        Some((program, question, active)) => hear_in_flow(turn, meant, program, question, active),
        None => turn
            .state
            .offer
            .as_ref()
            .and_then(|offer| hear_offer(turn, meant, offer))
            .unwrap_or_else(|| match meant {
                Some(meant) => act(meant.intent),
                None => Move::Search,
            }),
    }
}

fn meant<'a>(turn: &Turn<'a>) -> Option<Meant<'a>> {
    let bot = turn.bot;
    if let Some(intent) = bot.intent_titled(&turn.utterance.folded) {
        return Some(Meant {
            intent,
            confidence: 1.0,
            named: true,
        });
    }
    let best = turn.request.understanding.intent()?;
    Some(Meant {
        intent: bot.intent(&best.name)?,
        confidence: best.confidence,
        named: false,
    })
}

fn act(intent: &Intent) -> Move<'_> {
    match &intent.action {
        Action::Control(control) => Move::Control(*control),
        Action::HandOver(reason) => Move::HandOver(Arc::clone(reason)),
        _ => Move::Act(intent),
    }
}

fn hear_in_flow<'a>(
    turn: &Turn<'a>,
    meant: Option<Meant<'a>>,
    program: &'a Program,
    question: &'a Question,
    active: &ActiveFlow,
) -> Move<'a> {
    let Some(slot) = program.slots.get(&question.slot) else {
        return Move::Misfit;
    };
    let utterance = &turn.utterance;
    let fit = slots::fit(slot, utterance, meant.as_ref().and_then(Meant::control));
    let answer = fit.as_ref().map(|fit| Filling {
        slot: Arc::clone(&slot.name),
        value: fit.value.clone(),
    });
    let more = |taken: Option<&Filling>| slots::gather(program, &active.slots, utterance, taken);

    if fit.as_ref().is_some_and(|fit| fit.whole) {
        return Move::Fill {
            corrections: Vec::new(),
            fillings: answer.into_iter().collect(),
        };
    }

    let sure = meant.filter(|meant| meant.confidence >= turn.bot.bundle.bot.thresholds.digression);
    let steering = |intent: &Intent| {
        matches!(
            intent.action,
            Action::Control(Control::Cancel | Control::StartOver) | Action::HandOver(_)
        )
    };
    if let Some(meant) = sure.filter(|meant| steering(meant.intent)) {
        return act(meant.intent);
    }

    let elsewhere = sure.filter(|meant| match &meant.intent.action {
        Action::Flow(flow) => *flow != program.name,
        Action::Control(_) => false,
        _ => true,
    });
    if let Some(meant) = elsewhere.filter(|meant| meant.named || (utterance.is_question() && !utterance.revises())) {
        return act(meant.intent);
    }

    let corrections = slots::corrections(program, &active.slots, utterance, (slot, fit.as_ref()));
    if !corrections.is_empty() {
        // "No, 3 people" corrects and says no to nothing; "actually 3" is no answer to the next question either.
        let corrects_only = matches!(slot.kind, SlotKind::Text | SlotKind::YesNo | SlotKind::Number);
        let shared = answer
            .as_ref()
            .is_some_and(|answer| corrections.iter().any(|correction| correction.value == answer.value));
        let answer = answer.filter(|_| !corrects_only && !shared);
        return Move::Fill {
            corrections,
            fillings: answer.into_iter().collect(),
        };
    }
    if let Some(answer) = answer {
        let mut fillings = if matches!(slot.kind, SlotKind::Text) {
            Vec::new()
        } else {
            more(Some(&answer))
        };
        fillings.insert(0, answer);
        return Move::Fill { corrections, fillings };
    }
    if let Some(meant) = elsewhere {
        return act(meant.intent);
    }
    let fillings = more(None);
    if fillings.is_empty() {
        Move::Misfit
    } else {
        Move::Fill { corrections, fillings }
    }
}

/// Reads the utterance as an answer to what the last reply offered.
fn hear_offer<'a>(turn: &Turn<'a>, meant: Option<Meant<'a>>, offer: &Offer) -> Option<Move<'a>> {
    let control = meant.as_ref().and_then(Meant::control);
    let steers = |control| matches!(control, Control::Affirm | Control::Deny);
    if meant.is_some_and(|meant| meant.named) && !control.is_some_and(steers) {
        return None;
    }
    let folded = &turn.utterance.folded;
    let said = match (yes_no::parse(folded), control) {
        (Some(said), _) if said.nothing_else || meant.is_none() || control.is_some() => Some(said.yes),
        (None, Some(Control::Affirm)) => Some(true),
        (None, Some(Control::Deny)) => Some(false),
        _ => None,
    };
    match (offer, said) {
        (Offer::Human, Some(true)) => Some(Move::HandOver("not_understood".into())),
        (Offer::Human, Some(false)) => Some(Move::DeclineHuman),
        (Offer::Human, None) => None,
        (Offer::Choices(_), Some(false)) => Some(Move::NoneOfThese),
        (Offer::Choices(names), Some(true)) => match names.as_slice() {
            [only] => turn.bot.intent(only).map(act),
            _ => Some(Move::ShowChoices(names.clone())),
        },
        (Offer::Choices(names), None) => {
            let number = numerals::find(folded).into_iter().next()?;
            // "2", "2番" and "2番目", but not a sentence with a number in it.
            let rest = without_politeness(folded)
                .chars()
                .count()
                .saturating_sub(folded[number.range].chars().count());
            let index = usize::try_from(number.value).ok()?.checked_sub(1)?;
            (rest <= 2)
                .then(|| turn.bot.intent(names.get(index)?).map(act))
                .flatten()
        }
    }
}
