//! Handing a conversation over to a human, and staying silent afterwards.

use std::fmt::Write as _;

use nakai_types::{Handover, Language, Outcome, Screened};

use crate::{replies::ReplyId, turn::Turn};

/// When humans are there, in minutes of the day. May go over midnight.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Hours {
    from: u16,
    to: u16,
}

impl Hours {
    /// Reads `09:00-18:00`.
    pub(crate) fn parse(text: &str) -> Result<Self, String> {
        let minutes = |time: &str| {
            let (hour, minute) = time.trim().split_once(':')?;
            let (hour, minute): (u16, u16) = (hour.parse().ok()?, minute.parse().ok()?);
            ((hour < 24 && minute < 60) || (hour == 24 && minute == 0)).then_some(hour * 60 + minute)
        };
        text.split_once('-')
            .and_then(|(from, to)| {
                Some(Self {
                    from: minutes(from)?,
                    to: minutes(to)?,
                })
            })
            .ok_or_else(|| format!("`{text}` are no hand-over hours; write them like `09:00-18:00`"))
    }

    /// Says whether somebody is there at a minute of the day.
    pub(crate) const fn contain(self, minute: u16) -> bool {
        if self.from <= self.to {
            self.from <= minute && minute < self.to
        } else {
            minute >= self.from || minute < self.to
        }
    }
}

/// Hands over for a reason. Outside the hours the bot's reply for that has the last word over the step's own, which would promise
/// somebody who is not there.
pub(crate) fn hand_over(turn: &mut Turn<'_>, reason: &str, reply: Option<ReplyId>) {
    let policy = &turn.bot.policy;
    let closed = policy.hours.is_some_and(|hours| !hours.contain(turn.minute_of_day()));
    let reply = policy.closed.filter(|_| closed).or(reply).unwrap_or(policy.handover);
    turn.say(reply);
    let slots = turn
        .state
        .flows
        .last()
        .map(|flow| flow.slots.clone())
        .unwrap_or_default();
    let handover = Handover {
        reason: reason.to_owned(),
        summary: Screened::ours(summary(turn)),
        slots: slots.iter().map(|(name, value)| (name.clone(), value.into())).collect(),
    };
    turn.decide("handover", reason, closed.then(|| "outside the hours".into()));
    turn.handover = Some(handover);
    turn.end_as(Outcome::Handover);
    turn.state.handed_over = true;
    turn.state.ended_slots = slots;
    turn.state.flows.clear();
    turn.state.misses = 0;
}

/// Says that a human has the conversation, and nothing else.
pub(crate) fn keep_silent(turn: &mut Turn<'_>) {
    turn.say(turn.bot.policy.waiting);
    turn.decide("silent", "handover", None);
    turn.end_as(Outcome::Handover);
}

/// What the human should know, in the customer's language.
fn summary(turn: &Turn<'_>) -> String {
    let language = turn.language;
    let (wanted, flow_words, said, colon, separator) = match language {
        Language::Ja => ("ご用件", "お手続き", "最近のご発言", "：", "、"),
        Language::En => ("Wanted", "In progress", "Said last", ": ", ", "),
    };
    let mut lines = Vec::new();
    let titles: Vec<&str> = turn.state.intents.iter().map(|name| turn.intent_title(name)).collect();
    if !titles.is_empty() {
        lines.push(format!("{wanted}{colon}{}", titles.join(separator)));
    }
    for active in turn.state.flows.iter().rev() {
        let Some(program) = turn.bot.programs.get(active.flow.as_str()) else {
            continue;
        };
        let mut line = format!("{flow_words}{colon}{}", program.title(language));
        let slots: Vec<String> = active
            .slots
            .iter()
            .map(|(name, value)| {
                let slot = program.slots.get(name.as_str());
                let title = slot.map_or(name.as_str(), |slot| slot.title(language));
                format!(
                    "{title}{colon}{}",
                    slot.map_or_else(|| value.to_text(), |slot| slot.label(value, language))
                )
            })
            .collect();
        if !slots.is_empty() {
            // Writing to a string does not fail.
            let _ = write!(line, " ({})", slots.join(separator));
        }
        lines.push(line);
    }
    if !turn.state.utterances.is_empty() {
        lines.push(format!("{said}{}", colon.trim_end()));
        lines.extend(turn.state.utterances.iter().map(|text| format!("- {text}")));
    }
    lines.join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hours_may_go_over_midnight() {
        for (hours, minute, open) in [
            ("09:00-18:00", 9 * 60, true),
            ("09:00-18:00", 18 * 60, false),
            ("09:00-18:00", 0, false),
            ("22:00-06:00", 23 * 60, true),
            ("22:00-06:00", 5 * 60, true),
            ("22:00-06:00", 12 * 60, false),
            ("00:00-24:00", 1439, true),
        ] {
            assert_eq!(Hours::parse(hours).unwrap().contain(minute), open, "{hours} {minute}");
        }
        for wrong in ["", "9-18", "25:00-26:00", "09:00", "09:60-10:00"] {
            assert!(Hours::parse(wrong).is_err(), "{wrong}");
        }
    }
}
