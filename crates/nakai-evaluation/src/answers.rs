//! Whether a bot answers questions from its articles, and says honestly when it can't.
//!
//! The shipped questions are for the demo bot: as guests ask, half of them about what no article tells. They were written before the
//! search was tuned; only the half that is marked `tuning` was used for that, and the half marked `judging` says how good it is.

use std::{collections::BTreeMap, fmt};

use nakai_types::Language;
use serde::Serialize;

use crate::{Unusable, csv, share::share};

/// The questions for the demo bot: the name of each file and its content.
const SHIPPED: [(&str, &str); 2] = [
    ("questions/en.csv", include_str!("../questions/en.csv")),
    ("questions/ja.csv", include_str!("../questions/ja.csv")),
];

const HEADER: [&str; 4] = ["half", "question", "article", "words"];

/// Which half of the questions one belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Half {
    /// Thresholds and weights may be chosen with it.
    Tuning,
    /// Figures are claimed with it.
    Judging,
}

/// A question to the articles of a bot.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Question {
    /// Which half it belongs to.
    pub half: Half,
    /// What is asked.
    pub text: String,
    /// Its language: Japanese if it has any Japanese character.
    pub language: Language,
    /// The path of the article that answers; `None` if none does.
    pub article: Option<String>,
    /// What the answer must contain, all of it.
    pub words: Vec<String>,
}

/// What came of a question.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// The right article answered, with the words that the answer must have.
    AnsweredRight,
    /// Something else was given as the answer.
    AnsweredWrong,
    /// No article has the answer, and the bot gave none.
    HonestlyUnknown,
    /// An article has the answer, and the bot gave none.
    WronglyUnknown,
}

impl Question {
    /// Judges what a bot made of the question: the path of the article that it cited and the words of its answer, if it gave one.
    pub fn judge(&self, answer: Option<(&str, &str)>) -> Outcome {
        match (answer, &self.article) {
            (None, None) => Outcome::HonestlyUnknown,
            (None, Some(_)) => Outcome::WronglyUnknown,
            (Some((cited, text)), Some(article))
                if cited == article && self.words.iter().all(|word| text.contains(word)) =>
            {
                Outcome::AnsweredRight
            }
            (Some(_), _) => Outcome::AnsweredWrong,
        }
    }
}

/// The questions for the demo bot.
pub fn shipped() -> Result<Vec<Question>, Unusable> {
    let mut questions = Vec::new();
    for (name, text) in SHIPPED {
        questions.append(&mut read_questions(name, text)?);
    }
    Ok(questions)
}

/// Reads questions: comma-separated, with the header `half,question,article,words`. `half` is `tuning` or `judging`; `article` is empty if
/// no article answers; several words are separated by `;`.
pub fn read_questions(name: &str, text: &str) -> Result<Vec<Question>, Unusable> {
    let at = |line: usize, problem: String| Unusable::line(name, line, problem);
    let mut questions = Vec::new();
    for (place, row) in csv::rows(text).enumerate() {
        let row = row.map_err(|error| at(error.line, error.problem.to_owned()))?;
        let [half, question, article, words] = row.fields.as_slice() else {
            let many = row.fields.len();
            return Err(at(
                row.line,
                format!("{many} fields; expected the four of `{}`", HEADER.join(",")),
            ));
        };
        if place == 0 {
            if row.fields != HEADER {
                return Err(at(row.line, format!("the header must be `{}`", HEADER.join(","))));
            }
            continue;
        }
        let half = match half.as_str() {
            "tuning" => Half::Tuning,
            "judging" => Half::Judging,
            other => {
                return Err(at(
                    row.line,
                    format!("`{other}` is no half; write `tuning` or `judging`"),
                ));
            }
        };
        if question.trim().is_empty() {
            return Err(at(
                row.line,
                "the question is blank; write one, or remove the line".to_owned(),
            ));
        }
        let japanese = |c: char| matches!(c, '\u{3040}'..='\u{30ff}' | '\u{4e00}'..='\u{9fff}');
        questions.push(Question {
            half,
            language: if question.chars().any(japanese) {
                Language::Ja
            } else {
                Language::En
            },
            text: question.clone(),
            article: (!article.is_empty()).then(|| article.clone()),
            words: words
                .split(';')
                .filter(|word| !word.is_empty())
                .map(str::to_owned)
                .collect(),
        });
    }
    Ok(questions)
}

/// How many questions came out how.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Counts {
    /// Answered by the right article, with the right words.
    pub answered_right: usize,
    /// Answered with something else.
    pub answered_wrong: usize,
    /// Not answered, and no article has the answer.
    pub honestly_unknown: usize,
    /// Not answered, though an article has the answer.
    pub wrongly_unknown: usize,
}

impl Counts {
    const fn note(&mut self, outcome: Outcome) {
        match outcome {
            Outcome::AnsweredRight => self.answered_right += 1,
            Outcome::AnsweredWrong => self.answered_wrong += 1,
            Outcome::HonestlyUnknown => self.honestly_unknown += 1,
            Outcome::WronglyUnknown => self.wrongly_unknown += 1,
        }
    }

    /// All questions.
    pub const fn all(&self) -> usize {
        self.answered_right + self.answered_wrong + self.honestly_unknown + self.wrongly_unknown
    }

