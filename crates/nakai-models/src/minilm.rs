//! Reads all-MiniLM-L6-v2: weights in the layout of safetensors (the length of a header, the header in JSON, numbers), pieces one a line.

use std::{
    collections::HashMap,
    fs::{self, File},
    io::{Read as _, Seek as _, SeekFrom},
    path::Path,
};

use nakai_encoder::SentenceEncoder;
use serde::Deserialize;

use crate::{
    manifest::MINILM,
    store::ModelError,
    transformer::{Block, Dense, Norm, Table, Transformer},
    wordpiece::WordPieces,
};

const WIDTH: usize = 384;
const HEADS: usize = 12;
const LAYERS: usize = 6;
const EPSILON: f32 = 1e-12;
/// Of a longer text only the first pieces count.
const MAX_PIECES: usize = 256;
/// No header is longer, in bytes.
const MAX_HEADER: u64 = 1 << 20;

/// The English encoder all-MiniLM-L6-v2 (Reimers and Gurevych 2019; Wang et al. 2020).
pub(crate) struct MiniLm {
    pieces: WordPieces,
    transformer: Transformer,
}

impl MiniLm {
    /// Opens the files in the folder of the encoder.
    pub(crate) fn open(folder: &Path) -> Result<Self, ModelError> {
        let damaged = || ModelError::damaged(MINILM.id);
        let vocabulary = fs::read_to_string(folder.join("vocab.txt"))?;
        let pieces = WordPieces::new(&vocabulary).ok_or_else(damaged)?;
        let mut tensors = Tensors::open(&folder.join("model.safetensors"))?.ok_or_else(damaged)?;
        let transformer = tensors.transformer()?.filter(Transformer::fits).ok_or_else(damaged)?;
        Ok(Self { pieces, transformer })
    }
}

impl SentenceEncoder for MiniLm {
    fn id(&self) -> &str {
        MINILM.id
    }

    fn dimension(&self) -> usize {
        WIDTH
    }

    fn encode(&self, text: &str, vector: &mut Vec<f32>) {
        let pieces = self.pieces.cut(text, MAX_PIECES);
        if pieces.is_empty() {
            vector.extend([0.0; WIDTH]);
        } else {
            vector.extend(self.transformer.encode(&pieces));
        }
    }
}

/// A file of named rows of numbers.
struct Tensors {
    file: File,
    places: HashMap<String, Place>,
    /// Where the numbers begin.
    start: u64,
}

/// Where numbers lie.
#[derive(Deserialize)]
struct Place {
    dtype: String,
    data_offsets: [u64; 2],
}

impl Tensors {
    /// None if the file is none of tensors.
    fn open(path: &Path) -> Result<Option<Self>, ModelError> {
        let mut file = File::open(path)?;
        let mut length = [0; 8];
        file.read_exact(&mut length)?;
        let length = u64::from_le_bytes(length).min(MAX_HEADER);
        let mut header = Vec::new();
        (&mut file).take(length).read_to_end(&mut header)?;
        let Ok(header) = serde_json::from_slice::<HashMap<String, serde_json::Value>>(&header) else {
            return Ok(None);
        };
        let places = header
            .into_iter()
            .filter_map(|(name, place)| Some((name, serde_json::from_value(place).ok()?)))
            .collect();
        Ok(Some(Self {
            file,
            places,
            start: 8 + length,
        }))
    }

    /// The numbers of a tensor, `count` if it fits; none otherwise.
    fn numbers(&mut self, name: &str, count: usize) -> Result<Option<Vec<f32>>, ModelError> {
        let Some(place) = self.places.get(name).filter(|place| place.dtype == "F32") else {
            return Ok(None);
        };
        let [from, to] = place.data_offsets;
        if to.checked_sub(from) != Some(4 * count as u64) {
            return Ok(None);
        }
        self.file.seek(SeekFrom::Start(self.start.saturating_add(from)))?;
        let mut bytes = vec![0; 4 * count];
        self.file.read_exact(&mut bytes)?;
        let (words, _) = bytes.as_chunks();
        Ok(Some(words.iter().map(|word| f32::from_le_bytes(*word)).collect()))
    }

