//! SQLite: one file, one writer at a time, readers beside it (write-ahead log).
//!
//! The driver gives every connection a thread of its own, and each statement is handed over to it and back. So a group is one script,
//! `BEGIN` to `COMMIT`, handed over once.

use std::{
    collections::HashMap,
    fs,
    os::unix::fs::MetadataExt,
    path::{Path, PathBuf},
    sync::{Arc, PoisonError},
    time::Duration,
};

use nakai_ports::StoreError;
use nakai_types::TurnId;
use sqlx::{
    Arguments, AssertSqlSafe, Executor, Row, SqlSafeStr, SqlStr, SqliteConnection, SqlitePool,
    error::BoxDynError,
    sqlite::{SqliteArguments, SqliteConnectOptions, SqliteJournalMode, SqliteSynchronous},
};
use tokio::sync::{Mutex, MutexGuard};

use crate::{
    config::{Durability, StoreConfig},
    database::PoolLimits,
    error::{OpenError, store_error},
    group::{self, PreparedTurn, Write},
    migrations,
    store::now_ms,
    usage::UsageRow,
};

/// A SQLite database.
#[derive(Debug)]
pub(crate) struct Sqlite {
    pub(crate) writer: SqlitePool,
    pub(crate) leases: SqlitePool,
    pub(crate) readers: SqlitePool,
    writing: Mutex<()>,
    file: DatabaseFile,
    scripts: Scripts,
}

impl Sqlite {
    pub(crate) async fn open(path: &Path, config: &StoreConfig) -> Result<Self, OpenError> {
        if let Some(directory) = path.parent() {
            fs::create_dir_all(directory).map_err(|error| OpenError::Directory(error.kind()))?;
        }
        let patience = Duration::from_millis(config.acquire_timeout_ms);
        let options = SqliteConnectOptions::new()
            .filename(path)
            .create_if_missing(true)
            // Large enough for five turns; a group changes fewer pages than with the usual 4 KiB.
            .page_size(8192)
            .journal_mode(SqliteJournalMode::Wal)
            .busy_timeout(patience)
            // Rows that a group answers with must fit, or the writing thread waits for the reading task at every row.
            .row_buffer_size(config.group_limit + 8)
            .pragma("temp_store", "MEMORY")
            // Pages are written to the log at every commit and to the database at every checkpoint; a page that changes often is
            // moved once. 16 MiB of log, kept at that size.
            .pragma("wal_autocheckpoint", "2048")
            .pragma("journal_size_limit", "16777216");
        let durable = match config.durability {
            Durability::Full => SqliteSynchronous::Full,
            Durability::Normal => SqliteSynchronous::Normal,
        };
        let limits = |connections| PoolLimits {
            connections,
            acquire_timeout: patience,
        };
        let writer = limits(1)
            .options()
            .after_connect(|connection: &mut SqliteConnection, _| {
                Box::pin(async move { connection.execute(CREATE_INCOMING).await.map(drop) })
            })
            .connect_with(without_logging(options.clone().synchronous(durable)).pragma("cache_size", "-8192"))
            .await
            .map_err(|error| store_error(&error))?;
        let migrator = migrations::sqlite();
        migrator
            .run(&writer)
            .await
            .map_err(|error| OpenError::from_migration(&error, migrations::newest(&migrator)))?;
        let small = options
            .synchronous(SqliteSynchronous::Normal)
            .pragma("cache_size", "-2048");
        let leases = limits(1).options().connect_lazy_with(without_logging(small.clone()));
        let readers = limits(config.connections)
            .options()
            .connect_lazy_with(without_logging(small.read_only(true)));
        Ok(Self {
            writer,
            leases,
            readers,
            writing: Mutex::new(()),
            file: DatabaseFile::at(path)?,
            scripts: Scripts::default(),
        })
    }

