use std::{
    collections::{HashMap, HashSet},
    path::Path,
};

use nakai_search::Passage;
use nakai_types::Language;
use serde::{Deserialize, de::DeserializeOwned};

use super::Question;
use crate::{Unusable, read};

#[derive(Deserialize)]
struct PassageLine {
    doc_id: String,
    title: String,
    text: String,
}

#[derive(Deserialize)]
struct QuestionLine {
    qid: String,
    question: String,
    doc_id: String,
    answers: Vec<Answer>,
}

/// An answer. Only its form is checked: what is scored is the passage.
#[derive(Deserialize)]
struct Answer {
    text: String,
    /// Where it begins in the passage, in characters; `None` if it is in the title.
    start: Option<usize>,
}

/// Reads passages. Their language is that of their script.
pub(super) fn passages(file: &File) -> Result<Vec<Passage>, Unusable> {
    let mut ids = HashSet::new();
    file.lines("an object with `doc_id`, `title` and `text`", |line: PassageLine| {
        if !ids.insert(line.doc_id.clone()) {
            return Err(format!("the passage `{}` is there twice", line.doc_id));
        }
        // Titles of articles come with underscores for spaces.
        let title = line.title.replace('_', " ");
        let japanese = line.text.chars().any(|c| matches!(c, 'ぁ'..='ゖ' | 'ァ'..='ヺ'));
        let language = if japanese { Language::Ja } else { Language::En };
        Ok(Passage::new(line.doc_id, title, line.text, language))
    })
}

/// Reads questions about passages.
pub(super) fn questions(file: &File, passages: &[Passage]) -> Result<Vec<Question>, Unusable> {
    let texts: HashMap<&str, &str> = passages
        .iter()
        .map(|passage| (passage.id.as_str(), passage.text.as_str()))
        .collect();
    let expected = "an object with `qid`, `question`, `doc_id` and `answers`";
    file.lines(expected, |line: QuestionLine| {
        let Some(text) = texts.get(line.doc_id.as_str()) else {
            return Err(format!(
                "the question `{}` asks about the unknown passage `{}`",
                line.qid, line.doc_id
            ));
        };
        let beyond = |answer: &&Answer| answer.start.is_some_and(|start| start >= text.chars().count());
        if let Some(answer) = line.answers.iter().find(beyond) {
            return Err(format!(
                "the answer `{}` begins after the end of its passage",
                answer.text
            ));
        }
        Ok(Question {
            text: line.question,
            passage: line.doc_id,
        })
    })
}

/// A file of JSON Lines.
pub(super) struct File {
    name: String,
    content: String,
}

impl File {
    pub(super) fn read(path: &Path) -> Result<Self, Unusable> {
        Ok(Self::new(&path.to_string_lossy(), &read(path)?))
    }

    /// A file that was read already.
    pub(super) fn new(name: &str, content: &str) -> Self {
        Self {
            name: name.to_owned(),
            content: content.to_owned(),
        }
    }

    /// Converts every line that is not empty.
    fn lines<L: DeserializeOwned, T>(
        &self,
        expected: &str,
        mut convert: impl FnMut(L) -> Result<T, String>,
    ) -> Result<Vec<T>, Unusable> {
        let lines = (1..).zip(self.content.lines());
        lines
            .filter(|(_, line)| !line.trim().is_empty())
            .map(|(number, line)| {
                let parsed = serde_json::from_str(line);
                let parsed = parsed.map_err(|error| Unusable::json(&self.name, number, &error, expected))?;
                convert(parsed).map_err(|reason| Unusable::line(&self.name, number, reason))
            })
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(content: impl Into<String>) -> File {
        File {
            name: "some.jsonl".to_owned(),
            content: content.into(),
        }
    }

    #[test]
    fn what_is_wrong_is_said_with_the_line() {
        let good = r#"{"doc_id":"d0","title":"a_b","text":"梅雨の時期"}"#;
        let corpus = passages(&file(good)).unwrap();
        assert_eq!((corpus[0].title.as_str(), corpus[0].language), ("a b", Language::Ja));

        let error = passages(&file(format!("{good}\n\n{good}\n"))).unwrap_err();
        assert_eq!(error.to_string(), "some.jsonl, line 3: the passage `d0` is there twice");

        let question = |doc_id: &str, start: &str| {
            format!(r#"{{"qid":"q","question":"?","doc_id":"{doc_id}","answers":[{{"text":"x","start":{start}}}]}}"#)
        };
        for (line, reason) in [
            (
                question("d1", "0"),
                "the question `q` asks about the unknown passage `d1`",
            ),
            (
                question("d0", "5"),
                "the answer `x` begins after the end of its passage",
            ),
            (
                "{}".to_owned(),
                "missing field `qid` (column 2); expected an object with `qid`, `question`, `doc_id` and `answers`",
            ),
        ] {
            let error = questions(&file(line), &corpus).unwrap_err();
            assert_eq!(error.to_string(), format!("some.jsonl, line 1: {reason}"));
        }
        assert_eq!(questions(&file(question("d0", "null")), &corpus).unwrap().len(), 1);
        assert!(File::read(Path::new("/nowhere")).is_err());
    }
}
