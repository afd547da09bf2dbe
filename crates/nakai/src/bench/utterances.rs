//! Real utterances through a running server: how they are answered, and that nothing breaks.

use std::{
    collections::BTreeMap,
    fs::File,
    io::{BufRead, BufReader},
    path::{Path, PathBuf},
    sync::Arc,
};

use anyhow::{Context, Result, bail, ensure};
use nakai_evaluation::csv;
use reqwest::Client;
use serde::Serialize;
use serde_json::Value;
use tokio::{sync::Mutex, task::JoinSet};

use super::process::ServerProcess;
use crate::output::say;

#[derive(Serialize, Default)]
struct Report {
    utterances: u64,
    /// Turns in the store after the run, less those before it.
    stored: u64,
    /// Answers by outcome.
    outcomes: BTreeMap<String, u64>,
    /// Answers with another status than 200, by status.
    failures: BTreeMap<u16, u64>,
    /// Answers by language.
    languages: BTreeMap<String, u64>,
}

pub(super) async fn run(files: &[PathBuf], server: Option<&str>, connections: usize, json: bool) -> Result<()> {
    let mut dialogues = Vec::new();
    for file in files {
        let before = dialogues.len();
        read_dialogues(file, &mut dialogues).with_context(|| format!("{} can't be read", file.display()))?;
        ensure!(dialogues.len() > before, "{} has no utterances", file.display());
    }
    let data = tempfile::tempdir()?;
    let (own, base) = match server {
        Some(url) => (None, url.trim_end_matches('/').to_owned()),
        None => {
            let folder = data.path().to_string_lossy().into_owned();
            let own = ServerProcess::start(["serve", "--listen", "127.0.0.1:0", "--data", &folder]).await?;
            let base = format!("http://{}", own.address);
            (Some(own), base)
        }
    };
    let client = Client::builder().tcp_nodelay(true).build()?;
    let before = stored_turns(&client, &base).await?;
    let queue = Arc::new(Mutex::new(dialogues.into_iter()));
    let mut workers = JoinSet::new();
    for _ in 0..connections.clamp(1, 64) {
        let (client, base, queue) = (client.clone(), base.clone(), Arc::clone(&queue));
        workers.spawn(async move {
            let mut report = Report::default();
            loop {
                let Some(dialogue) = queue.lock().await.next() else {
                    return anyhow::Ok(report);
                };
                say_all(&client, &base, &dialogue, &mut report).await?;
            }
        });
    }
    let mut total = Report::default();
    while let Some(worker) = workers.join_next().await {
        total.add(worker??);
    }
    total.stored = stored_turns(&client, &base).await? - before;
    if let Some(own) = own {
        own.stop().await?;
    }
    total.print(json)?;
    let answered: u64 = total.outcomes.values().sum();
    ensure!(
        total.failures.keys().all(|status| *status < 500),
        "the server failed: see the table"
    );
    ensure!(
        total.stored == answered,
        "{answered} turns were answered and {} are stored",
        total.stored
    );
    Ok(())
}

/// Says one customer's utterances in one conversation.
async fn say_all(client: &Client, base: &str, utterances: &[String], report: &mut Report) -> Result<()> {
    let mut conversation = Value::Null;
    for text in utterances {
        let mut body = serde_json::json!({ "text": text });
        if !conversation.is_null() {
            body["conversation_id"] = conversation.clone();
        }
        let response = client.post(format!("{base}/chat")).json(&body).send().await?;
        report.utterances += 1;
        let status = response.status().as_u16();
        if status != 200 {
            *report.failures.entry(status).or_default() += 1;
            continue;
        }
        let answer: Value = response.json().await?;
        let word = |key: &str| answer[key].as_str().unwrap_or("?").to_owned();
        ensure!(
            !answer["reply"].as_str().unwrap_or_default().trim().is_empty(),
            "an answer without words"
        );
        *report.outcomes.entry(word("outcome")).or_default() += 1;
        *report.languages.entry(word("language")).or_default() += 1;
        conversation = answer["conversation_id"].clone();
    }
    Ok(())
}

