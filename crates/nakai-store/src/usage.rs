//! Rows of usage: how they come from turns and calls, and how they are summed up.

use async_trait::async_trait;
use nakai_ports::{StoreError, UsageGroup, UsageQuery, UsageStore};
use nakai_types::{BotRef, Decision, ModelCall, TenantId, TurnId, TurnRecord, UsageDimension, UsageEntry, UsageSums};
use sqlx::{AssertSqlSafe, ColumnIndex, Database as SqlDatabase, Decode, Row, Type, query};

use crate::{
    Store,
    database::{Database, read_from},
    error::store_error,
};

/// The most that a row counts of anything, so that no sum of rows overflows: in dollars a thousand million.
const MOST: i64 = 1 << 50;
/// How many calls outside of turns wait as one.
const ENTRIES_AT_ONCE: usize = 256;
const DAY_MS: i64 = 86_400_000;

/// One row of usage, borrowed from what it is about.
#[derive(Debug, Clone, Copy)]
pub(crate) struct UsageRow<'a> {
    pub(crate) tenant: &'a str,
    pub(crate) at_ms: i64,
    pub(crate) turn: Option<&'a TurnId>,
    pub(crate) user: Option<&'a str>,
    pub(crate) key: Option<&'a str>,
    pub(crate) bot: Option<&'a BotRef>,
    pub(crate) intent: Option<&'a str>,
    pub(crate) flow: Option<&'a str>,
    /// 1 in the first row of a turn, else 0.
    pub(crate) turns: i64,
    pub(crate) call: Option<&'a ModelCall>,
}

impl<'a> UsageRow<'a> {
    /// The rows of a turn: one for each call, or one if there was none.
    pub(crate) fn of_turn(record: &'a TurnRecord) -> impl Iterator<Item = Self> {
        let first = Self {
            tenant: record.tenant.as_str(),
            at_ms: record.started_ms,
            turn: Some(&record.turn),
            user: record.user.as_deref(),
            key: record.key.as_deref(),
            bot: Some(&record.bot),
            intent: record.understanding.intent().map(|intent| &*intent.name),
            flow: record.decisions.iter().rev().find_map(flow),
            turns: 1,
            call: record.models.first(),
        };
        let others = record.models.iter().skip(1).map(move |call| Self {
            turns: 0,
            call: Some(call),
            ..first
        });
        std::iter::once(first).chain(others)
    }

    pub(crate) fn model(&self) -> Option<&'a str> {
        self.call.map(|call| &*call.model)
    }

    pub(crate) fn purpose(&self) -> Option<&'a str> {
        self.call.map(|call| &*call.purpose)
    }

    /// A count of the call, as SQL has it; 0 without a call.
    pub(crate) fn count(&self, of: impl FnOnce(&ModelCall) -> u64) -> i64 {
        self.call
            .map_or(0, |call| i64::try_from(of(call)).unwrap_or(MOST).min(MOST))
    }

    pub(crate) fn estimated(&self) -> i64 {
        self.count(|call| call.estimated.into())
    }

    pub(crate) fn failed(&self) -> i64 {
        self.count(|call| call.failure.is_some().into())
    }
}

impl<'a> From<&'a UsageEntry> for UsageRow<'a> {
    fn from(entry: &'a UsageEntry) -> Self {
        Self {
            tenant: entry.tenant.as_str(),
            at_ms: entry.at_ms,
            turn: None,
            user: entry.user.as_deref(),
            key: entry.key.as_deref(),
            bot: None,
            intent: None,
            flow: None,
            turns: 0,
            call: Some(&entry.call),
        }
    }
}

/// The flow that a decision was taken in. Steps are named `FLOW/STEP`.
fn flow(decision: &Decision) -> Option<&str> {
    match (&*decision.rule, decision.subject.split_once('/')) {
        ("flow_start", _) => Some(&decision.subject),
        ("flow_step", Some((flow, _))) => Some(flow),
        _ => None,
    }
}

#[async_trait]
impl UsageStore for Store {
    async fn record(&self, mut entries: Vec<UsageEntry>) -> Result<(), StoreError> {
        while !entries.is_empty() {
            let rest = entries.split_off(entries.len().min(ENTRIES_AT_ONCE));
            self.queue.record(std::mem::replace(&mut entries, rest)).await?;
        }
        Ok(())
    }

    async fn usage(&self, tenant: Option<&TenantId>, asked: &UsageQuery) -> Result<Vec<UsageGroup>, StoreError> {
        let sql = statement(&asked.by, &self.database);
        let groups: Result<Result<Vec<_>, _>, _> = read_from!(&*self.database, |db| {
            query(AssertSqlSafe(sql.clone()))
                .bind(tenant.map(TenantId::as_str))
                .bind(asked.since_ms.unwrap_or(i64::MIN))
                .bind(asked.until_ms.unwrap_or(i64::MAX))
                .bind(i64::from(asked.limit))
                .fetch_all(&db.readers)
                .await
                .map(|rows| rows.iter().map(|row| group(row, &asked.by)).collect())
        });
        groups.and_then(|groups| groups).map_err(|error| store_error(&error))
    }
}

