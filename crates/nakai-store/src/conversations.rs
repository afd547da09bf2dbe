use async_trait::async_trait;
use nakai_ports::{
    Conversation, ConversationStore, DialogueState, IdempotencyKey, Reservation, StoreError, TurnCommit,
};
use nakai_types::{BotName, BotRef, ConversationId, TenantId, TurnId, TurnRecord, Version};
use sqlx::{query, query_as};

use crate::{
    Store,
    database::{on_database, read_from},
    error::store_error,
};

const LOAD: &str =
    "SELECT bot, version, sequence, language, state FROM conversations WHERE tenant = $1 AND conversation = $2";
const TURN: &str = "SELECT record FROM turns WHERE turn = $2 AND tenant = $1";
const TURNS: &str = "SELECT record FROM turns WHERE tenant = $1 AND conversation = $2 AND sequence > $3 \
                     ORDER BY sequence LIMIT $4";
const RECENT: &str = "SELECT record FROM turns WHERE tenant = $1 AND started_ms >= $2 \
                      ORDER BY started_ms DESC, turn DESC LIMIT $3";
const COUNT: &str = "SELECT (SELECT count(*) FROM turns WHERE tenant = $1), \
                     (SELECT count(*) FROM conversations WHERE tenant = $1)";
/// Takes a key that nobody has, or whose lease has ended unfulfilled.
const RESERVE: &str = "INSERT INTO idempotency (tenant, key, request_hash, lease_until_ms) VALUES ($1, $2, $3, $4) \
                       ON CONFLICT (tenant, key) DO UPDATE \
                       SET request_hash = excluded.request_hash, lease_until_ms = excluded.lease_until_ms \
                       WHERE idempotency.turn IS NULL AND idempotency.lease_until_ms <= $5";
const RESERVED: &str = "SELECT i.request_hash, i.turn, t.record FROM idempotency AS i \
                        LEFT JOIN turns AS t ON t.turn = i.turn AND t.tenant = i.tenant \
                        WHERE i.tenant = $1 AND i.key = $2";
const RELEASE: &str = "DELETE FROM idempotency WHERE tenant = $1 AND key = $2 AND request_hash = $3 AND turn IS NULL";

#[async_trait]
impl ConversationStore for Store {
    async fn load(&self, tenant: &TenantId, id: ConversationId) -> Result<Option<Conversation>, StoreError> {
        let row: Option<(String, Vec<u8>, i64, String, String)> = read_from!(&*self.database, |db| {
            query_as(LOAD)
                .bind(tenant.as_str())
                .bind(id.as_bytes().as_slice())
                .fetch_optional(&db.readers)
                .await
        })
        .map_err(|error| store_error(&error))?;
        let Some((bot, version, sequence, language, state)) = row else {
            return Ok(None);
        };
        let corrupt = |column: &str| StoreError::Corrupt(format!("{column} of conversation {id}"));
        Ok(Some(Conversation {
            id,
            bot: bot_ref(&bot, &version).ok_or_else(|| corrupt("bot"))?,
            sequence: u64::try_from(sequence).map_err(|_| corrupt("sequence"))?,
            language: language.parse().map_err(|_| corrupt("language"))?,
            state: DialogueState::from_json(state),
        }))
    }

    async fn commit(&self, commit: TurnCommit) -> Result<(), StoreError> {
        self.queue.commit(commit).await
    }

    async fn turn(&self, tenant: &TenantId, id: TurnId) -> Result<Option<TurnRecord>, StoreError> {
        let row: Option<(String,)> = read_from!(&*self.database, |db| {
            query_as(TURN)
                .bind(tenant.as_str())
                .bind(id.as_bytes().as_slice())
                .fetch_optional(&db.readers)
                .await
        })
        .map_err(|error| store_error(&error))?;
        row.map(|(json,)| record(&json)).transpose()
    }

    async fn turns(
        &self,
        tenant: &TenantId,
        conversation: ConversationId,
        after: u64,
        limit: u32,
    ) -> Result<Vec<TurnRecord>, StoreError> {
        let Ok(after) = i64::try_from(after) else {
            return Ok(Vec::new());
        };
        let rows: Vec<(String,)> = read_from!(&*self.database, |db| {
            query_as(TURNS)
                .bind(tenant.as_str())
                .bind(conversation.as_bytes().as_slice())
                .bind(after)
                .bind(i64::from(limit))
                .fetch_all(&db.readers)
                .await
        })
        .map_err(|error| store_error(&error))?;
        rows.iter().map(|(json,)| record(json)).collect()
    }

