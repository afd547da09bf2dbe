//! Chores of the project: generators and checks. `cargo xtask` lists them.

mod dictionary;
#[cfg(test)]
mod edges;
mod encoder;

use anyhow::bail;

fn main() -> anyhow::Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let (task, rest) = arguments
        .split_first()
        .map_or(("", &[][..]), |(task, rest)| (task.as_str(), rest));
    match task {
        "dictionary" => dictionary::run(rest),
        "encoder" => encoder::run(rest),
        _ => bail!(
            "name a task:\n  dictionary [--check] [DIRECTORY OF THE IPADIC SOURCES]\n  encoder [--check] WHEEL WORDS…"
        ),
    }
}
