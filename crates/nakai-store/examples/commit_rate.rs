//! Measures the group commit: how many turns a second, and how much processor time each costs.
//!
//! ```text
//! cargo run --release -p nakai-store --example commit_rate -- [COMMITTERS] [TURNS OF EACH] [URL]
//! ```
//! Every committer holds one conversation after the other, ten turns each, and commits its next turn as soon as the last one is on
//! disk. Without a URL, the database is a new SQLite file in the working directory, removed afterwards; on a file system in memory
//! nothing is ever synced, so choose the directory with care.

use std::{
    collections::BTreeMap,
    fs, process,
    sync::Arc,
    time::{Duration, Instant},
};

use anyhow::{Context, Result};
use nakai_config::Secret;
use nakai_ports::{ConversationStore, DialogueState, IdempotencyKey, TurnCommit};
use nakai_store::{Store, StoreConfig};
use nakai_types::{
    BotName, BotRef, ConversationId, Decision, EntityValue, IntentScore, Language, Outcome, Reply, Screened, Span,
    StepTime, TenantId, TurnId, TurnRecord, Understanding, UnderstoodEntity, Usage, Version,
};

/// Turns of one conversation.
const TURNS_OF_CONVERSATION: u64 = 10;

#[tokio::main(flavor = "multi_thread", worker_threads = 2)]
async fn main() -> Result<()> {
    let mut arguments = std::env::args().skip(1);
    let committers: u64 = arguments.next().map_or(Ok(64), |n| n.parse()).context("COMMITTERS")?;
    let turns: u64 = arguments
        .next()
        .map_or(Ok(1_000), |n| n.parse())
        .context("TURNS OF EACH")?;
    let file = format!("commit-rate-{}.db", process::id());
    let url = arguments.next().unwrap_or_else(|| format!("sqlite:{file}"));
    let store = Arc::new(
        Store::open(&StoreConfig {
            url: Secret::new(url),
            ..StoreConfig::default()
        })
        .await?,
    );
    let all = committers * turns;

    let sample = record(&sample()?, ConversationId::new(), 1);
    report(
        &format!("record of {} bytes", serde_json::to_vec(&sample)?.len()),
        0,
        Measure::start()?,
    )?;

    let measure = Measure::start()?;
    for _ in 0..all {
        std::hint::black_box(record(&sample, ConversationId::new(), 1));
    }
    report("making records", all, measure)?;

    run(&store, &sample, committers, turns / 10 + 1, false).await?; // the first pages and statements
    let measure = Measure::start()?;
    run(&store, &sample, committers, turns, false).await?;
    report("commit", all, measure)?;

    let measure = Measure::start()?;
    run(&store, &sample, committers, turns, true).await?;
    report("load, reserve and commit with a key", all, measure)?;

    let id = ConversationId::new();
    store.commit(commit(record(&sample, id, 1), None)).await?;
    let measure = Measure::start()?;
    let loads = (0..committers).map(|_| {
        let store = Arc::clone(&store);
        tokio::spawn(async move {
            for _ in 0..turns {
                store.load(&TenantId::default(), id).await?;
            }
            anyhow::Ok(())
        })
    });
    for load in loads.collect::<Vec<_>>() {
        load.await??;
    }
    report("load", all, measure)?;

    store.close().await;
    let status = fs::read_to_string("/proc/self/status")?;
    let peak = status
        .lines()
        .find(|line| line.starts_with("VmHWM"))
        .unwrap_or("VmHWM: unknown");
    report(
        &format!("most memory {}", peak.trim_start_matches("VmHWM:").trim()),
        0,
        Measure::start()?,
    )?;
    for end in ["", "-wal", "-shm"] {
        let _ = fs::remove_file(format!("{file}{end}"));
    }
    Ok(())
}

async fn run(store: &Arc<Store>, sample: &Arc<TurnRecord>, committers: u64, turns: u64, keyed: bool) -> Result<()> {
    let tasks = (0..committers).map(|_| {
        let (store, sample) = (Arc::clone(store), Arc::clone(sample));
        tokio::spawn(async move {
            let mut id = ConversationId::new();
            for turn in 0..turns {
                let sequence = turn % TURNS_OF_CONVERSATION + 1;
                if sequence == 1 {
                    id = ConversationId::new();
                }
                let record = record(&sample, id, sequence);
                let key = keyed.then(|| IdempotencyKey {
                    key: record.turn.to_string(),
                    request_hash: [7; 32],
                });
                if let Some(key) = &key {
                    store.load(&record.tenant, id).await?;
                    store.reserve(&record.tenant, key, record.started_ms, 30_000).await?;
                }
                store.commit(commit(record, key)).await?;
            }
            anyhow::Ok(())
        })
    });
    for task in tasks.collect::<Vec<_>>() {
        task.await??;
    }
    Ok(())
}

