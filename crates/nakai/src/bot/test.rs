//! Runs a bundle's conversation tests through the same services that serve customers.

mod compare;
pub(super) mod runner;

use std::{
    io::{self, IsTerminal, Write},
    path::Path,
    sync::Arc,
    time::Instant,
};

use anyhow::{Result, bail};
use nakai_encoder::Encoder;
use nakai_knowledge::Embedded;

use super::check;
use crate::output::say;
use runner::Runner;

pub(super) async fn run(folder: &Path, only: Option<&str>, encoder: Encoder) -> Result<()> {
    let loaded = check::load(folder)?;
    let started = Instant::now();
    let runner = Runner::new(&loaded.bundle, encoder, Arc::new(Embedded::default())).await?;
    let tests: Vec<_> = loaded
        .bundle
        .tests
        .iter()
        .filter(|t| only.is_none_or(|text| t.name.contains(text)))
        .collect();
    let progress = io::stdout().is_terminal();
    let mut failed = 0;
    for (number, test) in tests.iter().enumerate() {
        if progress {
            let _ = write!(io::stdout(), "\r\x1b[K{}/{} {}", number + 1, tests.len(), test.name);
            let _ = io::stdout().flush();
        }
        let differences = runner.run(test).await?;
        if progress {
            let _ = write!(io::stdout(), "\r\x1b[K");
        }
        if differences.is_empty() {
            continue;
        }
        failed += 1;
        say(format_args!("✗ {}", test.name));
        for difference in &differences {
            say(format_args!("{difference}"));
        }
    }
    let turns: usize = tests.iter().map(|t| t.turns.len()).sum();
    say(format_args!(
        "{} passed, {failed} failed ({turns} turns in {:.1} s)",
        tests.len() - failed,
        started.elapsed().as_secs_f64()
    ));
    if failed > 0 {
        bail!("{failed} of {} tests failed", tests.len());
    }
    Ok(())
}
