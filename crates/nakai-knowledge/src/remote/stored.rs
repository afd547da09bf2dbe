use std::borrow::Cow;

use nakai_ports::ArticlePassage;
use nakai_types::Language;
use serde::{Deserialize, Serialize};

/// A passage as it stands in a server's JSON.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct StoredPassage<'p> {
    article: Cow<'p, str>,
    ordinal: u32,
    title: Cow<'p, str>,
    #[serde(default, skip_serializing_if = "str::is_empty")]
    heading: Cow<'p, str>,
    text: Cow<'p, str>,
    language: Language,
    audience: Cow<'p, str>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    url: Option<Cow<'p, str>>,
    #[serde(default, skip_serializing_if = "<[_]>::is_empty")]
    questions: Cow<'p, [String]>,
}

impl<'p> From<&'p ArticlePassage> for StoredPassage<'p> {
    fn from(passage: &'p ArticlePassage) -> Self {
        Self {
            article: passage.article.as_str().into(),
            ordinal: passage.ordinal,
            title: passage.title.as_str().into(),
            heading: passage.heading.as_str().into(),
            text: passage.text.as_str().into(),
            language: passage.language,
            audience: passage.audience.as_str().into(),
            url: passage.url.as_deref().map(Cow::Borrowed),
            questions: passage.questions.as_slice().into(),
        }
    }
}

impl From<StoredPassage<'_>> for ArticlePassage {
    fn from(stored: StoredPassage<'_>) -> Self {
        Self {
            article: stored.article.into_owned(),
            ordinal: stored.ordinal,
            title: stored.title.into_owned(),
            heading: stored.heading.into_owned(),
            text: stored.text.into_owned(),
            language: stored.language,
            audience: stored.audience.into_owned(),
            url: stored.url.map(Cow::into_owned),
            questions: stored.questions.into_owned(),
        }
    }
}
