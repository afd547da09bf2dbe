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

/// The passages that answer a question best, the best first, if the bot is sure enough of that one: what is less sure may still complete
/// it. In the customer's language, or of an article that exists only in another one.
pub(crate) async fn search(turn: &mut Turn<'_>, question: Screened, limit: usize) -> Vec<Found> {
    let bot = turn.bot;
    let least = bot.bundle.bot.thresholds.passage;
    let sure = |found: &Vec<Found>| found.first().is_some_and(|best| best.score >= least);
    let found = best(turn, question.clone(), Some(turn.language), None, limit).await;
    if sure(&found) {
        return found;
    }
    let (here, articles) = (turn.language, &bot.bundle.articles);
    let is_here = |path: &str| {
        articles
            .iter()
            .any(|a| a.path == path && a.front_matter.language == here)
    };
    if articles.iter().all(|article| is_here(&article.path)) {
        return Vec::new();
    }
    let mut elsewhere = best(turn, question, None, None, limit).await;
    if !sure(&elsewhere) {
        return Vec::new();
    }
    elsewhere.retain(|found| !is_here(&found.passage.article));
    if sure(&elsewhere) { elsewhere } else { Vec::new() }
}

/// The passages of one article that answer a question best, else the article's first: in the customer's language if the article has it,
/// else in any.
pub(crate) async fn within(turn: &mut Turn<'_>, question: Screened, path: &str, limit: usize) -> Vec<Found> {
    let mut found = best(turn, question, Some(turn.language), Some(path), limit).await;
    if found.is_empty() {
        found.extend(first_of(turn, path));
    }
    found
}

/// The first passage of an article.
fn first_of(turn: &Turn<'_>, path: &str) -> Option<Found> {
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

/// The best passages, as far as any are found.
async fn best(
    turn: &mut Turn<'_>,
    question: Screened,
    language: Option<Language>,
    article: Option<&str>,
    limit: usize,
) -> Vec<Found> {
    let query = KnowledgeQuery {
        bot: turn.bot.bundle.bot_ref.clone(),
        question,
        language,
        audience: CUSTOMERS.to_owned(),
        article: article.map(str::to_owned),
        limit,
        deadline: turn.request.deadline,
    };
    match ask(turn, &query).await {
        Ok(found) => found.into_iter().map(Found::from).collect(),
        Err(error) => {
            turn.decide("knowledge", reason(&error), Some(error.to_string()));
            Vec::new()
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
