//! Measurements that anyone can run.

mod hello;
mod load;
mod process;
mod turns;
mod utterances;

use anyhow::Result;

use crate::cli::Bench;

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
        Bench::Hello => hello::run().await,
    }
}
