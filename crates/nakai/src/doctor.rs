//! `nakai doctor`: says what is wrong with a set-up, and how to mend it.

use std::{
    fs,
    net::TcpListener,
    path::{Path, PathBuf},
    time::Duration,
};

use anyhow::{Result, bail};
use nakai_config::Severity;
use nakai_encoder::Asked;
use nakai_knowledge::EngineKind;
use nakai_llm::local_servers;
use nakai_ports::ConversationStore;
use nakai_rpc::{DialogueClient, NlpClient, Target};
use nakai_store::Store;

use crate::{
    output::say,
    serve::{
        bots,
        language_models::{providers, server},
    },
    services::{encoder, knowledge, models},
    settings::{Role, Settings},
};

/// What was found out about one thing.
enum Finding {
    Fine(String),
    Note(String),
    Wrong { what: String, cure: String },
}

use Finding::{Fine, Note, Wrong};

/// Looks at everything that a server with these settings needs, and prints what it finds.
pub(crate) async fn run(settings: &Settings) -> Result<()> {
    let mut findings = vec![("data", data_folder(&settings.data))];
    if settings.runs(Role::Gateway) {
        findings.push(("port", port(settings).await));
        findings.push(("store", store(settings).await));
    }
    let folders: Vec<Option<&PathBuf>> = if settings.bots.is_empty() {
        vec![None]
    } else {
        settings.bots.iter().map(Some).collect()
    };
    findings.extend(folders.into_iter().map(|folder| ("bot", bot(folder))));
    if settings.runs(Role::Nlp) && !settings.nlp.encoder.is_empty() {
        findings.push(("encoder", sentence_encoder(settings)));
    }
    if !settings.rpc.nlp.is_empty() && !settings.runs(Role::Nlp) {
        findings.push(("nlp", nlp(settings).await));
    }
    if !settings.rpc.dialogue.is_empty() && !settings.runs(Role::Dialogue) {
        findings.push(("dialogue", dialogue(settings).await));
    }
    if settings.runs(Role::Dialogue) && settings.knowledge.engine != EngineKind::Embedded {
        findings.push(("knowledge", search_server(settings).await));
    }
    findings.push(("models", language_models(settings).await));
    let mut wrong = 0;
    for (name, finding) in findings {
        match finding {
            Fine(what) => say(format_args!("✓ {name:<10}{what}")),
            Note(what) => say(format_args!("· {name:<10}{what}")),
            Wrong { what, cure } => {
                wrong += 1;
                say(format_args!("✗ {name:<10}{what}\n  {:<10}→ {cure}", ""));
            }
        }
    }
    if wrong > 0 {
        bail!("{wrong} thing{} to mend", if wrong == 1 { "" } else { "s" });
    }
    Ok(())
}

fn data_folder(folder: &Path) -> Finding {
    let probe = folder.join(".doctor");
    let existed = folder.exists();
    let written = fs::create_dir_all(folder)
        .and_then(|()| fs::write(&probe, b""))
        .and_then(|()| fs::remove_file(&probe));
    if !existed {
        // Leaves no trace; fails if somebody put something there meanwhile, which is right.
        let _ = fs::remove_dir(folder);
    }
    match written {
        Ok(()) => Fine(format!("{} can be written", folder.display())),
        Err(error) => Wrong {
            what: format!("{} can't be written: {error}", folder.display()),
            cure: "give this user the folder, or name another with `--set data=FOLDER`".into(),
        },
    }
}

async fn port(settings: &Settings) -> Finding {
    let address = settings.gateway.listen;
    match TcpListener::bind(address) {
        Ok(_) => Fine(format!("{address} is free")),
        Err(error) if error.kind() == std::io::ErrorKind::AddrInUse => {
            let client = reqwest::Client::builder().timeout(Duration::from_secs(2)).build();
            let answer = match client {
                Ok(client) => client.get(format!("http://{address}/livez")).send().await.ok(),
                Err(_) => None,
            };
            if answer.is_some_and(|a| a.status().is_success()) {
                Note(format!("{address} is in use by a running server"))
            } else {
                Wrong {
                    what: format!("{address} is in use by another program"),
                    cure: "end that program, or choose another port with `--set gateway.listen=127.0.0.1:3100`".into(),
                }
            }
        }
        Err(error) => Wrong {
            what: format!("{address}: {error}"),
            cure: "set `gateway.listen` to an address of this machine".into(),
        },
    }
}

