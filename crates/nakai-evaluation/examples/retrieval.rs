//! Scores search: `cargo run -p nakai-evaluation --example retrieval CORPUS.jsonl QUERIES.jsonl` prints the report as JSON.

use std::{env, error::Error, io::Write as _, path::Path};

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let [corpus, queries] = arguments.as_slice() else {
        return Err("give a file of passages and a file of questions".into());
    };
    let report = nakai_evaluation::retrieval::evaluate(Path::new(corpus), Path::new(queries))?;
    writeln!(std::io::stdout(), "{}", serde_json::to_string_pretty(&report)?)?;
    Ok(())
}
