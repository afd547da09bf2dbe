//! How well Japanese is cut into words.

use anyhow::Result;
use nakai_evaluation::{read, segment};

use crate::cli::BenchSegment;

pub(super) fn run(options: &BenchSegment) -> Result<()> {
    let file = &options.conllu;
    let report = segment::evaluate(&file.to_string_lossy(), &read(file)?)?;
    super::print(&report, options.json)
}
