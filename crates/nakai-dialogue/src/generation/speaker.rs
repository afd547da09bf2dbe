//! Takes a model's answer as it comes, sentence by sentence: each is held back until it is whole and checked, then told and part of the
//! reply for good.

use std::fmt::Write as _;

use nakai_bundle::model::{AnswerSource, Unsupported};
use nakai_grounding::{Evidence, Sentences, Verdict};
use nakai_ports::{Gone, Release};
use nakai_text::is_wide;
use nakai_types::{Language, Screened};

use super::{Generation, fence::Fence};
use crate::{knowledge::Found, turn::Turn};

/// Why a model is not heard any longer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Stop {
    /// Nobody listens.
    Gone,
    /// A sentence is not supported, and the passage is to be the answer.
    Unsupported,
}

/// An answer on its way to the customer.
pub(super) struct Speaker<'a> {
    passages: &'a [Found],
    /// What no answer may have in it.
    mark: String,
    /// What tools answered in this turn.
    told_by_tools: Vec<String>,
    /// `None` if sentences are not checked.
    evidence: Option<Evidence>,
    least: f32,
    unsupported: Unsupported,
    sentences: Sentences,
    /// Passages in the order in which they were first cited.
    cited: Vec<usize>,
    spoken: usize,
    findings: Findings,
}

/// What checking found, for the record.
#[derive(Debug, Default)]
struct Findings {
    supported: usize,
    stating_nothing: usize,
    dropped: Vec<&'static str>,
    withheld: usize,
    support: f32,
}

impl<'a> Speaker<'a> {
    pub(super) fn new(turn: &Turn<'_>, generation: &Generation, passages: &'a [Found], fence: &Fence) -> Self {
        let policy = &generation.policy;
        let mut speaker = Self {
            passages,
            mark: fence.mark().to_owned(),
            told_by_tools: Vec::new(),
            evidence: None,
            least: policy.grounding.min_support,
            unsupported: policy.grounding.unsupported,
            sentences: Sentences::default(),
            cited: Vec::new(),
            spoken: 0,
            findings: Findings::default(),
        };
        if policy.answers == AnswerSource::Knowledge {
            speaker.evidence = Some(speaker.gather(turn));
        }
        speaker
    }

    /// Adds what a tool answered to what sentences may rest on.
    pub(super) fn learn(&mut self, turn: &Turn<'_>, answer: &str) {
        self.told_by_tools.push(answer.replace(['"', '{', '}', '[', ']'], " "));
        if self.evidence.is_some() {
            self.evidence = Some(self.gather(turn));
        }
    }

    fn gather(&self, turn: &Turn<'_>) -> Evidence {
        let passages: Vec<String> = self
            .passages
            .iter()
            .map(|passage| format!("{}\n{}", passage.passage.title, passage.passage.text))
            .collect();
        let ours = [turn.known(), turn.stated_facts()];
        let others = self.told_by_tools.iter().chain(&ours);
        Evidence::new(passages.iter().chain(others).map(String::as_str))
    }

    /// Takes a piece of the answer.
    pub(super) async fn hear(&mut self, turn: &mut Turn<'_>, piece: &str) -> Result<(), Stop> {
        for sentence in self.sentences.push(piece) {
            self.say(turn, &sentence).await?;
        }
        Ok(())
    }

    /// Says what is left when the model has ended; a sentence that it did not finish is left out.
    pub(super) async fn finish(&mut self, turn: &mut Turn<'_>, cut_short: bool) -> Result<(), Stop> {
        let rest = std::mem::take(&mut self.sentences).finish();
        match rest.filter(|_| !cut_short) {
            Some(rest) => self.say(turn, &rest).await,
            None => Ok(()),
        }
    }

    /// Whether anything was said.
    pub(super) const fn has_spoken(&self) -> bool {
        self.spoken > 0
    }

    /// Whether all that was said states nothing, because what states something is not supported: greetings are no answer.
    pub(super) fn has_only_greeted(&self) -> bool {
        let Findings { supported, dropped, .. } = &self.findings;
        self.evidence.is_some() && *supported == 0 && !dropped.is_empty() && !self.passages.is_empty()
    }

    async fn say(&mut self, turn: &mut Turn<'_>, sentence: &str) -> Result<(), Stop> {
        if sentence.trim().is_empty() {
            return Ok(());
        }
        // Small models repeat what they were told, with the marks around it.
        if sentence.contains(&self.mark) {
            self.findings.dropped.push("mark");
            return Ok(());
        }
        if self.evidence.is_some() && is_in_another_language(sentence, turn.language) {
            self.findings.dropped.push("other_language");
            return Ok(());
        }
        let verdict = self
            .evidence
            .as_ref()
            .map(|evidence| evidence.check(sentence, self.least));
        if let Some(verdict) = &verdict {
            self.note(verdict);
            if !verdict.is_supported() {
                return match self.unsupported {
                    Unsupported::Drop => Ok(()),
                    Unsupported::Extract => Err(Stop::Unsupported),
                };
            }
        }
        let rests_on = verdict.and_then(|verdict| verdict.passage);
        let sentence = self.with_citations(sentence, rests_on);
        let sentence = match turn.tools.guard.check(&Screened::ours(sentence.trim()), turn.language) {
            Release::Pass => sentence,
            Release::Replace(other) => {
                let space = sentence.len() - sentence.trim_start().len();
                format!("{}{other}", &sentence[..space])
            }
            Release::Withhold => {
                self.findings.withheld += 1;
                return Ok(());
            }
        };
        let first = self.spoken == 0;
        self.spoken += 1;
        let sentence = if first { sentence.trim_start() } else { &sentence };
        turn.speak(sentence, first).await.map_err(|Gone| Stop::Gone)
    }

