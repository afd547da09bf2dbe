//! What is said to a prompt, in pieces.

use crate::{
    prompt::Prompt,
    script::{Fault, Mode, Script},
};

/// An answer before any protocol.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Answer {
    pub(crate) pieces: Vec<String>,
    /// The tool to call, with its arguments.
    pub(crate) call: Option<(String, String)>,
    /// `None` if it is not told.
    pub(crate) usage: Option<Usage>,
}

/// Tokens: one a piece.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Usage {
    pub(crate) input: u64,
    pub(crate) output: u64,
}

const LOREM: [&str; 12] = [
    "the ",
    "inn ",
    "温泉",
    "is ",
    "open ",
    "から",
    "nine ",
    "夕食",
    "until ",
    "late. ",
    "です。",
    "and ",
];

impl Answer {
    pub(crate) fn to(script: &Script, prompt: &Prompt) -> Self {
        let (text, call) = match script.mode {
            _ if script.say.is_some() => (script.say.clone().unwrap_or_default(), None),
            Mode::Echo => (prompt.last.clone(), None),
            Mode::Lorem => (LOREM.iter().cycle().take(script.words).copied().collect(), None),
            Mode::Passage => (passage(prompt), None),
            Mode::Json => (r#"{"answer": "温泉", "sure": true}"#.to_owned(), None),
            Mode::Tool => match (&prompt.tool_answer, script.tool.as_ref().or(prompt.tool.as_ref())) {
                (Some(answer), _) => (format!("The tool says {answer}"), None),
                (None, Some(tool)) => (String::new(), Some((tool.clone(), r#"{"query": "温泉"}"#.to_owned()))),
                (None, None) => ("There is no tool.".to_owned(), None),
            },
        };
        let pieces = if script.mode == Mode::Lorem && script.say.is_none() {
            LOREM
                .iter()
                .cycle()
                .take(script.words)
                .map(ToString::to_string)
                .collect()
        } else {
            pieces(&text)
        };
        let input = prompt.texts.iter().map(|text| self::pieces(text).len() as u64).sum();
        let output = (pieces.len() + usize::from(call.is_some())).max(1) as u64;
        let usage = match script.fault {
            Some(Fault::NoUsage) => None,
            Some(Fault::WrongUsage) => Some(Usage {
                input: 0,
                output: 4_000_000_000,
            }),
            _ => Some(Usage { input, output }),
        };
        Self { pieces, call, usage }
    }

    pub(crate) fn text(&self) -> String {
        self.pieces.concat()
    }
}

/// The first passage of a prompt: what stands behind `[1]` up to the end of its paragraph.
fn passage(prompt: &Prompt) -> String {
    let quoted = prompt.texts.iter().find_map(|text| text.split_once("[1]"));
    let passage = quoted.map(|(_, behind)| behind.trim().lines().next().unwrap_or_default());
    passage.map_or_else(
        || "I don't know.".to_owned(),
        |passage| format!("{} [1]", passage.trim()),
    )
}

/// A text in pieces as models send them: words with the space behind them, two characters of scripts without spaces.
fn pieces(text: &str) -> Vec<String> {
    let mut pieces: Vec<String> = Vec::new();
    let mut piece = String::new();
    let mut wide = 0;
    for c in text.chars() {
        piece.push(c);
        wide = if c.is_ascii() { 0 } else { wide + 1 };
        if c.is_whitespace() || wide == 2 {
            pieces.push(std::mem::take(&mut piece));
            wide = 0;
        }
    }
    if !piece.is_empty() {
        pieces.push(piece);
    }
    pieces
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pieces_are_words_and_pairs_of_characters() {
        assert_eq!(pieces("the inn 温泉です。"), ["the ", "inn ", "温泉", "です", "。"]);
        assert!(pieces("").is_empty());
    }

    #[test]
    fn a_passage_is_quoted_with_its_number() {
        let prompt = Prompt {
            texts: vec!["Answer from these.\n[1] Dogs can't stay.\n[2] Cats neither.".into()],
            ..Prompt::default()
        };
        let script = Script {
            mode: Mode::Passage,
            ..Script::default()
        };
        assert_eq!(Answer::to(&script, &prompt).text(), "Dogs can't stay. [1]");
    }
}
