//! Runs flows: from one question to the next, through everything between them.
//!
//! A correction runs the flow again from its top with the slots that are known, so that every condition sees the new value. What was
//! done before is then not done twice: each instruction that had an effect is in [`ActiveFlow::done`](crate::state::ActiveFlow::done)
//! with a digest of what it depended on.
//!
//! - `say` and `answer` are repeated only if their words would be different now;
//! - `call` is repeated only if what it would send is different now;
//! - `set` is repeated if it depends on slots or results, except on the slot that it sets;
//! - a question whose attempts were used up is not asked again.

use std::sync::Arc;

use minijinja::{Value, context};
use nakai_types::{Outcome, Screened};

use crate::{
    builtin::Builtin,
    call,
    handover::hand_over,
    knowledge,
    program::{Assignment, Instruction, Program, Question},
    replies::ReplyId,
    slots::{self, Filling},
    state::{ActiveFlow, MAX_FLOWS, SlotValue},
    templates::Text,
    text::digest,
    turn::Turn,
};

/// More steps than any sensible flow takes in one turn.
const MAX_STEPS: usize = 1000;
/// The digest of what depends on nothing.
const CONSTANT: u64 = 0;

/// Starts a flow, or takes it up again if it is paused, and runs it. What the utterance says of its slots is filled at once.
pub(crate) async fn start(turn: &mut Turn<'_>, name: &str) {
    let Some(program) = turn.bot.programs.get(name) else {
        return;
    };
    turn.end_as(Outcome::Flow);
    if let Some(paused) = turn.state.flows.iter().position(|flow| flow.flow == name) {
        let flow = turn.state.flows.remove(paused);
        turn.state.flows.push(flow);
        turn.decide("resume", Arc::clone(&program.name), None);
    } else {
        if turn.state.flows.len() == MAX_FLOWS {
            let dropped = turn.state.flows.remove(0);
            turn.decide("cancel", dropped.flow, Some("too many flows were paused".into()));
        }
        turn.state.flows.push(ActiveFlow {
            flow: name.to_owned(),
            ..ActiveFlow::default()
        });
        turn.decide("flow_start", Arc::clone(&program.name), None);
    }
    let fillings = turn
        .state
        .flows
        .last()
        .map(|flow| slots::gather(program, &flow.slots, &turn.utterance, None));
    fill(turn, program, fillings.unwrap_or_default());
    run(turn).await;
}

/// Takes values for the active flow's slots and goes on: with the next step, or after a correction from the top.
pub(crate) async fn take(turn: &mut Turn<'_>, corrections: Vec<Filling>, fillings: Vec<Filling>) {
    let Some((program, question, _)) = turn.pending() else {
        return;
    };
    turn.end_as(Outcome::Flow);
    let refused_answer = fillings
        .iter()
        .any(|filling| filling.slot == question.slot && !is_valid(turn, program, filling));
    let mut corrected = false;
    for correction in corrections {
        corrected |= correct(turn, program, correction);
    }
    fill(turn, program, fillings);
    if let Some(active) = turn.state.flows.last_mut().filter(|_| corrected) {
        active.rewind();
    }
    if refused_answer {
        return misfit(turn).await;
    }
    run(turn).await;
}

/// The answer does not fit: asks again, until the attempts are used up.
pub(crate) async fn misfit(turn: &mut Turn<'_>) {
    let Some((program, question, _)) = turn.pending() else {
        return;
    };
    turn.end_as(Outcome::Flow);
    let Some(active) = turn.state.flows.last_mut() else {
        return;
    };
    active.attempts += 1;
    let attempts = active.attempts;
    if attempts >= question.attempts {
        active.attempts = 0;
        active.note_done(active.position, CONSTANT);
    }
    let detail = format!("attempt {attempts} of {}", question.attempts);
    turn.decide("slot_rejected", Arc::clone(&question.slot), Some(detail));
    if attempts >= question.attempts {
        return run(turn).await;
    }
    if let Some(retry) = question.retry {
        turn.say(retry);
    }
    ask(turn, program, question);
}

/// Goes back to the pending question after something else was answered; without ado after mere small talk.
pub(crate) fn ask_again(turn: &mut Turn<'_>, small_talk: bool) {
    let Some((program, question, _)) = turn.pending() else {
        return;
    };
    turn.decide("resume", Arc::clone(&program.name), None);
    if !small_talk {
        turn.say_builtin(Builtin::ResumeFlow, &[("flow", program.title(turn.language))]);
    }
    ask(turn, program, question);
}

