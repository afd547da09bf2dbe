//! The ledger: what was used, however it is told apart.

use futures_util::future::join_all;
use nakai_ports::{ConversationStore, StoreError, UsageGroup, UsageQuery, UsageStore};
use nakai_types::{
    ConversationId, Decision, ModelCall, TenantId, TurnRecord, Usage, UsageDimension, UsageEntry, UsageSums,
};
use rstest::rstest;

use crate::sandbox::{Database, Sandbox, commit_of, record, tenant};

const DAY_MS: i64 = 86_400_000;

fn call(model: &str, purpose: &'static str, tokens: u64, cost_micros: u64) -> ModelCall {
    ModelCall {
        model: model.into(),
        purpose: purpose.into(),
        input_tokens: tokens,
        cached_input_tokens: tokens / 2,
        output_tokens: tokens / 10,
        reasoning_tokens: tokens / 20,
        cost_micros,
        estimated: false,
        micros: 1,
        first_token_micros: None,
        failure: None,
    }
}

fn turn(calls: Vec<ModelCall>) -> TurnRecord {
    let mut turn = record(ConversationId::new(), 1);
    turn.usage = Usage::of(&calls);
    turn.models = calls;
    turn
}

fn entry(at_ms: i64, call: ModelCall) -> UsageEntry {
    UsageEntry {
        tenant: tenant(),
        at_ms,
        user: None,
        key: Some("bootstrap".into()),
        call,
    }
}

impl Sandbox {
    async fn used(&self, by: &[UsageDimension]) -> Vec<UsageGroup> {
        let query = UsageQuery {
            by: by.to_vec(),
            limit: 1_000,
            ..UsageQuery::default()
        };
        self.store.usage(Some(&tenant()), &query).await.unwrap()
    }

    async fn total(&self) -> UsageSums {
        self.used(&[]).await[0].sums
    }
}

fn sum(groups: &[UsageGroup]) -> UsageSums {
    groups
        .iter()
        .map(|group| group.sums)
        .fold(UsageSums::default(), |a, b| UsageSums {
            turns: a.turns + b.turns,
            turns_without_model: a.turns_without_model + b.turns_without_model,
            calls: a.calls + b.calls,
            failed_calls: a.failed_calls + b.failed_calls,
            estimated_calls: a.estimated_calls + b.estimated_calls,
            input_tokens: a.input_tokens + b.input_tokens,
            cached_input_tokens: a.cached_input_tokens + b.cached_input_tokens,
            output_tokens: a.output_tokens + b.output_tokens,
            reasoning_tokens: a.reasoning_tokens + b.reasoning_tokens,
            cost_micros: a.cost_micros + b.cost_micros,
            saved_micros: match (a.saved_micros, b.saved_micros) {
                (None, None) => None,
                (a, b) => Some(a.unwrap_or_default() + b.unwrap_or_default()),
            },
        })
}

fn values(groups: &[UsageGroup]) -> Vec<&str> {
    let values = groups.iter().flat_map(|group| &group.values);
    values.map(|value| value.as_deref().unwrap_or("-")).collect()
}

#[rstest]
#[tokio::test]
async fn sums_add_up_whatever_they_are_told_apart_by(
    #[values(Database::Sqlite, Database::Postgres)] database: Database,
) {
    let Some(sandbox) = Sandbox::start(database).await else {
        return;
    };
    let mut broken = call("openai/gpt-5-mini", "answer", 0, 0);
    broken.failure = Some("overloaded".into());
    let mut counted = call("anthropic/haiku", "answer", 400, 70);
    counted.estimated = true;
    let mut in_flow = turn(vec![]);
    in_flow.user = None;
    in_flow.started_ms += DAY_MS;
    in_flow.decisions.push(Decision {
        rule: "flow_step".into(),
        subject: "booking/guests".into(),
        detail: None,
    });
    let mut aside = turn(vec![]);
    aside.understanding.out_of_scope = true;
    for record in [
        turn(vec![broken, counted, call("openai/small", "summary", 100, 10)]),
        in_flow,
        aside,
    ] {
        sandbox.store.commit(commit_of(record)).await.unwrap();
    }
    let plain = vec![entry(7, call("openai/gpt-5-mini", "chat", 1_000, 300))];
    sandbox.store.record(plain).await.unwrap();

    let total = sandbox.total().await;
    let expected = UsageSums {
        turns: 3,
        turns_without_model: 2,
        calls: 4,
        failed_calls: 1,
        estimated_calls: 1,
        input_tokens: 1_500,
        cached_input_tokens: 750,
        output_tokens: 150,
        reasoning_tokens: 75,
        cost_micros: 380,
        // Two turns without a model, and one of the same bot with models for 80.
        saved_micros: Some(160),
    };
    assert_eq!(total, expected);
    for by in UsageDimension::ALL {
        assert_eq!(sum(&sandbox.used(&[*by]).await), expected, "{}", by.name());
    }
    assert_eq!(sum(&sandbox.used(UsageDimension::ALL).await), expected);

    let version = format!("sha256:{}", "01".repeat(32));
    let told_apart = [
        (UsageDimension::Tenant, vec!["default"]),
        (UsageDimension::User, vec!["-", "pseudonym"]),
        (UsageDimension::Key, vec!["bootstrap"]),
        (UsageDimension::Bot, vec!["-", "ryokan"]),
        (UsageDimension::Version, vec!["-", &version]),
        (UsageDimension::Intent, vec!["-", "booking"]),
        (UsageDimension::Flow, vec!["-", "booking"]),
        (
            UsageDimension::Model,
            vec!["openai/gpt-5-mini", "anthropic/haiku", "openai/small", "-"],
        ),
        (UsageDimension::Purpose, vec!["chat", "answer", "summary", "-"]),
        (UsageDimension::Day, vec!["1970-01-01", "2025-11-22", "2025-11-23"]),
    ];
    for (by, expected) in told_apart {
        let groups = sandbox.used(&[by]).await;
        assert_eq!(values(&groups), expected, "{}", by.name());
    }
}

