//! Answers from articles: a small lexical index over the passages of a bot's knowledge base.
//!
//! A passage's score is the share of the question's weight that it covers, where a rare term weighs more than a common one. Among
//! passages that cover as much, one that says it in its own words, or that its article begins with, comes first.

mod markdown;
mod terms;

use std::{
    collections::{BTreeMap, HashMap},
    ops::Range,
};

use nakai_bundle::model::Article;
use nakai_types::{Citation, Language};

use self::{markdown::passages, terms::terms};

/// How much more a passage counts that says it itself than one whose title does.
const BODY_BONUS: f32 = 0.2;
/// How much less a passage counts whose heading says that it is about something that was not asked.
const OTHER_HEADING: f32 = 0.5;
/// How much more the first passage of an article counts: authors begin with the answer, details and exceptions follow.
const LEAD_BONUS: f32 = 0.35;

/// All passages of a bot.
pub(crate) struct Knowledge {
    languages: BTreeMap<Language, Index>,
}

/// The passages in one language.
#[derive(Default)]
struct Index {
    passages: Vec<Passage>,
    /// The passages of each article, by path.
    articles: HashMap<String, Range<usize>>,
    /// Where each term occurs.
    postings: HashMap<String, Vec<Posting>>,
}

/// A part of an article that can stand as an answer.
pub(crate) struct Passage {
    /// The article's path.
    pub(crate) path: String,
    /// The words, without Markdown.
    pub(crate) text: String,
    title: String,
    url: Option<String>,
    /// How many different terms the heading above it has.
    heading_terms: f32,
    /// Whether the article begins with it.
    leads: bool,
}

/// That a passage, its heading, or its article's title and questions have a term.
#[derive(Clone, Copy, Default)]
struct Posting {
    passage: usize,
    in_text: bool,
    in_heading: bool,
}

/// How much of a question a passage covers.
#[derive(Clone, Copy, Default)]
struct Cover {
    /// Weight of the terms that are anywhere.
    all: f32,
    /// Weight of those that are in the text itself.
    text: f32,
    /// How many of the heading's terms are asked for.
    heading_terms: f32,
}

impl Passage {
    /// Where the passage is from.
    pub(crate) fn citation(&self) -> Citation {
        Citation {
            title: self.title.clone(),
            url: self.url.clone(),
            passage: self.text.clone(),
        }
    }

    fn rank(&self, cover: Cover) -> f32 {
        if self.leads {
            return (cover.all + cover.text * BODY_BONUS) * (1.0 + LEAD_BONUS);
        }
        let unasked = if self.heading_terms > 0.0 {
            1.0 - cover.heading_terms / self.heading_terms
        } else {
            0.0
        };
        cover.all * (1.0 - OTHER_HEADING * unasked) + cover.text * BODY_BONUS
    }
}

/// The best passage for a question.
pub(crate) struct Found<'a> {
    pub(crate) passage: &'a Passage,
    /// The share of the question's weight that the passage covers, 0 to 1.
    pub(crate) score: f32,
}

impl Knowledge {
    /// Indexes the articles that customers may see.
    pub(crate) fn index(articles: &[Article]) -> Self {
        let mut languages: BTreeMap<Language, Index> = BTreeMap::new();
        for article in articles
            .iter()
            .filter(|article| article.front_matter.audience == "public")
        {
            languages.entry(article.front_matter.language).or_default().add(article);
        }
        Self { languages }
    }

    /// Finds the passages in `language` that answer a question best, the best first; none that covers nothing of it.
    pub(crate) fn search(&self, language: Language, question: &str, limit: usize) -> Vec<Found<'_>> {
        let Some(index) = self.languages.get(&language) else {
            return Vec::new();
        };
        index.search(question, 0..index.passages.len(), limit)
    }

    /// Finds the passages of one article that answer a question best, else its first. In `language` if the article has it, else in
    /// any.
    pub(crate) fn within(&self, language: Language, path: &str, question: &str, limit: usize) -> Vec<Found<'_>> {
        let article = |language: &Language| {
            let index = self.languages.get(language)?;
            Some((index, index.articles.get(path)?.clone()))
        };
        let Some((index, range)) = article(&language).or_else(|| Language::ALL.iter().find_map(article)) else {
            return Vec::new();
        };
        let mut found = index.search(question, range.clone(), limit);
        if found.is_empty() {
            let first = index.passages.get(range.start);
            found.extend(first.map(|passage| Found { passage, score: 0.0 }));
        }
        found
    }
}

