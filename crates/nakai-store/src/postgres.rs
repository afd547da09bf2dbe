//! PostgreSQL: a group is one statement, hence one round trip and one transaction.

use std::time::Duration;

use nakai_ports::StoreError;
use nakai_types::TurnId;
use sqlx::{
    PgConnection, PgPool,
    postgres::{PgBindIterExt, PgConnectOptions},
};
use tokio::time::timeout;

use crate::{
    config::{Durability, StoreConfig},
    database::PoolLimits,
    error::{OpenError, store_error},
    group::{self, PreparedTurn, Write},
    migrations,
    usage::UsageRow,
};

/// A PostgreSQL database.
#[derive(Debug)]
pub(crate) struct Postgres {
    pub(crate) writer: PgPool,
    pub(crate) leases: PgPool,
    pub(crate) readers: PgPool,
    write_timeout: Duration,
}

impl Postgres {
    pub(crate) async fn open(options: PgConnectOptions, config: &StoreConfig) -> Result<Self, OpenError> {
        let options = sqlx::ConnectOptions::disable_statement_logging(options.application_name("nakai"));
        let durable = match config.durability {
            Durability::Full => "on",
            Durability::Normal => "off",
        };
        let limits = |connections| PoolLimits {
            connections,
            acquire_timeout: Duration::from_millis(config.acquire_timeout_ms),
        };
        let readers = limits(config.connections).options().connect_lazy_with(options.clone());
        let migrator = migrations::postgres();
        migrator
            .run(&readers)
            .await
            .map_err(|error| OpenError::from_migration(&error, migrations::newest(&migrator)))?;

        let writing = options.options([("statement_timeout", config.write_timeout_ms.to_string().as_str())]);
        let writer = limits(1)
            .options()
            .connect_lazy_with(writing.clone().options([("synchronous_commit", durable)]));
        // Reservations come one by one and need not survive a power failure: what they guard has not survived it either.
        let leases = limits(2)
            .options()
            .connect_lazy_with(writing.options([("synchronous_commit", "off")]));
        // The server gives up first; we do where there is no server any more to do so.
        let write_timeout = Duration::from_millis(config.write_timeout_ms) + Duration::from_secs(1);
        Ok(Self {
            writer,
            leases,
            readers,
            write_timeout,
        })
    }

    pub(crate) async fn commit_group(&self, group: &[Write]) -> Result<Vec<TurnId>, StoreError> {
        let mut connection = self.writer.acquire().await.map_err(|error| store_error(&error))?;
        match timeout(self.write_timeout, write(&mut connection, group)).await {
            Ok(Ok(losers)) => Ok(losers.into_iter().map(|(id,)| TurnId::from_bytes(id)).collect()),
            Ok(Err(error)) => Err(store_error(&error)),
            Err(_) => {
                // An answer is still outstanding on this connection, so nobody may use it again.
                drop(connection.detach());
                Err(StoreError::Unavailable(
                    "the database did not answer in time".to_owned(),
                ))
            }
        }
    }

    /// Asks a connection whether it may write. No row is written, for replicas would all write the same one.
    pub(crate) async fn ping(&self) -> Result<(), StoreError> {
        let read_only: Result<bool, _> =
            sqlx::query_scalar("SELECT pg_is_in_recovery() OR current_setting('default_transaction_read_only')::bool")
                .fetch_one(&self.readers)
                .await;
        if read_only.map_err(|error| store_error(&error))? {
            return Err(StoreError::Unavailable("the database is read-only".to_owned()));
        }
        Ok(())
    }
}

