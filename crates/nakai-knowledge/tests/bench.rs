//! Engines to test, and what is asked of them.

use std::sync::Arc;

use nakai_config::Secret;
use nakai_encoder::SentenceEncoder;
use nakai_knowledge::{EmbeddedOptions, Engine, EngineKind, KnowledgeConfig, RemoteOptions, open};
use nakai_testkit::postgres::PostgresServer;
use sqlx::{AssertSqlSafe, Connection, PgConnection};

/// What is tested.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// In this process.
    Embedded,
    /// PostgreSQL without pgvector, started by the test.
    Postgres,
    /// PostgreSQL with pgvector, at `NAKAI_TEST_PGVECTOR_URL`.
    Pgvector,
    /// OpenSearch or Elasticsearch, at `NAKAI_TEST_OPENSEARCH_URL`.
    OpenSearch,
}

/// An engine on a server of its own, or under a name of its own.
pub(crate) struct Bench {
    kind: Kind,
    pub(crate) config: KnowledgeConfig,
    pub(crate) remote: RemoteOptions,
    pub(crate) engine: Arc<dyn Engine>,
    pub(crate) server: Option<PostgresServer>,
}

impl Bench {
    /// `None` where the server can't be had: the test is skipped.
    pub(crate) fn start(kind: Kind) -> Option<Self> {
        Self::start_with(kind, RemoteOptions::default())
    }

    pub(crate) fn start_with(kind: Kind, remote: RemoteOptions) -> Option<Self> {
        let (engine, url, server) = match kind {
            Kind::Embedded => (EngineKind::Embedded, None, None),
            Kind::Postgres => {
                let server = PostgresServer::start().unwrap()?;
                (EngineKind::Postgres, Some(server.url()), Some(server))
            }
            Kind::Pgvector => (EngineKind::Postgres, Some(variable("NAKAI_TEST_PGVECTOR_URL")?), None),
            Kind::OpenSearch => (
                EngineKind::OpenSearch,
                Some(variable("NAKAI_TEST_OPENSEARCH_URL")?),
                None,
            ),
        };
        let config = KnowledgeConfig {
            engine,
            url: url.map(Secret::new),
            index: format!("test-{}", uuid::Uuid::now_v7().simple()),
            max_versions: remote.max_versions,
            // The machine may be busy with other tests.
            timeout_ms: 60_000,
            ..KnowledgeConfig::default()
        };
        Some(Self {
            kind,
            engine: engine_of(&config, &remote),
            config,
            remote,
            server,
        })
    }

    /// Another process on the same server.
    pub(crate) fn another(&self) -> Arc<dyn Engine> {
        engine_of(&self.config, &self.remote)
    }

    /// Another process on the same server, with another encoder of the same name.
    pub(crate) fn another_with(&self, encoder: Arc<dyn SentenceEncoder>) -> Arc<dyn Engine> {
        let remote = RemoteOptions {
            encoder,
            ..self.remote.clone()
        };
        engine_of(&self.config, &remote)
    }

    /// Removes the passages of all versions, as a person might who tidies up, and leaves the entries of the versions.
    pub(crate) async fn lose_passages(&self) {
        let url = self.config.url.as_ref().map_or("", Secret::expose);
        if self.kind == Kind::OpenSearch {
            let client = reqwest::Client::new();
            for index in self
                .indexes()
                .await
                .iter()
                .filter(|index| !index.ends_with("-versions"))
            {
                client.delete(format!("{url}/{index}")).send().await.unwrap();
            }
        } else {
            self.drop_tables("_passages").await;
        }
    }

    /// The indexes on OpenSearch whose names begin as those of the test do.
    pub(crate) async fn indexes(&self) -> Vec<String> {
        let url = self.config.url.as_ref().map_or("", Secret::expose);
        let list = format!("{url}/{}*/_mapping", self.config.index);
        let indexes = reqwest::get(list).await.unwrap().bytes().await.unwrap();
        let indexes: serde_json::Map<String, serde_json::Value> = serde_json::from_slice(&indexes).unwrap();
        indexes.into_iter().map(|(index, _)| index).collect()
    }

    async fn drop_tables(&self, ending: &str) {
        let url = self.config.url.as_ref().map_or("", Secret::expose);
        let mut connection = PgConnection::connect(url).await.unwrap();
        let drop = format!(
            "DO $$ DECLARE t text; BEGIN
                FOR t IN SELECT tablename FROM pg_tables WHERE tablename LIKE '{}%{ending}' LOOP
                    EXECUTE format('DROP TABLE %I', t);
                END LOOP;
            END $$",
            self.config.index
        );
        sqlx::raw_sql(AssertSqlSafe(drop))
            .execute(&mut connection)
            .await
            .unwrap();
    }

    /// Removes what the test left on a server that others use too.
    pub(crate) async fn clean(self) {
        match self.kind {
            Kind::Embedded | Kind::Postgres => {}
            Kind::Pgvector => self.drop_tables("").await,
            Kind::OpenSearch => {
                let url = self.config.url.as_ref().map_or("", Secret::expose);
                let client = reqwest::Client::new();
                for index in self.indexes().await {
                    client.delete(format!("{url}/{index}")).send().await.unwrap();
                }
            }
        }
    }
}

fn engine_of(config: &KnowledgeConfig, remote: &RemoteOptions) -> Arc<dyn Engine> {
    let embedded = EmbeddedOptions {
        encoder: Arc::clone(&remote.encoder),
        max_versions: remote.max_versions,
        ..EmbeddedOptions::default()
    };
    open(config, embedded, remote.clone()).unwrap()
}

#[expect(
    clippy::print_stderr,
    reason = "a skipped test says so where the person who runs it looks"
)]
fn variable(name: &str) -> Option<String> {
    let value = std::env::var(name).ok();
    if value.is_none() {
        eprintln!("skipped: {name} has no address of a server");
    }
    value
}

/// A quick encoder: it counts letters.
pub(crate) struct Letters;

impl SentenceEncoder for Letters {
    fn id(&self) -> &'static str {
        "letters"
    }

    fn dimension(&self) -> usize {
        16
    }

    fn encode(&self, text: &str, vector: &mut Vec<f32>) {
        let mut counts = [0.0_f32; 16];
        for c in text.chars() {
            counts[c as usize % 16] += 1.0;
        }
        let length = counts.iter().map(|x| x * x).sum::<f32>().sqrt().max(1.0);
        vector.extend(counts.map(|x| x / length));
    }
}