impl Index {
    fn add(&mut self, article: &Article) {
        let head = &article.front_matter;
        let mut shared = terms(&head.title);
        shared.extend(head.questions.iter().flat_map(|question| terms(question)));
        let start = self.passages.len();
        for (heading, text) in passages(&article.body) {
            let passage = self.passages.len();
            let mut found: HashMap<String, Posting> = HashMap::new();
            let mut note = |term: &str, mark: fn(&mut Posting)| {
                let posting = found.entry(term.to_owned()).or_insert(Posting {
                    passage,
                    ..Posting::default()
                });
                mark(posting);
            };
            shared.iter().for_each(|term| note(&term.text, |_| {}));
            terms(&heading)
                .iter()
                .for_each(|term| note(&term.text, |posting| posting.in_heading = true));
            terms(&text)
                .iter()
                .for_each(|term| note(&term.text, |posting| posting.in_text = true));
            #[expect(clippy::cast_precision_loss, reason = "a heading has far fewer than 2^24 terms")]
            let heading_terms = found.values().filter(|posting| posting.in_heading).count() as f32;
            for (term, posting) in found {
                self.postings.entry(term).or_default().push(posting);
            }
            let (path, title, url) = (article.path.clone(), head.title.clone(), head.source.clone());
            self.passages.push(Passage {
                path,
                text,
                title,
                url,
                heading_terms,
                leads: passage == start,
            });
        }
        if start < self.passages.len() {
            self.articles.insert(article.path.clone(), start..self.passages.len());
        }
    }

    /// Finds the best of the passages in `range`.
    fn search(&self, question: &str, range: Range<usize>, limit: usize) -> Vec<Found<'_>> {
        let mut asked = terms(question);
        asked.sort_unstable_by(|a, b| a.text.cmp(&b.text));
        asked.dedup_by(|a, b| a.text == b.text);
        let mut total = 0.0;
        let mut covers = vec![Cover::default(); range.len()];
        for term in &asked {
            let postings = self.postings.get(&term.text).map_or(&[][..], Vec::as_slice);
            let weight = term.weight * self.rarity(postings.len());
            total += weight;
            // Postings are in the order of their passages.
            let first = postings.partition_point(|posting| posting.passage < range.start);
            for posting in postings[first..]
                .iter()
                .take_while(|posting| posting.passage < range.end)
            {
                let cover = &mut covers[posting.passage - range.start];
                cover.all += weight;
                cover.text += if posting.in_text { weight } else { 0.0 };
                cover.heading_terms += if posting.in_heading { 1.0 } else { 0.0 };
            }
        }
        let covered = self.passages[range]
            .iter()
            .zip(covers)
            .filter(|(_, cover)| cover.all > 0.0);
        let mut ranked: Vec<(f32, Found<'_>)> = covered
            .map(|(passage, cover)| {
                let score = (cover.all / total).min(1.0);
                (passage.rank(cover), Found { passage, score })
            })
            .collect();
        // The earlier passage wins a tie, because sorting keeps its order.
        ranked.sort_by(|(a, _), (b, _)| b.total_cmp(a));
        ranked.truncate(limit);
        ranked.into_iter().map(|(_, found)| found).collect()
    }

    /// The weight of a term that `having` passages have: BM25's inverse document frequency, kept from falling to nothing in a small
    /// knowledge base. A term that no passage has weighs as much as one that a single passage has.
    fn rarity(&self, having: usize) -> f32 {
        #[expect(
            clippy::cast_precision_loss,
            reason = "a knowledge base has far fewer than 2^24 passages"
        )]
        let (all, having) = (self.passages.len() as f32, having.max(1) as f32);
        (1.0 + (all - having + 0.5) / (having + 0.5)).ln().clamp(0.3, 2.5)
    }
}

