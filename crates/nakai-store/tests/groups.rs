//! What turns that are written together do to each other: nothing.
//!
//! The tests run on one thread, so all commits that are polled together are in the queue before the writer sees the first.

use std::sync::Arc;

use futures_util::{FutureExt, future::join_all};
use nakai_ports::{ConversationStore, StoreError, TurnCommit};
use nakai_types::{ConversationId, TurnId};
use proptest::{collection::vec, prelude::*, test_runner::TestRunner};
use rstest::rstest;

use crate::sandbox::{Database, Sandbox, commit, commit_of, key, record, tenant};

/// Commits in one go; a turn's outcome is `+` written, `x` conflict, `!` overloaded, `?` another error.
async fn outcomes(sandbox: &Sandbox, commits: Vec<TurnCommit>) -> String {
    let results = join_all(commits.into_iter().map(|commit| sandbox.store.commit(commit))).await;
    let sign = |result| match result {
        Ok(()) => '+',
        Err(StoreError::Conflict) => 'x',
        Err(StoreError::Overloaded(_)) => '!',
        Err(_) => '?',
    };
    results.into_iter().map(sign).collect()
}

#[rstest]
#[tokio::test]
async fn losers_of_a_group_conflict_and_winners_are_written(
    #[values(Database::Sqlite, Database::Postgres)] database: Database,
) {
    let Some(sandbox) = Sandbox::start(database).await else {
        return;
    };
    let ids: Vec<_> = (0..5).map(|_| ConversationId::new()).collect();
    sandbox.store.commit(commit(ids[0], 1)).await.unwrap();
    let group = vec![
        commit(ids[0], 2),
        commit(ids[1], 2), // unknown conversation
        commit(ids[2], 1),
        commit(ids[3], 7), // unknown conversation
        commit(ids[4], 1),
    ];
    assert_eq!(outcomes(&sandbox, group.clone()).await, "+x+x+");
    assert_eq!(sandbox.store.count(&tenant()).await.unwrap(), (4, 3));
    for (commit, written) in group.iter().zip([true, false, true, false, true]) {
        let turn = sandbox.store.turn(&tenant(), commit.record.turn).await.unwrap();
        assert_eq!(turn.is_some(), written);
    }
    assert_eq!(sandbox.number("SELECT count(*) FROM messages").await, 8);
}

#[rstest]
#[tokio::test]
async fn of_two_rivals_for_a_sequence_the_first_wins(
    #[values(Database::Sqlite, Database::Postgres)] database: Database,
) {
    let Some(sandbox) = Sandbox::start(database).await else {
        return;
    };
    let id = ConversationId::new();
    let first = commit(id, 1);
    assert_eq!(
        outcomes(&sandbox, vec![first.clone(), commit(id, 1), commit(id, 1)]).await,
        "+xx"
    );
    assert_eq!(
        sandbox.store.turns(&tenant(), id, 0, 9).await.unwrap(),
        [(*first.record).clone()]
    );
}

#[rstest]
#[tokio::test]
async fn turns_of_one_conversation_are_written_in_the_order_of_arrival(
    #[values(Database::Sqlite, Database::Postgres)] database: Database,
) {
    let Some(sandbox) = Sandbox::start(database).await else {
        return;
    };
    let id = ConversationId::new();
    assert_eq!(
        outcomes(&sandbox, (1..=4).map(|sequence| commit(id, sequence)).collect()).await,
        "++++"
    );
    assert_eq!(sandbox.store.load(&tenant(), id).await.unwrap().unwrap().sequence, 4);
}

#[rstest]
#[tokio::test]
async fn a_turn_that_cant_be_written_harms_nobody_else(
    #[values(Database::Sqlite, Database::Postgres)] database: Database,
) {
    let Some(sandbox) = Sandbox::start(database).await else {
        return;
    };
    let id = TurnId::new();
    let with_id = |id| {
        let mut record = record(ConversationId::new(), 1);
        record.turn = id;
        commit_of(record)
    };
    sandbox.store.commit(with_id(id)).await.unwrap();
    // The same id again, in another conversation, breaks the statement of the whole group.
    let group = vec![
        commit(ConversationId::new(), 1),
        with_id(id),
        commit(ConversationId::new(), 1),
    ];
    assert_eq!(outcomes(&sandbox, group).await, "+?+");
    assert_eq!(sandbox.store.count(&tenant()).await.unwrap(), (3, 3));
    assert_eq!(sandbox.number("SELECT count(*) FROM messages").await, 6);
}

#[rstest]
#[tokio::test]
async fn a_full_queue_refuses_at_once_and_the_accepted_are_written(
    #[values(Database::Sqlite, Database::Postgres)] database: Database,
) {
    let Some(sandbox) = Sandbox::start_with(database, |config| config.queue_length = 3).await else {
        return;
    };
    let commits = (0..5).map(|_| commit(ConversationId::new(), 1)).collect();
    assert_eq!(outcomes(&sandbox, commits).await, "+++!!");
    assert_eq!(outcomes(&sandbox, vec![commit(ConversationId::new(), 1)]).await, "+");
    assert_eq!(sandbox.store.count(&tenant()).await.unwrap(), (4, 4));
}