/// The statement that sums up. All that varies in it comes from the closed list of dimensions.
fn statement(by: &[UsageDimension], database: &Database) -> String {
    let version = match database {
        Database::Sqlite(_) => "lower(hex(p.version))",
        Database::Postgres(_) => "encode(p.version, 'hex')",
    };
    let column = |dimension: &UsageDimension| match dimension {
        UsageDimension::Tenant => "p.tenant",
        UsageDimension::User => "p.pseudonym",
        UsageDimension::Key => "p.key",
        UsageDimension::Bot => "p.bot",
        // SQLite's `hex` makes an empty text of nothing.
        UsageDimension::Version => version,
        UsageDimension::Intent => "p.intent",
        UsageDimension::Flow => "p.flow",
        UsageDimension::Model => "p.model",
        UsageDimension::Purpose => "p.purpose",
        UsageDimension::Day => "CAST(p.at_ms / 86400000 AS TEXT)",
    };
    let columns: String = by.iter().map(|dimension| format!("{}, ", column(dimension))).collect();
    let places: Vec<String> = (1..=by.len()).map(|place| place.to_string()).collect();
    // The one sum of all is there even if there was no usage.
    let group_by = if by.is_empty() {
        String::new()
    } else {
        format!("GROUP BY {}", places.join(", "))
    };
    let order_by = places.iter().map(|place| format!(", {place}")).collect::<String>();
    let sum = |what: &str| format!("CAST(coalesce(sum({what}), 0) AS BIGINT)");
    let sums = [
        "p.turns",
        "CASE WHEN p.model IS NULL THEN p.turns ELSE 0 END",
        "CASE WHEN p.model IS NULL THEN 0 ELSE 1 END",
        "p.failed",
        "p.estimated",
        "p.input_tokens",
        "p.cached_input_tokens",
        "p.output_tokens",
        "p.reasoning_tokens",
        "p.cost_micros",
    ]
    .map(sum)
    .join(", ");
    format!(
        "WITH period AS (
             SELECT * FROM usage WHERE (tenant = $1 OR $1 IS NULL) AND at_ms >= $2 AND at_ms < $3
         ), means AS (
             SELECT tenant, bot, CAST(sum(cost_micros) AS DOUBLE PRECISION) / sum(turns) AS cost
             FROM period WHERE model IS NOT NULL AND bot IS NOT NULL GROUP BY tenant, bot HAVING sum(turns) > 0
         )
         SELECT {columns}{sums}, CAST(sum(CASE WHEN p.model IS NULL THEN p.turns * m.cost END) AS BIGINT)
         FROM period AS p LEFT JOIN means AS m ON m.tenant = p.tenant AND m.bot = p.bot
         {group_by} ORDER BY {cost} DESC, {turns} DESC{order_by} LIMIT $4",
        cost = sum("p.cost_micros"),
        turns = sum("p.turns"),
    )
}

/// Reads one row of the answer.
fn group<R>(row: &R, by: &[UsageDimension]) -> Result<UsageGroup, sqlx::Error>
where
    R: Row,
    usize: ColumnIndex<R>,
    for<'r> String: Decode<'r, R::Database> + Type<R::Database>,
    for<'r> i64: Decode<'r, R::Database> + Type<R::Database>,
    R::Database: SqlDatabase,
{
    let values = by.iter().enumerate().map(|(place, dimension)| {
        let value: Option<String> = row.try_get(place)?;
        Ok(value.filter(|value| !value.is_empty()).map(|value| match dimension {
            UsageDimension::Day => day(&value),
            UsageDimension::Version => format!("sha256:{value}"),
            _ => value,
        }))
    });
    let values = values.collect::<Result<_, sqlx::Error>>()?;
    let sum = |place: usize| row.try_get(by.len() + place).map(i64::unsigned_abs);
    let saved: Option<i64> = row.try_get(by.len() + 10)?;
    Ok(UsageGroup {
        values,
        sums: UsageSums {
            turns: sum(0)?,
            turns_without_model: sum(1)?,
            calls: sum(2)?,
            failed_calls: sum(3)?,
            estimated_calls: sum(4)?,
            input_tokens: sum(5)?,
            cached_input_tokens: sum(6)?,
            output_tokens: sum(7)?,
            reasoning_tokens: sum(8)?,
            cost_micros: sum(9)?,
            saved_micros: saved.map(i64::unsigned_abs),
        },
    })
}

/// The date of a day that is counted from 1970-01-01.
fn day(count: &str) -> String {
    let date = count
        .parse()
        .ok()
        .and_then(|days: i64| jiff::Timestamp::from_millisecond(days.checked_mul(DAY_MS)?).ok());
    date.map_or_else(|| count.to_owned(), |date| date.strftime("%Y-%m-%d").to_string())
}
