use std::borrow::Cow;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A bot that serves.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub struct ActiveBot<'a> {
    /// The bot's name.
    #[schema(value_type = String)]
    pub name: Cow<'a, str>,
    /// The version on which new conversations begin.
    #[schema(value_type = String, pattern = "^sha256:[0-9a-f]{64}$")]
    pub version: Cow<'a, str>,
    /// Whether it answers requests that name no bot.
    pub default: bool,
}

/// Answer of `GET /api/v1/bots`.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub struct BotList<'a> {
    /// The bots, by name.
    pub bots: Vec<ActiveBot<'a>>,
}

/// Answer of `GET /api/v1/stats`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Stats {
    /// Stored turns.
    pub turns: u64,
    /// Stored conversations.
    pub conversations: u64,
    /// Turns that this process is answering now.
    pub turns_in_flight: usize,
}

/// Whether a dependency answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum DependencyState {
    /// It answers.
    Up,
    /// It does not, or not in time.
    Down,
}

/// The state of each dependency.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Dependencies {
    /// The database.
    pub store: DependencyState,
    /// The NLP service.
    pub nlp: DependencyState,
    /// The dialogue service.
    pub dialogue: DependencyState,
    /// Search in articles, as the dialogue service finds it. Without it, questions that only articles answer get the fallback, and the
    /// process stays ready.
    pub knowledge: DependencyState,
}

/// Answer of `GET /readyz`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Readiness {
    /// Whether this process should be sent requests.
    pub ready: bool,
    /// Whether it is stopping.
    pub draining: bool,
    /// What it leans on.
    pub dependencies: Dependencies,
}