#[rstest]
#[tokio::test]
async fn a_turn_that_is_not_written_uses_nothing(#[values(Database::Sqlite, Database::Postgres)] database: Database) {
    let Some(sandbox) = Sandbox::start(database).await else {
        return;
    };
    let calls = || vec![call("a/m", "answer", 10, 5), call("a/m", "answer", 10, 5)];
    let mut late = turn(calls());
    late.sequence = 2;
    let late = sandbox.store.commit(commit_of(late));
    let (late, written) = tokio::join!(late, sandbox.store.commit(commit_of(turn(calls()))));
    assert!(matches!(late, Err(StoreError::Conflict)));
    written.unwrap();
    let total = sandbox.total().await;
    assert_eq!((total.turns, total.calls, total.cost_micros), (1, 2, 10));
}

#[rstest]
#[tokio::test]
async fn turns_and_calls_of_their_own_share_groups(#[values(Database::Sqlite, Database::Postgres)] database: Database) {
    let Some(sandbox) = Sandbox::start(database).await else {
        return;
    };
    let many = |calls: usize| (0..calls).map(|_| call("a/m", "answer", 10, 1)).collect::<Vec<_>>();
    let turns = join_all((0..70).map(|calls| sandbox.store.commit(commit_of(turn(many(calls % 20))))));
    let calls = join_all((0..70).map(|calls| {
        let entries = many(calls * 10).into_iter().map(|call| entry(1, call)).collect();
        sandbox.store.record(entries)
    }));
    let (turns, calls) = tokio::join!(turns, calls);
    assert!(turns.iter().chain(&calls).all(Result::is_ok));
    let total = sandbox.total().await;
    let of_turns: u64 = (0..70).map(|calls| calls % 20).sum();
    let alone: u64 = (0..70).map(|calls| calls * 10).sum();
    assert_eq!((total.turns, total.turns_without_model), (70, 4));
    assert_eq!((total.calls, total.cost_micros), (of_turns + alone, of_turns + alone));
}

#[rstest]
#[tokio::test]
async fn usage_is_asked_of_a_tenant_a_period_and_a_number(
    #[values(Database::Sqlite, Database::Postgres)] database: Database,
) {
    let Some(sandbox) = Sandbox::start(database).await else {
        return;
    };
    let entries = [(10, "a/cheap", 1), (20, "a/dear", 9), (30, "a/last", 3)];
    let entries = entries.map(|(at_ms, model, cost)| entry(at_ms, call(model, "chat", 1, cost)));
    let mut foreign = entries[0].clone();
    foreign.tenant = TenantId::new("other").unwrap();
    sandbox.store.record([&entries[..], &[foreign]].concat()).await.unwrap();

    let used = async |tenant: Option<&TenantId>, since_ms, until_ms, limit| {
        let query = UsageQuery {
            by: vec![UsageDimension::Model],
            since_ms,
            until_ms,
            limit,
        };
        let groups = sandbox.store.usage(tenant, &query).await.unwrap();
        let of = |group: UsageGroup| format!("{} {}", group.values[0].as_deref().unwrap(), group.sums.cost_micros);
        groups.into_iter().map(of).collect::<Vec<_>>()
    };
    let ours = tenant();
    assert_eq!(
        used(Some(&ours), None, None, 9).await,
        ["a/dear 9", "a/last 3", "a/cheap 1"]
    );
    assert_eq!(used(None, None, None, 9).await, ["a/dear 9", "a/last 3", "a/cheap 2"]);
    assert_eq!(used(Some(&ours), Some(20), Some(30), 9).await, ["a/dear 9"]);
    assert_eq!(used(Some(&ours), None, None, 1).await, ["a/dear 9"]);
    assert_eq!(used(Some(&ours), Some(31), None, 9).await, Vec::<String>::new());

    let absurd = call("a/m", "chat", u64::MAX, u64::MAX);
    sandbox
        .store
        .record(vec![entry(40, absurd.clone()), entry(41, absurd)])
        .await
        .unwrap();
    assert!(sandbox.total().await.cost_micros > 1 << 50);
}

#[rstest]
#[tokio::test]
async fn nothing_used_is_a_sum_of_nothing(#[values(Database::Sqlite, Database::Postgres)] database: Database) {
    let Some(sandbox) = Sandbox::start(database).await else {
        return;
    };
    sandbox.store.record(Vec::new()).await.unwrap();
    assert_eq!(sandbox.total().await, UsageSums::default());
    assert_eq!(sandbox.used(&[UsageDimension::Day]).await, []);
    let unanswered = turn(vec![]);
    sandbox.store.commit(commit_of(unanswered)).await.unwrap();
    assert_eq!(sandbox.total().await.saved_micros, None);
}
