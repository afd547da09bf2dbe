//! Passages of articles as the search library has them.

use std::sync::Arc;

use nakai_ports::{ArticlePassage, FoundPassage};
use nakai_search::{Audiences, Hit, Passage, Words};

use crate::order::Explained;

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
    pub(crate) fn explain(&self, hit: Hit<'_>, asked: &Words) -> Explained {
        Explained {
            text: hit.text_score,
            vector: hit.vector_score,
            fused: hit.score,
            in_title: asked.share_in(&self.title).unwrap_or_default(),
            found: FoundPassage {
                passage: Arc::clone(&self.passage),
                confidence: hit.confidence,
                answer: hit.answer,
            },
        }
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
