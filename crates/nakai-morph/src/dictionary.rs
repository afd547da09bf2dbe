use std::sync::LazyLock;

use crate::format::{self, Section};

/// A dictionary that is read where its bytes lie.
pub struct Dictionary {
    trie: &'static [[u8; 8]],
    words: &'static [[u8; 8]],
    readings: &'static [u8],
    matrix: &'static [[u8; 2]],
    contexts: usize,
    codes: &'static [[u8; 2]],
    classes: &'static [u8],
    class_rules: &'static [[u8; 16]],
    parts: &'static [u8],
    base_rules: &'static [[u8; 16]],
    pub(crate) first_unknown: u32,
    sources: [u8; 32],
}

/// Why bytes are no dictionary.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum UnusableDictionary {
    /// The bytes do not begin as a dictionary of this format does.
    #[error(
        "the bytes are no dictionary of format {}; build it with `cargo xtask dictionary`",
        format::FORMAT
    )]
    OtherFormat,
    /// A section is not in the bytes, or not of the size that it must have.
    #[error("the dictionary's section {0:?} is damaged; build it again with `cargo xtask dictionary`")]
    Damaged(Section),
}

/// The bytes of the dictionary that is part of the program.
static IPADIC: &[u8] = include_bytes!("../data/ipadic.dict");

