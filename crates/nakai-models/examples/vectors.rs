//! Writes the vectors of texts, for experiments, and prints what they cost:
//!
//! ```text
//! cargo run -p nakai-models --example vectors DIRECTORY ID TEXTS VECTORS
//! ```
//!
//! DIRECTORY is that of added encoders, TEXTS has one text a line, VECTORS becomes 32-bit floats, little-endian, text by text. The ID
//! `shipped` stands for the encoder that is part of the program.

use std::{error::Error, fs, io::Write as _, path::Path, sync::Arc};

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [directory, id, texts, vectors] = arguments.as_slice() else {
        return Err("usage: vectors DIRECTORY ID TEXTS VECTORS".into());
    };
    let encoder = match id.as_str() {
        "shipped" => Arc::clone(nakai_encoder::shipped()),
        id => nakai_models::open(Path::new(directory), id)?,
    };
    let texts = fs::read_to_string(texts)?;
    let texts: Vec<&str> = texts.lines().collect();
    let before = processor_micros();
    let numbers = encoder.encode_batch(&texts, 1);
    let cost = (processor_micros() - before) / texts.len().max(1) as f64;
    let bytes: Vec<u8> = numbers.iter().flat_map(|number| number.to_le_bytes()).collect();
    fs::write(vectors, bytes)?;
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let memory = status
        .lines()
        .find(|line| line.starts_with("VmRSS"))
        .unwrap_or_default();
    writeln!(
        std::io::stdout(),
        "{} texts, {cost:.0} µs of processor time each\n{memory}",
        texts.len()
    )?;
    Ok(())
}

/// The time of this thread on a processor, where the system tells it.
fn processor_micros() -> f64 {
    let status = fs::read_to_string("/proc/thread-self/schedstat").unwrap_or_default();
    let nanos = status.split(' ').next().and_then(|nanos| nanos.parse::<f64>().ok());
    nanos.unwrap_or_default() / 1000.0
}
