//! The whole path of a turn, top to bottom: state, what the utterance means, what the bot does about it, draft.

use std::sync::Arc;

use nakai_bundle::model::Control;
use nakai_ports::{DialogueError, Draft, RespondRequest};
use nakai_types::Outcome;

use crate::{
    bot::{Action, Bot, Intent},
    builtin::Builtin,
    fallback, flow,
    handover::{hand_over, keep_silent},
    hearing::{Move, hear},
    knowledge,
    local::Tools,
    state::ConversationState,
    turn::Turn,
};

/// How many intents of one utterance are acted on.
const MAX_WISHES: usize = 3;

/// Answers one utterance.
pub(crate) async fn respond(bot: &Bot, tools: &Tools, request: &RespondRequest) -> Result<Draft, DialogueError> {
    let mut turn = Turn::open(bot, tools, request)?;
    if turn.state.handed_over {
        keep_silent(&mut turn);
    } else {
        note_intent(&mut turn);
        let next = hear(&turn);
        turn.state.offer = None;
        carry_out(&mut turn, next).await;
    }
    turn.close()
}

/// Begins the evidence with what was understood.
fn note_intent(turn: &mut Turn<'_>) {
    match turn.request.understanding.intents.first() {
        Some(best) if turn.request.understanding.out_of_scope => {
            let detail = format!("out of scope: {} {:.2}", best.name, best.confidence);
            turn.decide("intent", "none", Some(detail));
        }
        Some(best) => turn.decide(
            "intent",
            Arc::clone(&best.name),
            Some(format!("{:.2}", best.confidence)),
        ),
        None => turn.decide("intent", "none", None),
    }
}

async fn carry_out<'a>(turn: &mut Turn<'a>, next: Move<'a>) {
    let missed_before = turn.state.misses;
    turn.state.misses = 0;
    match next {
        Move::Control(control) => steer(turn, control).await,
        Move::HandOver(reason) => hand_over(turn, &reason, None),
        Move::Fill { corrections, fillings } => flow::take(turn, corrections, fillings).await,
        Move::Misfit => misfit(turn).await,
        Move::Act(intent) => act(turn, intent, missed_before).await,
        Move::ShowChoices(intents) => fallback::offer_choices(turn, intents),
        Move::NoneOfThese => miss(turn, missed_before),
        Move::DeclineHuman => turn.say_builtin(Builtin::OfferDeclined, &[]),
        Move::Search => {
            if !answer_from_knowledge(turn).await {
                not_answered(turn, missed_before);
            }
        }
    }
}

/// Cancels, starts over, or takes a "yes" or "no" that nothing asked for.
async fn steer(turn: &mut Turn<'_>, control: Control) {
    match control {
        Control::Cancel if turn.pending().is_some() => flow::cancel(turn).await,
        Control::Cancel => turn.say_builtin(Builtin::NothingToCancel, &[]),
        Control::StartOver => {
            // What was said last is kept for one reason only: that the same words are not said again.
            let wordings = std::mem::take(&mut turn.state.wordings);
            turn.state = ConversationState {
                wordings,
                ..ConversationState::default()
            };
            turn.decide("start_over", "conversation", None);
            turn.say_builtin(Builtin::StartedOver, &[]);
        }
        Control::Affirm | Control::Deny => turn.say_builtin(Builtin::Acknowledged, &[]),
    }
}

