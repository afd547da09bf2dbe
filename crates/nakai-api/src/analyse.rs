use std::borrow::Cow;

use nakai_types::Language;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{BotVersion, EntityView, IntentView, LanguageCode};

/// Body of `POST /api/v1/analyse`. Has no `Debug` and no `Serialize`: it holds what a customer typed.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AnalyseRequest<'a> {
    /// What to analyse.
    #[serde(borrow)]
    #[schema(value_type = String, min_length = 1, max_length = 8000)]
    pub text: Cow<'a, str>,
    /// The language to read it in. Left out: detected.
    #[serde(borrow, default)]
    #[schema(value_type = Option<String>, pattern = "^([jJ][aA]|[eE][nN])([-_].*)?$")]
    pub language: Option<Cow<'a, str>>,
    /// The bot whose intents and entities count. Left out: the default bot.
    #[serde(borrow, default)]
    #[schema(value_type = Option<String>, pattern = "^[a-z0-9][a-z0-9_-]{0,63}$")]
    pub bot: Option<Cow<'a, str>>,
}

/// Answer of `POST /api/v1/analyse`: what each step of understanding made of the text. Nothing of it is stored.
#[derive(Serialize, Deserialize, ToSchema)]
pub struct AnalyseResponse<'a> {
    /// The bot version that was asked.
    pub bot: BotVersion<'a>,
    /// The language in which the text was read.
    #[schema(value_type = LanguageCode)]
    pub language: Language,
    /// Whether it has whole words of another language too.
    pub mixed: bool,
    /// Its words in order.
    pub tokens: Vec<Word<'a>>,
    /// The dictionary forms of the words that carry meaning, as the classifier sees them.
    #[schema(value_type = Vec<String>)]
    pub tokens_without_stop_words: Vec<Cow<'a, str>>,
    /// Intents, the most probable first.
    pub intents: Vec<IntentView<'a>>,
    /// Whether the best intent is too improbable to act on.
    pub out_of_scope: bool,
    /// Further intents, of other clauses than the best one, in the order in which they are said; left out without any.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub also: Vec<IntentView<'a>>,
    /// Entities in the order of the text.
    pub entities: Vec<EntityView<'a>>,
}

/// One word. Offsets are UTF-8 bytes of the text.
#[derive(Serialize, Deserialize, ToSchema)]
pub struct Word<'a> {
    /// The word as typed.
    #[schema(value_type = String)]
    pub text: Cow<'a, str>,
    /// Its first byte.
    pub start: usize,
    /// One past its last byte.
    pub end: usize,
    /// Part of speech.
    #[schema(value_type = String)]
    pub part_of_speech: Cow<'a, str>,
    /// Dictionary form.
    #[schema(value_type = String)]
    pub base: Cow<'a, str>,
    /// Reading in katakana; empty where there is none.
    #[schema(value_type = String)]
    pub reading: Cow<'a, str>,
    /// Whether it is a stop word.
    pub stop: bool,
}