/// Leaves the active flow; a paused one goes on.
pub(crate) async fn cancel(turn: &mut Turn<'_>) {
    let Some((program, ..)) = turn.pending() else { return };
    turn.decide("cancel", Arc::clone(&program.name), None);
    turn.say_builtin(Builtin::Cancelled, &[("flow", program.title(turn.language))]);
    turn.end_as(Outcome::Reply);
    turn.state.flows.pop();
    if back_to_paused(turn) {
        run(turn).await;
    }
}

/// Runs the active flow until it waits for the customer, or nothing is left to run.
async fn run(turn: &mut Turn<'_>) {
    for _ in 0..MAX_STEPS {
        let Some(active) = turn.state.flows.last_mut() else {
            return;
        };
        let Some(program) = turn.bot.programs.get(active.flow.as_str()) else {
            return;
        };
        let position = active.position;
        let next = match program.instructions.get(position) {
            None => {
                end(turn, None);
                continue;
            }
            Some(Instruction::End(reply)) => {
                end(turn, *reply);
                continue;
            }
            Some(Instruction::HandOver { reason, reply }) => return hand_over(turn, reason, *reply),
            Some(Instruction::Say(reply)) => {
                say(turn, position, *reply);
                position + 1
            }
            Some(Instruction::Ask(question)) => {
                if active.slots.contains_key(&*question.slot) {
                    question.filled
                } else if !active.was_done(position, CONSTANT) {
                    return ask(turn, program, question);
                } else if let Some(exhausted) = question.exhausted {
                    exhausted
                } else {
                    return hand_over(turn, "not_understood", None);
                }
            }
            Some(Instruction::Jump(target)) => *target,
            Some(Instruction::Unless { condition, target }) => match condition.value(turn.scope()) {
                Ok(value) if value.is_true() => position + 1,
                Ok(_) => *target,
                Err(error) => {
                    turn.decide(
                        "flow_step",
                        step_name(program, position),
                        Some(format!("condition is false: {}", error.kind())),
                    );
                    *target
                }
            },
            Some(Instruction::Set(assignments)) => {
                set(turn, program, position, assignments);
                position + 1
            }
            Some(Instruction::Answer(question)) => {
                answer(turn, program, position, question).await;
                position + 1
            }
            Some(Instruction::Call(step)) => match (call::call(turn, position, step).await, step.failed) {
                (Ok(()), _) => step.worked,
                (Err(_), Some(failed)) => failed,
                (Err(_), None) => return hand_over(turn, "tool_failed", None),
            },
        };
        if let Some(active) = turn.state.flows.last_mut() {
            active.position = next;
        }
    }
    // Jumps only go forward, so this needs a flow of a thousand steps; it must not end between two questions.
    turn.decide("flow_step", "steps", Some(format!("more than {MAX_STEPS} in one turn")));
    hand_over(turn, "not_understood", None);
}

/// Ends the active flow; a paused one goes on.
fn end(turn: &mut Turn<'_>, reply: Option<ReplyId>) {
    if let Some(reply) = reply {
        turn.say(reply);
    }
    if let Some(ended) = turn.state.flows.pop() {
        turn.decide("flow_step", format!("{}/end", ended.flow), None);
        turn.state.ended_slots = ended.slots;
    }
    back_to_paused(turn);
}

/// Announces the flow that goes on, if one was paused.
fn back_to_paused(turn: &mut Turn<'_>) -> bool {
    let Some((program, ..)) = turn.pending() else {
        return false;
    };
    turn.decide("resume", Arc::clone(&program.name), None);
    turn.say_builtin(Builtin::ResumeFlow, &[("flow", program.title(turn.language))]);
    true
}

fn ask(turn: &mut Turn<'_>, program: &Program, question: &Question) {
    if let Some(active) = turn.state.flows.last_mut() {
        active.wait();
    }
    turn.offer(Vec::new());
    turn.say(question.reply);
    if !turn.offers()
        && let Some(slot) = program.slots.get(&question.slot)
    {
        turn.offer(slot.buttons(turn.language));
    }
    turn.decide("flow_step", Arc::clone(&question.step), None);
}

fn say(turn: &mut Turn<'_>, position: usize, reply: ReplyId) {
    // The first wording stands for all: whichever is said, they tell the same.
    let words = match turn.bot.replies.get(reply).wordings(turn.language).first() {
        Some(text @ Text::Template(_)) => {
            let rendered = turn.bot.templates.render(text, || turn.scope()).unwrap_or_default();
            digest([rendered.as_bytes()])
        }
        _ => CONSTANT,
    };
    if is_new(turn, position, words) {
        turn.say(reply);
    }
}

