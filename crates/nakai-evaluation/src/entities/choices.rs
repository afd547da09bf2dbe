use nakai_entities::choices;
use nakai_types::Language;
use serde_json::json;

use super::Recognised;

pub(super) fn recognise(model: &str, language: Language, input: &str) -> Option<Vec<Recognised>> {
    if model != "BooleanModel" {
        return None;
    }
    let answer = choices::answer(input, language).and_then(|mention| {
        let choice = mention.readings.first()?;
        Some(Recognised {
            range: mention.range.clone(),
            type_name: "boolean".to_owned(),
            resolution: json!({ "value": choice.agrees, "score": choice.score }),
        })
    });
    Some(answer.into_iter().collect())
}
