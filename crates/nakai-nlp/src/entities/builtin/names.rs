use nakai_bundle::model::BuiltinEntity;
use nakai_entities::names::{self, NameKind};
use nakai_types::{EntityValue, Language};

use super::{Found, Wanted, push, wants};

/// Appends names of people, places and organisations, as they were written.
pub(super) fn find(wanted: &[Wanted], text: &str, language: Language, found: &mut Vec<Found<'_>>) {
    const ENTITIES: [BuiltinEntity; 3] = [BuiltinEntity::Person, BuiltinEntity::Place, BuiltinEntity::Organization];
    if !wants(wanted, &ENTITIES) {
        return;
    }
    for mention in names::find(text, language) {
        let values = mention.readings.into_iter().map(|name| {
            let entity = match name.kind {
                NameKind::Person => BuiltinEntity::Person,
                // Customers go to stations and hotels as they do to towns.
                NameKind::Place | NameKind::Facility => BuiltinEntity::Place,
                NameKind::Organisation => BuiltinEntity::Organization,
            };
            (entity, EntityValue::Text(name.value))
        });
        push(wanted, mention.range, values, found);
    }
}
