//! What the shipped encoder costs, in microseconds of processor time for each text:
//!
//! ```text
//! cargo run -p nakai-encoder --example speed [FILE]
//! ```
//!
//! FILE has one text a line; without it, some made-up ones are taken.

use std::{fs, io::Write as _, time::Instant};

const TEXTS: [&str; 16] = [
    "hello",
    "how do i get my money back?",
    "i forgot my password and can't log in",
    "what time does breakfast start",
    "is there parking at the hotel",
    "could you cancel my booking for next friday please",
    "my card hasn't arrived yet, it's been two weeks",
    "the wi-fi in room 203 doesn't work",
    "チェックインは何時からですか",
    "予約をキャンセルしたいのですが、手数料はかかりますか？",
    "パスワードを忘れてしまいました",
    "駐車場はありますか",
    "アレルギー対応の夕食をお願いできますか",
    "子供用の浴衣はありますか。",
    "荷物を先に送ってもいいですか",
    "ありがとう！",
];
const LENGTHS: [usize; 5] = [4, 16, 64, 256, 4096];
/// How often a text of each length is encoded.
const ROUNDS: u32 = 400;

fn main() -> std::io::Result<()> {
    let texts = match std::env::args().nth(1) {
        Some(file) => fs::read_to_string(file)?,
        None => TEXTS.join("\n"),
    };
    let texts: Vec<&str> = texts.lines().collect();
    let count = texts.len().max(1) as f64;
    let mut out = std::io::stdout().lock();
    let opening = cost(|| {
        nakai_encoder::shipped();
    });
    writeln!(out, "opening the encoder: {opening:.0} µs")?;
    let encoder = nakai_encoder::shipped();
    let mut vectors = Vec::new();
    let mut singly = || {
        for text in &texts {
            vectors.clear();
            encoder.encode(text, &mut vectors);
        }
    };
    let first = cost(&mut singly) / count;
    writeln!(out, "{count} texts, one by one, none seen before: {first:.0} µs each")?;
    let rounds = (2000.0 / count).ceil();
    let again = cost(|| (0..rounds as usize).for_each(|_| singly())) / count / rounds;
    writeln!(out, "{count} texts, one by one, again: {again:.0} µs each")?;
    let batch = cost(|| {
        for _ in 0..rounds as usize {
            encoder.encode_batch(&texts, 1);
        }
    }) / rounds;
    writeln!(
        out,
        "{count} texts in one batch: {:.0} µs each, {:.2} s in all",
        batch / count,
        batch / 1e6
    )?;
    for length in LENGTHS {
        let text: String = texts.join(" ").chars().cycle().take(length).collect();
        let cost = cost(|| {
            for _ in 0..ROUNDS {
                vectors.clear();
                encoder.encode(&text, &mut vectors);
            }
        });
        writeln!(out, "a text of {length} characters: {:.0} µs", cost / f64::from(ROUNDS))?;
    }
    if let Some(memory) = resident() {
        writeln!(out, "resident memory: {:.1} MiB", memory / 1024.0)?;
    }
    Ok(())
}

/// What something costs, in microseconds: the time of this thread on a processor, where the system tells it.
fn cost(what: impl FnOnce()) -> f64 {
    let on_processor = || {
        let status = fs::read_to_string("/proc/thread-self/schedstat").ok()?;
        status.split(' ').next()?.parse::<f64>().ok()
    };
    let (clock, start) = (Instant::now(), on_processor());
    what();
    match (start, on_processor()) {
        (Some(start), Some(end)) => (end - start) / 1000.0,
        _ => clock.elapsed().as_secs_f64() * 1e6,
    }
}

/// The memory of this process, in KiB.
fn resident() -> Option<f64> {
    let status = fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find(|line| line.starts_with("VmRSS"))?;
    line.split_whitespace().nth(1)?.parse().ok()
}
