//! The pages of the documentation that come from the code, so that they can't be wrong.

use std::{fs, path::Path};

use anyhow::{Context, Result, ensure};
use nakai_config::ProblemCode;

use crate::{configuration, output::say};

/// Writes every generated page below `folder`, or checks that each is as it would be written.
pub(crate) fn run(folder: &Path, check: bool) -> Result<()> {
    let mut stale = Vec::new();
    for (name, content) in pages()? {
        let path = folder.join(name);
        if fs::read_to_string(&path).is_ok_and(|present| present == content) {
            continue;
        }
        if check {
            stale.push(path.display().to_string());
            continue;
        }
        if let Some(parent) = path.parent() {
            fs::create_dir_all(parent)?;
        }
        fs::write(&path, content).with_context(|| format!("{} can't be written", path.display()))?;
        say(format_args!("{}", path.display()));
    }
    ensure!(
        stale.is_empty(),
        "{} differ from the code; run `cargo run -- docs`",
        stale.join(", ")
    );
    Ok(())
}

/// What callers of the services meet, and what people meet in the files that they wrote.
fn errors_page() -> String {
    format!("{}\n{}", nakai_api::Code::reference(), ProblemCode::reference())
}

fn pages() -> Result<Vec<(String, String)>> {
    let mut openapi = serde_json::to_string_pretty(&nakai_api::openapi())?;
    openapi.push('\n');
    let mut pages = vec![
        ("reference/config.md".to_owned(), configuration::reference_page()),
        ("schema/config.json".to_owned(), configuration::schema()),
        ("reference/bundle.md".to_owned(), nakai_bundle::reference()),
        ("reference/errors.md".to_owned(), errors_page()),
        ("reference/openapi.json".to_owned(), openapi),
    ];
    pages.extend(
        nakai_bundle::schemas()
            .into_iter()
            .map(|(name, schema)| (format!("schema/{name}"), schema)),
    );
    Ok(pages)
}
