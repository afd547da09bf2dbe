use std::{
    sync::Arc,
    time::{Duration, SystemTime, UNIX_EPOCH},
};

use nakai_ports::StoreError;
use tokio_util::{sync::CancellationToken, task::TaskTracker};

use crate::{
    config::StoreConfig,
    database::Database,
    error::OpenError,
    writer::{Queue, Writer},
};

/// Conversations and bundles in one database.
///
/// Share it as `Arc<Store>`, which is a [`SharedConversationStore`](nakai_ports::SharedConversationStore) and a
/// [`SharedBundleStore`](nakai_ports::SharedBundleStore). Call [`close`](Self::close) before the program ends.
#[derive(Debug)]
pub struct Store {
    pub(crate) database: Arc<Database>,
    pub(crate) queue: Queue,
    closing: CancellationToken,
    writer: TaskTracker,
    patience: Duration,
}

impl Store {
    /// Opens the database, makes it if it is a file that does not exist, brings its tables up to date and starts the writer.
    pub async fn open(config: &StoreConfig) -> Result<Self, OpenError> {
        let database = Arc::new(Database::open(config).await?);
        let closing = CancellationToken::new();
        let (queue, writer) = Writer::new(
            Arc::clone(&database),
            config.queue_length,
            config.group_limit,
            closing.clone(),
        );
        let tasks = TaskTracker::new();
        tasks.spawn(writer.run());
        tasks.close();
        let patience = Duration::from_millis(config.acquire_timeout_ms);
        Ok(Self {
            database,
            queue,
            closing,
            writer: tasks,
            patience,
        })
    }

    /// Takes no more turns, writes those that wait, and closes the connections. Afterwards every call is
    /// [`StoreError::Unavailable`]. Closing again does nothing.
    pub async fn close(&self) {
        self.closing.cancel();
        self.writer.wait().await;
        self.database.close().await;
    }

    /// Tries the database, for as long as an operator allows a connection to take.
    pub(crate) async fn ping_in_time(&self) -> Result<(), StoreError> {
        let late = |_| StoreError::Unavailable("the database did not answer in time".to_owned());
        tokio::time::timeout(self.patience, self.database.ping())
            .await
            .map_err(late)?
    }
}

/// Milliseconds since 1970-01-01 UTC, for what no caller dates.
pub(crate) fn now_ms() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since.as_millis()).unwrap_or(i64::MAX)
}
