//! The database goes away and comes back, or holds what we can't read.

use std::{fs, time::Duration};

use nakai_ports::{ConversationStore, Reservation, StoreError};
use nakai_types::ConversationId;
use rstest::rstest;
use sqlx::{Connection, Executor, PgConnection};

use crate::sandbox::{Database, Sandbox, commit, key, tenant};

/// Waits until the store says that it is well again, which it must find out by itself.
async fn recovered(sandbox: &Sandbox) {
    let well = async {
        while sandbox.store.ping().await.is_err() {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(Duration::from_secs(20), well)
        .await
        .expect("the store recovers");
}

#[tokio::test]
async fn a_postgres_that_crashes_makes_the_store_unavailable_until_it_is_back() {
    let Some(mut sandbox) = Sandbox::start_with(Database::Postgres, |config| config.acquire_timeout_ms = 200).await
    else {
        return;
    };
    let id = ConversationId::new();
    sandbox.store.commit(commit(id, 1)).await.unwrap();
    sandbox.store.ping().await.unwrap();
    assert_eq!(
        sandbox.store.reserve(&tenant(), &key("k"), 0, 1).await.unwrap(),
        Reservation::Fresh
    );

    sandbox.server.as_mut().unwrap().kill();
    let refused = commit(id, 2);
    for _ in 0..2 {
        let unavailable = |error: StoreError| assert!(matches!(error, StoreError::Unavailable(_)), "{error:?}");
        unavailable(sandbox.store.commit(refused.clone()).await.unwrap_err());
        unavailable(sandbox.store.load(&tenant(), id).await.unwrap_err());
        unavailable(sandbox.store.reserve(&tenant(), &key("k"), 0, 1).await.unwrap_err());
        unavailable(sandbox.store.ping().await.unwrap_err());
    }

    sandbox.server.as_mut().unwrap().restart().unwrap();
    recovered(&sandbox).await;
    assert_eq!(sandbox.store.load(&tenant(), id).await.unwrap().unwrap().sequence, 1);
    sandbox.store.commit(refused).await.unwrap();
    assert_eq!(sandbox.store.count(&tenant()).await.unwrap(), (2, 1));
}

#[tokio::test]
async fn a_postgres_that_only_reads_is_not_well() {
    let Some(sandbox) = Sandbox::start(Database::Postgres).await else {
        return;
    };
    sandbox.store.commit(commit(ConversationId::new(), 1)).await.unwrap();
    // The setting holds for new connections, so the old ones are cut.
    sandbox
        .execute("ALTER DATABASE postgres SET default_transaction_read_only = on")
        .await;
    sandbox
        .execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'nakai'")
        .await;
    for _ in 0..2 {
        assert!(matches!(sandbox.store.ping().await, Err(StoreError::Unavailable(_))));
        let refused = sandbox.store.commit(commit(ConversationId::new(), 1)).await;
        assert!(matches!(refused, Err(StoreError::Unavailable(_))), "{refused:?}");
    }
    assert_eq!(sandbox.store.count(&tenant()).await.unwrap(), (1, 1));
}

#[tokio::test]
async fn a_sqlite_file_that_is_gone_takes_no_turns_until_it_is_back() {
    let sandbox = Sandbox::start(Database::Sqlite).await.unwrap();
    let id = ConversationId::new();
    sandbox.store.commit(commit(id, 1)).await.unwrap();
    let (file, elsewhere) = (
        sandbox.directory.path().join("data/nakai.db"),
        sandbox.directory.path().join("moved.db"),
    );
    fs::rename(&file, &elsewhere).unwrap();
    assert!(matches!(sandbox.store.ping().await, Err(StoreError::Unavailable(_))));
    assert!(matches!(
        sandbox.store.commit(commit(id, 2)).await,
        Err(StoreError::Unavailable(_))
    ));

    fs::write(&file, "").unwrap();
    assert!(
        matches!(sandbox.store.ping().await, Err(StoreError::Unavailable(_))),
        "another file is not ours"
    );

    fs::rename(&elsewhere, &file).unwrap();
    sandbox.store.ping().await.unwrap();
    sandbox.store.commit(commit(id, 2)).await.unwrap();
}

#[tokio::test]
async fn a_sqlite_file_that_another_program_holds_is_unavailable_until_it_lets_go() {
    let sandbox = Sandbox::start_with(Database::Sqlite, |config| config.acquire_timeout_ms = 50)
        .await
        .unwrap();
    let mut other = sandbox.sqlite().await;
    other.execute("BEGIN IMMEDIATE").await.unwrap();
    let refused = commit(ConversationId::new(), 1);
    assert!(matches!(
        sandbox.store.commit(refused.clone()).await,
        Err(StoreError::Unavailable(_))
    ));
    assert!(matches!(sandbox.store.ping().await, Err(StoreError::Unavailable(_))));
    assert_eq!(sandbox.store.count(&tenant()).await.unwrap(), (0, 0), "reading goes on");
    other.execute("ROLLBACK").await.unwrap();
    recovered(&sandbox).await;
    sandbox.store.commit(refused).await.unwrap();
}

#[rstest]
#[tokio::test]
async fn an_unreadable_record_is_told_without_its_words(
    #[values(Database::Sqlite, Database::Postgres)] database: Database,
) {
    let Some(sandbox) = Sandbox::start(database).await else {
        return;
    };
    let turn = commit(ConversationId::new(), 1);
    sandbox.store.commit(turn.clone()).await.unwrap();
    sandbox
        .execute(r#"UPDATE turns SET record = '{"turn": "taro@example.jp"}'"#)
        .await;
    let error = sandbox.store.turn(&tenant(), turn.record.turn).await.unwrap_err();
    assert!(matches!(error, StoreError::Corrupt(_)));
    assert!(!error.to_string().contains("taro"), "{error}");
}

#[tokio::test]
async fn a_postgres_that_takes_too_long_to_write_is_unavailable_until_it_writes_again() {
    let Some(sandbox) = Sandbox::start_with(Database::Postgres, |config| config.write_timeout_ms = 100).await else {
        return;
    };
    let mut other = PgConnection::connect(sandbox.config.url.expose()).await.unwrap();
    other.execute("BEGIN; LOCK TABLE turns").await.unwrap();
    let refused = commit(ConversationId::new(), 1);
    let result = sandbox.store.commit(refused.clone()).await;
    assert!(matches!(result, Err(StoreError::Unavailable(_))), "{result:?}");
    other.execute("ROLLBACK").await.unwrap();
    sandbox.store.commit(refused).await.unwrap();
}

#[rstest]
#[tokio::test]
async fn a_conversation_that_another_program_moved_on_conflicts_once(
    #[values(Database::Sqlite, Database::Postgres)] database: Database,
) {
    let Some(sandbox) = Sandbox::start(database).await else {
        return;
    };
    let id = ConversationId::new();
    sandbox.store.commit(commit(id, 1)).await.unwrap();
    sandbox.execute("UPDATE conversations SET sequence = 5").await;
    assert!(matches!(
        sandbox.store.commit(commit(id, 2)).await,
        Err(StoreError::Conflict)
    ));
    assert_eq!(sandbox.store.load(&tenant(), id).await.unwrap().unwrap().sequence, 5);
    sandbox.store.commit(commit(id, 6)).await.unwrap();
}
