//! Builds the morphological dictionary of `nakai-morph` from the sources of IPADIC. The same sources give the same bytes.
//!
//! The layout is that of [`nakai_morph::format`].

mod characters;
mod double_array;
mod lexicon;
mod sources;

use std::path::{Path, PathBuf};

use anyhow::{Context, bail, ensure};
use nakai_morph::format::{self, Section};

use sources::Sources;

/// Where Debian's package `mecab-ipadic` puts the sources.
const SOURCES: &str = "/usr/share/mecab/dic/ipadic";

/// Builds the dictionary; with `--check`, compares it to the one in the repository instead of writing it.
#[expect(clippy::print_stdout, reason = "the answer to the person who ran the task")]
pub(crate) fn run(arguments: &[String]) -> anyhow::Result<()> {
    let check = arguments.iter().any(|argument| argument == "--check");
    let directory = arguments
        .iter()
        .find(|argument| !argument.starts_with("--"))
        .map_or(SOURCES, String::as_str);
    let target = Path::new(env!("CARGO_MANIFEST_DIR"))
        .with_file_name("crates")
        .join("nakai-morph/data/ipadic.dict");
    let bytes = build(&PathBuf::from(directory))?;
    if check {
        let present = std::fs::read(&target).with_context(|| format!("{} can't be read", target.display()))?;
        ensure!(
            present == bytes,
            "{} is not what its sources give; run `cargo xtask dictionary`",
            target.display()
        );
        println!("the dictionary is what its sources give");
    } else {
        std::fs::write(&target, &bytes).with_context(|| format!("{} can't be written", target.display()))?;
        println!("wrote {} bytes to {}", bytes.len(), target.display());
    }
    Ok(())
}

fn build(directory: &Path) -> anyhow::Result<Vec<u8>> {
    let sources = Sources::read(directory).with_context(|| {
        format!(
            "no IPADIC sources in {}; install Debian's package mecab-ipadic or name their directory",
            directory.display()
        )
    })?;
    let matrix = Matrix::parse(sources.text("matrix.def")?)?;
    let mut lexicon = lexicon::Lexicon::new(matrix.contexts);
    for line in sources.words() {
        lexicon.add(line)?;
    }
    let (surfaces, first_unknown) = lexicon.finish()?;
    let classes = characters::Classes::parse(sources.text("char.def")?, sources.text("unk.def")?, &mut lexicon)?;
    let trie = double_array::build(&surfaces)?;
    let file = File {
        first_unknown,
        sources: sources.digest(),
        sections: Section::ALL.map(|section| match section {
            Section::Trie => trie.nodes(),
            Section::Words => lexicon.words(),
            Section::Readings => lexicon.readings(),
            Section::Matrix => matrix.bytes(),
            Section::Codes => trie.codes(),
            Section::Classes => classes.table(),
            Section::ClassRules => classes.rules(),
            Section::Parts => lexicon.parts(),
            Section::BaseRules => lexicon.base_rules(),
        }),
    };
    file.bytes()
}

/// A dictionary file before it is written.
struct File {
    first_unknown: u32,
    sources: [u8; 32],
    sections: [Vec<u8>; Section::ALL.len()],
}

impl File {
    fn bytes(&self) -> anyhow::Result<Vec<u8>> {
        let mut header = format::MAGIC.to_vec();
        header.extend(format::FORMAT.to_le_bytes());
        header.extend(self.first_unknown.to_le_bytes());
        header.extend(self.sources);
        let mut body = Vec::new();
        for section in &self.sections {
            body.resize(body.len().next_multiple_of(8), 0);
            header.extend(u32::try_from(format::HEADER + body.len())?.to_le_bytes());
            header.extend(u32::try_from(section.len())?.to_le_bytes());
            body.extend(section);
        }
        ensure!(
            header.len() == format::HEADER,
            "the header is not of the length that the format says"
        );
        Ok([header, body].concat())
    }
}

/// The costs of connecting words, one row for each left context of the right word.
struct Matrix {
    contexts: usize,
    costs: Vec<i16>,
}

impl Matrix {
    /// Reads `matrix.def`: both sizes, then lines of `right context of the left word, left context of the right word, cost`.
    fn parse(text: &str) -> anyhow::Result<Self> {
        let mut lines = text.lines();
        let contexts = match numbers(lines.next().context("the matrix is empty")?)?[..] {
            [left, right] if left == right => usize::try_from(left)?,
            _ => bail!("the matrix is not square"),
        };
        let mut costs = vec![0; contexts * contexts];
        for line in lines {
            let [left, right, cost] = numbers(line)?[..] else {
                bail!("`{line}` is no line of a matrix")
            };
            let at = usize::try_from(right)? * contexts + usize::try_from(left)?;
            *costs.get_mut(at).context("a context is outside the matrix")? = i16::try_from(cost)?;
        }
        Ok(Self { contexts, costs })
    }

    fn bytes(&self) -> Vec<u8> {
        self.costs.iter().flat_map(|cost| cost.to_le_bytes()).collect()
    }
}

fn numbers(line: &str) -> anyhow::Result<Vec<i64>> {
    Ok(line.split_whitespace().map(str::parse).collect::<Result<_, _>>()?)
}
