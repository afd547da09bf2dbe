//! Orders passages by the articles that they are in, and says how sure the search is.
//!
//! Authors begin with the answer; details and exceptions follow. So of two passages of one article that fit a question about as well,
//! the first one is what was meant, the more so if the question is what the article's title says. And a passage has no rivals in its own
//! article: what speaks against an answer is that another article fits the question as well.

use std::cmp::Ordering;

use nakai_ports::FoundPassage;

/// How much more the first passage of an article counts. Chosen, like all numbers here, with the tuning half of the questions that
/// `nakai knowledge eval` asks and with the demo bot's own tests.
const LEAD_BONUS: f32 = 0.12;
/// How much more it counts beyond that if all words of the question are in the article's title. With some of them it counts by the cube of
/// their share: a title shares a word with most questions that its article answers, and that is often the least telling one.
const TITLE_BONUS: f32 = 0.5;
/// How much the closeness of vectors counts beside the score of the index: guests ask in other words than articles are written in.
const MEANING: f32 = 0.3;
/// How many times as much as for the next passage of an article must speak for the first one by words alone, and what share of the
/// question's words must, that they decide. As many answers of the tuning half of what `nakai knowledge eval --within` asks are right then.
const CLEAR_LEAD: f32 = 1.2;
const CLEAR_TEXT: f32 = 0.3;
/// A logistic regression: its constant, then how much the best score in the article counts, and its lead over all other articles.
const CALIBRATION: [f32; 3] = [-5.0, 4.8, 3.5];

/// A passage that was found, with what speaks for it.
#[derive(Debug, Clone, PartialEq)]
pub struct Explained {
    /// The passage.
    pub found: FoundPassage,
    /// The score by words alone.
    pub text: f32,
    /// The score by vectors alone.
    pub vector: f32,
    /// The score by both.
    pub fused: f32,
    /// The share of the question's words that the article's title has, 0 to 1.
    pub in_title: f32,
}

impl Explained {
    fn score(&self) -> f32 {
        self.fused + MEANING * self.vector
    }

    fn rank(&self) -> f32 {
        let is_first = self.found.passage.ordinal == 0;
        let bonus = LEAD_BONUS + TITLE_BONUS * self.in_title.powi(3);
        self.score() * if is_first { 1.0 + bonus } else { 1.0 }
    }
}

/// Orders what was found, and says how sure each passage is.
pub(crate) fn by_article(mut found: Vec<Explained>) -> Vec<Explained> {
    // The sort is stable: what is equal stays in the order in which it was found.
    found.sort_by(|a, b| b.rank().partial_cmp(&a.rank()).unwrap_or(Ordering::Equal));
    let confidences: Vec<f32> = found.iter().map(|explained| confidence(explained, &found)).collect();
    for (explained, confidence) in found.iter_mut().zip(confidences) {
        explained.found.confidence = confidence;
    }
    found
}

/// Says whether words alone tell which of the passages of an article answers, of passages that are ordered by words.
pub(crate) fn is_clear_by_words(ordered: &[Explained]) -> bool {
    match ordered {
        [] => false,
        [first, others @ ..] => {
            let next = others.first().map_or(0.0, Explained::rank);
            first.text >= CLEAR_TEXT && first.rank() >= CLEAR_LEAD * next
        }
    }
}

/// The probability that a passage answers.
fn confidence(explained: &Explained, all: &[Explained]) -> f32 {
    let article = &explained.found.passage.article;
    let best = |own: bool| {
        let of = all
            .iter()
            .filter(|other| (other.found.passage.article == *article) == own);
        of.map(Explained::score).fold(0.0, f32::max)
    };
    let [constant, by_score, by_lead] = CALIBRATION;
    let logit = constant + by_score * best(true) + by_lead * (best(true) - best(false));
    1.0 / (1.0 + (-logit).exp())
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use nakai_ports::ArticlePassage;
    use nakai_types::Language;

    use super::*;

    fn explained(article: &str, ordinal: u32, fused: f32) -> Explained {
        let passage = ArticlePassage {
            article: article.into(),
            ordinal,
            title: String::new(),
            heading: String::new(),
            text: String::new(),
            language: Language::En,
            audience: "public".into(),
            url: None,
            questions: Vec::new(),
        };
        Explained {
            found: FoundPassage {
                passage: Arc::new(passage),
                confidence: 0.0,
                answer: 0..0,
            },
            text: 0.0,
            vector: 0.0,
            fused,
            in_title: 0.0,
        }
    }

    fn first(found: Vec<Explained>) -> (u32, f32) {
        let best = by_article(found).swap_remove(0).found;
        (best.passage.ordinal, best.confidence)
    }

    #[test]
    fn the_first_passage_of_an_article_wins_unless_another_is_clearly_meant() {
        let lead = || explained("a", 0, 1.0);
        assert_eq!(first(vec![explained("a", 1, 1.08), lead()]).0, 0);
        assert_eq!(first(vec![explained("a", 1, 1.15), lead()]).0, 1);
    }

    #[test]
    fn words_tell_if_the_first_passage_has_enough_of_them_and_leads() {
        let ordered = |scores: &[f32]| {
            let by_words = |score: &f32| Explained {
                text: *score,
                ..explained("a", 1, *score)
            };
            scores.iter().map(by_words).collect::<Vec<_>>()
        };
        for (scores, clear) in [
            (&[][..], false),
            (&[0.1], false),
            (&[0.5], true),
            (&[0.5, 0.4, 0.4], true),
            (&[0.5, 0.45, 0.1], false),
        ] {
            assert_eq!(is_clear_by_words(&ordered(scores)), clear, "{scores:?}");
        }
    }

    #[test]
    fn only_other_articles_make_the_search_unsure() {
        let alone = first(vec![explained("a", 0, 1.3)]).1;
        let own = first(vec![explained("a", 0, 1.3), explained("a", 1, 1.3)]).1;
        let other = first(vec![explained("a", 0, 1.3), explained("b", 1, 1.3)]).1;
        assert!(alone == own && other < own, "{alone} {own} {other}");
    }
}
