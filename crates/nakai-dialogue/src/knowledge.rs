//! Answers from articles: asks the knowledge base, and holds what it found against what the bot is sure enough of.
//!
//! A search that fails never breaks a turn. It is noted as a decision, and the turn goes on as if nothing had been found.

use std::{ops::Range, sync::Arc};

use nakai_ports::{ArticlePassage, FoundPassage, KnowledgeError, KnowledgeQuery};
use nakai_types::{Citation, ErrorKind, Language, Screened};

use crate::{bot::Bot, local::Tools, turn::Turn};

/// The audience that customers are.
const CUSTOMERS: &str = "public";

/// A passage for a question.
pub(crate) struct Found {
    pub(crate) passage: Arc<ArticlePassage>,
    /// The probability that it answers the question, 0 to 1.
    pub(crate) score: f32,
    answer: Range<usize>,
}

impl Found {
    /// The sentences of the passage that answer.
    pub(crate) fn answer(&self) -> &str {
        self.passage.text.get(self.answer.clone()).unwrap_or(&self.passage.text)
    }

    /// Where the passage is from.
    pub(crate) fn citation(&self) -> Citation {
        Citation {
            title: self.passage.title.clone(),
            url: self.passage.url.clone(),
            passage: self.passage.text.clone(),
        }
    }
}

impl From<FoundPassage> for Found {
    fn from(found: FoundPassage) -> Self {
        Self {
            passage: found.passage,
            score: found.confidence,
            answer: found.answer,
        }
    }
}

/// Makes the bot's articles searchable.
pub(crate) async fn index(bot: &Bot, tools: &Tools) -> Result<(), KnowledgeError> {
    let base = bot.bundle.knowledge_base();
    tools.knowledge.index(&bot.bundle.bot_ref, base).await.map(drop)
}

/// The passage that answers a question, if the bot is sure enough of it: in the customer's language, or of an article that exists only in
/// another one.
pub(crate) async fn search(turn: &mut Turn<'_>, question: Screened) -> Option<Found> {
    let bot = turn.bot;
    let sure = |found: &Found| found.score >= bot.bundle.bot.thresholds.passage;
    let found = best(turn, question.clone(), Some(turn.language), None).await;
    if let Some(found) = found.filter(sure) {
        return Some(found);
    }
    let here = turn.language;
    let articles = &bot.bundle.articles;
    let is_here = |path: &str| {
        articles
            .iter()
            .any(|a| a.path == path && a.front_matter.language == here)
    };
    if articles.iter().all(|article| is_here(&article.path)) {
        return None;
    }
    let elsewhere = best(turn, question, None, None).await;
    elsewhere.filter(|found| sure(found) && !is_here(&found.passage.article))
}

/// The passage of one article that answers the utterance best, else the article's first: in the customer's language if the article
/// has it, else in any.
pub(crate) async fn within(turn: &mut Turn<'_>, path: &str) -> Option<Found> {
    if let Some(found) = best(turn, turn.request.utterance.clone(), Some(turn.language), Some(path)).await {
        return Some(found);
    }
    let articles = &turn.bot.bundle.articles;
    let in_language = |language: Language| {
        articles.iter().find(|article| {
            let head = &article.front_matter;
            article.path == path && head.language == language && head.audience == CUSTOMERS
        })
    };
    let article = std::iter::once(turn.language)
        .chain(Language::ALL)
        .find_map(in_language)?;
    let passage = article.passages().into_iter().next()?;
    Some(Found {
        answer: 0..passage.text.len(),
        passage: Arc::new(passage),
        score: 0.0,
    })
}

/// The best passage, if any is found.
async fn best(
    turn: &mut Turn<'_>,
    question: Screened,
    language: Option<Language>,
    article: Option<&str>,
) -> Option<Found> {
    let query = KnowledgeQuery {
        bot: turn.bot.bundle.bot_ref.clone(),
        question,
        language,
        audience: CUSTOMERS.to_owned(),
        article: article.map(str::to_owned),
        limit: 1,
        deadline: turn.request.deadline,
    };
    match ask(turn, &query).await {
        Ok(found) => found.into_iter().next().map(Found::from),
        Err(error) => {
            turn.decide("knowledge", reason(&error), Some(error.to_string()));
            None
        }
    }
}

/// Searches. A version that is not indexed, because the search was restarted or keeps no more, is indexed first.
async fn ask(turn: &Turn<'_>, query: &KnowledgeQuery) -> Result<Vec<FoundPassage>, KnowledgeError> {
    match turn.tools.knowledge.search(query).await {
        Err(KnowledgeError::NotIndexed(_)) => {
            index(turn.bot, turn.tools).await?;
            turn.tools.knowledge.search(query).await
        }
        answer => answer,
    }
}

/// Why there was no search, as the subject of a decision.
fn reason(error: &KnowledgeError) -> &'static str {
    match error.kind() {
        ErrorKind::Unavailable => "unavailable",
        ErrorKind::Timeout => "too_late",
        ErrorKind::NotFound => "not_indexed",
        _ => "failed",
    }
}