#[cfg(test)]
mod tests {
    use nakai_bundle::model::ArticleFrontMatter;

    use super::*;

    fn article(path: &str, language: Language, title: &str, body: &str) -> Article {
        let front_matter = ArticleFrontMatter {
            title: title.into(),
            language,
            source: None,
            audience: "public".into(),
            questions: Vec::new(),
        };
        Article {
            path: path.into(),
            front_matter,
            body: body.into(),
        }
    }

    fn knowledge() -> Knowledge {
        use Language::{En, Ja};
        Knowledge::index(&[
            article(
                "baths/hours",
                Ja,
                "お風呂の時間",
                "大浴場は15時から24時までご利用いただけます。\n\n## 貸切風呂\n\n貸切風呂は45分3,000円です。フロントでご予約ください。",
            ),
            article(
                "baths/hours",
                En,
                "Bath hours",
                "The large bath opens at 15:00 and closes at 24:00.\n\n## Private bath\n\nThe *private* bath costs 3,000 yen for 45 minutes. [Reserve](https://x) at the front desk.",
            ),
            article("pets", Ja, "ペット", "犬や猫のご宿泊はご遠慮いただいております。"),
            article("pets", En, "Pets", "Dogs and cats can't stay with us."),
            article(
                "breakfast",
                En,
                "Breakfast",
                "Breakfast is served from 7:00 to 9:30 in the dining hall.",
            ),
            article(
                "breakfast",
                Ja,
                "朝食",
                "朝食は7時から9時30分まで、お食事処でご用意します。",
            ),
        ])
    }

    #[test]
    fn questions_find_their_passage() {
        use Language::{En, Ja};
        let knowledge = knowledge();
        for (language, question, path, contains) in [
            (Ja, "お風呂は何時までですか", "baths/hours", "24時"),
            (Ja, "貸切風呂の料金を教えて", "baths/hours", "3,000円"),
            (Ja, "犬は泊まれますか", "pets", "犬"),
            (Ja, "朝食は何時から？", "breakfast", "7時"),
            (En, "What time does the bath close?", "baths/hours", "24:00"),
            (En, "how much is a private bath", "baths/hours", "3,000 yen"),
            (En, "Can I bring my dog?", "pets", "Dogs"),
            (En, "when is breakfast served", "breakfast", "7:00"),
        ] {
            let found = knowledge
                .search(language, question, 1)
                .pop()
                .unwrap_or_else(|| panic!("{question}"));
            assert_eq!(found.passage.path, path, "{question}");
            assert!(
                found.passage.text.contains(contains),
                "{question}: {}",
                found.passage.text
            );
            assert!(found.score >= 0.35, "{question}: {}", found.score);
        }
    }

    #[test]
    fn other_questions_score_low() {
        let knowledge = knowledge();
        for (language, question) in [
            (Language::En, "Who won the world cup in 1998?"),
            (Language::Ja, "株価の見通しを教えてください"),
            (Language::En, ""),
            (Language::Ja, "？？？"),
        ] {
            let score = knowledge
                .search(language, question, 1)
                .first()
                .map_or(0.0, |found| found.score);
            assert!(score < 0.35, "{question}: {score}");
        }
    }

    #[test]
    fn an_article_always_answers_in_some_language() {
        let knowledge = knowledge();
        assert!(!knowledge.within(Language::En, "pets", "xyz", 1).is_empty());
        assert!(knowledge.within(Language::En, "no/such", "pets", 1).is_empty());
    }

    #[test]
    fn articles_for_staff_are_not_shown() {
        let mut staff = article("safe", Language::En, "Safe", "The code of the safe is 1234.");
        staff.front_matter.audience = "staff".into();
        assert!(
            Knowledge::index(&[staff])
                .search(Language::En, "code of the safe", 1)
                .is_empty()
        );
    }
}
