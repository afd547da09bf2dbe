use nakai_config::ProblemCode;
use serde::{Deserialize, Serialize};

/// Why there is no text to be had from a file. What it says has no file's name in it and no full stop.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error, Serialize, Deserialize)]
pub enum Unreadable {
    /// It can't be opened or read.
    #[error("it can't be read: {0}")]
    NotOpened(String),
    /// It is a folder.
    #[error("it is a folder")]
    Folder,
    /// It has too many bytes.
    #[error("it has {megabytes} MB, and {max_megabytes} MB are the most")]
    TooLarge {
        /// What it has, rounded up.
        megabytes: u64,
        /// What is read at most.
        max_megabytes: u64,
    },
    /// Nothing is known to read files of this ending with.
    #[error("articles can't be made of such files")]
    KindUnknown,
    /// It has no text.
    #[error("it has no text")]
    Empty,
    /// It is no text in an encoding that can be told.
    #[error("it is no text in UTF-8 (from its line {line} on)")]
    EncodingUnknown {
        /// The first line that is not UTF-8, from 1.
        line: usize,
    },
    /// A page that can't be read.
    #[error("the page can't be read: {0}")]
    Html(String),
    /// No PDF, or one that is too broken.
    #[error("{0}")]
    Pdf(NoPdf),
    /// A PDF that wants a password.
    #[error("it is locked with a password")]
    Encrypted,
    /// A PDF of pictures.
    #[error("there is no text on its {pages} pages, so it is a scan or a picture")]
    WithoutText {
        /// How many pages it has.
        pages: usize,
    },
    /// A PDF whose fonts do not say what they write.
    #[error("{percent} % of its glyphs do not say which character they are")]
    CharactersUnknown {
        /// The share of such glyphs.
        percent: usize,
    },
    /// A PDF with too many pages.
    #[error("it has {pages} pages, and {max_pages} are the most")]
    TooManyPages {
        /// What it has.
        pages: usize,
        /// What is read at most.
        max_pages: usize,
    },
    /// A PDF that takes too long, or too much memory.
    #[error("reading it was given up: {0}")]
    TooCostly(String),
}

/// What is wrong with the bytes of a PDF.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error, Serialize, Deserialize)]
pub enum NoPdf {
    /// They do not begin as those of a PDF.
    #[error("its name says PDF, and its content is none")]
    OtherContent,
    /// They begin as a PDF and do not go on as one.
    #[error("it is a PDF that is broken or not whole")]
    Broken,
}

impl Unreadable {
    /// A PDF on which reading itself failed.
    pub const BROKEN_PDF: Self = Self::Pdf(NoPdf::Broken);

    /// The code that the reference of errors explains.
    pub const fn code(&self) -> ProblemCode {
        match self {
            Self::NotOpened(_) => ProblemCode::FileUnreadable,
            Self::Folder => ProblemCode::FileIsFolder,
            Self::TooLarge { .. } => ProblemCode::FileTooLarge,
            Self::KindUnknown => ProblemCode::FileKindUnknown,
            Self::Empty => ProblemCode::FileEmpty,
            Self::EncodingUnknown { .. } => ProblemCode::TextEncodingUnknown,
            Self::Html(_) => ProblemCode::HtmlUnreadable,
            Self::Pdf(_) => ProblemCode::PdfInvalid,
            Self::Encrypted => ProblemCode::PdfEncrypted,
            Self::WithoutText { .. } => ProblemCode::PdfWithoutText,
            Self::CharactersUnknown { .. } => ProblemCode::PdfCharactersUnknown,
            Self::TooManyPages { .. } => ProblemCode::PdfTooManyPages,
            Self::TooCostly(_) => ProblemCode::PdfTooCostly,
        }
    }
}
