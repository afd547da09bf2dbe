//! How well passages are found.

use anyhow::Result;
use nakai_evaluation::retrieval;

use crate::cli::BenchRetrieval;

pub(super) fn run(options: &BenchRetrieval) -> Result<()> {
    super::print(&retrieval::evaluate(&options.corpus, &options.queries)?, options.json)
}
