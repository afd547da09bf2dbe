use nakai_entities::sequences::{self, SequenceKind};
use nakai_types::Language;
use serde_json::json;

use super::Recognised;

pub(super) fn recognise(model: &str, language: Language, input: &str) -> Option<Vec<Recognised>> {
    let wanted: &[SequenceKind] = match model {
        "EmailModel" => &[SequenceKind::Email],
        "GUIDModel" => &[SequenceKind::Guid],
        "HashtagModel" => &[SequenceKind::Hashtag],
        "IpAddressModel" => &[SequenceKind::Ipv4, SequenceKind::Ipv6],
        "MentionModel" => &[SequenceKind::Mention],
        "PhoneNumberModel" => &[SequenceKind::Phone],
        "QuotedTextModel" => &[SequenceKind::Quoted],
        "URLModel" => &[SequenceKind::Url],
        _ => return None,
    };
    let mentions = sequences::find(input, language).into_iter().filter_map(|mention| {
        let sequence = mention
            .readings
            .into_iter()
            .find(|reading| wanted.contains(&reading.kind))?;
        let (type_name, resolution) = match sequence.kind {
            SequenceKind::Email => ("email", json!({ "value": sequence.value })),
            SequenceKind::Guid => (
                "guid",
                json!({ "value": sequence.value, "score": sequence.score.to_string() }),
            ),
            SequenceKind::Hashtag => ("hashtag", json!({ "value": sequence.value })),
            SequenceKind::Ipv4 => ("ip", json!({ "value": sequence.value, "type": "ipv4" })),
            SequenceKind::Ipv6 => ("ip", json!({ "value": sequence.value, "type": "ipv6" })),
            SequenceKind::Mention => ("mention", json!({ "value": sequence.value })),
            SequenceKind::Phone => (
                "phonenumber",
                json!({ "value": sequence.value, "score": sequence.score.to_string() }),
            ),
            SequenceKind::Quoted => ("quotedText", json!({ "value": sequence.value })),
            SequenceKind::Url => ("url", json!({ "value": sequence.value })),
            SequenceKind::Reference | SequenceKind::PostalCode => return None,
        };
        Some(Recognised {
            range: mention.range,
            type_name: type_name.to_owned(),
            resolution,
        })
    });
    Some(mentions.collect())
}
