use nakai_ports::StoreError;
use sqlx::migrate::MigrateError;

/// Why the store could not be opened.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// The URL is not one that this program understands.
    #[error(
        "the URL of the database {0}; write `sqlite:PATH` or `postgres://USER:PASSWORD@HOST:PORT/DATABASE` as `store.url`"
    )]
    Url(&'static str),
    /// The directory of the SQLite file can't be made.
    #[error("the directory of the database can't be made ({0}); make it, or choose another path as `store.url`")]
    Directory(std::io::ErrorKind),
    /// A newer release has changed the tables.
    #[error(
        "the database was written by a newer release of nakai (schema {found}, this release knows {known}); \
         start that release, or restore the backup from before the upgrade"
    )]
    Newer {
        /// The schema of the database.
        found: i64,
        /// The newest schema that this release knows.
        known: i64,
    },
    /// The tables are not as the migrations make them.
    #[error("migration {0} of the database was changed or did not finish; restore a backup")]
    Migration(i64),
    /// The database does not let us in or failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl OpenError {
    /// Translates what a migration run says; `known` is the newest schema of this release.
    pub(crate) fn from_migration(error: &MigrateError, known: i64) -> Self {
        match error {
            MigrateError::VersionMissing(found) if *found > known => Self::Newer { found: *found, known },
            MigrateError::VersionMissing(version)
            | MigrateError::VersionMismatch(version)
            | MigrateError::Dirty(version) => Self::Migration(*version),
            MigrateError::Execute(error) | MigrateError::ExecuteMigration(error, _) => Self::Store(store_error(error)),
            _ => Self::Store(StoreError::Internal(
                "the migrations of this release are inconsistent".to_owned(),
            )),
        }
    }
}

/// Translates what the driver says. Holds codes and names of tables only, for a database's own words may quote a row.
pub(crate) fn store_error(error: &sqlx::Error) -> StoreError {
    use sqlx::Error;
    match error {
        Error::Database(database) => {
            let code = database.code().unwrap_or_default();
            match code.parse::<u32>() {
                // SQLSTATEs of PostgreSQL have five characters; extended codes of SQLite fewer digits.
                Ok(extended) if code.len() < 5 => sqlite_error(extended, database.message()),
                _ => postgres_error(&code, database.table(), database.constraint()),
            }
        }
        Error::Io(io) => StoreError::Unavailable(format!("connection: {}", io.kind())),
        Error::Tls(_) => StoreError::Unavailable("no TLS connection could be made".to_owned()),
        Error::PoolTimedOut => StoreError::Unavailable("no connection came free or could be made in time".to_owned()),
        Error::PoolClosed => closed(),
        Error::WorkerCrashed => StoreError::Unavailable("the connection ended".to_owned()),
        Error::ColumnDecode { index, .. } => StoreError::Corrupt(format!("column {index} has another type")),
        Error::Decode(_) => StoreError::Corrupt("a column has another type".to_owned()),
        // A cut connection shows up as a message that is not the expected one.
        Error::Protocol(_) => StoreError::Unavailable("the database broke off".to_owned()),
        _ => StoreError::Internal("the driver refused the statement".to_owned()),
    }
}

/// Says whether a connection that lay idle turned out to be cut, as by a restart of the server: another one may work.
pub(crate) fn connection_was_cut(error: &sqlx::Error) -> bool {
    use std::io::ErrorKind;
    match error {
        sqlx::Error::Io(io) => matches!(
            io.kind(),
            ErrorKind::BrokenPipe
                | ErrorKind::ConnectionReset
                | ErrorKind::ConnectionAborted
                | ErrorKind::UnexpectedEof
                | ErrorKind::NotConnected
        ),
        // What a PostgreSQL server says as it goes: admin_shutdown, crash_shutdown.
        sqlx::Error::Database(database) => matches!(database.code().as_deref(), Some("57P01" | "57P02")),
        sqlx::Error::Protocol(_) => true,
        _ => false,
    }
}

/// What a closed store answers.
pub(crate) fn closed() -> StoreError {
    StoreError::Unavailable("the store is closed".to_owned())
}

/// <https://www.sqlite.org/rescode.html>: the low byte of an extended code is its primary code.
fn sqlite_error(extended: u32, message: &str) -> StoreError {
    let what = match extended & 0xff {
        5 | 6 => "another program holds the database",
        7 => "out of memory",
        8 => "the database is read-only",
        10 => "the disk failed",
        13 => "the disk is full",
        14 => "the file can't be opened",
        15 => "the file can't be locked",
        11 | 26 => return StoreError::Corrupt(format!("SQLite error {extended}")),
        // Messages of SQLite name tables and columns, never values.
        _ => return StoreError::Internal(format!("SQLite error {extended}: {message}")),
    };
    StoreError::Unavailable(format!("{what}, SQLite error {extended}"))
}

/// <https://www.postgresql.org/docs/current/errcodes-appendix.html>
fn postgres_error(code: &str, table: Option<&str>, constraint: Option<&str>) -> StoreError {
    let place = constraint
        .or(table)
        .map(|name| format!(" on {name}"))
        .unwrap_or_default();
    let what = match (code.get(..2).unwrap_or_default(), code) {
        ("08", _) => "the connection was lost",
        (_, "53100") => "the disk is full",
        ("53", _) => "the server is out of resources",
        (_, "57014") => "the statement took too long",
        ("57", _) => "the server shuts down or starts",
        ("58", _) => "the disk failed",
        (_, "25006") => "the database is read-only",
        ("28", _) => "the server refuses the user or the password",
        (_, "3D000") => "there is no such database",
        (_, "42501") => "the user may not do this",
        ("40", _) | (_, "55P03") => "another transaction was in the way",
        ("XX", "XX001" | "XX002") => return StoreError::Corrupt(format!("PostgreSQL error {code}{place}")),
        _ => return StoreError::Internal(format!("PostgreSQL error {code}{place}")),
    };
    StoreError::Unavailable(format!("{what}, PostgreSQL error {code}{place}"))
}

#[cfg(test)]
mod tests {
    use nakai_types::ErrorKind;

    use super::*;

    #[test]
    fn what_an_operator_can_mend_is_unavailable() {
        for code in [5, 8, 10, 13, 14, 522, 1546, 1032] {
            assert_eq!(sqlite_error(code, "").kind(), ErrorKind::Unavailable, "SQLite {code}");
        }
        for code in [
            "08006", "53100", "53300", "57P01", "57P03", "58030", "25006", "28P01", "3D000", "40P01",
        ] {
            assert_eq!(
                postgres_error(code, None, None).kind(),
                ErrorKind::Unavailable,
                "PostgreSQL {code}"
            );
        }
    }

    #[test]
    fn a_broken_file_is_corrupt_and_a_wrong_statement_internal() {
        assert!(matches!(sqlite_error(11, ""), StoreError::Corrupt(_)));
        assert!(matches!(sqlite_error(26, ""), StoreError::Corrupt(_)));
        assert!(matches!(postgres_error("XX001", None, None), StoreError::Corrupt(_)));
        assert!(matches!(sqlite_error(1, "near"), StoreError::Internal(_)));
        assert!(matches!(sqlite_error(2067, "UNIQUE"), StoreError::Internal(_)));
        assert!(matches!(postgres_error("42601", None, None), StoreError::Internal(_)));
        let duplicate = postgres_error("23505", Some("turns"), Some("turns_by_id"));
        assert_eq!(
            duplicate.to_string(),
            "the store failed: PostgreSQL error 23505 on turns_by_id"
        );
    }
}