#[rstest]
#[tokio::test]
async fn every_size_of_group_is_written_whole(
    #[values(Database::Sqlite, Database::Postgres)] database: Database,
    #[values(5, 64)] group_limit: usize,
) {
    let Some(sandbox) = Sandbox::start_with(database, |config| config.group_limit = group_limit).await else {
        return;
    };
    let mut total = 0;
    for size in [1, 2, 3, 4, 5, 7, 8, 9, 31, 63, 64, 65] {
        let mut commits: Vec<_> = (0..size).map(|_| commit(ConversationId::new(), 1)).collect();
        if size % 2 == 1 {
            commits[size / 2].idempotency = Some(key(&format!("key {size}")));
        }
        assert_eq!(outcomes(&sandbox, commits).await, "+".repeat(size));
        total += size as u64;
    }
    assert_eq!(sandbox.store.count(&tenant()).await.unwrap(), (total, total));
    assert_eq!(
        sandbox.number("SELECT count(*) FROM messages").await.unsigned_abs(),
        2 * total
    );
}

#[rstest]
#[tokio::test]
async fn a_caller_that_goes_away_does_not_take_its_turn_back(
    #[values(Database::Sqlite, Database::Postgres)] database: Database,
) {
    let Some(mut sandbox) = Sandbox::start(database).await else {
        return;
    };
    let (left, stayed) = (commit(ConversationId::new(), 1), commit(ConversationId::new(), 1));
    assert!(
        sandbox.store.commit(left.clone()).now_or_never().is_none(),
        "it can't be on disk yet"
    );
    sandbox.store.commit(stayed).await.unwrap();
    assert_eq!(
        sandbox.store.turn(&tenant(), left.record.turn).await.unwrap().as_ref(),
        Some(&*left.record)
    );

    // Not even when the store is closed right after.
    let last = commit(ConversationId::new(), 1);
    assert!(sandbox.store.commit(last.clone()).now_or_never().is_none());
    sandbox.reopen().await.unwrap();
    assert_eq!(
        sandbox.store.turn(&tenant(), last.record.turn).await.unwrap().as_ref(),
        Some(&*last.record)
    );
}

#[rstest]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_hundred_conversations_at_once_are_all_there_exactly_once(
    #[values(Database::Sqlite, Database::Postgres)] database: Database,
) {
    let Some(sandbox) = Sandbox::start(database).await else {
        return;
    };
    let sandbox = Arc::new(sandbox);
    let customers = (0..100).map(|_| {
        let sandbox = Arc::clone(&sandbox);
        tokio::spawn(async move {
            let id = ConversationId::new();
            let mut turns = Vec::new();
            for sequence in 1..=20 {
                let commit = commit(id, sequence);
                turns.push(commit.record.turn);
                sandbox.store.commit(commit).await.unwrap();
            }
            (id, turns)
        })
    });
    for customer in join_all(customers).await {
        let (id, expected) = customer.unwrap();
        let stored = sandbox.store.turns(&tenant(), id, 0, 100).await.unwrap();
        assert_eq!(stored.iter().map(|turn| turn.turn).collect::<Vec<_>>(), expected);
    }
    assert_eq!(sandbox.store.count(&tenant()).await.unwrap(), (2_000, 100));
    assert_eq!(sandbox.number("SELECT count(*) FROM messages").await, 4_000);
}

/// Turns that are committed together end as if they had been committed one after the other.
#[rstest]
fn a_group_is_the_same_as_its_turns_in_order(#[values(Database::Sqlite, Database::Postgres)] database: Database) {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    let Some(sandbox) = runtime.block_on(Sandbox::start_with(database, |config| config.group_limit = 8)) else {
        return;
    };
    let turns = vec((0_usize..4, 1_u64..5, proptest::option::of(0_u8..3)), 1..24);
    let run = |turns: Vec<(usize, u64, Option<u8>)>| {
        let conversations: [_; 4] = std::array::from_fn(|_| ConversationId::new());
        let keys: [_; 3] = std::array::from_fn(|_| key(&TurnId::new().to_string()));
        let (mut sequences, mut fulfilled) = ([0; 4], [false; 3]);
        let mut expected = String::new();
        for &(conversation, sequence, key) in &turns {
            let wins = sequence == sequences[conversation] + 1 && !key.is_some_and(|key| fulfilled[usize::from(key)]);
            if wins {
                sequences[conversation] = sequence;
                key.into_iter().for_each(|key| fulfilled[usize::from(key)] = true);
            }
            expected.push(if wins { '+' } else { 'x' });
        }
        let commits = turns.iter().map(|&(conversation, sequence, key)| TurnCommit {
            idempotency: key.map(|key| keys[usize::from(key)].clone()),
            ..commit(conversations[conversation], sequence)
        });
        runtime.block_on(async {
            prop_assert_eq!(outcomes(&sandbox, commits.collect()).await, expected);
            for (id, sequence) in conversations.into_iter().zip(sequences) {
                let stored = sandbox
                    .store
                    .load(&tenant(), id)
                    .await
                    .unwrap()
                    .map_or(0, |stored| stored.sequence);
                prop_assert_eq!(stored, sequence);
                let turns = sandbox.store.turns(&tenant(), id, 0, 9).await.unwrap();
                prop_assert!(turns.iter().map(|turn| turn.sequence).eq(1..=sequence));
            }
            Ok(())
        })
    };
    let config = ProptestConfig {
        cases: 64,
        failure_persistence: None,
        ..ProptestConfig::default()
    };
    TestRunner::new(config).run(&turns, run).unwrap();
}
