//! Chores of the project: generators and checks. `cargo xtask` lists them.

mod dictionary;
#[cfg(test)]
mod edges;

use anyhow::bail;

fn main() -> anyhow::Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let (task, rest) = arguments
        .split_first()
        .map_or(("", &[][..]), |(task, rest)| (task.as_str(), rest));
    match task {
        "dictionary" => dictionary::run(rest),
        _ => bail!("name a task: dictionary [--check] [DIRECTORY OF THE IPADIC SOURCES]"),
    }
}