/// Remembers that an instruction was carried out, and says whether that is new: not done yet, or done on other grounds.
fn is_new(turn: &mut Turn<'_>, position: usize, grounds: u64) -> bool {
    let Some(active) = turn.state.flows.last_mut() else {
        return true;
    };
    let new = !active.was_done(position, grounds);
    if new {
        active.note_done(position, grounds);
    }
    new
}

fn set(turn: &mut Turn<'_>, program: &Program, position: usize, assignments: &[Assignment]) {
    let first_time = is_new(turn, position, CONSTANT);
    for assignment in assignments
        .iter()
        .filter(|assignment| first_time || assignment.follows_corrections)
    {
        match assignment.value.value(turn.scope()) {
            Ok(value) => {
                let Some(active) = turn.state.flows.last_mut() else {
                    return;
                };
                match slot_value(&value) {
                    Some(value) => drop(active.slots.insert(assignment.slot.to_string(), value)),
                    None => drop(active.slots.remove(&*assignment.slot)),
                }
            }
            Err(error) => {
                turn.decide(
                    "flow_step",
                    step_name(program, position),
                    Some(format!("`{}` is not set: {}", assignment.slot, error.kind())),
                );
            }
        }
    }
}

/// Takes the value of an expression as a slot's; `None` empties the slot. Lists and objects are kept as their text.
fn slot_value(value: &Value) -> Option<SlotValue> {
    if value.is_undefined() || value.is_none() {
        return None;
    }
    if let Ok(yes) = bool::try_from(value.clone()) {
        return Some(SlotValue::YesNo(yes));
    }
    if let Some(text) = value.as_str() {
        return Some(SlotValue::Text(text.to_owned()));
    }
    if let Some(number) = value.as_i64().filter(|_| value.is_integer()) {
        return Some(SlotValue::Integer(number));
    }
    let number = f64::try_from(value.clone()).ok().filter(|number| number.is_finite());
    Some(number.map_or_else(|| SlotValue::Text(value.to_string()), SlotValue::Number))
}

async fn answer(turn: &mut Turn<'_>, program: &Program, position: usize, question: &Text) {
    let bot = turn.bot;
    let question = match bot.templates.render(question, || turn.scope()) {
        Ok(question) => question,
        Err(error) => {
            turn.decide(
                "flow_step",
                step_name(program, position),
                Some(error.kind().to_string()),
            );
            String::new()
        }
    };
    if !is_new(turn, position, digest([question.as_bytes()])) {
        return;
    }
    match knowledge::search(turn, Screened::ours(question)).await {
        Some(found) => turn.cite(&found),
        None => turn.say_builtin(Builtin::NoAnswer, &[]),
    }
}

/// Fills slots with the values that pass their rules.
fn fill(turn: &mut Turn<'_>, program: &Program, fillings: Vec<Filling>) {
    for filling in fillings {
        if !is_valid(turn, program, &filling) {
            // The answer to the question is counted where the question is asked again.
            if turn
                .pending()
                .is_none_or(|(_, question, _)| question.slot != filling.slot)
            {
                turn.decide("slot_rejected", filling.slot, None);
            }
            continue;
        }
        turn.decide("slot_filled", Arc::clone(&filling.slot), Some(filling.value.to_text()));
        if let Some(active) = turn.state.flows.last_mut() {
            active.slots.insert(filling.slot.to_string(), filling.value);
            active.attempts = 0;
        }
    }
}

/// Gives a filled slot a new value and says so; says why not if the value breaks the slot's rule.
fn correct(turn: &mut Turn<'_>, program: &Program, correction: Filling) -> bool {
    let Some(slot) = program.slots.get(&correction.slot) else {
        return false;
    };
    let valid = is_valid(turn, program, &correction);
    let (rule, reply) = if valid {
        ("slot_corrected", Builtin::Corrected)
    } else {
        ("slot_rejected", Builtin::CorrectionRefused)
    };
    let label = slot.label(&correction.value, turn.language);
    turn.decide(rule, Arc::clone(&slot.name), Some(correction.value.to_text()));
    if valid && let Some(active) = turn.state.flows.last_mut() {
        active.slots.insert(correction.slot.to_string(), correction.value);
    }
    turn.say_builtin(reply, &[("slot", slot.title(turn.language)), ("value", &label)]);
    valid
}

/// Whether a value passes its slot's rule. A rule that can't be computed lets nothing pass.
fn is_valid(turn: &Turn<'_>, program: &Program, filling: &Filling) -> bool {
    let Some(slot) = program.slots.get(&filling.slot) else {
        return false;
    };
    let Some(rule) = &slot.validate else { return true };
    rule.value(context! { value => Value::from(&filling.value), ..turn.scope() })
        .is_ok_and(|value| value.is_true())
}

fn step_name(program: &Program, position: usize) -> String {
    format!("{}/{position}", program.name)
}
