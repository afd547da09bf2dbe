//! Measurements that anyone can run.

mod behaviour;
mod entities;
mod exchange;
mod gateway;
mod hello;
mod load;
mod nlu;
mod process;
mod retrieval;
mod segment;
mod turns;
mod utterances;

use anyhow::Result;

use crate::{cli::Bench, output::print};

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
        Bench::Segment(options) => segment::run(&options),
        Bench::Gateway(options) => gateway::run(&options).await,
        Bench::Hello => hello::run().await,
    }
}