    fn norm(&mut self, name: &str) -> Result<Option<Norm>, ModelError> {
        let gain = self.numbers(&format!("{name}.weight"), WIDTH)?;
        let offset = self.numbers(&format!("{name}.bias"), WIDTH)?;
        Ok(gain.zip(offset).map(|(gain, offset)| Norm { gain, offset }))
    }

    /// Several linear layers side by side.
    fn dense(&mut self, names: &[String], inputs: usize, outputs: usize) -> Result<Option<Dense>, ModelError> {
        let (mut matrices, mut biases) = (Vec::new(), Vec::new());
        for name in names {
            matrices.extend(self.numbers(&format!("{name}.weight"), inputs * outputs)?);
            biases.extend(self.numbers(&format!("{name}.bias"), outputs)?);
        }
        Ok(Dense::of(&matrices, &biases, inputs))
    }

    fn transformer(&mut self) -> Result<Option<Transformer>, ModelError> {
        const PIECES: usize = 30_522;
        const PLACES: usize = 512;
        let table = self.numbers("embeddings.word_embeddings.weight", PIECES * WIDTH)?;
        let places = self.numbers("embeddings.position_embeddings.weight", PLACES * WIDTH)?;
        let kinds = self.numbers("embeddings.token_type_embeddings.weight", 2 * WIDTH)?;
        let norm = self.norm("embeddings.LayerNorm")?;
        let mut blocks = Vec::new();
        for layer in 0..LAYERS {
            let name = |part: &str| format!("encoder.layer.{layer}.{part}");
            let selves = ["query", "key", "value"].map(|part| name(&format!("attention.self.{part}")));
            let attention = self.dense(&selves, WIDTH, WIDTH)?;
            let attended = self.dense(&[name("attention.output.dense")], WIDTH, WIDTH)?;
            let attention_norm = self.norm(&name("attention.output.LayerNorm"))?;
            let wide = self.dense(&[name("intermediate.dense")], WIDTH, 4 * WIDTH)?;
            let narrow = self.dense(&[name("output.dense")], 4 * WIDTH, WIDTH)?;
            let norm = self.norm(&name("output.LayerNorm"))?;
            let block = (|| {
                Some(Block {
                    attention: attention?,
                    attended: attended?,
                    attention_norm: attention_norm?,
                    wide: wide?,
                    narrow: narrow?,
                    norm: norm?,
                })
            })();
            blocks.push(block);
        }
        Ok((|| {
            let mut places = places?;
            let kinds = kinds?;
            // There is only one kind of sentence here, so what stands for it goes with the places.
            for row in places.chunks_exact_mut(WIDTH) {
                for (number, kind) in row.iter_mut().zip(&kinds) {
                    *number += kind;
                }
            }
            Some(Transformer {
                table: eight_bit(&table?),
                places,
                norm: norm?,
                blocks: blocks.into_iter().collect::<Option<_>>()?,
                epsilon: EPSILON,
                width: WIDTH,
                heads: HEADS,
            })
        })())
    }
}

/// The table in a quarter of its size.
fn eight_bit(table: &[f32]) -> Table {
    let mut numbers = Vec::with_capacity(table.len());
    let mut steps = Vec::with_capacity(table.len() / WIDTH);
    for row in table.chunks_exact(WIDTH) {
        let largest = row
            .iter()
            .fold(f32::MIN_POSITIVE, |largest, number| largest.max(number.abs()));
        let step = largest / f32::from(i8::MAX);
        numbers.extend(row.iter().map(|number| (number / step).round() as i8));
        steps.push(step);
    }
    Table::EightBit { numbers, steps }
}