    /// Waits until nobody else in this process writes.
    pub(crate) async fn turn_to_write(&self) -> MutexGuard<'_, ()> {
        self.writing.lock().await
    }

    pub(crate) async fn commit_group(&self, group: &[Write]) -> Result<Vec<TurnId>, StoreError> {
        self.file.check()?;
        let turns: Vec<_> = group::turns(group).collect();
        let usage = group::usage(group);
        let arguments = arguments(&turns, &usage)
            .map_err(|_| StoreError::Internal("a value of a turn can't be encoded".to_owned()))?;
        let script = self.scripts.of(Shape {
            turns: places(turns.len()),
            usage: places(usage.len()),
            keys: turns.iter().any(|turn| turn.key().is_some()),
        });
        let _write = self.turn_to_write().await;
        let mut connection = self.writer.acquire().await.map_err(|error| store_error(&error))?;
        match run_script(&mut connection, script, arguments).await {
            Ok(losers) => Ok(losers),
            Err(error) => {
                // The script stopped inside its transaction. SQLite may have ended it; if not even that is clear, begin anew.
                if (&mut *connection).execute("ROLLBACK").await.is_err() {
                    let _ = connection.close().await;
                }
                Err(store_error(&error))
            }
        }
    }

    /// Writes a row, which finds a full disk and a read-only file, and reads.
    pub(crate) async fn ping(&self) -> Result<(), StoreError> {
        self.file.check()?;
        let _write = self.turn_to_write().await;
        let beat = sqlx::query("UPDATE heartbeat SET at_ms = $1")
            .bind(now_ms())
            .execute(&self.leases)
            .await;
        beat.map_err(|error| store_error(&error))?;
        let read = sqlx::query("SELECT at_ms FROM heartbeat")
            .fetch_one(&self.readers)
            .await;
        read.map(drop).map_err(|error| store_error(&error))
    }
}

/// Statements are timed by the caller; the driver's own log would print whole scripts.
fn without_logging(options: SqliteConnectOptions) -> SqliteConnectOptions {
    sqlx::ConnectOptions::disable_statement_logging(options)
}

/// Runs a group's script; its answer are the losers.
async fn run_script(
    connection: &mut SqliteConnection,
    script: SqlStr,
    arguments: SqliteArguments,
) -> Result<Vec<TurnId>, sqlx::Error> {
    let rows = connection.fetch_all(sqlx::query_with(script, arguments)).await?;
    rows.iter()
        .map(|row| {
            let id: &[u8] = row.try_get(0)?;
            id.try_into()
                .map(TurnId::from_bytes)
                .map_err(|error| sqlx::Error::Decode(Box::new(error)))
        })
        .collect()
}

/// The file of the database, as it was when it was opened.
///
/// A file that was deleted can still be written by who has it open: turns would go nowhere and be confirmed.
#[derive(Debug)]
struct DatabaseFile {
    path: PathBuf,
    identity: (u64, u64),
}

impl DatabaseFile {
    fn at(path: &Path) -> Result<Self, StoreError> {
        Ok(Self {
            path: path.to_owned(),
            identity: Self::identity(path)?,
        })
    }

    fn check(&self) -> Result<(), StoreError> {
        if Self::identity(&self.path)? == self.identity {
            return Ok(());
        }
        Err(StoreError::Unavailable(
            "the database file was replaced; restart nakai".to_owned(),
        ))
    }

    fn identity(path: &Path) -> Result<(u64, u64), StoreError> {
        let metadata = fs::metadata(path)
            .map_err(|error| StoreError::Unavailable(format!("the database file: {}", error.kind())))?;
        Ok((metadata.dev(), metadata.ino()))
    }
}

/// Where a group waits inside the database, one row per turn, while its script runs. Every writing connection has its own, in memory.
const CREATE_INCOMING: &str = "CREATE TEMP TABLE incoming (tenant, conversation, sequence, turn, bot, version, at_ms, language, \
                               state, outcome, record, key, request_hash)";
/// How many columns `incoming` has.
const COLUMNS: usize = 13;
/// How many columns `usage` has.
const USAGE_COLUMNS: usize = 19;

/// What a group needs of its script.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
struct Shape {
    /// How many places for turns.
    turns: usize,
    /// How many places for usage.
    usage: usize,
    /// Whether any turn fulfils an idempotency key.
    keys: bool,
}

/// How many places a script has for so many rows: the next power of two, so that few scripts do for all groups.
const fn places(rows: usize) -> usize {
    if rows == 0 { 0 } else { rows.next_power_of_two() }
}

