//! The articles of bots: indexed, searched and measured from the terminal.

mod add;
mod eval;
mod index;
mod reader;
mod search;

use anyhow::Result;

use crate::cli::Knowledge;

pub(crate) async fn run(command: Knowledge) -> Result<()> {
    match command {
        Knowledge::Add(options) => add::run(&options).await,
        Knowledge::Read { file } => reader::serve(&file),
        Knowledge::Index { bot, former, json } => index::run(bot.as_ref(), former.as_ref(), json).await,
        Knowledge::Search(options) => search::run(options).await,
        Knowledge::Eval(options) => eval::run(&options).await,
    }
}
