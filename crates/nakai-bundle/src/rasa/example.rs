use std::sync::LazyLock;

use regex::Regex;
use serde_json::Value;

/// One utterance of the training data, without its annotations, and what they said.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Example {
    pub(super) text: String,
    pub(super) annotations: Vec<Annotation>,
    /// Annotations that can't be read; they stay in the text.
    pub(super) unreadable: usize,
}

/// A part of an utterance that is an entity.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Annotation {
    pub(super) words: String,
    pub(super) entity: String,
    /// The value that the words stand for, if they are not the value themselves.
    pub(super) value: Option<String>,
    pub(super) role: Option<String>,
    pub(super) group: Option<String>,
}

/// `[words](entity)`, `[words](entity:value)`, `[words]{"entity": …}` and `[words][{"entity": …}, …]`.
#[expect(clippy::expect_used, reason = "the pattern is a constant, and a test compiles it")]
static ANNOTATION: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(
        r"\[([^\[\]]+)\](?:\(([^():]+)(?::([^()]+))?\)|(\{[^{}]*\})|(\[\s*\{[^{}]*\}(?:\s*,\s*\{[^{}]*\})*\s*\]))",
    )
    .expect("the pattern is valid")
});

/// Takes an utterance apart.
pub(super) fn parse(annotated: &str) -> Example {
    let mut example = Example {
        text: String::new(),
        annotations: Vec::new(),
        unreadable: 0,
    };
    let mut end = 0;
    for found in ANNOTATION.captures_iter(annotated) {
        let Some(whole) = found.get(0) else { continue };
        let group = |index| {
            found
                .get(index)
                .map(|part: regex::Match<'_>| part.as_str().trim().to_owned())
        };
        let words = group(1).unwrap_or_default();
        let annotations = match (group(2), group(4).or_else(|| group(5))) {
            (Some(entity), _) => {
                vec![Annotation {
                    words: words.clone(),
                    entity,
                    value: group(3),
                    role: None,
                    group: None,
                }]
            }
            (None, Some(json)) => from_json(&words, &json),
            (None, None) => Vec::new(),
        };
        example.text.push_str(&annotated[end..whole.start()]);
        end = whole.end();
        if annotations.is_empty() {
            example.unreadable += 1;
            example.text.push_str(whole.as_str());
        } else {
            example.text.push_str(&words);
            example.annotations.extend(annotations);
        }
    }
    example.text.push_str(&annotated[end..]);
    example.text = example.text.trim().to_owned();
    example
}

fn from_json(words: &str, json: &str) -> Vec<Annotation> {
    let list = match serde_json::from_str(json) {
        Ok(Value::Array(list)) => list,
        Ok(value) => vec![value],
        Err(_) => return Vec::new(),
    };
    let text = |value: &Value, key: &str| match value.get(key) {
        Some(Value::String(text)) => Some(text.clone()),
        Some(Value::Number(number)) => Some(number.to_string()),
        _ => None,
    };
    list.iter()
        .filter_map(|value| {
            Some(Annotation {
                words: words.to_owned(),
                entity: text(value, "entity")?,
                value: text(value, "value"),
                role: text(value, "role"),
                group: text(value, "group"),
            })
        })
        .collect()
}

/// The items of a block such as `- one\n- two`, each with its line in the block from 0. Lines without a dash go on with the item
/// above.
pub(super) fn block_items(block: &str) -> Vec<(usize, String)> {
    let mut items: Vec<(usize, String)> = Vec::new();
    for (index, line) in block.lines().enumerate() {
        let line = line.trim();
        if let Some(item) = line.strip_prefix("- ").or_else(|| (line == "-").then_some("")) {
            items.push((index, item.trim().to_owned()));
        } else if let Some((_, item)) = items.last_mut().filter(|_| !line.is_empty()) {
            item.push(' ');
            item.push_str(line);
        } else if !line.is_empty() {
            items.push((index, line.to_owned()));
        }
    }
    items.retain(|(_, item)| !item.is_empty());
    items
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn annotations_leave_the_text_and_give_values() {
        let example = parse(
            r#"from [NYC]{"entity": "city", "role": "departure", "value": "New York"} to [Paris](city) on [it][{"entity":"day"},{"entity":"date","group":"1"}]"#,
        );
        assert_eq!(example.text, "from NYC to Paris on it");
        let seen: Vec<_> = example
            .annotations
            .iter()
            .map(|a| (a.entity.as_str(), a.words.as_str(), a.value.as_deref()))
            .collect();
        assert_eq!(
            seen,
            [
                ("city", "NYC", Some("New York")),
                ("city", "Paris", None),
                ("day", "it", None),
                ("date", "it", None)
            ]
        );
        assert_eq!(example.annotations[0].role.as_deref(), Some("departure"));
    }

    #[test]
    fn what_is_no_annotation_stays() {
        for text in ["see [1] and (2)", "a [b] c", "[ ](x", "予約[変更]したい"] {
            assert_eq!(parse(text).text, text);
        }
        let broken = parse("go to [x]{entity}");
        assert_eq!((broken.text.as_str(), broken.unreadable), ("go to [x]{entity}", 1));
    }

    #[test]
    fn old_value_syntax_is_read() {
        assert_eq!(
            parse("[savings account](account:savings)").annotations[0]
                .value
                .as_deref(),
            Some("savings")
        );
    }

    #[test]
    fn a_block_is_a_list() {
        assert_eq!(
            block_items("- one\n\n- two\n  goes on\n-\n"),
            [(0, "one".to_owned()), (2, "two goes on".to_owned())]
        );
    }
}