async fn store(settings: &Settings) -> Finding {
    let config = settings.store();
    let is_file = config.url.expose().strip_prefix("sqlite:").map(PathBuf::from);
    if let Some(file) = is_file.filter(|file| !file.exists()) {
        return Note(format!("{} will be made at the first start", file.display()));
    }
    let opened = match Store::open(&config).await {
        Ok(store) => {
            let pinged = store.ping().await;
            store.close().await;
            pinged.map_err(|e| e.to_string())
        }
        Err(error) => Err(error.to_string()),
    };
    match opened {
        Ok(()) => Fine("the database can be read and written".into()),
        Err(what) => Wrong {
            what,
            cure: "check `store.url`, that the database runs, and that this user may write to it".into(),
        },
    }
}

fn bot(folder: Option<&PathBuf>) -> Finding {
    let name = folder.map_or_else(|| "the demo bot".to_owned(), |f| f.display().to_string());
    match bots::load(folder) {
        Ok(loaded) => {
            let warnings = loaded
                .warnings
                .iter()
                .filter(|p| p.severity == Severity::Warning)
                .count();
            Fine(format!("{name} is fine ({warnings} warnings)"))
        }
        Err(_) => Wrong {
            what: format!("{name} has errors"),
            cure: format!("see `nakai bot check {name}`"),
        },
    }
}

/// Whether the encoder of the settings makes vectors. A provider's is asked for one.
fn sentence_encoder(settings: &Settings) -> Finding {
    let mut asked = Asked::default();
    let made = encoder(settings).and_then(|encoder| Ok(encoder.encode("hello", &mut asked)?));
    match made {
        Ok(vector) if asked.calls > 0 => Fine(format!(
            "`{}` makes vectors of {} numbers, this one in {} ms",
            settings.nlp.encoder,
            vector.len(),
            asked.micros / 1000
        )),
        Ok(vector) => Fine(format!(
            "`{}` makes vectors of {} numbers",
            settings.nlp.encoder,
            vector.len()
        )),
        Err(error) => Wrong {
            what: error.to_string().trim_end().to_owned(),
            cure:
                "see `nlp.encoder` in the settings; while a provider's can't be had, the wording of utterances decides"
                    .into(),
        },
    }
}

/// Whether the server that keeps articles answers.
async fn search_server(settings: &Settings) -> Finding {
    let pinged = match knowledge(&settings.knowledge, None) {
        Ok(engine) => engine.ping().await.map_err(|error| error.to_string()),
        Err(error) => Err(error.to_string()),
    };
    match pinged {
        Ok(()) => Fine("the server of articles answers".into()),
        Err(what) => Wrong {
            what,
            cure: "see `knowledge` in the settings; until then, questions that only articles answer get the fallback"
                .into(),
        },
    }
}

/// Which model providers the settings and the environment's keys give, and which model servers run on this machine. None is needed.
async fn language_models(settings: &Settings) -> Finding {
    let models = match models(&settings.models) {
        Ok(models) => models,
        Err(error) => {
            return Wrong {
                what: format!("{error:#}"),
                cure: "mend the section `models` of the settings".into(),
            };
        }
    };
    let (mut found, usual) = (providers(&models), models.usual());
    if !usual.is_empty() {
        found.push(format!("bots with `models: auto` ask {}", usual.join(", ")));
    }
    found.extend(local_servers(models.client()).await.iter().map(server));
    if found.is_empty() {
        found.push("no model provider; bots answer from flows and articles".into());
    }
    Note(found.join("; "))
}

fn targets(addresses: &[String]) -> Vec<Target> {
    addresses.iter().filter_map(|address| address.parse().ok()).collect()
}

async fn nlp(settings: &Settings) -> Finding {
    let connected = NlpClient::connect(targets(&settings.rpc.nlp), settings.rpc.tls.as_ref()).await;
    let pinged = match connected {
        Ok(client) => nakai_ports::Nlp::ping(&client).await.map_err(|e| e.to_string()),
        Err(error) => Err(error.to_string()),
    };
    reached(&settings.rpc.nlp, pinged, "nlp")
}

async fn dialogue(settings: &Settings) -> Finding {
    let connected = DialogueClient::connect(targets(&settings.rpc.dialogue), settings.rpc.tls.as_ref()).await;
    let pinged = match connected {
        Ok(client) => nakai_ports::Dialogue::ping(&client).await.map_err(|e| e.to_string()),
        Err(error) => Err(error.to_string()),
    };
    reached(&settings.rpc.dialogue, pinged, "dialogue")
}

fn reached(addresses: &[String], pinged: Result<(), String>, role: &str) -> Finding {
    match pinged {
        Ok(()) => Fine(format!("answers at {}", addresses.join(", "))),
        Err(what) => Wrong {
            what,
            cure: format!(
                "start it with `nakai serve --roles {role} --listen {}`",
                addresses.join(" or ")
            ),
        },
    }
}
