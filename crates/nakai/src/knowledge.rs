//! The articles of bots: indexed, searched and measured from the terminal.

mod add;
mod engines;
mod eval;
mod index;
mod reader;
mod search;

use anyhow::Result;

use crate::{
    cli::{Cli, Knowledge},
    configuration, services,
};

pub(crate) async fn run(cli: &Cli, command: &Knowledge) -> Result<()> {
    // The engine that serves is the one that is asked here.
    let config = || Ok::<_, anyhow::Error>(configuration::load(cli, None)?.knowledge);
    let engine = || services::knowledge(&config()?, None);
    match command {
        Knowledge::Add(options) => add::run(options).await,
        Knowledge::Read { file } => reader::serve(file),
        Knowledge::Index { bot, former, json } => index::run(&*engine()?, bot.as_ref(), former.as_ref(), *json).await,
        Knowledge::Search(options) => search::run(&*engine()?, options).await,
        Knowledge::Eval(options) => eval::run(config()?.engine, &*engine()?, options).await,
    }
}