async fn stored_turns(client: &Client, base: &str) -> Result<u64> {
    let response = client
        .get(format!("{base}/api/v1/stats"))
        .send()
        .await?
        .error_for_status()?;
    let stats: Value = response.json().await?;
    stats["turns"]
        .as_u64()
        .context("the server does not say how many turns it has")
}

impl Report {
    fn add(&mut self, other: Self) {
        self.utterances += other.utterances;
        for (outcome, count) in other.outcomes {
            *self.outcomes.entry(outcome).or_default() += count;
        }
        for (status, count) in other.failures {
            *self.failures.entry(status).or_default() += count;
        }
        for (language, count) in other.languages {
            *self.languages.entry(language).or_default() += count;
        }
    }

    fn print(&self, json: bool) -> Result<()> {
        if json {
            say(format_args!("{}", serde_json::to_string(self)?));
            return Ok(());
        }
        #[expect(clippy::cast_precision_loss, reason = "a share for people")]
        let share = |count: u64| 100.0 * count as f64 / self.utterances.max(1) as f64;
        say(format_args!(
            "{} utterances, {} turns stored",
            self.utterances, self.stored
        ));
        for (outcome, count) in &self.outcomes {
            say(format_args!("  {outcome:<14}{count:>8}{:>7.1} %", share(*count)));
        }
        for (status, count) in &self.failures {
            say(format_args!("  status {status:<7}{count:>8}{:>7.1} %", share(*count)));
        }
        for (language, count) in &self.languages {
            say(format_args!("  in {language:<11}{count:>8}{:>7.1} %", share(*count)));
        }
        Ok(())
    }
}

/// Reads the customer's side of a file: each CSV row a conversation of one utterance, each JSONL line a text or a dialogue.
fn read_dialogues(path: &Path, dialogues: &mut Vec<Vec<String>>) -> Result<()> {
    let name = path.to_string_lossy();
    let file = File::open(path)?;
    if let Some(inner) = name.strip_suffix(".gz") {
        return read_lines(inner, BufReader::new(flate2::read::GzDecoder::new(file)), dialogues);
    }
    read_lines(&name, BufReader::new(file), dialogues)
}

fn read_lines(name: &str, mut reader: impl BufRead, dialogues: &mut Vec<Vec<String>>) -> Result<()> {
    if name.ends_with(".csv") {
        let mut text = String::new();
        reader.read_to_string(&mut text)?;
        let mut rows = csv::rows(&text);
        let header = rows.next().context("an empty file")??;
        let column = header
            .fields
            .iter()
            .position(|name| name == "text")
            .context("no column `text`")?;
        for row in rows {
            let mut fields = row?.fields;
            if fields.len() > column {
                dialogues.push(vec![fields.swap_remove(column)]);
            }
        }
        return Ok(());
    }
    if !name.ends_with(".jsonl") {
        bail!("only .csv and .jsonl (also .gz) are read");
    }
    for (number, line) in reader.lines().enumerate() {
        let value: Value = serde_json::from_str(&line?).with_context(|| format!("line {}", number + 1))?;
        let said = customer_side(&value);
        if !said.is_empty() {
            dialogues.push(said);
        }
    }
    Ok(())
}

/// Finds what the customer says, in the forms of the common dialogue sets: `text`, or a list of turns with a speaker and words.
fn customer_side(value: &Value) -> Vec<String> {
    if let Some(text) = value["text"].as_str() {
        return vec![text.to_owned()];
    }
    let turns = ["turns", "utterances"].iter().find_map(|key| value[*key].as_array());
    let is_customer = |turn: &Value| {
        let speaker = ["role", "speaker", "name"]
            .iter()
            .find_map(|key| turn[*key].as_str())
            .unwrap_or_default();
        let speaker = speaker.to_lowercase();
        speaker == "user" || speaker.starts_with("customer")
    };
    let words = |turn: &Value| {
        ["content", "utterance", "text"]
            .iter()
            .find_map(|key| turn[*key].as_str().map(str::to_owned))
    };
    turns
        .into_iter()
        .flatten()
        .filter(|turn| is_customer(turn))
        .filter_map(words)
        .filter(|w| !w.trim().is_empty())
        .collect()
}