/// Acts on an intent, and on what else the utterance asks. A flow that waits is interrupted: it goes on right after an answer, and after
/// another flow has ended.
async fn act<'a>(turn: &mut Turn<'a>, intent: &'a Intent, missed_before: u32) {
    let interrupted = turn.pending().is_some();
    if interrupted {
        turn.decide("digression", Arc::clone(&intent.name), None);
    }
    let wishes = wishes(turn, intent);
    for wish in wishes.iter().filter(|wish| !wish.social) {
        turn.state.remember_intent(&wish.name);
    }
    // The question of a flow ends the reply, whatever was said first.
    let flow = wishes.iter().find_map(|wish| match &wish.action {
        Action::Flow(name) => Some(name),
        _ => None,
    });
    if flow.is_some() {
        turn.end_as(Outcome::Flow);
    }
    let mut answered = flow.is_some();
    for wish in &wishes {
        answered |= match &wish.action {
            Action::Flow(_) => true,
            Action::HandOver(reason) => return hand_over(turn, reason, None),
            Action::Control(control) => return steer(turn, *control).await,
            Action::Reply(reply) => {
                turn.say(*reply);
                turn.end_as(Outcome::Reply);
                true
            }
            Action::Article(path) => answer_from_article(turn, path).await,
            Action::Search => answer_from_knowledge(turn).await,
        };
    }
    if let Some(flow) = flow {
        return flow::start(turn, flow).await;
    }
    if !answered {
        not_found(turn, interrupted, missed_before);
    }
    if interrupted {
        flow::ask_again(turn, intent.social);
    }
}

/// What the utterance wants: an intent that was understood, then what is said in other clauses, as far as an answer or a flow can be
/// added to a reply.
fn wishes<'a>(turn: &mut Turn<'a>, intent: &'a Intent) -> Vec<&'a Intent> {
    let mut wishes = vec![intent];
    let (bot, understanding) = (turn.bot, &turn.request.understanding);
    // The title of another intent, or an offer that was taken, has no further clauses.
    let is_best = understanding.intent().is_some_and(|best| best.name == intent.name);
    let addable = matches!(
        intent.action,
        Action::Reply(_) | Action::Article(_) | Action::Flow(_) | Action::Search
    );
    if !is_best || !addable {
        return wishes;
    }
    for also in &understanding.also {
        let Some(other) = bot.intent(&also.name) else { continue };
        let new = wishes
            .iter()
            .all(|wish| wish.name != other.name && !wish.answers_like(other));
        let addable = matches!(other.action, Action::Reply(_) | Action::Article(_) | Action::Flow(_));
        if new && addable && wishes.len() < MAX_WISHES {
            turn.decide("also", Arc::clone(&other.name), Some(format!("{:.2}", also.confidence)));
            wishes.push(other);
        }
    }
    wishes
}

/// Answers from an article, if it has anything.
async fn answer_from_article(turn: &mut Turn<'_>, path: &str) -> bool {
    let Some(found) = knowledge::within(turn, path).await else {
        return false;
    };
    turn.cite(&found);
    turn.end_as(Outcome::Answer);
    true
}

/// Answers from the knowledge base if it knows.
async fn answer_from_knowledge(turn: &mut Turn<'_>) -> bool {
    let question = turn.request.utterance.clone();
    let Some(found) = knowledge::search(turn, question).await else {
        return false;
    };
    turn.cite(&found);
    turn.end_as(Outcome::Answer);
    true
}

/// The intent was understood, but there is nothing to answer from.
fn not_found(turn: &mut Turn<'_>, interrupted: bool, missed_before: u32) {
    if interrupted {
        turn.say_builtin(Builtin::NoAnswer, &[]);
        turn.end_as(Outcome::Fallback);
    } else {
        miss(turn, missed_before);
    }
}

/// Nothing fits the pending question: perhaps it is a question of its own, to which the knowledge base has an answer.
async fn misfit(turn: &mut Turn<'_>) {
    if turn.utterance.is_question() && answer_from_knowledge(turn).await {
        flow::ask_again(turn, false);
    } else {
        flow::misfit(turn).await;
    }
}

/// Nothing was found for what no intent knows. The bot says so honestly if it was a question and the ladder is not climbed yet.
fn not_answered(turn: &mut Turn<'_>, missed_before: u32) {
    if missed_before == 0 && turn.utterance.is_question() && !turn.bot.bundle.articles.is_empty() {
        fallback::admit(turn);
    } else {
        miss(turn, missed_before);
    }
}

/// Not understood.
fn miss(turn: &mut Turn<'_>, missed_before: u32) {
    turn.state.misses = missed_before;
    fallback::climb(turn);
}