    async fn recent_turns(&self, tenant: &TenantId, since_ms: i64, limit: u32) -> Result<Vec<TurnRecord>, StoreError> {
        let rows: Vec<(String,)> = read_from!(&*self.database, |db| {
            query_as(RECENT)
                .bind(tenant.as_str())
                .bind(since_ms)
                .bind(i64::from(limit))
                .fetch_all(&db.readers)
                .await
        })
        .map_err(|error| store_error(&error))?;
        rows.iter().map(|(json,)| record(json)).collect()
    }

    async fn reserve(
        &self,
        tenant: &TenantId,
        key: &IdempotencyKey,
        now_ms: i64,
        lease_ms: i64,
    ) -> Result<Reservation, StoreError> {
        loop {
            if self.take_key(tenant, key, now_ms, lease_ms).await? {
                return Ok(Reservation::Fresh);
            }
            // The key may be released between the two statements; then it is free to be taken.
            if let Some(reservation) = self.reserved(tenant, key).await? {
                return Ok(reservation);
            }
        }
    }

    async fn release(&self, tenant: &TenantId, key: &IdempotencyKey) -> Result<(), StoreError> {
        let _write = self.database.turn_to_write().await;
        on_database!(&*self.database, |db| {
            query(RELEASE)
                .bind(tenant.as_str())
                .bind(key.key.as_bytes())
                .bind(key.request_hash.as_slice())
                .execute(&db.leases)
                .await
                .map(drop)
        })
        .map_err(|error| store_error(&error))
    }

    async fn count(&self, tenant: &TenantId) -> Result<(u64, u64), StoreError> {
        let (turns, conversations): (i64, i64) = read_from!(&*self.database, |db| query_as(COUNT)
            .bind(tenant.as_str())
            .fetch_one(&db.readers)
            .await)
        .map_err(|error| store_error(&error))?;
        Ok((turns.unsigned_abs(), conversations.unsigned_abs()))
    }

    async fn ping(&self) -> Result<(), StoreError> {
        self.ping_in_time().await
    }
}

impl Store {
    /// Tries to take an idempotency key; says whether it was free.
    async fn take_key(
        &self,
        tenant: &TenantId,
        key: &IdempotencyKey,
        now_ms: i64,
        lease_ms: i64,
    ) -> Result<bool, StoreError> {
        let _write = self.database.turn_to_write().await;
        let rows = on_database!(&*self.database, |db| {
            query(RESERVE)
                .bind(tenant.as_str())
                .bind(key.key.as_bytes())
                .bind(key.request_hash.as_slice())
                .bind(now_ms.saturating_add(lease_ms))
                .bind(now_ms)
                .execute(&db.leases)
                .await
                .map(|done| done.rows_affected())
        })
        .map_err(|error| store_error(&error))?;
        Ok(rows == 1)
    }

    /// Says how a taken key stands; `None` if it is free again.
    async fn reserved(&self, tenant: &TenantId, key: &IdempotencyKey) -> Result<Option<Reservation>, StoreError> {
        type Row = (Vec<u8>, Option<Vec<u8>>, Option<String>);
        let row: Option<Row> = read_from!(&*self.database, |db| {
            query_as(RESERVED)
                .bind(tenant.as_str())
                .bind(key.key.as_bytes())
                .fetch_optional(&db.readers)
                .await
        })
        .map_err(|error| store_error(&error))?;
        let Some((request_hash, turn, json)) = row else {
            return Ok(None);
        };
        let reservation = match (turn, json) {
            _ if request_hash != key.request_hash => Reservation::Mismatch,
            (None, _) => Reservation::InFlight,
            (Some(_), Some(json)) => Reservation::Done(Box::new(record(&json)?)),
            (Some(_), None) => return Err(StoreError::Corrupt("the turn of an idempotency key is gone".to_owned())),
        };
        Ok(Some(reservation))
    }
}

/// Reads a record. The error tells where, not what: serde's own words may quote the text.
fn record(json: &str) -> Result<TurnRecord, StoreError> {
    serde_json::from_str(json).map_err(|error| {
        StoreError::Corrupt(format!(
            "a turn's record, at line {} column {}",
            error.line(),
            error.column()
        ))
    })
}

/// Puts a bot's name and version together, as stored; `None` if they are none.
pub(crate) fn bot_ref(name: &str, version: &[u8]) -> Option<BotRef> {
    Some(BotRef {
        name: BotName::new(name).ok()?,
        version: Version::from_digest(version.try_into().ok()?),
    })
}
