//! The command line: what can be said, nothing of what is done.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand};
use nakai_types::Language;

/// The production runtime for GenAI customer support.
#[derive(Debug, Parser)]
#[command(name = "nakai", version, arg_required_else_help = true)]
pub(crate) struct Cli {
    /// Configuration file; without one the defaults hold.
    #[arg(long, short, global = true, env = "NAKAI_CONFIG", value_name = "FILE")]
    pub(crate) config: Option<PathBuf>,
    /// Overrides one setting, for example `--set gateway.listen=127.0.0.1:8080`. May be repeated.
    #[arg(long, global = true, value_name = "KEY=VALUE")]
    pub(crate) set: Vec<String>,
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Serves customers: gateway, NLP and dialogue in one process, or some of them.
    Serve(Serve),
    /// Talks to a running server from the terminal.
    Chat(Chat),
    /// Makes, checks, trains, tests and imports bots.
    #[command(subcommand)]
    Bot(Bot),
    /// Checks and shows the configuration.
    #[command(subcommand)]
    Config(Config),
    /// Shows how a text is understood: language, words, entities, intents.
    Analyse(Analyse),
    /// Says what is wrong with a set-up.
    Doctor,
    /// Measures.
    #[command(subcommand)]
    Bench(Bench),
    /// Writes the generated pages of the documentation.
    #[command(hide = true)]
    Docs {
        /// The folder to write to.
        #[arg(long, default_value = "docs")]
        to: PathBuf,
        /// Writes nothing, and fails if a page is not as it would be written.
        #[arg(long)]
        check: bool,
    },
}

#[derive(Debug, Args)]
pub(crate) struct Serve {
    /// What this process runs: any of `gateway`, `nlp`, `dialogue`, separated by commas. Left out: all three.
    #[arg(long, value_name = "ROLES")]
    pub(crate) roles: Option<String>,
    /// Where NLP runs, if elsewhere: `host:port`, several separated by commas.
    #[arg(long, value_name = "ADDRESSES")]
    pub(crate) nlp: Option<String>,
    /// Where dialogue runs, if elsewhere: `host:port`, several separated by commas.
    #[arg(long, value_name = "ADDRESSES")]
    pub(crate) dialogue: Option<String>,
    /// Address to listen on: of HTTP if this process runs the gateway, of gRPC if not.
    #[arg(long, value_name = "ADDRESS")]
    pub(crate) listen: Option<String>,
    /// Bundle folder of a bot to serve. May be repeated. Left out: the demo bot.
    #[arg(long = "bot", value_name = "FOLDER")]
    pub(crate) bots: Vec<String>,
    /// Where data are kept.
    #[arg(long, value_name = "FOLDER")]
    pub(crate) data: Option<String>,
    /// Serves a new version of a bot as soon as its folder changes and is free of errors.
    #[arg(long)]
    pub(crate) watch: bool,
}

#[derive(Debug, Args)]
pub(crate) struct Chat {
    #[command(flatten)]
    pub(crate) server: Server,
    /// The bot to talk to; left out: the server's default.
    #[arg(long)]
    pub(crate) bot: Option<String>,
    /// The language to be answered in; left out: the language you write.
    #[arg(long)]
    pub(crate) language: Option<Language>,
}

#[derive(Debug, Args)]
pub(crate) struct Server {
    /// The server.
    #[arg(
        long,
        env = "NAKAI_SERVER",
        default_value = "http://127.0.0.1:3000",
        value_name = "URL"
    )]
    pub(crate) server: String,
    /// The key, for a server on another machine.
    #[arg(long, env = "NAKAI_KEY", hide_env_values = true)]
    pub(crate) key: Option<String>,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Bot {
    /// Makes a small complete bot in a new folder.
    New {
        /// The folder; its last part is the bot's name.
        folder: PathBuf,
    },
    /// Checks a bundle and reports every problem at once.
    Check {
        /// The bundle folder.
        folder: PathBuf,
    },
    /// Trains a bot's classifier and says how sure it is of its own examples.
    Train {
        /// The bundle folder.
        folder: PathBuf,
    },
    /// Runs a bot's conversation tests.
    Test {
        /// The bundle folder.
        folder: PathBuf,
        /// Runs only tests whose name has this text.
        #[arg(long)]
        only: Option<String>,
    },
    /// Makes a bundle from another system's bot.
    Import {
        /// The other system.
        #[arg(value_parser = ["rasa"])]
        system: String,
        /// Folder of the other system's project.
        from: PathBuf,
        /// Folder for the bundle; must not exist.
        #[arg(long, default_value = "imported-bot")]
        to: PathBuf,
    },
}

#[derive(Debug, Subcommand)]
pub(crate) enum Config {
    /// Checks the configuration and reports every problem at once.
    Check,
    /// Shows the settings in force and where each came from; secrets are hidden.
    Show,
    /// Writes the reference page of all settings, or their JSON Schema.
    Reference {
        /// Writes the JSON Schema instead of the page.
        #[arg(long)]
        schema: bool,
    },
}

#[derive(Debug, Args)]
pub(crate) struct Analyse {
    /// The text.
    pub(crate) text: String,
    /// Bundle folder; left out: the demo bot.
    #[arg(long, value_name = "FOLDER")]
    pub(crate) bot: Option<PathBuf>,
    /// The language; left out: detected.
    #[arg(long)]
    pub(crate) language: Option<Language>,
    /// Writes one JSON object.
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Bench {
    /// Measures the cost of a durable turn over HTTP beside a bare "hello" server in the same run.
    Turns {
        /// Turns to measure.
        #[arg(long, default_value_t = 40_000)]
        turns: u64,
        /// Connections at once.
        #[arg(long, default_value_t = 32)]
        connections: usize,
        /// Writes one JSON object.
        #[arg(long)]
        json: bool,
    },
    /// Sends every utterance of the files through a server over HTTP and prints how they were answered.
    Utterances {
        /// CSV with a `text` column, or JSONL of texts or dialogues, also gzip-compressed.
        #[arg(required = true)]
        files: Vec<PathBuf>,
        /// A running server; left out: one is started for the run.
        #[arg(long)]
        server: Option<String>,
        /// Requests at once.
        #[arg(long, default_value_t = 16)]
        connections: usize,
        /// Writes one JSON object.
        #[arg(long)]
        json: bool,
    },
    /// A bare HTTP server that says hello, to compare with.
    #[command(hide = true)]
    Hello,
}
