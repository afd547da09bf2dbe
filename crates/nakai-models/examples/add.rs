//! Adds an encoder: `cargo run -p nakai-models --example add FILE DIRECTORY`.

use std::{error::Error, io::Write as _, path::Path};

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [file, directory] = arguments.as_slice() else {
        return Err("usage: add FILE DIRECTORY".into());
    };
    let added = nakai_models::add(Path::new(file), Path::new(directory))?;
    writeln!(std::io::stdout(), "added {}; missing: {:?}", added.id, added.missing)?;
    Ok(())
}