/// The values of a group's rows in `incoming`, its empty places included, and of its rows in `usage`.
fn arguments(turns: &[&PreparedTurn], usage: &[UsageRow<'_>]) -> Result<SqliteArguments, BoxDynError> {
    let mut arguments = SqliteArguments::default();
    let empty = (places(turns.len()) - turns.len()) * COLUMNS;
    arguments.reserve((turns.len() * COLUMNS) + empty + (usage.len() * USAGE_COLUMNS), 0);
    for turn in turns {
        let record = turn.record();
        arguments.add(record.tenant.as_str())?;
        arguments.add(record.conversation.as_bytes().as_slice())?;
        arguments.add(turn.sequence)?;
        arguments.add(record.turn.as_bytes().as_slice())?;
        arguments.add(record.bot.name.as_str())?;
        arguments.add(record.bot.version.digest().as_slice())?;
        arguments.add(record.started_ms)?;
        arguments.add(record.understanding.language.code())?;
        arguments.add(turn.state().as_json())?;
        arguments.add(record.reply.outcome.name())?;
        arguments.add(Arc::clone(&turn.json))?;
        arguments.add(turn.key())?;
        arguments.add(turn.request_hash())?;
    }
    for _ in 0..empty {
        arguments.add(None::<i64>)?;
    }
    for row in usage {
        arguments.add(row.tenant)?;
        arguments.add(row.at_ms)?;
        arguments.add(row.turn.map(|turn| turn.as_bytes().as_slice()))?;
        arguments.add(row.user)?;
        arguments.add(row.key)?;
        arguments.add(row.bot.map(|bot| bot.name.as_str()))?;
        arguments.add(row.bot.map(|bot| bot.version.digest().as_slice()))?;
        arguments.add(row.intent)?;
        arguments.add(row.flow)?;
        arguments.add(row.model())?;
        arguments.add(row.purpose())?;
        arguments.add(row.turns)?;
        arguments.add(row.count(|call| call.input_tokens))?;
        arguments.add(row.count(|call| call.cached_input_tokens))?;
        arguments.add(row.count(|call| call.output_tokens))?;
        arguments.add(row.count(|call| call.reasoning_tokens))?;
        arguments.add(row.count(|call| call.cost_micros))?;
        arguments.add(row.estimated())?;
        arguments.add(row.failed())?;
    }
    Ok(arguments)
}

/// The scripts for groups, prepared once by each connection. Few, for places are powers of two.
#[derive(Debug, Default)]
struct Scripts(std::sync::Mutex<HashMap<Shape, SqlStr>>);

impl Scripts {
    fn of(&self, shape: Shape) -> SqlStr {
        let mut scripts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let script = scripts
            .entry(shape)
            .or_insert_with(|| AssertSqlSafe(Arc::<str>::from(script(shape))).into_sql_str());
        script.clone()
    }
}

/// The script that writes a group. Its only parameters are the rows of `incoming` and then those of `usage`; a place that is left empty at
/// the end has no values, which SQLite takes for NULL. They have no numbers, for the driver would look each up by name among all.
///
/// The losers are taken out first, and are what the script answers; whatever is left then is written. Each statement wakes the task that
/// waits for the group, so there is none that has nothing to do.
fn script(Shape { turns, usage, keys }: Shape) -> String {
    let rows = |places: usize, columns: usize| vec![format!("({})", vec!["?"; columns].join(",")); places].join(",");
    let mut script = String::from("BEGIN IMMEDIATE;");
    if turns > 0 {
        let places = rows(turns, COLUMNS);
        script.push_str(&format!(
            "INSERT INTO incoming SELECT * FROM (VALUES {places}) WHERE column1 IS NOT NULL;
             DELETE FROM incoming
             WHERE sequence <> 1 + coalesce((SELECT c.sequence FROM conversations AS c
                                             WHERE c.tenant = incoming.tenant AND c.conversation = incoming.conversation), 0)
                OR EXISTS (SELECT 1 FROM idempotency AS i
                           WHERE i.tenant = incoming.tenant AND i.key = incoming.key AND i.turn IS NOT NULL)
             RETURNING turn;
             INSERT INTO conversations (tenant, conversation, bot, version, sequence, language, state, updated_ms)
             SELECT tenant, conversation, bot, version, sequence, language, state, at_ms FROM incoming WHERE true
             ON CONFLICT (tenant, conversation) DO UPDATE
             SET bot = excluded.bot, version = excluded.version, sequence = excluded.sequence, language = excluded.language,
                 state = excluded.state, updated_ms = excluded.updated_ms;
             INSERT INTO turns (tenant, conversation, sequence, turn, started_ms, outcome, bot, version, record)
             SELECT tenant, conversation, sequence, turn, at_ms, outcome, bot, version, record FROM incoming;"
        ));
    }
    if keys {
        script.push_str(
            "INSERT INTO idempotency (tenant, key, request_hash, turn, lease_until_ms)
             SELECT tenant, key, request_hash, turn, at_ms FROM incoming WHERE key IS NOT NULL
             ON CONFLICT (tenant, key) DO UPDATE SET request_hash = excluded.request_hash, turn = excluded.turn;",
        );
    }
    if usage > 0 {
        let places = rows(usage, USAGE_COLUMNS);
        script.push_str(&format!(
            "INSERT INTO usage SELECT * FROM (VALUES {places})
             WHERE column1 IS NOT NULL AND (column3 IS NULL OR column3 IN (SELECT turn FROM incoming));"
        ));
    }
    if turns > 0 {
        script.push_str("DELETE FROM incoming; ");
    }
    script.push_str("COMMIT");
    script
}
