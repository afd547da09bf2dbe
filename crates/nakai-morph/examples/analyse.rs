//! Analyses the lines of standard input and writes them as `mecab` does, to compare both:
//!
//! ```text
//! cargo run --release -p nakai-morph --example analyse < lines.txt | diff - <(mecab -F '%m\t%f[0],%f[1]\t%f[6]\t%f[7]\n' < lines.txt)
//! ```

use std::io::{BufRead, BufWriter, Write};

use nakai_morph::{Dictionary, Workspace};

fn main() -> std::io::Result<()> {
    let dictionary = Dictionary::ipadic();
    let (mut workspace, mut morphemes) = (Workspace::default(), Vec::new());
    let mut out = BufWriter::new(std::io::stdout().lock());
    for line in std::io::stdin().lock().lines() {
        let line = line?;
        morphemes.clear();
        dictionary.analyse(&line, &mut workspace, &mut morphemes);
        for morpheme in &morphemes {
            let part = morpheme.part_of_speech();
            let (base, reading) = match dictionary.knows(morpheme) {
                true => (
                    dictionary.base(morpheme, &line),
                    dictionary.reading(morpheme, &line).unwrap_or_default(),
                ),
                false => ("*".into(), String::new()),
            };
            let surface = line.get(morpheme.range()).unwrap_or_default();
            writeln!(out, "{surface}\t{},{}\t{base}\t{reading}", part.major(), part.minor())?;
        }
        writeln!(out, "EOS")?;
    }
    Ok(())
}
