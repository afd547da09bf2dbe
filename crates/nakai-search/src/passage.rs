use nakai_types::Language;
use sha2::{Digest, Sha256};

/// A piece of knowledge that can answer a question: a paragraph of an article, or an entry of a list of questions and answers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Passage {
    /// What names it. Of passages with the same score, the one whose id sorts first comes first.
    pub id: String,
    /// The title of the article.
    pub title: String,
    /// The heading above the passage in the article; empty if there is none.
    pub heading: String,
    /// The passage itself.
    pub text: String,
    /// The language that it is written in.
    pub language: Language,
    /// Who may read it.
    pub audiences: Audiences,
}

impl Passage {
    /// Makes a passage without a heading that everybody may read.
    pub fn new(id: impl Into<String>, title: impl Into<String>, text: impl Into<String>, language: Language) -> Self {
        Self {
            id: id.into(),
            title: title.into(),
            heading: String::new(),
            text: text.into(),
            language,
            audiences: Audiences::ALL,
        }
    }

    /// The SHA-256 of everything that is searched: title, heading and text.
    pub fn content_hash(&self) -> [u8; 32] {
        let mut hash = Sha256::new();
        for part in [&self.title, &self.heading, &self.text] {
            hash.update((part.len() as u64).to_le_bytes());
            hash.update(part);
        }
        hash.finalize().into()
    }
}

/// A set of audiences, one bit each. What the bits mean is the caller's business.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Audiences(pub u64);

impl Audiences {
    /// Every audience.
    pub const ALL: Self = Self(u64::MAX);

    /// Says whether some audience is in both sets.
    pub const fn meets(self, other: Self) -> bool {
        self.0 & other.0 != 0
    }
}

/// Which passages may be found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Filter<'f> {
    /// Only passages in this language; `None` for all.
    pub language: Option<Language>,
    /// Only passages for one of these audiences.
    pub audiences: Audiences,
    /// Only passages whose id begins like this: those of one article, if ids are made that way. Empty for all.
    pub id_prefix: &'f str,
}

impl Default for Filter<'_> {
    /// Lets every passage through.
    fn default() -> Self {
        Self {
            language: None,
            audiences: Audiences::ALL,
            id_prefix: "",
        }
    }
}

impl Filter<'_> {
    /// Says whether a passage may be found.
    pub fn admits(&self, passage: &Passage) -> bool {
        self.language.is_none_or(|language| language == passage.language)
            && self.audiences.meets(passage.audiences)
            && passage.id.starts_with(self.id_prefix)
    }
}
