use futures_util::future::join_all;
use nakai_ports::{ConversationStore, IdempotencyKey, Reservation, StoreError};
use nakai_types::{ConversationId, TenantId};
use rstest::rstest;

use crate::sandbox::{Database, Sandbox, commit, key, tenant};

const NOW: i64 = 1_000_000;
const LEASE: i64 = 30_000;

impl Sandbox {
    async fn reserve(&self, key: &IdempotencyKey, now_ms: i64) -> Reservation {
        self.store.reserve(&tenant(), key, now_ms, LEASE).await.unwrap()
    }
}

fn with_another_body(key: &IdempotencyKey) -> IdempotencyKey {
    IdempotencyKey {
        request_hash: [8; 32],
        ..key.clone()
    }
}

#[rstest]
#[tokio::test]
async fn a_key_is_fresh_once_then_in_flight(#[values(Database::Sqlite, Database::Postgres)] database: Database) {
    let Some(sandbox) = Sandbox::start(database).await else {
        return;
    };
    // Keys are told apart byte by byte, whatever the collation says of them.
    for name in ["k", "K", "ｋ", "k\0", "k ", "が", "か\u{3099}", ""] {
        assert_eq!(sandbox.reserve(&key(name), NOW).await, Reservation::Fresh, "{name:?}");
        assert_eq!(
            sandbox.reserve(&key(name), NOW).await,
            Reservation::InFlight,
            "{name:?}"
        );
    }
    assert_eq!(
        sandbox.reserve(&with_another_body(&key("k")), NOW).await,
        Reservation::Mismatch
    );
    let other = TenantId::new("other").unwrap();
    assert_eq!(
        sandbox.store.reserve(&other, &key("k"), NOW, LEASE).await.unwrap(),
        Reservation::Fresh
    );
}

#[rstest]
#[tokio::test]
async fn a_fulfilled_key_gives_its_turn_for_good(#[values(Database::Sqlite, Database::Postgres)] database: Database) {
    let Some(mut sandbox) = Sandbox::start(database).await else {
        return;
    };
    let key = key("order 1");
    assert_eq!(sandbox.reserve(&key, NOW).await, Reservation::Fresh);
    let mut turn = commit(ConversationId::new(), 1);
    turn.idempotency = Some(key.clone());
    sandbox.store.commit(turn.clone()).await.unwrap();

    let done = Reservation::Done(Box::new((*turn.record).clone()));
    assert_eq!(sandbox.reserve(&key, NOW).await, done);
    assert_eq!(
        sandbox.reserve(&key, NOW + 2 * LEASE).await,
        done,
        "the lease no longer matters"
    );
    assert_eq!(
        sandbox.reserve(&with_another_body(&key), NOW + 2 * LEASE).await,
        Reservation::Mismatch
    );
    sandbox.store.release(&tenant(), &key).await.unwrap();
    assert_eq!(
        sandbox.reserve(&key, NOW).await,
        done,
        "what is fulfilled can't be released"
    );
    sandbox.reopen().await.unwrap();
    assert_eq!(sandbox.reserve(&key, NOW).await, done);
}

#[rstest]
#[tokio::test]
async fn a_released_key_is_fresh_again(#[values(Database::Sqlite, Database::Postgres)] database: Database) {
    let Some(sandbox) = Sandbox::start(database).await else {
        return;
    };
    let key = key("k");
    sandbox.store.release(&tenant(), &key).await.unwrap();
    assert_eq!(sandbox.reserve(&key, NOW).await, Reservation::Fresh);
    sandbox
        .store
        .release(&tenant(), &with_another_body(&key))
        .await
        .unwrap();
    assert_eq!(
        sandbox.reserve(&key, NOW).await,
        Reservation::InFlight,
        "only its own request gives it back"
    );
    sandbox.store.release(&tenant(), &key).await.unwrap();
    assert_eq!(sandbox.reserve(&key, NOW).await, Reservation::Fresh);
}

#[rstest]
#[tokio::test]
async fn a_lease_ends(#[values(Database::Sqlite, Database::Postgres)] database: Database) {
    let Some(sandbox) = Sandbox::start(database).await else {
        return;
    };
    let key = key("k");
    assert_eq!(sandbox.reserve(&key, NOW).await, Reservation::Fresh);
    assert_eq!(sandbox.reserve(&key, NOW + LEASE - 1).await, Reservation::InFlight);
    let another = with_another_body(&key);
    assert_eq!(sandbox.reserve(&another, NOW + LEASE).await, Reservation::Fresh);
    assert_eq!(sandbox.reserve(&another, NOW + LEASE + 1).await, Reservation::InFlight);
    assert_eq!(sandbox.reserve(&key, NOW + LEASE + 1).await, Reservation::Mismatch);
}

#[rstest]
#[tokio::test]
async fn a_turn_that_conflicts_fulfils_no_key(#[values(Database::Sqlite, Database::Postgres)] database: Database) {
    let Some(sandbox) = Sandbox::start(database).await else {
        return;
    };
    let key = key("k");
    assert_eq!(sandbox.reserve(&key, NOW).await, Reservation::Fresh);
    let mut late = commit(ConversationId::new(), 2);
    late.idempotency = Some(key.clone());
    assert!(matches!(sandbox.store.commit(late).await, Err(StoreError::Conflict)));
    assert_eq!(sandbox.reserve(&key, NOW).await, Reservation::InFlight);
}

#[rstest]
#[tokio::test]
async fn a_key_has_one_turn_even_if_two_are_committed_for_it(
    #[values(Database::Sqlite, Database::Postgres)] database: Database,
) {
    let Some(sandbox) = Sandbox::start(database).await else {
        return;
    };
    let key = key("k");
    // The lease of the first ended while it was still being answered, so there are two, here even in one group.
    let turns: Vec<_> = (0..2)
        .map(|_| {
            let mut turn = commit(ConversationId::new(), 1);
            turn.idempotency = Some(key.clone());
            turn
        })
        .collect();
    let results = join_all(turns.iter().cloned().map(|turn| sandbox.store.commit(turn))).await;
    assert!(
        matches!(results[..], [Ok(()), Err(StoreError::Conflict)]),
        "{results:?}"
    );
    assert_eq!(
        sandbox.reserve(&key, NOW).await,
        Reservation::Done(Box::new((*turns[0].record).clone()))
    );
    assert_eq!(sandbox.store.count(&tenant()).await.unwrap(), (1, 1));
}
