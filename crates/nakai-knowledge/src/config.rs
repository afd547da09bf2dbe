use std::time::Duration;

use nakai_config::{Problems, Secret};
use reqwest::Url;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use sqlx::postgres::PgConnectOptions;

use crate::opensearch::{Address, authorization};

/// Where articles are searched.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum EngineKind {
    /// In each process, in memory.
    #[default]
    Embedded,
    /// On an OpenSearch or Elasticsearch server.
    OpenSearch,
    /// In a PostgreSQL database.
    Postgres,
}

/// Search in the articles of bots.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct KnowledgeConfig {
    /// Where articles are searched: `embedded` in each process, in memory; `opensearch` on an OpenSearch or Elasticsearch server;
    /// `postgres` in a PostgreSQL database, with pgvector where that is installed. Answers are the same.
    pub engine: EngineKind,
    /// Where the server is: `https://HOST:9200` for `opensearch`, `postgres://USER:PASSWORD@HOST:PORT/DATABASE` for `postgres`.
    pub url: Option<Secret>,
    /// What lets Nakai into OpenSearch or Elasticsearch: `USER:PASSWORD`, or an API key of Elasticsearch as that shows it.
    pub key: Option<Secret>,
    /// How the names of all indexes or tables on the server begin. Lower-case letters, digits and `-`; 1 to 40 of them.
    pub index: String,
    /// How many versions of all bots the server keeps. Beyond these, those that were not used for the longest time are dropped, and those
    /// used within the last hour are not. 1 to 1000.
    pub max_versions: usize,
    /// Milliseconds that the server may take to answer a question before the turn goes on without it. 1 to 60000.
    pub timeout_ms: u64,
    /// Connections to PostgreSQL at most. 1 to 64.
    pub connections: u32,
    /// Lets `opensearch` be reached over `http` on other machines, where the network encrypts by itself.
    pub allow_plaintext: bool,
}

impl Default for KnowledgeConfig {
    fn default() -> Self {
        Self {
            engine: EngineKind::Embedded,
            url: None,
            key: None,
            index: "nakai-knowledge".to_owned(),
            max_versions: 64,
            timeout_ms: 2_000,
            connections: 8,
            allow_plaintext: false,
        }
    }
}

impl KnowledgeConfig {
    /// Adds everything that is wrong with this section to `problems`, under keys that begin with `knowledge.`.
    pub fn check(&self, problems: &mut Problems) {
        if let Some((what, cure)) = self.url_problem() {
            problems.error("knowledge.url", what, cure);
        }
        if let Some(key) = &self.key {
            if self.engine != EngineKind::OpenSearch {
                problems.error(
                    "knowledge.key",
                    "is for `opensearch` only",
                    "leave it out; the user and password of PostgreSQL stand in `knowledge.url`",
                );
            } else if key.expose().is_empty() || authorization(key).is_err() {
                problems.error(
                    "knowledge.key",
                    "can't be sent",
                    "write `USER:PASSWORD`, or an API key as Elasticsearch shows it (`encoded`), without line ends",
                );
            }
        }
        let legal = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-';
        let starts_well = self.index.starts_with(|c: char| c.is_ascii_lowercase());
        if !starts_well || self.index.len() > 40 || !self.index.bytes().all(legal) {
            problems.error(
                "knowledge.index",
                "can't begin the names of indexes and tables",
                "use 1 to 40 lower-case letters, digits and `-`, and begin with a letter",
            );
        }
        for (name, value, most) in [
            ("max_versions", self.max_versions as u64, 1_000),
            ("timeout_ms", self.timeout_ms, 60_000),
            ("connections", self.connections.into(), 64),
        ] {
            if !(1..=most).contains(&value) {
                problems.error(
                    format!("knowledge.{name}"),
                    format!("{value} is out of range"),
                    format!("choose a number from 1 to {most}"),
                );
            }
        }
    }

    /// What is wrong with the address, and how to mend it. Never repeats it, for it may hold a password.
    fn url_problem(&self) -> Option<(&'static str, &'static str)> {
        const HTTPS: &str = "write it whole, for example `https://search.example:9200`";
        const POSTGRES: &str = "write `postgres://USER:PASSWORD@HOST:PORT/DATABASE`";
        match (self.engine, &self.url) {
            (EngineKind::Embedded, None) => None,
            (EngineKind::Embedded, Some(_)) => Some((
                "is of no use with the engine `embedded`",
                "set `knowledge.engine` to `opensearch` or `postgres`, or leave the address out",
            )),
            (EngineKind::OpenSearch, None) => Some(("is missing", HTTPS)),
            (EngineKind::Postgres, None) => Some(("is missing", POSTGRES)),
            (EngineKind::Postgres, Some(_)) => {
                let wrong = ("is no address of a PostgreSQL database", POSTGRES);
                self.postgres().is_none().then_some(wrong)
            }
            (EngineKind::OpenSearch, Some(_)) => {
                let Some(url) = self.http() else {
                    return Some(("is no address of a server", HTTPS));
                };
                if !url.username().is_empty() || url.password().is_some() {
                    return Some((
                        "has a user or password in it",
                        "take them out, and set `knowledge.key` to `USER:PASSWORD`, or name a file with them in `knowledge.key_file`",
                    ));
                }
                if url.query().is_some() || url.fragment().is_some() {
                    return Some(("has more than an address and a path", HTTPS));
                }
                let plain = url.scheme() == "http" && !self.allow_plaintext && !is_loopback(&url);
                plain.then_some((
                    "would send articles and the key unencrypted to another machine",
                    "use `https`, or set `knowledge.allow_plaintext` where the network encrypts by itself",
                ))
            }
        }
    }

