//! Measurements that anyone can run.

mod behaviour;
mod entities;
mod grounding;
mod hello;
mod load;
mod nlu;
mod process;
mod retrieval;
mod segment;
mod turns;
mod utterances;

use std::fmt::Display;

use anyhow::Result;
use serde::Serialize;

use crate::{cli::Bench, output::say};

pub(crate) async fn run(command: Bench) -> Result<()> {
    match command {
        Bench::Turns {
            turns,
            connections,
            json,
        } => turns::run(turns, connections, json).await,
        Bench::Utterances {
            files,
            server,
            connections,
            json,
        } => utterances::run(&files, server.as_deref(), connections, json).await,
        Bench::Behaviour(options) => behaviour::run(&options),
        Bench::Nlu(options) => nlu::run(&options),
        Bench::Entities(options) => entities::run(&options),
        Bench::Retrieval(options) => retrieval::run(&options),
        Bench::Grounding(options) => grounding::run(&options),
        Bench::Segment(options) => segment::run(&options),
        Bench::Hello => hello::run().await,
    }
}

/// Prints a report: one JSON object, or a table for people.
fn print(report: &(impl Serialize + Display), json: bool) -> Result<()> {
    if json {
        say(format_args!("{}", serde_json::to_string(report)?));
    } else {
        say(format_args!("{}", report.to_string().trim_end()));
    }
    Ok(())
}
