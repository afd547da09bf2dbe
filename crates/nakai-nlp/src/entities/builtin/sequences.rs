use nakai_bundle::model::BuiltinEntity;
use nakai_entities::sequences::{self, SequenceKind};
use nakai_types::{EntityValue, Language};

use super::{Found, Wanted, push, wants};

const ENTITIES: [BuiltinEntity; 5] = [
    BuiltinEntity::Phone,
    BuiltinEntity::Email,
    BuiltinEntity::Url,
    BuiltinEntity::PostalCode,
    BuiltinEntity::OrderNumber,
];

/// What is less sure is not worth a wrong answer.
const SURE: f64 = 0.5;

/// Appends phone numbers, addresses, postal codes and numbers of orders, each in the one form that it has for all ways to write it.
pub(super) fn find(wanted: &[Wanted], text: &str, language: Language, found: &mut Vec<Found<'_>>) {
    if !wants(wanted, &ENTITIES) {
        return;
    }
    for mention in sequences::find(text, language) {
        let sure = mention.readings.into_iter().filter(|reading| reading.score >= SURE);
        let values = sure.filter_map(|reading| {
            let value = reading.canonical.unwrap_or(reading.value);
            Some((entity(reading.kind)?, EntityValue::Text(value)))
        });
        push(wanted, mention.range, values, found);
    }
}

const fn entity(kind: SequenceKind) -> Option<BuiltinEntity> {
    match kind {
        SequenceKind::Phone => Some(BuiltinEntity::Phone),
        SequenceKind::Email => Some(BuiltinEntity::Email),
        SequenceKind::Url => Some(BuiltinEntity::Url),
        SequenceKind::PostalCode => Some(BuiltinEntity::PostalCode),
        SequenceKind::Reference => Some(BuiltinEntity::OrderNumber),
        SequenceKind::Guid
        | SequenceKind::Ipv6
        | SequenceKind::Ipv4
        | SequenceKind::Hashtag
        | SequenceKind::Mention
        | SequenceKind::Quoted => None,
    }
}