    fn note(&mut self, verdict: &Verdict) {
        match verdict.finding {
            nakai_grounding::Finding::Supported => {
                self.findings.supported += 1;
                self.findings.support += verdict.support;
            }
            nakai_grounding::Finding::StatesNothing => self.findings.stating_nothing += 1,
            other => self.findings.dropped.push(other.name()),
        }
    }

    /// Numbers citations in the order of the reply; those of passages that do not exist go. A passage that a sentence rests on without
    /// saying so is noted too.
    fn with_citations(&mut self, sentence: &str, rests_on: Option<usize>) -> String {
        let mut written = String::with_capacity(sentence.len());
        let mut named = false;
        let mut rest = sentence;
        while let Some(open) = rest.find('[') {
            let (before, from) = rest.split_at(open);
            let numbers = from
                .find(']')
                .and_then(|close| Some((numbers(&from[1..close])?, close)));
            let Some((numbers, close)) = numbers else {
                written.push_str(before);
                written.push('[');
                rest = &from[1..];
                continue;
            };
            written.push_str(before);
            let known: Vec<usize> = numbers
                .into_iter()
                .filter_map(|number| number.checked_sub(1))
                .filter(|index| *index < self.passages.len())
                .collect();
            if known.is_empty() {
                written.truncate(written.trim_end_matches(' ').len());
            }
            for index in known {
                named = true;
                // Writing to a string does not fail.
                let _ = write!(written, "[{}]", self.place(index));
            }
            rest = &from[close + 1..];
        }
        written.push_str(rest);
        if let Some(index) = rests_on.filter(|index| !named && *index < self.passages.len()) {
            self.place(index);
        }
        written
    }

    /// The number of a passage in the reply, from 1.
    fn place(&mut self, index: usize) -> usize {
        match self.cited.iter().position(|cited| *cited == index) {
            Some(place) => place + 1,
            None => {
                self.cited.push(index);
                self.cited.len()
            }
        }
    }

    /// Adds citations and the result of checking to the turn.
    pub(super) fn close(&self, turn: &mut Turn<'_>) {
        for passage in self.cited.iter().filter_map(|index| self.passages.get(*index)) {
            turn.note_citation(passage);
        }
        let Findings {
            supported,
            stating_nothing,
            dropped,
            withheld,
            support,
        } = &self.findings;
        if self.evidence.is_some() || !dropped.is_empty() {
            #[expect(clippy::cast_precision_loss, reason = "an answer has far fewer than 2^24 sentences")]
            let mean = if *supported == 0 {
                0.0
            } else {
                support / *supported as f32
            };
            let mut detail = format!(
                "{supported} supported ({mean:.2}), {stating_nothing} stating nothing, {} dropped",
                dropped.len()
            );
            if !dropped.is_empty() {
                let _ = write!(detail, ": {}", dropped.join(", "));
            }
            turn.decide("grounding", "answer", Some(detail));
        }
        if *withheld > 0 {
            turn.decide("guard", "answer", Some(format!("{withheld} sentences withheld")));
        }
    }
}

/// Says whether a sentence is clearly not in the language of the answer: a whole English sentence in a Japanese one, or mostly Japanese
/// in an English one. Names in the other language are no sentence.
fn is_in_another_language(sentence: &str, language: Language) -> bool {
    let japanese = sentence.chars().filter(|c| is_wide(*c)).count();
    let latin_words = sentence
        .split(|c: char| !c.is_ascii_alphabetic())
        .filter(|word| word.len() > 1)
        .count();
    match language {
        Language::Ja => japanese == 0 && latin_words > 3,
        Language::En => japanese > 3 * latin_words && sentence.chars().any(is_hiragana),
    }
}

const fn is_hiragana(c: char) -> bool {
    matches!(c, '\u{3041}'..='\u{309f}')
}

/// The numbers of a mark such as `1` or `1, 2`.
fn numbers(mark: &str) -> Option<Vec<usize>> {
    mark.split(',').map(|number| number.trim().parse().ok()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sentence_in_another_language_is_told_from_one_with_foreign_names() {
        for (sentence, language, expected) in [
            ("If they have a cat, they must bring it.", Language::Ja, true),
            ("Wi-Fiは無料です。", Language::Ja, false),
            ("OK!", Language::Ja, false),
            ("TEL: 0558-00-0123", Language::Ja, false),
            ("大浴場は24時までです。", Language::En, true),
            ("The large bath (大浴場) is open.", Language::En, false),
            ("「大浴場」", Language::En, false),
            ("It is open.", Language::En, false),
        ] {
            assert_eq!(is_in_another_language(sentence, language), expected, "{sentence}");
        }
    }
}
