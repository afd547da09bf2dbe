use std::io::{self, Write};

use anyhow::{Context, Result, anyhow, bail};
use futures_util::StreamExt;
use nakai_types::Language;
use reqwest::{RequestBuilder, Response};
use serde_json::{Value, json};

use super::{evidence, stream::Events};
use crate::{cli, output::say};

/// One conversation with a server.
pub(super) struct Client {
    http: reqwest::Client,
    server: String,
    key: Option<String>,
    bot: Option<String>,
    language: Option<Language>,
    conversation: Option<String>,
    last_turn: Option<String>,
}

impl Client {
    pub(super) fn new(options: cli::Chat) -> Self {
        Self {
            http: reqwest::Client::new(),
            server: options.server.server.trim_end_matches('/').to_owned(),
            key: options.server.key,
            bot: options.bot,
            language: options.language,
            conversation: None,
            last_turn: None,
        }
    }

    fn authorised(&self, request: RequestBuilder) -> RequestBuilder {
        match &self.key {
            Some(key) => request.bearer_auth(key),
            None => request,
        }
    }

    async fn get(&self, path: &str) -> Result<Value> {
        let request = self.authorised(self.http.get(format!("{}{path}", self.server)));
        let response = request.send().await.map_err(|error| self.unreachable(&error))?;
        Ok(accepted(response).await?.json().await?)
    }

    fn unreachable(&self, error: &reqwest::Error) -> anyhow::Error {
        let mut cause: &dyn std::error::Error = error;
        while let Some(inner) = cause.source() {
            cause = inner;
        }
        anyhow!(
            "no answer from {} ({cause}); start it with `nakai serve`, or name it with --server",
            self.server
        )
    }

    /// Says with whom the conversation is.
    pub(super) async fn greet(&self) -> Result<()> {
        let bots = self.get("/api/v1/bots").await?;
        let names: Vec<&str> = bots["bots"]
            .as_array()
            .into_iter()
            .flatten()
            .filter_map(|bot| bot["name"].as_str())
            .collect();
        say(format_args!(
            "Connected to {} (bots: {}).",
            self.server,
            names.join(", ")
        ));
        Ok(())
    }

    /// Begins anew with the next message.
    pub(super) fn forget(&mut self) {
        self.conversation = None;
        self.last_turn = None;
    }

    /// Asks for answers in one language, or in the language that is written.
    pub(super) fn set_language(&mut self, name: &str) -> Result<()> {
        self.language = if name == "auto" { None } else { Some(name.parse()?) };
        Ok(())
    }

    /// Sends one message and shows the reply as it comes.
    pub(super) async fn say(&mut self, text: &str) -> Result<()> {
        let body = json!({
            "text": text, "conversation_id": self.conversation, "bot": self.bot,
            "language": self.language.map(Language::code),
        });
        let request = self
            .http
            .post(format!("{}/chat", self.server))
            .header("accept", "text/event-stream")
            .json(&body);
        let response = self
            .authorised(request)
            .send()
            .await
            .map_err(|error| self.unreachable(&error))?;
        let mut chunks = accepted(response).await?.bytes_stream();
        let mut events = Events::default();
        let mut begun = false;
        while let Some(chunk) = chunks.next().await {
            for event in events.take(&chunk.context("the answer was cut; send the message again")?) {
                let data: Value =
                    serde_json::from_str(&event.data).context("the server sent an event that is no JSON")?;
                match event.name.as_str() {
                    "delta" => {
                        if !begun {
                            print("bot ▸ ");
                            begun = true;
                        }
                        print_reply(data["text"].as_str().unwrap_or_default());
                    }
                    "done" => {
                        if !begun {
                            print("bot ▸ ");
                            print_reply(data["reply"].as_str().unwrap_or_default());
                        }
                        print("\n");
                        self.finish(&data);
                        return Ok(());
                    }
                    "error" => bail!("{}", problem(&data)),
                    _ => {}
                }
            }
        }
        bail!("the answer ended early; send the message again")
    }

    fn finish(&mut self, answer: &Value) {
        self.conversation = answer["conversation_id"].as_str().map(str::to_owned);
        self.last_turn = answer["turn_id"].as_str().map(str::to_owned);
        let texts = |key: &str, field: Option<&str>| -> Vec<String> {
            let items = answer[key].as_array().into_iter().flatten();
            items
                .filter_map(|item| field.map_or(item, |f| &item[f]).as_str().map(str::to_owned))
                .collect()
        };
        let choices = texts("choices", None);
        if !choices.is_empty() {
            say(format_args!("      [{}]", choices.join("] [")));
        }
        for title in texts("citations", Some("title")) {
            say(format_args!("      from: {title}"));
        }
        if let Some(reason) = answer["handover"]["reason"].as_str() {
            say(format_args!("      (handed over to a human: {reason})"));
        }
    }

    /// Shows why the last answer was given.
    pub(super) async fn why(&self) -> Result<()> {
        let Some(turn) = &self.last_turn else {
            bail!("nothing was answered yet")
        };
        say(format_args!(
            "{}",
            evidence::describe(&self.get(&format!("/api/v1/turns/{turn}")).await?)
        ));
        Ok(())
    }
}

/// Writes a piece of a reply, its further lines below its first.
fn print_reply(text: &str) {
    print(&text.replace('\n', "\n      "));
}

fn print(text: &str) {
    let mut out = io::stdout().lock();
    let _ = out.write_all(text.as_bytes());
    let _ = out.flush();
}

/// Turns a problem answer into an error that says what the server said.
async fn accepted(response: Response) -> Result<Response> {
    if response.status().is_success() {
        return Ok(response);
    }
    let status = response.status();
    match response.json::<Value>().await {
        Ok(body) => bail!("{}", problem(&body)),
        Err(_) => bail!("the server answered {status}; is it really nakai?"),
    }
}

fn problem(body: &Value) -> String {
    let word = |key: &str| body[key].as_str().unwrap_or("?").to_owned();
    match body["reply"].as_str() {
        Some(apology) => format!("{apology}\n({}: {})", word("code"), word("detail")),
        None => format!("{}: {}", word("code"), word("detail")),
    }
}
