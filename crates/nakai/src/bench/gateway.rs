//! What the gateway adds to a model's answer: the same requests to a scripted provider directly and through Nakai, in the same run.
//!
//! Provider, server and load generator are processes of their own. Everything is switched on: a key, limits, a durable record of every call,
//! a log line, metrics.

use std::{fmt, fs};

use anyhow::{Result, ensure};
use serde::Serialize;
use serde_json::{Value, json};

use super::{
    exchange::{self, Exchanges, Request},
    load::percentile,
    print,
    process::ServerProcess,
};
use crate::cli::BenchGateway;

/// What the model says: long enough that a stream has pieces, short enough that the gateway's part shows.
const MODEL: &str = "scripted,mode=lorem,words=20";
/// For streams that are open at the same time: half a second long.
const SLOW_MODEL: &str = "scripted,mode=lorem,words=50,delay_ms=10";
const KEY: &str = "nakai-bench-key-of-this-run";
/// How often memory is looked at in a long run.
const LOOKS: u32 = 10;
/// In a long run, how many whole answers are asked for each stream.
const PLAIN_PER_STREAM: u64 = 10;

/// One line of the table.
#[derive(Debug, Serialize)]
struct Line {
    /// `plain`, `stream` or `bot`.
    what: &'static str,
    connections: usize,
    direct_p50_us: f64,
    direct_p99_us: f64,
    added_p50_us: f64,
    added_p99_us: f64,
    /// For streams: what is added until the first byte of the body.
    added_first_p50_us: f64,
    added_first_p99_us: f64,
    /// CPU time of the provider for each request that it is asked directly: what to hold `cpu_us` against.
    direct_cpu_us: f64,
    cpu_us: f64,
    per_second: f64,
    peak_mib: f64,
}

/// Many streams at once.
#[derive(Debug, Serialize)]
struct Streams {
    streams: usize,
    pieces_each: usize,
    lost: usize,
}

/// Memory over many requests.
#[derive(Debug, Serialize)]
struct Long {
    /// `plain` or `stream`.
    what: &'static str,
    requests: u64,
    resident_mib: Vec<f64>,
}

#[derive(Debug, Serialize)]
struct Report {
    requests: u64,
    lines: Vec<Line>,
    streams: Option<Streams>,
    long: Vec<Long>,
}

pub(super) async fn run(options: &BenchGateway) -> Result<()> {
    let setup = Setup::start().await?;
    let mut lines = Vec::new();
    for &connections in &options.connections {
        let connections = connections.clamp(1, 1_024);
        for what in [Kind::Plain, Kind::Stream, Kind::Bot] {
            lines.push(setup.measure(what, options.requests, connections).await?);
        }
    }
    let streams = match options.streams {
        0 => None,
        count => Some(setup.many_streams(count).await?),
    };
    let mut long = Vec::new();
    if options.long > 0 {
        long.push(setup.long_run(Kind::Plain, options.long).await?);
        long.push(
            setup
                .long_run(Kind::Stream, options.long.div_ceil(PLAIN_PER_STREAM))
                .await?,
        );
    }
    setup.nakai.stop().await?;
    setup.provider.stop().await?;
    let report = Report {
        requests: options.requests,
        lines,
        streams,
        long,
    };
    print(&report, options.json)
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Plain,
    Stream,
    Bot,
}

/// The provider and the server, each a process.
struct Setup {
    provider: ServerProcess,
    nakai: ServerProcess,
    _folder: tempfile::TempDir,
}

impl Setup {
    async fn start() -> Result<Self> {
        let folder = tempfile::tempdir()?;
        let provider = ServerProcess::start(["provider", "--listen", "127.0.0.1:0"]).await?;
        let settings = folder.path().join("nakai.yaml");
        let text = json!({
            "data": folder.path().join("data"),
            "gateway": {"listen": "127.0.0.1:0", "bootstrap_key": KEY},
            "models": {"providers": {"scripted": {"base_url": format!("http://{}/v1", provider.address)}}},
        });
        fs::write(&settings, text.to_string())?;
        let nakai = ServerProcess::start(["--config".as_ref(), settings.as_os_str(), "serve".as_ref()]).await?;
        Ok(Self {
            provider,
            nakai,
            _folder: folder,
        })
    }

    fn direct(&self, model: &str, stream: bool) -> Result<Request> {
        Request::new(&self.provider.address, KEY, &body(model, stream))
    }

    fn through(&self, model: &str, stream: bool) -> Result<Request> {
        Request::new(&self.nakai.address, KEY, &body(model, stream))
    }

