//! What the bot does when it does not understand, rung by rung: asks again, offers choices, offers a human.

use nakai_types::Outcome;

use crate::{bot::Action, builtin::Builtin, state::Offer, turn::Turn};

const MAX_CHOICES: usize = 4;
/// Below this an intent is not near enough to be offered.
const NEAR: f32 = 0.15;

/// Climbs one rung. The counter starts anew when something is understood.
pub(crate) fn climb(turn: &mut Turn<'_>) {
    let policy = &turn.bot.bundle.bot.fallback;
    let missed = turn.state.misses;
    turn.state.misses = missed.saturating_add(1);
    turn.end_as(Outcome::Fallback);
    if missed < policy.ask_again {
        turn.say(turn.bot.policy.ask_again);
        turn.decide(
            "fallback",
            "ask_again",
            Some(format!("{} of {}", missed + 1, policy.ask_again)),
        );
        return;
    }
    let choices = if missed < policy.ask_again.saturating_add(policy.offer_choices) {
        likely_intents(turn)
    } else {
        Vec::new()
    };
    if choices.is_empty() {
        offer_human(turn);
    } else {
        offer_choices(turn, choices);
    }
}

/// A question was understood to be one, and nothing answers it: says so instead of asking for other words, and offers a human.
pub(crate) fn admit(turn: &mut Turn<'_>) {
    turn.state.misses = turn.state.misses.saturating_add(1);
    turn.end_as(Outcome::Fallback);
    turn.say_builtin(Builtin::Unknown, &[]);
    wait_for_human(turn, "unknown");
}

/// Offers intents by their titles.
pub(crate) fn offer_choices(turn: &mut Turn<'_>, intents: Vec<String>) {
    turn.say(turn.bot.policy.offer_choices);
    let titles = intents.iter().map(|name| turn.intent_title(name).to_owned()).collect();
    turn.offer(titles);
    turn.decide("fallback", "offer_choices", Some(intents.join(", ")));
    turn.state.offer = Some(Offer::Choices(intents));
    turn.end_as(Outcome::Fallback);
}

fn offer_human(turn: &mut Turn<'_>) {
    turn.say(turn.bot.policy.offer_human);
    wait_for_human(turn, "offer_human");
}

/// Takes a "yes" to a human.
fn wait_for_human(turn: &mut Turn<'_>, rung: &'static str) {
    if !turn.offers() {
        let buttons = match turn.language {
            nakai_types::Language::Ja => ["はい", "いいえ"],
            nakai_types::Language::En => ["Yes", "No"],
        };
        turn.offer(buttons.map(str::to_owned).into());
    }
    turn.decide("fallback", rung, None);
    turn.state.offer = Some(Offer::Human);
}

/// The intents that were nearest, then those of the policy.
fn likely_intents(turn: &Turn<'_>) -> Vec<String> {
    let near = turn
        .request
        .understanding
        .intents
        .iter()
        .filter(|score| score.confidence >= NEAR)
        .map(|score| &*score.name);
    let policy = turn.bot.bundle.bot.fallback.choices.iter().map(String::as_str);
    let mut likely: Vec<String> = Vec::new();
    for name in near.chain(policy) {
        let fit = turn.bot.intent(name).is_some_and(|intent| {
            !intent.social && !matches!(intent.action, Action::Control(_)) && intent.title.get(turn.language).is_some()
        });
        if fit && !likely.iter().any(|known| known == name) {
            likely.push(name.to_owned());
        }
    }
    likely.truncate(MAX_CHOICES);
    likely
}
