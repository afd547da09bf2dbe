use std::time::Duration;

use nakai_ports::StoreError;
use nakai_types::TurnId;
use tokio::sync::MutexGuard;

use crate::{
    config::{Address, StoreConfig},
    error::OpenError,
    group::Write,
    postgres::Postgres,
    sqlite::Sqlite,
};

/// The two databases. Each has the pools `writer` (turns and bundles, durable), `leases` (reservations, which need not survive a
/// power failure) and `readers`.
#[derive(Debug)]
pub(crate) enum Database {
    Sqlite(Sqlite),
    Postgres(Postgres),
}

/// Expands the same statement for both databases: `on_database!(db, |db| query(SQL).fetch_one(&db.readers).await)`.
macro_rules! on_database {
    ($database:expr, |$db:ident| $statement:expr) => {
        match $database {
            $crate::database::Database::Sqlite($db) => $statement,
            $crate::database::Database::Postgres($db) => $statement,
        }
    };
}
pub(crate) use on_database;

/// Expands the same read for both databases, like [`on_database!`].
///
/// That the server of an idle connection was restarted shows only when the connection is used. A read that meets such a connection
/// is repeated; each attempt takes one out of the pool, so there is an end to it.
macro_rules! read_from {
    ($database:expr, |$db:ident| $statement:expr) => {{
        let mut attempts = 0;
        loop {
            match $crate::database::on_database!($database, |$db| $statement) {
                Err(error)
                    if attempts < $crate::config::MOST_CONNECTIONS && $crate::error::connection_was_cut(&error) =>
                {
                    attempts += 1;
                }
                result => break result,
            }
        }
    }};
}
pub(crate) use read_from;

impl Database {
    pub(crate) async fn open(config: &StoreConfig) -> Result<Self, OpenError> {
        match Address::parse(&config.url).map_err(OpenError::Url)? {
            Address::Sqlite(path) => Sqlite::open(&path, config).await.map(Self::Sqlite),
            Address::Postgres(options) => Postgres::open(*options, config).await.map(Self::Postgres),
        }
    }

    /// Writes turns of different conversations, and usage, in one transaction. Gives the turns that lost: they found another sequence
    /// than theirs minus one, or their idempotency key fulfilled, and nothing of them was written.
    pub(crate) async fn commit_group(&self, group: &[Write]) -> Result<Vec<TurnId>, StoreError> {
        on_database!(self, |db| db.commit_group(group).await)
    }

    /// Waits until nobody else in this process writes. PostgreSQL needs no such thing; SQLite has one writer at a time, and would
    /// poll where this queues.
    pub(crate) async fn turn_to_write(&self) -> Option<MutexGuard<'_, ()>> {
        match self {
            Self::Sqlite(db) => Some(db.turn_to_write().await),
            Self::Postgres(_) => None,
        }
    }

    /// Really reads and writes.
    pub(crate) async fn ping(&self) -> Result<(), StoreError> {
        on_database!(self, |db| db.ping().await)
    }

    pub(crate) async fn close(&self) {
        on_database!(self, |db| {
            // Readers first: the last connection of SQLite moves its log into the database, which a reader may not.
            db.readers.close().await;
            db.leases.close().await;
            db.writer.close().await;
        });
    }
}

/// How the pools of both databases are limited.
pub(crate) struct PoolLimits {
    pub(crate) connections: u32,
    pub(crate) acquire_timeout: Duration,
}

impl PoolLimits {
    /// Makes the options of a pool. A connection that was idle for a while is tried before it is used, for its server may have gone;
    /// one that was just used is not, for that would cost every statement a round trip.
    pub(crate) fn options<DB: sqlx::Database>(&self) -> sqlx::pool::PoolOptions<DB> {
        sqlx::pool::PoolOptions::new()
            .max_connections(self.connections)
            .acquire_timeout(self.acquire_timeout)
            .test_before_acquire(false)
            .before_acquire(|connection, usage| {
                Box::pin(async move {
                    if usage.idle_for > Duration::from_secs(1) {
                        sqlx::Connection::ping(connection).await?;
                    }
                    Ok(true)
                })
            })
    }
}
