use std::collections::{BTreeMap, HashMap};

use anyhow::{Context, bail, ensure};
use nakai_morph::{PartOfSpeech, format};

/// The words, each with what is known of it.
pub(super) struct Lexicon {
    /// The words of each surface, in the order of the sources.
    surfaces: BTreeMap<String, Vec<Word>>,
    /// All words in the order of the file, filled by [`Lexicon::finish`].
    words: Vec<[u8; 8]>,
    /// The part of speech of each context.
    parts: Vec<Option<PartOfSpeech>>,
    readings: Pool,
    /// How many characters to drop, what to add; in the order of first use.
    base_rules: Vec<(usize, String)>,
}

/// What is known of a word beyond its surface.
struct Word {
    context: u16,
    cost: i16,
    base_rule: u8,
    reading: u32,
}

impl Lexicon {
    pub(super) fn new(contexts: usize) -> Self {
        Self {
            surfaces: BTreeMap::new(),
            words: Vec::new(),
            parts: vec![None; contexts],
            readings: Pool::default(),
            base_rules: vec![(0, String::new())],
        }
    }

    /// Adds a line of a word list: surface, left and right context, cost, four categories, two of inflection, dictionary form,
    /// reading, pronunciation.
    pub(super) fn add(&mut self, line: &str) -> anyhow::Result<()> {
        let fields: Vec<&str> = line.split(',').collect();
        let [
            surface,
            left,
            right,
            cost,
            major,
            minor,
            third,
            fourth,
            _,
            _,
            base,
            reading,
            _,
        ] = fields[..]
        else {
            bail!("`{line}` is not a word of thirteen fields");
        };
        let word = Word {
            context: self
                .context(left, right, [major, minor, third, fourth])
                .with_context(|| format!("in `{line}`"))?,
            cost: cost.parse()?,
            base_rule: self.base_rule(surface, base)?,
            reading: self.reading(surface, reading)?,
        };
        self.surfaces.entry(surface.to_owned()).or_default().push(word);
        Ok(())
    }

    /// Numbers the words. Gives each surface with the number of its first word, and the number of the first unknown word.
    pub(super) fn finish(&mut self) -> anyhow::Result<(Vec<(String, u32)>, u32)> {
        let mut firsts = Vec::with_capacity(self.surfaces.len());
        for (surface, words) in std::mem::take(&mut self.surfaces) {
            firsts.push((surface, self.append(&words)?));
        }
        Ok((firsts, u32::try_from(self.words.len())?))
    }

    /// Adds the words that stand for unknown ones of a class, given as the fields after the class's name; gives the first's number.
    pub(super) fn add_unknown(&mut self, lines: &[Vec<&str>]) -> anyhow::Result<u32> {
        ensure!(!lines.is_empty(), "a category of characters has no unknown words");
        let mut words = Vec::new();
        for fields in lines {
            let [left, right, cost, major, minor, third, fourth, ..] = fields[..] else {
                bail!("`{}` is no unknown word", fields.join(","));
            };
            words.push(Word {
                context: self.context(left, right, [major, minor, third, fourth])?,
                cost: cost.parse()?,
                base_rule: 0,
                reading: format::NO_READING,
            });
        }
        self.append(&words)
    }

    fn append(&mut self, words: &[Word]) -> anyhow::Result<u32> {
        let first = u32::try_from(self.words.len())?;
        for (at, word) in words.iter().enumerate() {
            let last = if at + 1 == words.len() { format::LAST_WORD } else { 0 };
            let [c0, c1] = (word.context | last).to_le_bytes();
            let [k0, k1] = word.cost.to_le_bytes();
            let [r0, r1, r2, _] = word.reading.to_le_bytes();
            self.words.push([c0, c1, k0, k1, word.base_rule, r0, r1, r2]);
        }
        Ok(first)
    }

    fn context(&mut self, left: &str, right: &str, categories: [&str; 4]) -> anyhow::Result<u16> {
        ensure!(
            left == right,
            "left and right context differ, which the format has no room for"
        );
        let part = PartOfSpeech::find(categories).with_context(|| format!("{categories:?} is no part of speech"))?;
        let context: u16 = left.parse()?;
        let known = self
            .parts
            .get_mut(usize::from(context))
            .context("the context is not in the matrix")?;
        ensure!(
            known.is_none_or(|known| known == part),
            "the context has two parts of speech"
        );
        *known = Some(part);
        Ok(context)
    }

    fn base_rule(&mut self, surface: &str, base: &str) -> anyhow::Result<u8> {
        let common = surface.chars().zip(base.chars()).take_while(|(a, b)| a == b).count();
        let rule: (usize, String) = (surface.chars().count() - common, base.chars().skip(common).collect());
        ensure!(
            rule.1.len() <= 14,
            "the dictionary form `{base}` of `{surface}` is too different"
        );
        let number = self
            .base_rules
            .iter()
            .position(|known| *known == rule)
            .unwrap_or_else(|| {
                self.base_rules.push(rule);
                self.base_rules.len() - 1
            });
        Ok(u8::try_from(number)?)
    }

    fn reading(&mut self, surface: &str, reading: &str) -> anyhow::Result<u32> {
        let katakana = |text: &str| text.chars().map(format::katakana).collect::<String>();
        let reading = katakana(reading);
        if reading == katakana(surface) {
            return Ok(format::NO_READING);
        }
        let bytes: Option<Vec<u8>> = reading.chars().map(format::encode_kana).collect();
        self.readings
            .offset(bytes.with_context(|| format!("the reading of `{surface}` is not in kana"))?)
    }

    pub(super) fn words(&self) -> Vec<u8> {
        self.words.concat()
    }

    pub(super) fn readings(&self) -> Vec<u8> {
        self.readings.bytes.clone()
    }

    /// A byte for each context; contexts of no word (that of the text's ends) have a number that is no part of speech.
    pub(super) fn parts(&self) -> Vec<u8> {
        self.parts
            .iter()
            .map(|part| part.map_or(u8::MAX, PartOfSpeech::id))
            .collect()
    }

    pub(super) fn base_rules(&self) -> Vec<u8> {
        let mut bytes = Vec::new();
        for (dropped, added) in &self.base_rules {
            let start = bytes.len();
            bytes.extend([*dropped as u8, added.len() as u8]);
            bytes.extend(added.as_bytes());
            bytes.resize(start + 16, 0);
        }
        bytes
    }
}

/// Readings, each stored once.
#[derive(Default)]
struct Pool {
    bytes: Vec<u8>,
    offsets: HashMap<Vec<u8>, u32>,
}

impl Pool {
    fn offset(&mut self, reading: Vec<u8>) -> anyhow::Result<u32> {
        if let Some(known) = self.offsets.get(&reading) {
            return Ok(*known);
        }
        let offset = u32::try_from(self.bytes.len())?;
        ensure!(
            offset < format::NO_READING,
            "there are more readings than the format has room for"
        );
        self.bytes.push(u8::try_from(reading.len())?);
        self.bytes.extend(&reading);
        self.offsets.insert(reading, offset);
        Ok(offset)
    }
}