    /// The share of questions that came out as they should.
    pub fn right(&self) -> f64 {
        share(self.answered_right + self.honestly_unknown, self.all())
    }
}

/// A question with what came of it.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Answered {
    /// What was asked.
    pub question: String,
    /// Which half it belongs to.
    pub half: Half,
    /// Its language.
    pub language: Language,
    /// What came of it.
    pub outcome: Outcome,
    /// The article that was found, whether it was given as an answer or not.
    pub found: Option<String>,
    /// How sure the search was of it, 0 to 1.
    pub confidence: f32,
}

/// How a bot answers questions from its articles.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct AnswerReport {
    /// The threshold above which it answers.
    pub threshold: f32,
    /// By half and language.
    pub counts: BTreeMap<String, Counts>,
    /// Each question.
    pub questions: Vec<Answered>,
    /// Whether the table lists the questions that did not come out as they should.
    #[serde(skip)]
    pub lists_failures: bool,
}

impl AnswerReport {
    /// Sums up what came of each question.
    pub fn of(threshold: f32, questions: Vec<Answered>) -> Self {
        let mut counts: BTreeMap<String, Counts> = BTreeMap::new();
        for question in &questions {
            counts
                .entry(group(question.half, question.language))
                .or_default()
                .note(question.outcome);
        }
        Self {
            threshold,
            counts,
            questions,
            lists_failures: false,
        }
    }

    /// The counts of one half in one language.
    pub fn counts(&self, half: Half, language: Language) -> Counts {
        self.counts.get(&group(half, language)).copied().unwrap_or_default()
    }
}

fn group(half: Half, language: Language) -> String {
    let half = match half {
        Half::Tuning => "tuning",
        Half::Judging => "judging",
    };
    format!("{half} {language}")
}

impl fmt::Display for AnswerReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(
            f,
            "{} questions; a passage answers if it does so with a probability of {} or more\n",
            self.questions.len(),
            self.threshold
        )?;
        writeln!(
            f,
            "{:<12} {:>9} {:>14} {:>14} {:>16} {:>15} {:>6}",
            "", "questions", "answered right", "answered wrong", "honestly unknown", "wrongly unknown", "right"
        )?;
        for (group, counts) in &self.counts {
            writeln!(
                f,
                "{group:<12} {:>9} {:>14} {:>14} {:>16} {:>15} {:>5.1}%",
                counts.all(),
                counts.answered_right,
                counts.answered_wrong,
                counts.honestly_unknown,
                counts.wrongly_unknown,
                100.0 * counts.right()
            )?;
        }
        let failed = |outcome| matches!(outcome, Outcome::AnsweredWrong | Outcome::WronglyUnknown);
        for question in self
            .questions
            .iter()
            .filter(|q| self.lists_failures && failed(q.outcome))
        {
            let what = if question.outcome == Outcome::AnsweredWrong {
                "answered wrong"
            } else {
                "wrongly unknown"
            };
            let found = question.found.as_deref().unwrap_or("nothing");
            writeln!(
                f,
                "{what}: {} (found {found}, {:.2})",
                question.question, question.confidence
            )?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn questions_are_judged_by_article_and_words() {
        let text = "half,question,article,words\ntuning,Pets?,stay/pets,not;allowed\njudging,プールは？,,\n";
        let questions = read_questions("q.csv", text).unwrap();
        let [pets, pool] = questions.as_slice() else {
            panic!("{questions:?}")
        };
        assert_eq!((pets.language, pool.language), (Language::En, Language::Ja));
        assert_eq!(
            pets.judge(Some(("stay/pets", "They are not allowed."))),
            Outcome::AnsweredRight
        );
        assert_eq!(
            pets.judge(Some(("stay/pets", "They are allowed."))),
            Outcome::AnsweredWrong
        );
        assert_eq!(pets.judge(Some(("baths", "not allowed"))), Outcome::AnsweredWrong);
        assert_eq!(pets.judge(None), Outcome::WronglyUnknown);
        assert_eq!(pool.judge(None), Outcome::HonestlyUnknown);
        assert_eq!(pool.judge(Some(("baths", ""))), Outcome::AnsweredWrong);
    }

    #[test]
    fn a_line_that_is_no_question_is_refused_with_its_place() {
        for (text, says) in [
            ("question\n", "line 1"),
            ("half,question,article,words\nhalf,x,,\n", "line 2"),
            ("half,question,article,words\n\ntuning, ,,\n", "line 3"),
        ] {
            let error = read_questions("q.csv", text).unwrap_err().to_string();
            assert!(error.contains(says), "{error}");
        }
    }

    #[test]
    fn the_shipped_questions_are_many_and_half_have_no_answer() {
        let questions = shipped().unwrap();
        for language in Language::ALL {
            let of = |filter: &dyn Fn(&&Question) -> bool| {
                questions
                    .iter()
                    .filter(|q| q.language == language)
                    .filter(filter)
                    .count()
            };
            assert!(of(&|_| true) >= 60);
            let (tuning, unknown) = (of(&|q| q.half == Half::Tuning), of(&|q| q.article.is_none()));
            assert!(of(&|_| true).abs_diff(2 * tuning) <= 6 && of(&|_| true).abs_diff(2 * unknown) <= 6);
        }
    }
}