fn commit(record: Arc<TurnRecord>, idempotency: Option<IdempotencyKey>) -> TurnCommit {
    let state = DialogueState::from_json(
        r#"{"flow":"booking","step":"ask_date","slots":{"guests":2,"room":"和室","date":"2026-11-23"},"attempts":1,"language":"ja"}"#,
    );
    TurnCommit {
        record,
        state,
        idempotency,
    }
}

fn record(sample: &TurnRecord, conversation: ConversationId, sequence: u64) -> Arc<TurnRecord> {
    Arc::new(TurnRecord {
        turn: TurnId::new(),
        conversation,
        sequence,
        ..sample.clone()
    })
}

/// A turn of a booking, as large as turns are.
fn sample() -> Result<TurnRecord> {
    let intent = |name: &str, confidence| IntentScore {
        name: name.into(),
        confidence,
    };
    let entity = |kind: &str, text: &str, value| UnderstoodEntity {
        kind: kind.into(),
        span: Span::new(0, text.len()),
        text: Screened::after_screening(text.to_owned()),
        value,
        alternatives: Vec::new(),
    };
    let decision = |rule: &'static str, subject: &str| Decision {
        rule: rule.into(),
        subject: subject.into(),
        detail: None,
    };
    let step = |step: &'static str, micros| StepTime {
        step: step.into(),
        micros,
    };
    Ok(TurnRecord {
        turn: TurnId::new(),
        tenant: TenantId::default(),
        conversation: ConversationId::new(),
        sequence: 1,
        bot: BotRef {
            name: BotName::new("ryokan")?,
            version: Version::from_digest([171; 32]),
        },
        started_ms: 1_763_800_000_000,
        user: Some("5f0c1e9a7d".to_owned()),
        key: Some("bootstrap".into()),
        channel: "chat".into(),
        utterance: Screened::after_screening(
            "明日から二泊、大人二人で和室を予約したいのですが、空いていますか。".to_owned(),
        ),
        understanding: Understanding {
            language: Language::Ja,
            mixed: false,
            intents: vec![
                intent("booking", 0.92),
                intent("availability", 0.05),
                intent("cancel", 0.01),
            ],
            out_of_scope: false,
            also: Vec::new(),
            entities: vec![
                entity("date", "明日", EntityValue::Text("2026-11-23".to_owned())),
                entity("number", "二泊", EntityValue::Integer(2)),
            ],
        },
        decisions: vec![
            decision("intent", "booking"),
            decision("flow_start", "booking"),
            decision("slot_filled", "date"),
        ],
        reply: Reply {
            text: Screened::ours(
                "ありがとうございます。明日から二泊ですね。お食事はお部屋とお食事処のどちらになさいますか。",
            ),
            outcome: Outcome::Flow,
            choices: Vec::new(),
            citations: Vec::new(),
            handover: None,
        },
        usage: Usage::default(),
        models: Vec::new(),
        steps: vec![
            step("load", 31),
            step("analyse", 42),
            step("screen", 5),
            step("respond", 12),
        ],
        metadata: BTreeMap::new(),
    })
}

#[derive(Clone, Copy)]
struct Measure {
    started: Instant,
    cpu: Duration,
}

impl Measure {
    fn start() -> Result<Self> {
        Ok(Self {
            started: Instant::now(),
            cpu: cpu()?,
        })
    }
}

#[expect(clippy::print_stdout, reason = "what a measurement is for")]
fn report(what: &str, count: u64, measure: Measure) -> Result<()> {
    let (wall, cpu) = (measure.started.elapsed(), cpu()?.saturating_sub(measure.cpu));
    if count == 0 {
        println!("{what}");
    } else {
        let per_second = count as f64 / wall.as_secs_f64();
        let micros = cpu.as_secs_f64() * 1e6 / count as f64;
        println!("{what}: {count} in {wall:.2?}, {per_second:.0}/s, {micros:.1} CPU-µs each");
    }
    Ok(())
}

/// Processor time of this process so far, in steps of a hundredth second (Linux).
fn cpu() -> Result<Duration> {
    let stat = fs::read_to_string("/proc/self/stat")?;
    let after_name = stat.rsplit(')').next().context("/proc/self/stat")?;
    let ticks: u64 = after_name
        .split_whitespace()
        .skip(11)
        .take(2)
        .map(|n| n.parse::<u64>().unwrap_or(0))
        .sum();
    Ok(Duration::from_millis(ticks * 10))
}
