//! How well numbers, quantities, times and identifiers are recognised.

use anyhow::Result;
use nakai_evaluation::{
    entities::{Convention, EntitiesReport},
    read,
};

use crate::cli::{BenchEntities, TimeConvention};

pub(super) fn run(options: &BenchEntities) -> Result<()> {
    let mut report = EntitiesReport::new(match options.time_convention {
        TimeConvention::Recognizers => Convention::Recognizers,
        TimeConvention::Duckling => Convention::Duckling,
    });
    for file in &options.spec {
        report.add(&file.to_string_lossy(), &read(file)?, options.lang)?;
    }
    if !options.wrong {
        report.wrong.clear();
    }
    super::print(&report, options.json)
}
