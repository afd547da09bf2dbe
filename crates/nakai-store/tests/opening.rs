use std::sync::Arc;

use nakai_config::Secret;
use nakai_ports::{BundleStore, ConversationStore, StoreError};
use nakai_store::{Durability, OpenError, Store, StoreConfig};
use nakai_types::ConversationId;
use rstest::rstest;

use crate::sandbox::{Database, Sandbox, commit, key, tenant};

#[rstest]
#[tokio::test]
async fn what_was_committed_is_there_after_opening_again(
    #[values(Database::Sqlite, Database::Postgres)] database: Database,
    #[values(Durability::Full, Durability::Normal)] durability: Durability,
) {
    let Some(mut sandbox) = Sandbox::start_with(database, |config| config.durability = durability).await else {
        return;
    };
    let id = ConversationId::new();
    sandbox.store.commit(commit(id, 1)).await.unwrap();
    sandbox.reopen().await.unwrap();
    sandbox.store.commit(commit(id, 2)).await.unwrap();
    assert_eq!(sandbox.store.count(&tenant()).await.unwrap(), (2, 1));
}

#[rstest]
#[tokio::test]
async fn a_closed_store_is_unavailable(#[values(Database::Sqlite, Database::Postgres)] database: Database) {
    let Some(sandbox) = Sandbox::start(database).await else {
        return;
    };
    let store = Arc::new(sandbox.store);
    store.close().await;
    store.close().await;
    let id = ConversationId::new();
    let unavailable = |error| matches!(error, StoreError::Unavailable(_));
    assert!(unavailable(store.commit(commit(id, 1)).await.unwrap_err()));
    assert!(unavailable(store.load(&tenant(), id).await.unwrap_err()));
    assert!(unavailable(
        store.reserve(&tenant(), &key("k"), 0, 1).await.unwrap_err()
    ));
    assert!(unavailable(store.active(&tenant()).await.unwrap_err()));
    assert!(unavailable(store.ping().await.unwrap_err()));
}

#[rstest]
#[tokio::test]
async fn a_database_of_a_newer_release_is_refused(#[values(Database::Sqlite, Database::Postgres)] database: Database) {
    let Some(mut sandbox) = Sandbox::start(database).await else {
        return;
    };
    let future = "INSERT INTO _sqlx_migrations (version, description, success, checksum, execution_time) \
                  SELECT 9000, 'the future', success, checksum, 0 FROM _sqlx_migrations LIMIT 1";
    sandbox.execute(future).await;
    let error = sandbox.reopen().await.unwrap_err();
    assert!(matches!(error, OpenError::Newer { found: 9000, known: 2 }), "{error}");
}

#[rstest]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn replicas_may_start_on_an_empty_postgres_together() {
    let Some(sandbox) = Sandbox::start(Database::Postgres).await else {
        return;
    };
    sandbox.store.close().await;
    sandbox
        .execute("DROP SCHEMA public CASCADE; CREATE SCHEMA public")
        .await;
    let open = || {
        let config = sandbox.config.clone();
        tokio::spawn(async move { Store::open(&config).await.map(drop) })
    };
    for replica in [open(), open(), open()] {
        replica.await.unwrap().unwrap();
    }
}

#[tokio::test]
async fn a_file_that_is_no_database_is_refused() {
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("letter.txt");
    std::fs::write(&file, "Dear guest, ".repeat(1_000)).unwrap();
    let config = StoreConfig {
        url: Secret::new(format!("sqlite:{}", file.display())),
        ..StoreConfig::default()
    };
    let error = Store::open(&config).await.unwrap_err();
    assert!(matches!(error, OpenError::Store(StoreError::Corrupt(_))), "{error}");
}

#[tokio::test]
async fn a_server_that_is_not_there_is_unavailable() {
    let config = StoreConfig {
        url: Secret::new("postgres://nakai:hunter2@127.0.0.1:1/nakai".to_owned()),
        acquire_timeout_ms: 50,
        ..StoreConfig::default()
    };
    let error = Store::open(&config).await.unwrap_err();
    assert!(matches!(error, OpenError::Store(StoreError::Unavailable(_))), "{error}");
    assert!(!format!("{error} {error:?}").contains("hunter2"));
}
