use nakai_ports::{Conversation, ConversationStore, StoreError};
use nakai_types::{ConversationId, Language, Screened, TenantId, TurnId};
use rstest::rstest;

use crate::sandbox::{Database, Sandbox, bot, commit, commit_of, record, tenant};

#[rstest]
#[tokio::test]
async fn a_committed_turn_can_be_read_back(#[values(Database::Sqlite, Database::Postgres)] database: Database) {
    let Some(mut sandbox) = Sandbox::start(database).await else {
        return;
    };
    let id = ConversationId::new();
    let first = commit(id, 1);
    sandbox.store.commit(first.clone()).await.unwrap();
    assert_eq!(
        sandbox.store.load(&tenant(), id).await.unwrap(),
        Some(Conversation {
            id,
            bot: bot(1),
            sequence: 1,
            language: Language::Ja,
            state: first.state
        })
    );
    assert_eq!(
        sandbox.store.turn(&tenant(), first.record.turn).await.unwrap().as_ref(),
        Some(&*first.record)
    );

    let mut later = record(id, 2);
    later.understanding.language = Language::En;
    later.bot = bot(2);
    let second = commit_of(later);
    sandbox.store.commit(second.clone()).await.unwrap();
    let expected = Conversation {
        id,
        bot: bot(2),
        sequence: 2,
        language: Language::En,
        state: second.state,
    };
    assert_eq!(
        sandbox.store.load(&tenant(), id).await.unwrap().as_ref(),
        Some(&expected)
    );
    sandbox.reopen().await.unwrap();
    assert_eq!(sandbox.store.load(&tenant(), id).await.unwrap(), Some(expected));
    assert_eq!(sandbox.store.count(&tenant()).await.unwrap(), (2, 1));
}

#[rstest]
#[tokio::test]
async fn what_was_never_stored_is_none(#[values(Database::Sqlite, Database::Postgres)] database: Database) {
    let Some(sandbox) = Sandbox::start(database).await else {
        return;
    };
    assert_eq!(
        sandbox.store.load(&tenant(), ConversationId::new()).await.unwrap(),
        None
    );
    assert_eq!(sandbox.store.turn(&tenant(), TurnId::new()).await.unwrap(), None);
    assert_eq!(
        sandbox
            .store
            .turns(&tenant(), ConversationId::new(), 0, 10)
            .await
            .unwrap(),
        []
    );
    assert_eq!(sandbox.store.count(&tenant()).await.unwrap(), (0, 0));
}

#[rstest]
#[tokio::test]
async fn a_tenant_sees_nothing_of_another(#[values(Database::Sqlite, Database::Postgres)] database: Database) {
    let Some(sandbox) = Sandbox::start(database).await else {
        return;
    };
    let id = ConversationId::new();
    let ours = commit(id, 1);
    sandbox.store.commit(ours.clone()).await.unwrap();

    let other = TenantId::new("other").unwrap();
    assert_eq!(sandbox.store.load(&other, id).await.unwrap(), None);
    assert_eq!(sandbox.store.turn(&other, ours.record.turn).await.unwrap(), None);
    assert_eq!(sandbox.store.turns(&other, id, 0, 10).await.unwrap(), []);
    assert_eq!(sandbox.store.count(&other).await.unwrap(), (0, 0));

    // Nor does it get in the way of the other's conversation of the same id.
    let mut theirs = record(id, 1);
    theirs.tenant = other.clone();
    sandbox.store.commit(commit_of(theirs)).await.unwrap();
    assert_eq!(sandbox.store.count(&other).await.unwrap(), (1, 1));
    assert_eq!(sandbox.store.load(&tenant(), id).await.unwrap().unwrap().sequence, 1);
}

#[rstest]
#[tokio::test]
async fn turns_come_in_order_and_in_pages(#[values(Database::Sqlite, Database::Postgres)] database: Database) {
    let Some(sandbox) = Sandbox::start(database).await else {
        return;
    };
    let (id, other) = (ConversationId::new(), ConversationId::new());
    for sequence in 1..=12 {
        sandbox.store.commit(commit(id, sequence)).await.unwrap();
    }
    sandbox.store.commit(commit(other, 1)).await.unwrap();
    let page = async |after, limit| {
        let turns = sandbox.store.turns(&tenant(), id, after, limit).await.unwrap();
        turns.iter().map(|turn| turn.sequence).collect::<Vec<_>>()
    };
    assert_eq!(page(0, 5).await, [1, 2, 3, 4, 5]);
    assert_eq!(page(5, 5).await, [6, 7, 8, 9, 10]);
    assert_eq!(page(10, 5).await, [11, 12]);
    assert_eq!(page(12, 5).await, Vec::<u64>::new());
    assert_eq!(page(0, 0).await, Vec::<u64>::new());
    assert_eq!(page(u64::MAX, 5).await, Vec::<u64>::new());
}

