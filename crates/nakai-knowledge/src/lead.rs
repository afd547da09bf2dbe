//! Authors begin with the answer; details and exceptions follow. So of two passages of one article that fit a question about as well,
//! the first one is what was meant. A later one is meant if its heading is asked for.

use std::{cmp::Ordering, sync::Arc};

use nakai_ports::{ArticlePassage, FoundPassage};

/// How much more the first passage of an article counts.
const LEAD_BONUS: f32 = 0.35;
/// How much less a later passage counts whose heading says that it is about something that was not asked.
const OTHER_HEADING: f32 = 0.3;

/// A passage that was found, with that by which it is ordered.
pub(crate) struct Ranked {
    pub(crate) passage: Arc<ArticlePassage>,
    /// The share of its heading's words that the question has; `None` if there is no heading.
    pub(crate) heading_asked: Option<f32>,
    pub(crate) score: f32,
    pub(crate) confidence: f32,
}

impl Ranked {
    fn rank(&self) -> f32 {
        let factor = if self.passage.ordinal == 0 {
            1.0 + LEAD_BONUS
        } else {
            1.0 - OTHER_HEADING * (1.0 - self.heading_asked.unwrap_or(1.0))
        };
        self.score * factor
    }
}

/// Orders what was found so that the first passages of articles come earlier, and keeps the best.
pub(crate) fn leads_first(mut found: Vec<Ranked>, limit: usize) -> Vec<FoundPassage> {
    let first = found.first().map(|best| (Arc::clone(&best.passage), best.confidence));
    // The sort is stable: what is equal stays in the order in which it was found.
    found.sort_by(|a, b| b.rank().partial_cmp(&a.rank()).unwrap_or(Ordering::Equal));
    // If another passage of the best article takes its place, the bot is as sure as it was of the article.
    if let (Some(best), Some((passage, confidence))) = (found.first_mut(), first)
        && best.passage.article == passage.article
    {
        best.confidence = best.confidence.max(confidence);
    }
    found.truncate(limit);
    let found = found.into_iter().map(|ranked| FoundPassage {
        passage: ranked.passage,
        confidence: ranked.confidence,
    });
    found.collect()
}