    fn http(&self) -> Option<Url> {
        let url = Url::parse(self.url.as_ref()?.expose()).ok()?;
        (matches!(url.scheme(), "http" | "https") && url.has_host()).then_some(url)
    }

    /// The address of OpenSearch or Elasticsearch, if there is one.
    pub(crate) fn opensearch(&self) -> Option<Address> {
        Some(Address {
            url: self.http()?,
            key: self.key.clone(),
        })
    }

    /// How to connect to PostgreSQL, if there is an address of it.
    pub(crate) fn postgres(&self) -> Option<PgConnectOptions> {
        let url = self.url.as_ref()?.expose();
        let known = url.starts_with("postgres://") || url.starts_with("postgresql://");
        known.then(|| url.parse().ok())?
    }

    pub(crate) const fn timeout(&self) -> Duration {
        Duration::from_millis(self.timeout_ms)
    }
}

fn is_loopback(url: &Url) -> bool {
    let host = url.host_str().unwrap_or_default();
    let address = host.trim_start_matches('[').trim_end_matches(']');
    host == "localhost" || address.parse::<std::net::IpAddr>().is_ok_and(|ip| ip.is_loopback())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn config(engine: EngineKind, url: &str, key: Option<&str>) -> KnowledgeConfig {
        KnowledgeConfig {
            engine,
            url: (!url.is_empty()).then(|| Secret::new(url.to_owned())),
            key: key.map(|key| Secret::new(key.to_owned())),
            ..KnowledgeConfig::default()
        }
    }

    fn problems(config: &KnowledgeConfig) -> Problems {
        let mut problems = Problems::default();
        config.check(&mut problems);
        problems
    }

    #[test]
    fn good_settings_have_no_problems() {
        use EngineKind::{Embedded, OpenSearch, Postgres};
        for (engine, url, key) in [
            (Embedded, "", None),
            (OpenSearch, "https://search.example:9200", Some("nakai:secret")),
            (OpenSearch, "http://127.0.0.1:9200/prefix", None),
            (OpenSearch, "http://[::1]:9200", Some("VnVhQ2ZHY0JDZGJrU==")),
            (Postgres, "postgres://u:p@db:5432/nakai", None),
        ] {
            let problems = problems(&config(engine, url, key));
            assert!(!problems.has_errors(), "{url}: {problems}");
        }
    }

    #[test]
    fn bad_settings_are_named_with_a_cure_and_without_the_secret() {
        use EngineKind::{Embedded, OpenSearch, Postgres};
        for (engine, url, key, named, said) in [
            (Embedded, "https://x.example", None, "knowledge.url", "embedded"),
            (OpenSearch, "", None, "knowledge.url", "missing"),
            (OpenSearch, "search.example:9200", None, "knowledge.url", "no address"),
            (
                OpenSearch,
                "http://search.example:9200",
                None,
                "knowledge.url",
                "allow_plaintext",
            ),
            (
                OpenSearch,
                "https://u:hunter2@search.example",
                None,
                "knowledge.url",
                "knowledge.key",
            ),
            (
                OpenSearch,
                "https://search.example/?a=hunter2",
                None,
                "knowledge.url",
                "more than",
            ),
            (
                OpenSearch,
                "https://search.example",
                Some("hunter2\n"),
                "knowledge.key",
                "line ends",
            ),
            (Postgres, "", None, "knowledge.url", "missing"),
            (
                Postgres,
                "postgres://u:hunter2@db:port/n",
                None,
                "knowledge.url",
                "postgres://USER",
            ),
            (
                Postgres,
                "postgres://db/n",
                Some("hunter2"),
                "knowledge.key",
                "opensearch",
            ),
        ] {
            let problems = problems(&config(engine, url, key));
            assert!(problems.iter().any(|problem| problem.key == named), "{url}: {problems}");
            let text = problems.to_string();
            assert!(text.contains(said) && !text.contains("hunter2"), "{url}: {text}");
        }
    }

    #[test]
    fn numbers_and_names_out_of_range_are_all_named() {
        let config = KnowledgeConfig {
            index: "Wrong name".into(),
            max_versions: 0,
            timeout_ms: 60_001,
            connections: 0,
            ..KnowledgeConfig::default()
        };
        let keys: Vec<String> = problems(&config).iter().map(|problem| problem.key.clone()).collect();
        let expected = ["index", "max_versions", "timeout_ms", "connections"];
        assert_eq!(keys, expected.map(|name| format!("knowledge.{name}")));
    }
}