async fn write(connection: &mut PgConnection, group: &[Write]) -> Result<Vec<([u8; 16],)>, sqlx::Error> {
    let turns: Vec<_> = group::turns(group).collect();
    let turns = || turns.iter().copied();
    let records = || turns().map(PreparedTurn::record);
    let usage = group::usage(group);
    let usage = || usage.iter();
    sqlx::query_as(COMMIT_GROUP)
        .bind(records().map(|record| record.tenant.as_str()).bind_iter())
        .bind(
            records()
                .map(|record| record.conversation.as_bytes().as_slice())
                .bind_iter(),
        )
        .bind(turns().map(|turn| turn.sequence).bind_iter())
        .bind(records().map(|record| record.turn.as_bytes().as_slice()).bind_iter())
        .bind(records().map(|record| record.bot.name.as_str()).bind_iter())
        .bind(
            records()
                .map(|record| record.bot.version.digest().as_slice())
                .bind_iter(),
        )
        .bind(records().map(|record| record.started_ms).bind_iter())
        .bind(records().map(|record| record.understanding.language.code()).bind_iter())
        .bind(turns().map(|turn| turn.state().as_json()).bind_iter())
        .bind(records().map(|record| record.reply.outcome.name()).bind_iter())
        .bind(turns().map(|turn| &*turn.json).bind_iter())
        .bind(turns().map(PreparedTurn::key).bind_iter())
        .bind(turns().map(PreparedTurn::request_hash).bind_iter())
        .bind(usage().map(|row| row.tenant).bind_iter())
        .bind(usage().map(|row| row.at_ms).bind_iter())
        .bind(
            usage()
                .map(|row| row.turn.map(|turn| turn.as_bytes().as_slice()))
                .bind_iter(),
        )
        .bind(usage().map(|row| row.user).bind_iter())
        .bind(usage().map(|row| row.key).bind_iter())
        .bind(usage().map(|row| row.bot.map(|bot| bot.name.as_str())).bind_iter())
        .bind(
            usage()
                .map(|row| row.bot.map(|bot| bot.version.digest().as_slice()))
                .bind_iter(),
        )
        .bind(usage().map(|row| row.intent).bind_iter())
        .bind(usage().map(|row| row.flow).bind_iter())
        .bind(usage().map(UsageRow::model).bind_iter())
        .bind(usage().map(UsageRow::purpose).bind_iter())
        .bind(usage().map(|row| row.turns).bind_iter())
        .bind(usage().map(|row| row.count(|call| call.input_tokens)).bind_iter())
        .bind(
            usage()
                .map(|row| row.count(|call| call.cached_input_tokens))
                .bind_iter(),
        )
        .bind(usage().map(|row| row.count(|call| call.output_tokens)).bind_iter())
        .bind(usage().map(|row| row.count(|call| call.reasoning_tokens)).bind_iter())
        .bind(usage().map(|row| row.count(|call| call.cost_micros)).bind_iter())
        .bind(usage().map(UsageRow::estimated).bind_iter())
        .bind(usage().map(UsageRow::failed).bind_iter())
        .fetch_all(connection)
        .await
}

/// Writes a group and gives the losers. `won` is the compare-and-set: it inserts or moves on the conversations whose stored sequence
/// is the one before the turn's, and everything else follows from it. The condition stands twice, for the row may change between
/// the two looks at it.
const COMMIT_GROUP: &str = "\
WITH incoming AS (
    SELECT * FROM unnest(
        $1::text[], $2::bytea[], $3::bigint[], $4::bytea[], $5::text[], $6::bytea[], $7::bigint[], $8::text[], $9::text[],
        $10::text[], $11::text[], $12::bytea[], $13::bytea[]
    ) AS g (tenant, conversation, sequence, turn, bot, version, at_ms, language, state, outcome, record, key, request_hash)
), won AS (
    INSERT INTO conversations (tenant, conversation, bot, version, sequence, language, state, updated_ms)
    SELECT tenant, conversation, bot, version, sequence, language, state, at_ms FROM incoming AS g
    WHERE sequence = 1 + coalesce((SELECT c.sequence FROM conversations AS c
                                   WHERE c.tenant = g.tenant AND c.conversation = g.conversation), 0)
      AND NOT EXISTS (SELECT 1 FROM idempotency AS i WHERE i.tenant = g.tenant AND i.key = g.key AND i.turn IS NOT NULL)
    ON CONFLICT (tenant, conversation) DO UPDATE
    SET bot = excluded.bot, version = excluded.version, sequence = excluded.sequence, language = excluded.language,
        state = excluded.state, updated_ms = excluded.updated_ms
    WHERE conversations.sequence = excluded.sequence - 1
    RETURNING tenant, conversation
), winners AS (
    SELECT g.* FROM incoming AS g JOIN won ON won.tenant = g.tenant AND won.conversation = g.conversation
), new_turns AS (
    INSERT INTO turns (tenant, conversation, sequence, turn, started_ms, outcome, bot, version, record)
    SELECT tenant, conversation, sequence, turn, at_ms, outcome, bot, version, record FROM winners
), fulfilled AS (
    INSERT INTO idempotency (tenant, key, request_hash, turn, lease_until_ms)
    SELECT tenant, key, request_hash, turn, at_ms FROM winners WHERE key IS NOT NULL
    ON CONFLICT (tenant, key) DO UPDATE SET request_hash = excluded.request_hash, turn = excluded.turn
    WHERE idempotency.turn IS NULL
), new_usage AS (
    INSERT INTO usage (tenant, at_ms, turn, pseudonym, key, bot, version, intent, flow, model, purpose, turns, input_tokens,
                       cached_input_tokens, output_tokens, reasoning_tokens, cost_micros, estimated, failed)
    SELECT * FROM unnest(
        $14::text[], $15::bigint[], $16::bytea[], $17::text[], $18::text[], $19::text[], $20::bytea[], $21::text[], $22::text[],
        $23::text[], $24::text[], $25::bigint[], $26::bigint[], $27::bigint[], $28::bigint[], $29::bigint[], $30::bigint[],
        $31::bigint[], $32::bigint[]
    ) AS u (tenant, at_ms, turn)
    WHERE turn IS NULL OR turn IN (SELECT w.turn FROM winners AS w)
)
SELECT turn FROM incoming AS g
WHERE NOT EXISTS (SELECT 1 FROM won WHERE won.tenant = g.tenant AND won.conversation = g.conversation)";
