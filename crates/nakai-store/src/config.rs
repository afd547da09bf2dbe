use std::path::PathBuf;

use nakai_config::{Problems, Secret};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use sqlx::postgres::PgConnectOptions;

/// What a finished turn survives.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Durability {
    /// A power failure: the turn is on disk before the customer is answered.
    #[default]
    Full,
    /// A crash of the program, but not of the machine: the last moments before a power failure may be lost, never torn.
    Normal,
}

/// The database of conversations and bots.
#[derive(Debug, Clone, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct StoreConfig {
    /// Where the data are: `sqlite:PATH` for a file on this machine, or `postgres://USER:PASSWORD@HOST:PORT/DATABASE`. Several
    /// replicas need PostgreSQL.
    #[schemars(extend("default" = DEFAULT_URL))]
    pub url: Secret,
    /// What a finished turn survives: `full` a power failure, `normal` only a crash of the program.
    pub durability: Durability,
    /// Connections for reading, beside the one that writes turns. 1 to 64.
    pub connections: u32,
    /// Milliseconds to wait for a connection, or for another program to let go of the file, before the database counts as
    /// unavailable. 1 to 60000.
    pub acquire_timeout_ms: u64,
    /// Milliseconds that PostgreSQL may take to write before it counts as unavailable. 1 to 600000.
    pub write_timeout_ms: u64,
    /// Turns that may wait to be written. When the queue is full, a turn is refused at once. 1 to 100000.
    pub queue_length: usize,
    /// Turns that are written in one transaction at most. 1 to 256.
    pub group_limit: usize,
}

/// The most connections for reading.
pub(crate) const MOST_CONNECTIONS: u32 = 64;

const DEFAULT_URL: &str = "sqlite:data/nakai.db";

impl Default for StoreConfig {
    fn default() -> Self {
        Self {
            url: Secret::new(DEFAULT_URL.to_owned()),
            durability: Durability::Full,
            connections: 4,
            acquire_timeout_ms: 1_000,
            write_timeout_ms: 10_000,
            queue_length: 1_024,
            group_limit: 64,
        }
    }
}

impl StoreConfig {
    /// Adds everything that is wrong with this section to `problems`, under keys that begin with `store.`.
    pub fn check(&self, problems: &mut Problems) {
        if let Err(what) = Address::parse(&self.url) {
            problems.error(
                "store.url",
                what,
                "write `sqlite:PATH` or `postgres://USER:PASSWORD@HOST:PORT/DATABASE`",
            );
        }
        let mut within = |key: &str, value: u64, most: u64| {
            if !(1..=most).contains(&value) {
                problems.error(
                    format!("store.{key}"),
                    format!("{value} is out of range"),
                    format!("choose a number from 1 to {most}"),
                );
            }
        };
        within("connections", self.connections.into(), MOST_CONNECTIONS.into());
        within("acquire_timeout_ms", self.acquire_timeout_ms, 60_000);
        within("write_timeout_ms", self.write_timeout_ms, 600_000);
        within("queue_length", self.queue_length as u64, 100_000);
        within("group_limit", self.group_limit as u64, 256);
    }
}

/// A database URL that was understood.
#[derive(Debug)]
pub(crate) enum Address {
    /// The file of a SQLite database.
    Sqlite(PathBuf),
    /// How to connect to PostgreSQL.
    Postgres(Box<PgConnectOptions>),
}

impl Address {
    /// Reads a URL. The error never repeats it, for it may hold a password.
    pub(crate) fn parse(url: &Secret) -> Result<Self, &'static str> {
        let url = url.expose();
        if let Some(path) = url.strip_prefix("sqlite:") {
            let path = path.strip_prefix("//").unwrap_or(path);
            match path {
                "" => Err("names no file"),
                _ if path.starts_with(':') || path.contains('?') => Err("is no path of a file"),
                _ => Ok(Self::Sqlite(path.into())),
            }
        } else if url.starts_with("postgres://") || url.starts_with("postgresql://") {
            url.parse()
                .map(|options| Self::Postgres(Box::new(options)))
                .map_err(|_| "is no valid PostgreSQL URL")
        } else {
            Err("names no database that this program knows")
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn problems(config: &StoreConfig) -> Vec<String> {
        let mut problems = Problems::default();
        config.check(&mut problems);
        problems.iter().map(|p| p.key.clone()).collect()
    }

    fn with_url(url: &str) -> StoreConfig {
        StoreConfig {
            url: Secret::new(url.to_owned()),
            ..StoreConfig::default()
        }
    }

    #[test]
    fn the_defaults_have_no_problems() {
        assert_eq!(problems(&StoreConfig::default()), Vec::<String>::new());
    }

    #[test]
    fn every_problem_is_reported_at_once_with_its_key() {
        let config = StoreConfig {
            connections: 0,
            acquire_timeout_ms: 0,
            write_timeout_ms: 0,
            queue_length: 0,
            group_limit: 257,
            ..with_url("mysql://localhost/nakai")
        };
        let keys = [
            "url",
            "connections",
            "acquire_timeout_ms",
            "write_timeout_ms",
            "queue_length",
            "group_limit",
        ];
        assert_eq!(problems(&config), keys.map(|key| format!("store.{key}")));
    }

    #[test]
    fn urls_are_told_apart() {
        for good in [
            "sqlite:nakai.db",
            "sqlite:///var/lib/nakai/nakai.db",
            "postgres://u:p@db:5432/nakai",
            "postgresql://db/n",
        ] {
            assert_eq!(problems(&with_url(good)), Vec::<String>::new(), "{good}");
        }
        for bad in [
            "",
            "sqlite:",
            "sqlite::memory:",
            "sqlite:a.db?mode=ro",
            "postgres://db:port/nakai",
            "nakai.db",
        ] {
            assert_eq!(problems(&with_url(bad)), ["store.url"], "{bad}");
        }
    }

    #[test]
    fn a_problem_never_repeats_the_password() {
        let mut problems = Problems::default();
        with_url("postgres://nakai:hunter2@db:port/nakai").check(&mut problems);
        assert!(problems.has_errors());
        assert!(!problems.to_string().contains("hunter2"), "{problems}");
    }
}
