//! A store on a database of its own, and turns to put into it.

use std::{collections::BTreeMap, sync::Arc};

use nakai_config::Secret;
use nakai_ports::{DialogueState, IdempotencyKey, TurnCommit};
use nakai_store::{OpenError, Store, StoreConfig};
use nakai_testkit::postgres::PostgresServer;
use nakai_types::{
    BotName, BotRef, ConversationId, Decision, IntentScore, Language, Outcome, Reply, Screened, StepTime, TenantId,
    TurnId, TurnRecord, Understanding, Usage, Version,
};
use sqlx::{AssertSqlSafe, Connection, Executor, PgConnection, SqliteConnection};

#[derive(Debug, Clone, Copy)]
pub(crate) enum Database {
    Sqlite,
    Postgres,
}

pub(crate) struct Sandbox {
    pub(crate) store: Store,
    pub(crate) config: StoreConfig,
    pub(crate) directory: tempfile::TempDir,
    pub(crate) server: Option<PostgresServer>,
}

impl Sandbox {
    /// Starts an empty store; `None` if this machine has no such database.
    pub(crate) async fn start(database: Database) -> Option<Self> {
        Self::start_with(database, |_| {}).await
    }

    pub(crate) async fn start_with(database: Database, adjust: impl FnOnce(&mut StoreConfig)) -> Option<Self> {
        let directory = tempfile::tempdir().unwrap();
        let server = match database {
            Database::Sqlite => None,
            Database::Postgres => Some(PostgresServer::start().unwrap()?),
        };
        let url = match &server {
            Some(server) => server.url(),
            None => format!("sqlite:{}", directory.path().join("data/nakai.db").display()),
        };
        let mut config = StoreConfig {
            url: Secret::new(url),
            ..StoreConfig::default()
        };
        adjust(&mut config);
        let store = Store::open(&config).await.unwrap();
        Some(Self {
            store,
            config,
            directory,
            server,
        })
    }

    /// Closes the store and opens the same database again.
    pub(crate) async fn reopen(&mut self) -> Result<(), OpenError> {
        self.store.close().await;
        self.store = Store::open(&self.config).await?;
        Ok(())
    }

    /// Runs a statement behind the store's back.
    pub(crate) async fn execute(&self, sql: &str) {
        let sql = AssertSqlSafe(sql.to_owned());
        match &self.server {
            Some(server) => drop(
                PgConnection::connect(&server.url())
                    .await
                    .unwrap()
                    .execute(sql)
                    .await
                    .unwrap(),
            ),
            None => drop(self.sqlite().await.execute(sql).await.unwrap()),
        }
    }

    /// Reads one number behind the store's back.
    pub(crate) async fn number(&self, sql: &str) -> i64 {
        let query = sqlx::raw_sql(AssertSqlSafe(sql.to_owned()));
        use sqlx::Row;
        match &self.server {
            Some(server) => query
                .fetch_one(&mut PgConnection::connect(&server.url()).await.unwrap())
                .await
                .unwrap()
                .get(0),
            None => query.fetch_one(&mut self.sqlite().await).await.unwrap().get(0),
        }
    }

    /// Reads texts behind the store's back.
    pub(crate) async fn texts(&self, sql: &str) -> Vec<String> {
        use sqlx::Row;
        let query = sqlx::raw_sql(AssertSqlSafe(sql.to_owned()));
        match &self.server {
            Some(server) => {
                let mut connection = PgConnection::connect(&server.url()).await.unwrap();
                query
                    .fetch_all(&mut connection)
                    .await
                    .unwrap()
                    .iter()
                    .map(|row| row.get(0))
                    .collect()
            }
            None => query
                .fetch_all(&mut self.sqlite().await)
                .await
                .unwrap()
                .iter()
                .map(|row| row.get(0))
                .collect(),
        }
    }

    pub(crate) async fn sqlite(&self) -> SqliteConnection {
        SqliteConnection::connect(self.config.url.expose()).await.unwrap()
    }
}

pub(crate) fn tenant() -> TenantId {
    TenantId::default()
}

pub(crate) fn bot(version: u8) -> BotRef {
    BotRef {
        name: BotName::new("ryokan").unwrap(),
        version: Version::from_digest([version; 32]),
    }
}

/// A turn of the default tenant with plain words.
pub(crate) fn commit(conversation: ConversationId, sequence: u64) -> TurnCommit {
    commit_of(record(conversation, sequence))
}

pub(crate) fn commit_of(record: TurnRecord) -> TurnCommit {
    let state = format!(r#"{{"turns":{}}}"#, record.sequence);
    TurnCommit {
        record: Arc::new(record),
        state: DialogueState::from_json(state),
        idempotency: None,
    }
}

pub(crate) fn record(conversation: ConversationId, sequence: u64) -> TurnRecord {
    TurnRecord {
        turn: TurnId::new(),
        tenant: tenant(),
        conversation,
        sequence,
        bot: bot(1),
        started_ms: 1_763_800_000_000,
        user: Some("pseudonym".to_owned()),
        key: Some("bootstrap".into()),
        channel: "chat".into(),
        utterance: Screened::after_screening(format!("予約 {sequence}")),
        understanding: Understanding {
            language: Language::Ja,
            mixed: false,
            intents: vec![IntentScore {
                name: "booking".into(),
                confidence: 0.75,
            }],
            out_of_scope: false,
            also: Vec::new(),
            entities: Vec::new(),
        },
        decisions: vec![Decision {
            rule: "intent".into(),
            subject: "booking".into(),
            detail: None,
        }],
        reply: Reply {
            text: Screened::ours("いつがよろしいですか。"),
            outcome: Outcome::Flow,
            choices: Vec::new(),
            citations: Vec::new(),
            handover: None,
        },
        usage: Usage::default(),
        models: Vec::new(),
        steps: vec![StepTime {
            step: "respond".into(),
            micros: 12,
        }],
        metadata: BTreeMap::new(),
    }
}

pub(crate) fn key(name: &str) -> IdempotencyKey {
    IdempotencyKey {
        key: name.to_owned(),
        request_hash: [7; 32],
    }
}
