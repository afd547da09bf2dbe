//! `nakai bot`: what authors do with bundles.

mod check;
mod import;
mod scaffold;
mod suggest;
mod test;
mod train;

use anyhow::Result;

use crate::{
    cli::{Bot, Cli},
    configuration, services,
};

/// Trained and tested is with the encoder of the settings, as `nakai serve` would.
pub(crate) async fn run(cli: &Cli, command: &Bot) -> Result<()> {
    let settings = || configuration::load(cli, None);
    match command {
        Bot::New { folder } => scaffold::run(folder),
        Bot::Check { folder } => check::run(folder),
        Bot::Train { folder, report } => train::run(folder, report.as_deref(), &services::encoder(&settings()?)?),
        Bot::Test { folder, only } => test::run(folder, only.as_deref(), services::encoder(&settings()?)?).await,
        Bot::Suggest(options) => suggest::run(options, settings()?).await,
        Bot::Import { system: _, from, to } => import::run(from, to),
    }
}