#[rstest]
#[tokio::test]
async fn the_newest_turns_of_all_conversations_come_first(
    #[values(Database::Sqlite, Database::Postgres)] database: Database,
) {
    let Some(sandbox) = Sandbox::start(database).await else {
        return;
    };
    for started_ms in [30, 10, 40, 20] {
        let mut turn = record(ConversationId::new(), 1);
        turn.started_ms = started_ms;
        sandbox.store.commit(commit_of(turn)).await.unwrap();
    }
    let recent = async |since_ms, limit| {
        let turns = sandbox.store.recent_turns(&tenant(), since_ms, limit).await.unwrap();
        turns.iter().map(|turn| turn.started_ms).collect::<Vec<_>>()
    };
    assert_eq!(recent(0, 10).await, [40, 30, 20, 10]);
    assert_eq!(recent(20, 2).await, [40, 30]);
    assert_eq!(recent(30, 10).await, [40, 30]);
    assert_eq!(recent(41, 10).await, Vec::<i64>::new());
    assert_eq!(recent(0, 0).await, Vec::<i64>::new());
    let other = TenantId::new("other").unwrap();
    assert_eq!(sandbox.store.recent_turns(&other, 0, 10).await.unwrap(), []);
}

#[rstest]
#[case::an_old_turn_again(&[1, 2], 2)]
#[case::a_first_turn_of_a_known_conversation(&[1], 1)]
#[case::a_turn_too_far_ahead(&[1], 3)]
#[case::a_later_turn_of_an_unknown_conversation(&[], 2)]
#[case::a_turn_without_number(&[], 0)]
#[tokio::test]
async fn a_turn_that_does_not_follow_conflicts_and_leaves_no_trace(
    #[values(Database::Sqlite, Database::Postgres)] database: Database,
    #[case] stored: &[u64],
    #[case] sequence: u64,
) {
    let Some(sandbox) = Sandbox::start(database).await else {
        return;
    };
    let id = ConversationId::new();
    for &sequence in stored {
        sandbox.store.commit(commit(id, sequence)).await.unwrap();
    }
    let before = sandbox.store.load(&tenant(), id).await.unwrap();

    let late = commit(id, sequence);
    assert!(matches!(
        sandbox.store.commit(late.clone()).await,
        Err(StoreError::Conflict)
    ));

    assert_eq!(sandbox.store.load(&tenant(), id).await.unwrap(), before);
    assert_eq!(sandbox.store.turn(&tenant(), late.record.turn).await.unwrap(), None);
    assert_eq!(
        sandbox.number("SELECT count(*) FROM messages").await,
        2 * i64::try_from(stored.len()).unwrap()
    );
}

#[rstest]
#[tokio::test]
async fn any_text_survives(#[values(Database::Sqlite, Database::Postgres)] database: Database) {
    let Some(sandbox) = Sandbox::start(database).await else {
        return;
    };
    let id = ConversationId::new();
    let odd = "nul \0, quote ' \" \\, 絵文字 👩‍👩‍👧, combining が, \u{202e}rtl, line\r\nend, \u{10ffff}";
    let mut turn = record(id, 1);
    turn.utterance = Screened::after_screening(odd.to_owned());
    turn.reply.text = Screened::ours(odd);
    turn.metadata
        .insert(odd.to_owned(), Screened::after_screening(odd.to_owned()));
    let commit = commit_of(turn.clone());
    sandbox.store.commit(commit).await.unwrap();
    assert_eq!(sandbox.store.turn(&tenant(), turn.turn).await.unwrap(), Some(turn));
    let said = sandbox.texts("SELECT text FROM messages ORDER BY ordinal").await;
    let shown = odd.replace('\0', "\u{fffd}");
    assert_eq!(said, [shown.clone(), shown]);
}

#[rstest]
#[tokio::test]
async fn messages_say_who_said_what_in_order(#[values(Database::Sqlite, Database::Postgres)] database: Database) {
    let Some(sandbox) = Sandbox::start(database).await else {
        return;
    };
    let id = ConversationId::new();
    for sequence in 1..=2 {
        sandbox.store.commit(commit(id, sequence)).await.unwrap();
    }
    let said = sandbox
        .texts("SELECT role || ': ' || text FROM messages ORDER BY sequence, ordinal")
        .await;
    let reply = "bot: いつがよろしいですか。";
    assert_eq!(said, ["customer: 予約 1", reply, "customer: 予約 2", reply]);
}
