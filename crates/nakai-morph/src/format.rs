//! The layout of a dictionary file, which `cargo xtask dictionary` writes and [`Dictionary`](crate::Dictionary) reads in place.
//!
//! All numbers are little-endian. The file is a header, then the sections, each beginning at a multiple of eight bytes:
//!
//! ```text
//! header       magic "NAKAIDIC" | format u32 | first unknown word u32 | SHA-256 of the sources [u8; 32] | sections [u32 start, u32 length]
//! trie         nodes of 8 bytes: base u32 (top bits below) | parent u32. A double array over characters, root at 0:
//!              the child of node n by character code c is at base(n) + c if its parent is n. Code 0 is the end of a surface
//! words        8 bytes each: context u16 (top bit: last word of this surface) | cost i16 | base rule u8 | reading u24.
//!              The words of one surface follow each other; those for unknown words come after all others
//! readings     length u8, then one byte for each katakana
//! matrix       i16 costs of connecting: row = left context of the right word, column = right context of the left word
//! codes        u16 for each code point of the basic plane: its code in the trie, 0 if no surface has it
//! classes      u8 for each code point of the basic plane: its character class
//! class rules  16 bytes each: kinds u32 (bit set) | invoke u8 | group u8 | length u8 | space u8 | first unknown word u32 | 0 u32
//! parts        u8 for each context: the number of its part of speech
//! base rules   16 bytes each: characters to drop u8 | length of what to add u8 | what to add, UTF-8
//! ```
//!
//! In IPADIC a word's left and right context are the same number, and it decides the part of speech; the builder checks this.

/// The first bytes of a dictionary.
pub const MAGIC: [u8; 8] = *b"NAKAIDIC";

/// The number of this layout.
pub const FORMAT: u32 = 1;

/// What a dictionary holds, in the order of the file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Section {
    /// Surfaces.
    Trie,
    /// What is known of each word.
    Words,
    /// Readings, each stored once.
    Readings,
    /// Connection costs.
    Matrix,
    /// Trie codes of characters.
    Codes,
    /// Classes of characters.
    Classes,
    /// How each class makes unknown words.
    ClassRules,
    /// Parts of speech of contexts.
    Parts,
    /// How to get from an inflected form to the dictionary form.
    BaseRules,
}

impl Section {
    /// All sections in the order of the file.
    pub const ALL: [Self; 9] = [
        Self::Trie,
        Self::Words,
        Self::Readings,
        Self::Matrix,
        Self::Codes,
        Self::Classes,
        Self::ClassRules,
        Self::Parts,
        Self::BaseRules,
    ];
}

/// Where the number of the first unknown word begins.
pub const FIRST_UNKNOWN_AT: usize = 12;
/// Where the SHA-256 of the sources begins.
pub const SOURCES_AT: usize = 16;
/// Where the table of sections begins.
pub const SECTIONS_AT: usize = 48;
/// The length of the header, in bytes.
pub const HEADER: usize = SECTIONS_AT + Section::ALL.len() * 8;

/// In a trie node's base: the node has no children, the rest is the number of its first word.
pub const LEAF: u32 = 1 << 31;
/// In a trie node's base: a surface ends here, and longer ones go on.
pub const TERMINAL: u32 = 1 << 30;
/// The part of a trie node's base that is a number.
pub const BASE: u32 = TERMINAL - 1;
/// The parent of a trie slot that is not in use.
pub const FREE: u32 = u32::MAX;

/// In a word's context: this is the last word of its surface.
pub const LAST_WORD: u16 = 1 << 15;

/// The offset of the reading of a word that is read as it is written.
pub const NO_READING: u32 = 0xff_ffff;

/// The code points in the tables of characters: the basic plane.
pub const CODE_POINTS: usize = 0x1_0000;

/// The katakana of a hiragana; any other character unchanged.
pub const fn katakana(c: char) -> char {
    match c {
        'ぁ'..='ゖ' => match char::from_u32(c as u32 + 0x60) {
            Some(katakana) => katakana,
            None => c,
        },
        _ => c,
    }
}

/// The byte that stands for a katakana in a reading.
pub fn encode_kana(c: char) -> Option<u8> {
    matches!(c, 'ァ'..='ー')
        .then(|| u8::try_from(u32::from(c) - 0x3000).ok())
        .flatten()
}

/// The katakana that a byte of a reading stands for.
pub fn decode_kana(byte: u8) -> Option<char> {
    char::from_u32(0x3000 + u32::from(byte)).filter(|c| matches!(c, 'ァ'..='ー'))
}