    async fn measure(&self, what: Kind, requests: u64, connections: usize) -> Result<Line> {
        let stream = what == Kind::Stream;
        let direct = self.direct(MODEL, stream)?;
        let through = match what {
            Kind::Bot => self.through("bot:ryokan", false)?,
            Kind::Plain | Kind::Stream => self.through(&format!("scripted/{MODEL}"), stream)?,
        };
        let warm_up = (requests / 10).clamp(1, 1_000);
        exchange::run(&direct, warm_up, connections).await?;
        exchange::run(&through, warm_up, connections).await?;
        let before = self.provider.cpu()?;
        let alone = exchange::run(&direct, requests, connections).await?;
        let direct_cpu = self.provider.cpu()?.saturating_sub(before);
        let before = self.nakai.cpu()?;
        let passed = exchange::run(&through, requests, connections).await?;
        let cpu = self.nakai.cpu()?.saturating_sub(before);
        #[expect(clippy::cast_precision_loss, reason = "a count of requests")]
        let count = requests as f64;
        // A bot asks no model here, so nothing is taken off.
        let added = |of: fn(&Exchanges) -> &Vec<std::time::Duration>, share| {
            let less = if what == Kind::Bot {
                0.0
            } else {
                micros(percentile(of(&alone), share))
            };
            micros(percentile(of(&passed), share)) - less
        };
        Ok(Line {
            what: what.name(),
            connections,
            direct_p50_us: micros(percentile(&alone.whole, 0.50)),
            direct_p99_us: micros(percentile(&alone.whole, 0.99)),
            added_p50_us: added(|run| &run.whole, 0.50),
            added_p99_us: added(|run| &run.whole, 0.99),
            added_first_p50_us: added(|run| &run.first, 0.50),
            added_first_p99_us: added(|run| &run.first, 0.99),
            direct_cpu_us: micros(direct_cpu) / count,
            cpu_us: micros(cpu) / count,
            per_second: count / passed.wall.as_secs_f64(),
            peak_mib: self.nakai.peak_mib()?,
        })
    }

    /// Every client must get exactly the pieces that the provider sends.
    async fn many_streams(&self, count: usize) -> Result<Streams> {
        let expected = exchange::streams(&self.direct(SLOW_MODEL, true)?, 1).await?;
        let expected = expected.first().map(Vec::as_slice).unwrap_or_default();
        ensure!(!expected.is_empty(), "the provider said nothing");
        let said = exchange::streams(&self.through(&format!("scripted/{SLOW_MODEL}"), true)?, count).await?;
        let lost = said.iter().filter(|pieces| pieces.as_slice() != expected).count();
        Ok(Streams {
            streams: count,
            pieces_each: expected.len(),
            lost,
        })
    }

    async fn long_run(&self, what: Kind, requests: u64) -> Result<Long> {
        let request = self.through(&format!("scripted/{MODEL}"), what == Kind::Stream)?;
        let mut resident_mib = Vec::new();
        for _ in 0..LOOKS {
            exchange::run(&request, requests / u64::from(LOOKS), 16).await?;
            resident_mib.push(self.nakai.resident_mib()?);
        }
        Ok(Long {
            what: what.name(),
            requests,
            resident_mib,
        })
    }
}

impl Kind {
    const fn name(self) -> &'static str {
        match self {
            Self::Plain => "plain",
            Self::Stream => "stream",
            Self::Bot => "bot",
        }
    }
}

fn body(model: &str, stream: bool) -> Value {
    json!({
        "model": model,
        "stream": stream,
        "messages": [
            {"role": "system", "content": "You answer guests of an inn, briefly and politely."},
            {"role": "user", "content": "what time is breakfast?"},
        ],
    })
}

fn micros(duration: std::time::Duration) -> f64 {
    duration.as_secs_f64() * 1e6
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if cfg!(debug_assertions) {
            writeln!(
                f,
                "This is a debug build; measure with `cargo run --release -p nakai -- bench gateway`.\n"
            )?;
        }
        writeln!(
            f,
            "{} requests a line; µs; the scripted provider asked directly, and what is added through nakai\n",
            self.requests
        )?;
        writeln!(
            f,
            "{:<8}{:>12}{:>12}{:>12}{:>12}{:>12}{:>14}{:>14}{:>12}{:>12}{:>12}{:>10}",
            "",
            "connections",
            "direct p50",
            "direct p99",
            "added p50",
            "added p99",
            "to first p50",
            "to first p99",
            "direct CPU",
            "CPU each",
            "a second",
            "peak MiB"
        )?;
        for line in &self.lines {
            writeln!(
                f,
                "{:<8}{:>12}{:>12.0}{:>12.0}{:>12.0}{:>12.0}{:>14.0}{:>14.0}{:>12.1}{:>12.1}{:>12.0}{:>10.1}",
                line.what,
                line.connections,
                line.direct_p50_us,
                line.direct_p99_us,
                line.added_p50_us,
                line.added_p99_us,
                line.added_first_p50_us,
                line.added_first_p99_us,
                line.direct_cpu_us,
                line.cpu_us,
                line.per_second,
                line.peak_mib
            )?;
        }
        if let Some(streams) = &self.streams {
            writeln!(
                f,
                "\n{} streams at once, {} pieces each: {} with anything lost",
                streams.streams, streams.pieces_each, streams.lost
            )?;
        }
        for long in &self.long {
            let resident: Vec<String> = long.resident_mib.iter().map(|mib| format!("{mib:.1}")).collect();
            writeln!(
                f,
                "\n{} requests ({}), 16 at once; MiB resident: {}",
                long.requests,
                long.what,
                resident.join(" ")
            )?;
        }
        Ok(())
    }
}
