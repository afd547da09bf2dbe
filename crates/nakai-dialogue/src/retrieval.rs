//! Passages for a question.

use nakai_types::Citation;

use crate::turn::Turn;

/// A passage that may answer a question.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Retrieved {
    /// The article's path.
    pub(crate) article: String,
    pub(crate) title: String,
    pub(crate) text: String,
    pub(crate) url: Option<String>,
    /// How sure it is that it answers, 0 to 1.
    pub(crate) score: f32,
}

impl Retrieved {
    pub(crate) fn citation(&self) -> Citation {
        Citation {
            title: self.title.clone(),
            url: self.url.clone(),
            passage: self.text.clone(),
        }
    }
}

/// Finds the passages that answer a question best, the best first: of one article, or of all that are sure enough.
pub(crate) fn retrieve(turn: &Turn<'_>, question: &str, article: Option<&str>, limit: usize) -> Vec<Retrieved> {
    let knowledge = &turn.bot.knowledge;
    let found = match article {
        Some(path) => knowledge.within(turn.language, path, question, limit),
        None => {
            let least = turn.bot.bundle.bot.thresholds.passage;
            let mut found = knowledge.search(turn.language, question, limit);
            // What is less sure than the best may still complete it.
            if found.first().is_none_or(|best| best.score < least) {
                found.clear();
            }
            found
        }
    };
    found
        .into_iter()
        .map(|found| {
            let citation = found.passage.citation();
            Retrieved {
                article: found.passage.path.clone(),
                title: citation.title,
                text: citation.passage,
                url: citation.url,
                score: found.score,
            }
        })
        .collect()
}
