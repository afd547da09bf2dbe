use std::sync::Arc;

use async_trait::async_trait;
use nakai_types::{TenantId, UsageDimension, UsageEntry, UsageSums};

use crate::StoreError;

/// Which usage, and how it is told apart.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct UsageQuery {
    /// By what; empty for one sum of all.
    pub by: Vec<UsageDimension>,
    /// From when on, milliseconds since 1970-01-01 UTC.
    pub since_ms: Option<i64>,
    /// Until before when.
    pub until_ms: Option<i64>,
    /// How many groups at most, those that cost most first.
    pub limit: u32,
}

/// The usage that has the same value in every dimension asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UsageGroup {
    /// Those values, in the order of the question; `None` where usage has none.
    pub values: Vec<Option<String>>,
    /// Its sums.
    pub sums: UsageSums,
}

/// What turns and calls of models used.
///
/// What a turn used is kept by [`ConversationStore::commit`](crate::ConversationStore::commit), in the turn's own transaction.
#[async_trait]
pub trait UsageStore: Send + Sync + 'static {
    /// Writes calls of models outside of turns durably. Returns after the transaction that holds them is on disk; waits with turns for the
    /// same transaction.
    async fn record(&self, entries: Vec<UsageEntry>) -> Result<(), StoreError>;

    /// Sums up what a tenant used, or all tenants. Reads everything of the period: for tools, not for requests of customers.
    async fn usage(&self, tenant: Option<&TenantId>, query: &UsageQuery) -> Result<Vec<UsageGroup>, StoreError>;
}

/// The usage store as everybody holds it.
pub type SharedUsageStore = Arc<dyn UsageStore>;