impl Dictionary {
    /// The dictionary that is part of the program: IPADIC 2.7.0. See `data/NOTICE` for its licence.
    pub fn ipadic() -> &'static Self {
        static DICTIONARY: LazyLock<Dictionary> = LazyLock::new(|| {
            #[expect(
                clippy::expect_used,
                reason = "the bytes are part of the program, and every test opens them"
            )]
            Dictionary::open(IPADIC).expect("the embedded dictionary opens")
        });
        &DICTIONARY
    }

    /// Opens the bytes of a dictionary, which costs the same however large it is. Contents that are damaged inside a section give
    /// wrong words, never a panic.
    pub fn open(bytes: &'static [u8]) -> Result<Self, UnusableDictionary> {
        let header = bytes
            .first_chunk::<{ format::HEADER }>()
            .ok_or(UnusableDictionary::OtherFormat)?;
        if !header.starts_with(&format::MAGIC) || u32_at(header, format::MAGIC.len()) != format::FORMAT {
            return Err(UnusableDictionary::OtherFormat);
        }
        let section = |section: Section| {
            let entry = format::SECTIONS_AT + section as usize * 8;
            let start = u32_at(header, entry) as usize;
            let length = u32_at(header, entry + 4) as usize;
            bytes
                .get(start..start.saturating_add(length))
                .ok_or(UnusableDictionary::Damaged(section))
        };
        let dictionary = Self {
            trie: records(section(Section::Trie)?),
            words: records(section(Section::Words)?),
            readings: section(Section::Readings)?,
            matrix: records(section(Section::Matrix)?),
            contexts: section(Section::Parts)?.len(),
            codes: records(section(Section::Codes)?),
            classes: section(Section::Classes)?,
            class_rules: records(section(Section::ClassRules)?),
            parts: section(Section::Parts)?,
            base_rules: records(section(Section::BaseRules)?),
            first_unknown: u32_at(header, format::FIRST_UNKNOWN_AT),
            sources: header
                .get(format::SOURCES_AT..)
                .and_then(|b| b.first_chunk())
                .copied()
                .unwrap_or_default(),
        };
        for (section, right) in [
            (
                Section::Matrix,
                dictionary.matrix.len() == dictionary.contexts * dictionary.contexts,
            ),
            (Section::Codes, dictionary.codes.len() == format::CODE_POINTS),
            (Section::Classes, dictionary.classes.len() == format::CODE_POINTS),
        ] {
            if !right {
                return Err(UnusableDictionary::Damaged(section));
            }
        }
        Ok(dictionary)
    }

    /// The SHA-256 of the sources that the dictionary was built from.
    pub const fn sources(&self) -> [u8; 32] {
        self.sources
    }

    /// How many contexts words may have.
    pub(crate) const fn contexts(&self) -> usize {
        self.contexts
    }

    /// The part of speech of all words of a context.
    pub(crate) fn part_of_speech(&self, context: u16) -> crate::PartOfSpeech {
        crate::PartOfSpeech::from_id(self.parts.get(usize::from(context)).copied().unwrap_or(u8::MAX))
    }

    /// The trie code and the class of a character.
    pub(crate) fn character(&self, c: char) -> (u16, u8) {
        let at = match c {
            // Han characters that Unicode has got since IPADIC was made, such as the first of the name 𠮷野: as an older rare one.
            '\u{4db6}'..='\u{4dbf}' | '\u{9fa6}'..='\u{9fff}' | '\u{fa6b}'..='\u{faff}' | '\u{20000}'..='\u{3ffff}' => {
                0x3400
            }
            // MeCab reads other characters beyond the basic plane as U+0000, which is in no word and of the default class.
            '\u{10000}'.. => 0,
            _ => c as usize,
        };
        let code = self.codes.get(at).map_or(0, |code| u16::from_le_bytes(*code));
        (code, self.classes.get(at).copied().unwrap_or(0))
    }

    /// How a class makes unknown words.
    pub(crate) fn class_rule(&self, class: u8) -> ClassRule {
        let [k0, k1, k2, k3, invoke, group, length, space, w0, w1, w2, w3, ..] =
            self.class_rules.get(usize::from(class)).copied().unwrap_or_default();
        ClassRule {
            kinds: u32::from_le_bytes([k0, k1, k2, k3]),
            invoke: invoke != 0,
            group: group != 0,
            length,
            space: space != 0,
            unknown: u32::from_le_bytes([w0, w1, w2, w3]),
        }
    }

    /// The costs of connecting any word to one of this left context, by the former's right context.
    pub(crate) fn connections(&self, left_context: u16) -> Connections {
        let start = usize::from(left_context) * self.contexts;
        Connections(self.matrix.get(start..start + self.contexts).unwrap_or_default())
    }

    /// What the dictionary knows of a word.
    #[inline]
    pub(crate) fn word(&self, number: u32) -> WordEntry {
        let [c0, c1, k0, k1, base_rule, r0, r1, r2] = self
            .words
            .get(number as usize)
            .copied()
            .unwrap_or([0, 0x80, 0xff, 0x7f, 0, 0xff, 0xff, 0xff]);
        let context = u16::from_le_bytes([c0, c1]);
        WordEntry {
            context: context & !format::LAST_WORD,
            last: context & format::LAST_WORD != 0,
            cost: i16::from_le_bytes([k0, k1]),
            base_rule,
            reading: u32::from_le_bytes([r0, r1, r2, 0]),
        }
    }

    pub(crate) fn base_rule(&self, number: u8) -> BaseRule {
        BaseRule(self.base_rules.get(usize::from(number)).copied().unwrap_or_default())
    }

    pub(crate) fn reading_bytes(&self, offset: u32) -> Option<&'static [u8]> {
        let (length, rest) = self.readings.get(offset as usize..)?.split_first()?;
        rest.get(..usize::from(*length))
    }

    /// Calls `found` with the length in characters and the first word of each surface with which a text begins, the shortest first.
    #[inline]
    pub(crate) fn prefixes(&self, codes: impl Iterator<Item = u16>, mut found: impl FnMut(usize, u32)) {
        let mut node = 0_u32;
        let Some((mut base, _)) = self.node(node) else { return };
        for (at, code) in codes.enumerate() {
            if code == 0 {
                return;
            }
            let child = (base & format::BASE) + u32::from(code);
            match self.node(child) {
                Some((child_base, parent)) if parent == node => (node, base) = (child, child_base),
                _ => return,
            }
            if base & format::LEAF != 0 {
                return found(at + 1, base & !format::LEAF);
            }
            if base & format::TERMINAL != 0
                && let Some((end, parent)) = self.node(base & format::BASE)
                && parent == node
            {
                found(at + 1, end & !format::LEAF);
            }
        }
    }

    #[inline]
    fn node(&self, at: u32) -> Option<(u32, u32)> {
        let [b0, b1, b2, b3, p0, p1, p2, p3] = *self.trie.get(at as usize)?;
        Some((
            u32::from_le_bytes([b0, b1, b2, b3]),
            u32::from_le_bytes([p0, p1, p2, p3]),
        ))
    }
}

