use std::collections::BTreeMap;

use nakai_bundle::model::EntityDefinition;
use regex::{Regex, RegexBuilder};

use super::{Found, FoundValue, InvalidEntity};

/// How much memory a compiled pattern and its cache may take, in bytes.
const SIZE_LIMIT: usize = 1 << 20;
/// How much of a text patterns look at, in bytes. All matches of a pattern can take time quadratic in the length of a text; nobody
/// names a booking after so many words.
const READ_LIMIT: usize = 16 * 1024;

/// The patterns of all entities.
#[derive(Debug)]
pub(super) struct Patterns(Vec<Pattern>);

#[derive(Debug)]
struct Pattern {
    /// The number of its entity.
    entity: usize,
    regex: Regex,
    /// The number of the group `value`.
    value: Option<usize>,
}

impl Patterns {
    pub(super) fn new(entities: &BTreeMap<String, EntityDefinition>) -> Result<Self, InvalidEntity> {
        let mut patterns = Vec::new();
        for (number, (name, definition)) in entities.iter().enumerate() {
            for (which, pattern) in definition.patterns.iter().enumerate() {
                let regex = RegexBuilder::new(pattern)
                    .size_limit(SIZE_LIMIT)
                    .dfa_size_limit(SIZE_LIMIT)
                    .build();
                let regex = regex.map_err(|error| InvalidEntity::Pattern {
                    entity: name.clone(),
                    number: which + 1,
                    reason: error.to_string(),
                })?;
                let value = regex.capture_names().position(|group| group == Some("value"));
                patterns.push(Pattern {
                    entity: number,
                    regex,
                    value,
                });
            }
        }
        Ok(Self(patterns))
    }

    /// Appends every match that is not empty. The span is that of the group `value` if the pattern has one and it took part.
    pub(super) fn find<'v>(&self, text: &'v str, found: &mut Vec<Found<'v>>) {
        let text = &text[..text.floor_char_boundary(READ_LIMIT)];
        for pattern in &self.0 {
            for whole in pattern.regex.find_iter(text) {
                let group = pattern
                    .value
                    .and_then(|group| pattern.regex.captures_at(text, whole.start())?.get(group));
                let part = group.unwrap_or(whole);
                if !part.is_empty() {
                    let value = FoundValue::Matched(part.as_str());
                    found.push(Found {
                        range: part.range(),
                        entity: pattern.entity,
                        value,
                    });
                }
            }
        }
    }
}
