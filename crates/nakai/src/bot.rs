//! `nakai bot`: what authors do with bundles.

mod check;
mod import;
mod scaffold;
mod suggest;
mod test;
mod train;

use anyhow::Result;

use crate::cli::Bot;

pub(crate) async fn run(command: Bot) -> Result<()> {
    match command {
        Bot::New { folder } => scaffold::run(&folder),
        Bot::Check { folder } => check::run(&folder),
        Bot::Train { folder, report } => train::run(&folder, report.as_deref()),
        Bot::Test { folder, only } => test::run(&folder, only.as_deref()).await,
        Bot::Suggest(options) => suggest::run(&options).await,
        Bot::Import { system: _, from, to } => import::run(&from, &to),
    }
}
