//! Passages of articles as the search library has them.

use std::sync::Arc;

use nakai_ports::{ArticlePassage, FoundPassage};
use nakai_search::{Audiences, Hit, Passage, Words};

use crate::order::{Explained, by_article};

/// A passage with the words of its title.
pub(crate) struct Kept {
    pub(crate) passage: Arc<ArticlePassage>,
    title: Words,
}

impl Kept {
    pub(crate) fn new(passage: Arc<ArticlePassage>) -> Self {
        Self {
            title: Words::of(&passage.title),
            passage,
        }
    }

    /// What speaks for the passage, for a question with these words.
    fn explain(&self, hit: &Hit<'_>, asked: &Words) -> Explained {
        Explained {
            text: hit.text_score,
            vector: hit.vector_score,
            fused: hit.score,
            in_title: asked.share_in(&self.title).unwrap_or_default(),
            found: FoundPassage {
                passage: Arc::clone(&self.passage),
                confidence: hit.confidence,
                // Looked up for those that are wanted.
                answer: 0..self.passage.text.len(),
            },
        }
    }
}

/// Passages in the order of how well they answer, and the hits that they come from.
pub(crate) struct Ranking<'i> {
    pub(crate) ordered: Vec<Explained>,
    hits: Vec<Hit<'i>>,
}

impl<'i> Ranking<'i> {
    /// Orders hits by their articles. `kept` gives the passage of a hit's id, if it may be shown; `asked` are the
    /// question's words.
    pub(crate) fn new<'k>(hits: Vec<Hit<'i>>, kept: impl Fn(&str) -> Option<&'k Kept>, asked: &Words) -> Self {
        let explained = hits
            .iter()
            .filter_map(|hit| Some(kept(&hit.passage.id)?.explain(hit, asked)));
        Self {
            ordered: by_article(explained.collect()),
            hits,
        }
    }

    /// The first passages, with the sentences of each that answer.
    pub(crate) fn best(mut self, limit: usize) -> Vec<Explained> {
        self.ordered.truncate(limit);
        for Explained { found, .. } in &mut self.ordered {
            let id = id(&found.passage);
            if let Some(hit) = self.hits.iter().find(|hit| hit.passage.id == id) {
                found.answer = hit.answer();
            }
        }
        self.ordered
    }
}

/// A passage as it is searched.
pub(crate) fn searched(passage: &ArticlePassage, audiences: Audiences) -> Passage {
    Passage {
        id: id(passage),
        title: title(passage),
        heading: passage.heading.clone(),
        text: passage.text.clone(),
        language: passage.language,
        audiences,
    }
}

/// What names a passage among those of its bot version. Passages of equal score come in this order.
pub(crate) fn id(passage: &ArticlePassage) -> String {
    let prefix = article_prefix(&passage.article);
    format!("{prefix}{}\0{:06}", passage.language.code(), passage.ordinal)
}

/// How the ids of an article's passages begin: no path has the character that ends it.
pub(crate) fn article_prefix(article: &str) -> String {
    format!("{article}\0")
}

/// What is searched as the title of a passage: the article's title, and how customers ask for it.
fn title(passage: &ArticlePassage) -> String {
    let mut title = passage.title.clone();
    for question in &passage.questions {
        title.push('\n');
        title.push_str(question);
    }
    title
}
