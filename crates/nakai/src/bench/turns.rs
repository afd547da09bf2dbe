//! The cost of a durable turn, beside the least that any HTTP server costs in the same run.

use std::time::Duration;

use anyhow::Result;
use serde::Serialize;

use super::{load, process::ServerProcess};
use crate::output::say;

/// What customers say in the measurement: the usual mix of small talk, questions and requests in both languages.
const UTTERANCES: [&str; 8] = [
    "hello, I need help",
    "こんにちは、何か助けが必要です。",
    "チェックインは何時からですか",
    "what time is breakfast?",
    "温泉は何時まで入れますか",
    "can I bring my dog?",
    "予約を変更したいのですが",
    "thank you very much",
];

#[derive(Serialize)]
struct Measured {
    cpu_us: f64,
    p50_us: f64,
    p99_us: f64,
    per_second: f64,
    peak_mib: f64,
    first_answer_ms: f64,
}

#[derive(Serialize)]
struct Report {
    turns: u64,
    connections: usize,
    nakai: Measured,
    hello: Measured,
    cpu_ratio: f64,
}

pub(super) async fn run(turns: u64, connections: usize, json: bool) -> Result<()> {
    let connections = connections.clamp(1, 512);
    let data = tempfile::tempdir()?;
    let data_folder = data.path().to_string_lossy().into_owned();
    let hello = measure(&["bench", "hello"], turns, connections).await?;
    let serve = ["serve", "--listen", "127.0.0.1:0", "--data", &data_folder];
    // Trained once before, as a server that is started again is.
    ServerProcess::start(&serve).await?.stop().await?;
    let nakai = measure(&serve, turns, connections).await?;
    let cpu_ratio = nakai.cpu_us / hello.cpu_us;
    let report = Report {
        turns,
        connections,
        nakai,
        hello,
        cpu_ratio,
    };
    if json {
        say(format_args!("{}", serde_json::to_string(&report)?));
        return Ok(());
    }
    if cfg!(debug_assertions) {
        say(format_args!(
            "This is a debug build; measure with `cargo run --release -p nakai -- bench turns`.\n"
        ));
    }
    say(format_args!(
        "{turns} turns in conversations of four, {connections} connections, SQLite, one fsync a group\n"
    ));
    say(format_args!(
        "{:<28}{:>12}{:>12}{:>8}",
        "", "nakai", "bare hello", "ratio"
    ));
    let row = |name: &str, ours: f64, theirs: f64| {
        say(format_args!(
            "{name:<28}{ours:>12.1}{theirs:>12.1}{:>8.2}",
            ours / theirs
        ));
    };
    row("CPU-µs per turn", report.nakai.cpu_us, report.hello.cpu_us);
    row("latency p50, µs", report.nakai.p50_us, report.hello.p50_us);
    row("latency p99, µs", report.nakai.p99_us, report.hello.p99_us);
    row("turns per second", report.nakai.per_second, report.hello.per_second);
    row("peak memory, MiB", report.nakai.peak_mib, report.hello.peak_mib);
    row(
        "start to first answer, ms",
        report.nakai.first_answer_ms,
        report.hello.first_answer_ms,
    );
    Ok(())
}

async fn measure(arguments: &[&str], turns: u64, connections: usize) -> Result<Measured> {
    let server = ServerProcess::start(arguments).await?;
    load::run(&server.address, &UTTERANCES, 1, 1).await?;
    let first_answer = server.started.elapsed();
    let warm_up = (turns / 10).clamp(1, 2_000);
    load::run(&server.address, &UTTERANCES, warm_up, connections).await?;
    let before = server.cpu()?;
    let load = load::run(&server.address, &UTTERANCES, turns, connections).await?;
    let cpu = server.cpu()?.saturating_sub(before);
    let peak_mib = server.peak_mib()?;
    server.stop().await?;
    #[expect(clippy::cast_precision_loss, reason = "a count of turns")]
    let count = turns as f64;
    Ok(Measured {
        cpu_us: micros(cpu) / count,
        p50_us: micros(load.percentile(0.50)),
        p99_us: micros(load.percentile(0.99)),
        per_second: count / load.wall.as_secs_f64(),
        peak_mib,
        first_answer_ms: micros(first_answer) / 1000.0,
    })
}

fn micros(duration: Duration) -> f64 {
    duration.as_secs_f64() * 1e6
}
