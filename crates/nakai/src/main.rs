//! The program: command line, settings, and the one place that knows every implementation.
//!
//! Start with `cli` for what can be said and `serve` for how the services are put together.

mod analyse;
mod bench;
mod bot;
mod chat;
mod cli;
mod configuration;
mod docs;
mod doctor;
mod knowledge;
mod models;
mod output;
mod prices;
mod provider;
mod serve;
mod services;
mod settings;
mod usage;

use std::{process::ExitCode, time::Instant};

use anyhow::Result;
use clap::Parser;
use nakai_config::Problems;
use nakai_evaluation::Unusable;
use nakai_models::ModelError;
use tokio::runtime::Builder;

use crate::{
    cli::{Cli, Command},
    output::complain,
};

/// Measured with `nakai bench turns` against the system's allocator: see docs/performance.md.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// Status for settings that can't be used, as `EX_USAGE` of sysexits.h.
const BAD_SETTINGS: u8 = 64;
/// Status for a file to measure on or to add that can't be used, as for a command line that can't.
const BAD_INPUT: u8 = 2;

fn main() -> ExitCode {
    let started = Instant::now();
    let cli = Cli::parse();
    match run(cli, started) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            if let Some(problems) = error.downcast_ref::<Problems>() {
                complain(format_args!("{}", problems.to_string().trim_end()));
                return ExitCode::from(BAD_SETTINGS);
            }
            complain(format_args!("nakai: {error:#}"));
            if error.is::<Unusable>() || error.is::<ModelError>() {
                return ExitCode::from(BAD_INPUT);
            }
            ExitCode::FAILURE
        }
    }
}

fn run(cli: Cli, started: Instant) -> Result<()> {
    // One library does all cryptography; it must be chosen before the first connection. Fails only if it was chosen already.
    let _ = rustls::crypto::aws_lc_rs::default_provider().install_default();
    let runtime = Builder::new_multi_thread().enable_all().build()?;
    runtime.block_on(async {
        match cli.command {
            Command::Serve(ref serve) => {
                let settings = configuration::load(&cli, Some(serve))?;
                let log = &settings.log;
                let format = log.format.parse()?;
                // Dropped last, so that the last lines are written.
                let _log = nakai_telemetry::logging::init(format, &log.filter, &log.environment)?;
                serve::run(settings, started).await
            }
            Command::Chat(chat) => chat::run(chat).await,
            Command::Bot(ref bot) => bot::run(&cli, bot).await,
            Command::Knowledge(ref knowledge) => knowledge::run(&cli, knowledge).await,
            Command::Config(ref config) => configuration::run(&cli, config),
            Command::Analyse(ref analyse) => analyse::run(&configuration::load(&cli, None)?, analyse).await,
            Command::Provider(provider) => provider::run(provider).await,
            Command::Doctor => doctor::run(&configuration::load(&cli, None)?).await,
            Command::Models(ref models) => models::run(models),
            Command::Prices { json } => prices::run(&configuration::load(&cli, None)?, json),
            Command::Usage(ref usage) => usage::run(usage).await,
            Command::Bench(bench) => bench::run(bench).await,
            Command::Docs { to, check } => docs::run(&to, check),
        }
    })
}
