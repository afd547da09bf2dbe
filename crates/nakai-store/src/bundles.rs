use async_trait::async_trait;
use nakai_ports::{BundleArchive, BundleStore, StoreError};
use nakai_types::{BotName, BotRef, TenantId, Version};
use sqlx::{query, query_as};

use crate::{
    Store,
    conversations::bot_ref,
    database::{on_database, read_from},
    error::store_error,
    store::now_ms,
};

const PUT: &str = "INSERT INTO bundles (tenant, bot, version, bytes, created_ms) VALUES ($1, $2, $3, $4, $5) \
                   ON CONFLICT (tenant, bot, version) DO NOTHING";
const GET: &str = "SELECT bytes FROM bundles WHERE tenant = $1 AND bot = $2 AND version = $3";
const ACTIVATE: &str = "INSERT INTO active_bots (tenant, bot, version) \
                        SELECT tenant, bot, version FROM bundles WHERE tenant = $1 AND bot = $2 AND version = $3 \
                        ON CONFLICT (tenant, bot) DO UPDATE SET version = excluded.version";
const ACTIVE: &str = "SELECT bot, version FROM active_bots WHERE tenant = $1";
const VERSIONS: &str = "SELECT version FROM bundles WHERE tenant = $1 AND bot = $2 ORDER BY ordinal DESC";

#[async_trait]
impl BundleStore for Store {
    async fn put(&self, tenant: &TenantId, bundle: &BundleArchive) -> Result<(), StoreError> {
        let _write = self.database.turn_to_write().await;
        on_database!(&*self.database, |db| {
            query(PUT)
                .bind(tenant.as_str())
                .bind(bundle.bot.name.as_str())
                .bind(bundle.bot.version.digest().as_slice())
                .bind(&*bundle.bytes)
                .bind(now_ms())
                .execute(&db.writer)
                .await
                .map(drop)
        })
        .map_err(|error| store_error(&error))
    }

    async fn get(&self, tenant: &TenantId, bot: &BotRef) -> Result<Option<BundleArchive>, StoreError> {
        let row: Option<(Vec<u8>,)> = read_from!(&*self.database, |db| {
            query_as(GET)
                .bind(tenant.as_str())
                .bind(bot.name.as_str())
                .bind(bot.version.digest().as_slice())
                .fetch_optional(&db.readers)
                .await
        })
        .map_err(|error| store_error(&error))?;
        Ok(row.map(|(bytes,)| BundleArchive {
            bot: bot.clone(),
            bytes: bytes.into(),
        }))
    }

    async fn activate(&self, tenant: &TenantId, bot: &BotRef) -> Result<(), StoreError> {
        let _write = self.database.turn_to_write().await;
        let rows = on_database!(&*self.database, |db| {
            query(ACTIVATE)
                .bind(tenant.as_str())
                .bind(bot.name.as_str())
                .bind(bot.version.digest().as_slice())
                .execute(&db.writer)
                .await
                .map(|done| done.rows_affected())
        })
        .map_err(|error| store_error(&error))?;
        if rows == 0 {
            return Err(StoreError::Internal(format!(
                "bot `{}` {} is not stored; put it first",
                bot.name, bot.version
            )));
        }
        Ok(())
    }

    async fn active(&self, tenant: &TenantId) -> Result<Vec<BotRef>, StoreError> {
        let rows: Vec<(String, Vec<u8>)> = read_from!(&*self.database, |db| query_as(ACTIVE)
            .bind(tenant.as_str())
            .fetch_all(&db.readers)
            .await)
        .map_err(|error| store_error(&error))?;
        let mut bots = rows
            .iter()
            .map(|(name, version)| bot_ref(name, version))
            .collect::<Option<Vec<_>>>()
            .ok_or_else(|| StoreError::Corrupt("an active bot".to_owned()))?;
        // Sorted here, for the collation of PostgreSQL is the operator's choice.
        bots.sort_unstable_by(|a, b| a.name.cmp(&b.name));
        Ok(bots)
    }

    async fn versions(&self, tenant: &TenantId, bot: &BotName) -> Result<Vec<Version>, StoreError> {
        let rows: Vec<(Vec<u8>,)> = read_from!(&*self.database, |db| {
            query_as(VERSIONS)
                .bind(tenant.as_str())
                .bind(bot.as_str())
                .fetch_all(&db.readers)
                .await
        })
        .map_err(|error| store_error(&error))?;
        rows.into_iter()
            .map(|(version,)| version.try_into().map(Version::from_digest))
            .collect::<Result<_, _>>()
            .map_err(|_| StoreError::Corrupt("a version of a bot".to_owned()))
    }
}
