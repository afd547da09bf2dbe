//! The entities that Nakai knows by itself, as a bot names them.
//!
//! The recognisers of `nakai-time` and `nakai-entities` find everything of their family at once; here what they find goes to the bot's
//! entities that want it. What no entity wants as a whole is taken apart: where a bot asks for a `date` and a `time`, "tomorrow at
//! three" is both.

mod amounts;
mod names;
mod sequences;
mod times;

use std::{collections::BTreeMap, ops::Range};

use jiff::{Timestamp, civil::DateTime, tz::TimeZone};
use nakai_bundle::model::{BuiltinEntity, TimeConvention, TimePreference};
use nakai_types::{EntityValue, Language};

use super::{Found, FoundValue, Part};

/// Where and when an utterance was said.
#[derive(Debug, Clone)]
pub struct Circumstances {
    /// The language in which it is read.
    pub language: Language,
    /// Whether it has words of the other language too.
    pub mixed: bool,
    /// The local time of the bot's team.
    pub now: DateTime,
    /// Its time zone.
    pub zone: TimeZone,
    /// What is taken for granted of times.
    pub convention: TimeConvention,
}

impl Circumstances {
    /// Takes a time in milliseconds since 1970 (UTC) and the time zone in which days are counted. A time out of range counts as 1970.
    pub fn new(language: Language, mixed: bool, now_ms: i64, zone: &TimeZone, convention: TimeConvention) -> Self {
        let now = Timestamp::from_millisecond(now_ms).unwrap_or_default();
        Self {
            language,
            mixed,
            now: zone.to_datetime(now),
            zone: zone.clone(),
            convention,
        }
    }
}

/// An entity of the bot that is one of the built-in ones.
#[derive(Debug)]
struct Wanted {
    /// The number of the bot's entity.
    number: usize,
    entity: BuiltinEntity,
    preference: TimePreference,
}

/// The built-in entities of one bot.
#[derive(Debug, Default)]
pub(super) struct Builtins {
    wanted: Vec<Wanted>,
}

impl Builtins {
    /// `numbers` gives the number of each of the bot's entities.
    pub(super) fn new<'n>(
        builtin: &BTreeMap<&'n str, (BuiltinEntity, TimePreference)>,
        number: impl Fn(&'n str) -> Option<usize>,
    ) -> Self {
        let wanted = builtin.iter().filter_map(|(name, (entity, preference))| {
            Some(Wanted {
                number: number(name)?,
                entity: *entity,
                preference: *preference,
            })
        });
        Self {
            wanted: wanted.collect(),
        }
    }

    /// Appends what is found in a text in normal form, upper and lower case kept.
    pub(super) fn find(&self, text: &str, circumstances: &Circumstances, found: &mut Vec<Found<'_>>) {
        let wanted = self.wanted.as_slice();
        let other = match circumstances.language {
            Language::Ja => Language::En,
            Language::En => Language::Ja,
        };
        let languages = [Some(circumstances.language), circumstances.mixed.then_some(other)];
        for language in languages.into_iter().flatten() {
            times::find(wanted, text, language, circumstances, found);
            amounts::find(wanted, text, language, found);
            names::find(wanted, text, language, found);
        }
        // These are written alike in all languages.
        sequences::find(wanted, text, circumstances.language, found);
    }
}

/// Says whether any of some entities is wanted.
fn wants(wanted: &[Wanted], entities: &[BuiltinEntity]) -> bool {
    wanted.iter().any(|wanted| entities.contains(&wanted.entity))
}

/// Appends a stretch for the entities that want its first reading that is wanted at all. The readings after that are what else it may
/// mean.
fn push(
    wanted: &[Wanted],
    range: Range<usize>,
    readings: impl Iterator<Item = (BuiltinEntity, EntityValue)>,
    found: &mut Vec<Found<'_>>,
) {
    let mut readings = readings.filter(|(entity, _)| wants(wanted, &[*entity]));
    let Some((entity, first)) = readings.next() else {
        return;
    };
    let mut values = vec![first];
    values.extend(readings.map(|(_, value)| value));
    let takers = wanted.iter().filter(|wanted| wanted.entity == entity);
    let parts: Vec<Part> = takers
        .filter_map(|taker| Part::new(taker.number, values.clone()))
        .collect();
    if let Some(first) = parts.first() {
        found.push(Found {
            range,
            entity: first.entity,
            value: FoundValue::Known(parts),
        });
    }
}
