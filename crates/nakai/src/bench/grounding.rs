//! How well unsupported sentences of models are found.

use anyhow::Result;
use nakai_evaluation::grounding::{self, Part, Set};

use crate::{
    cli::{BenchGrounding, GroundingPart},
    serve::bots,
};

pub(super) fn run(options: &BenchGrounding) -> Result<()> {
    let bundle = bots::load(None)?.bundle;
    let least = options
        .min_support
        .unwrap_or(bundle.bot.generation.grounding.min_support);
    let sets = match (&options.corpus, &options.sentences) {
        (Some(corpus), Some(sentences)) => vec![Set::read(corpus, sentences)?],
        _ => vec![Set::demo(&bundle.articles)?, Set::more()?, Set::desk()?],
    };
    let part = options.part.map(|part| match part {
        GroundingPart::Tuning => Part::Tuning,
        GroundingPart::Judging => Part::Judging,
    });
    let mut report = grounding::evaluate(&sets, part, least)?;
    report.lists_failures = options.failures;
    super::print(&report, options.json)
}
