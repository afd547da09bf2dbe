//! Connections, and what the server says when something is wrong.

use std::time::Duration;

use nakai_ports::KnowledgeError;
use sqlx::{
    ConnectOptions, Connection, PgPool,
    pool::PoolOptions,
    postgres::{PgConnectOptions, Postgres},
};

/// How many neighbours an index of vectors looks at, and that it goes on until filters leave enough. Known to the server once pgvector is
/// loaded, and without effect where it is not installed.
const VECTOR_SEARCH: [(&str, &str); 2] = [("hnsw.ef_search", "200"), ("hnsw.iterative_scan", "strict_order")];

/// A pool that connects when it is first used. The driver tries an address where nobody is again and again: half of the time that the server
/// may take is for that, so that what is said is that there was no connection.
pub(super) fn pool(options: PgConnectOptions, connections: u32, timeout: Duration) -> PgPool {
    let options = options
        .application_name("nakai-knowledge")
        .options(VECTOR_SEARCH)
        .disable_statement_logging();
    PoolOptions::<Postgres>::new()
        .max_connections(connections)
        .acquire_timeout(timeout / 2)
        .test_before_acquire(false)
        // A connection that was idle for a while is tried before it is used, for its server may have gone.
        .before_acquire(|connection, usage| {
            Box::pin(async move {
                if usage.idle_for > Duration::from_secs(1) {
                    connection.ping().await?;
                }
                Ok(true)
            })
        })
        .connect_lazy_with(options)
}

/// Says whether a table is not there.
pub(super) fn is_missing(error: &sqlx::Error) -> bool {
    const UNDEFINED_TABLE: &str = "42P01";
    matches!(error, sqlx::Error::Database(error) if error.code().as_deref() == Some(UNDEFINED_TABLE))
}

/// Translates what the driver says, in codes only: a server's own words may quote a row.
/// <https://www.postgresql.org/docs/current/errcodes-appendix.html>
pub(super) fn knowledge_error(error: &sqlx::Error) -> KnowledgeError {
    let what = match error {
        sqlx::Error::Database(error) => {
            let code = error.code().unwrap_or_default();
            let what = match (code.get(..2).unwrap_or_default(), &*code) {
                ("28", _) => "PostgreSQL refuses the user or the password",
                (_, "3D000") => "there is no such database",
                (_, "42501") => "the user may not make tables in this database",
                (_, "25006") => "the database is read-only",
                (_, "53100") => "the disk is full",
                ("53", _) => "PostgreSQL is out of resources",
                ("08", _) => "the connection was lost",
                ("57", _) => "PostgreSQL shuts down or starts",
                ("40", _) | (_, "55P03") => "another transaction was in the way",
                _ => return KnowledgeError::Internal(format!("PostgreSQL error {code}")),
            };
            return KnowledgeError::Unavailable(format!("{what}, PostgreSQL error {code}"));
        }
        sqlx::Error::Io(error) => return KnowledgeError::Unavailable(format!("connection: {}", error.kind())),
        sqlx::Error::Tls(_) => "no TLS connection could be made",
        sqlx::Error::PoolTimedOut => "no connection could be made in time",
        sqlx::Error::PoolClosed | sqlx::Error::WorkerCrashed | sqlx::Error::Protocol(_) => "the connection ended",
        _ => return KnowledgeError::Internal("PostgreSQL's driver refused a statement".into()),
    };
    KnowledgeError::Unavailable(what.into())
}
