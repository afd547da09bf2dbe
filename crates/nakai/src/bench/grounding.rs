//! How well unsupported sentences of models are found.

use anyhow::Result;
use nakai_evaluation::grounding;

use crate::{cli::BenchGrounding, serve::bots};

pub(super) fn run(options: &BenchGrounding) -> Result<()> {
    let bundle = bots::load(None)?.bundle;
    let least = options
        .min_support
        .unwrap_or(bundle.bot.generation.grounding.min_support);
    let mut report = grounding::evaluate(&bundle.articles, &grounding::shipped()?, least)?;
    report.lists_failures = options.failures;
    super::print(&report, options.json)
}
