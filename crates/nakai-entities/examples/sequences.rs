//! `sequences ja|en < lines.txt`: lists the sequences of each line.
#![expect(clippy::print_stdout, clippy::unwrap_used, reason = "a tool for developers")]

fn main() {
    let language = std::env::args().nth(1).unwrap().parse().unwrap();
    for line in std::io::stdin().lines() {
        let line = line.unwrap();
        println!("{line}");
        for mention in nakai_entities::sequences::find(&line, language) {
            for reading in mention.readings {
                let canonical = reading.canonical.unwrap_or_default();
                println!(
                    "    {:?} {} | {} | {}",
                    reading.kind,
                    &line[mention.range.clone()],
                    canonical,
                    reading.score
                );
            }
        }
    }
}