impl std::fmt::Debug for Dictionary {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Dictionary({} words)", self.words.len())
    }
}

/// How a class of characters makes words that the dictionary does not have.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct ClassRule {
    /// The kinds of character in the class, a bit each.
    pub(crate) kinds: u32,
    /// Whether there are unknown words even where there are known ones.
    pub(crate) invoke: bool,
    /// Whether a run of characters of one kind is a word.
    pub(crate) group: bool,
    /// Up to how many characters each beginning of a run is a word, too.
    pub(crate) length: u8,
    /// Whether the class is white space, which belongs to no word.
    pub(crate) space: bool,
    /// The first of the words that stand for unknown ones.
    pub(crate) unknown: u32,
}

/// What the dictionary knows of a word.
#[derive(Debug, Clone, Copy)]
pub(crate) struct WordEntry {
    pub(crate) context: u16,
    pub(crate) last: bool,
    pub(crate) cost: i16,
    pub(crate) base_rule: u8,
    pub(crate) reading: u32,
}

/// One row of the connection matrix.
#[derive(Clone, Copy)]
pub(crate) struct Connections(&'static [[u8; 2]]);

impl Connections {
    #[inline]
    pub(crate) fn cost(self, right_context: u16) -> i32 {
        self.0
            .get(usize::from(right_context))
            .map_or(0, |cost| i32::from(i16::from_le_bytes(*cost)))
    }
}

/// How to get from an inflected form to the dictionary form.
pub(crate) struct BaseRule([u8; 16]);

impl BaseRule {
    pub(crate) const fn is_identity(&self) -> bool {
        self.0[0] == 0 && self.0[1] == 0
    }

    /// How many characters to drop from the end.
    pub(crate) const fn dropped(&self) -> usize {
        self.0[0] as usize
    }

    /// What to write instead.
    pub(crate) fn added(&self) -> &str {
        let end = 2 + usize::from(self.0[1]);
        self.0
            .get(2..end)
            .and_then(|bytes| std::str::from_utf8(bytes).ok())
            .unwrap_or_default()
    }
}

fn u32_at(bytes: &[u8], at: usize) -> u32 {
    bytes
        .get(at..)
        .and_then(|b| b.first_chunk())
        .map_or(0, |b| u32::from_le_bytes(*b))
}

/// Reads a section as records; a rest that is no whole record is left out.
const fn records<const SIZE: usize>(section: &'static [u8]) -> &'static [[u8; SIZE]] {
    section.as_chunks().0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_that_are_no_dictionary_are_refused() {
        assert_eq!(Dictionary::open(b"").unwrap_err(), UnusableDictionary::OtherFormat);
        assert_eq!(
            Dictionary::open(&[0; 4096]).unwrap_err(),
            UnusableDictionary::OtherFormat
        );
    }

    #[test]
    fn a_cut_file_names_the_first_section_that_is_not_whole() {
        let cut = &IPADIC[..IPADIC.len() / 2];
        assert!(matches!(Dictionary::open(cut), Err(UnusableDictionary::Damaged(_))));
    }

    #[test]
    fn damage_inside_gives_wrong_words_and_no_panic() {
        let mut bytes = IPADIC.to_vec();
        for (at, byte) in bytes.iter_mut().enumerate().skip(format::HEADER) {
            if at % 97 == 0 {
                *byte ^= (at % 251) as u8;
            }
        }
        let dictionary = Dictionary::open(Box::leak(bytes.into_boxed_slice())).unwrap();
        let text = "東京駅から旅館までの送迎バスは、何時に出ますか？Wi-Fiも使いたいです。".repeat(20);
        let mut morphemes = Vec::new();
        dictionary.analyse(&text, &mut crate::Workspace::default(), &mut morphemes);
        for morpheme in &morphemes {
            dictionary.base(morpheme, &text);
            dictionary.reading(morpheme, &text);
        }
    }
}
