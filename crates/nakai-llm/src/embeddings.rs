//! Vectors of texts.

use std::fmt;

use crate::{ProviderCode, ProviderError, Target, TokenUsage, plausible, usage::estimate_tokens};

/// Texts whose vectors are wanted. Holds what customers say, so its `Debug` shows sizes only.
#[derive(Clone, Default, PartialEq)]
pub struct EmbedRequest {
    /// The texts.
    pub inputs: Vec<EmbeddingInput>,
    /// How many numbers a vector shall have, for models that leave the choice.
    pub dimensions: Option<u32>,
    /// What the texts are for, in the words of models that want to know: `search_document`, `search_query`, `classification`,
    /// `clustering`. Cohere's do, and take it for `search_document` if nothing is said.
    pub input_type: Option<String>,
    /// Who asks, as a pseudonym.
    pub user: Option<String>,
}

impl EmbedRequest {
    /// The same request for some of its texts at a time.
    pub(crate) fn in_parts(&self, at_once: usize) -> impl Iterator<Item = Self> {
        self.inputs.chunks(at_once).map(|inputs| Self {
            inputs: inputs.to_vec(),
            dimensions: self.dimensions,
            input_type: self.input_type.clone(),
            user: self.user.clone(),
        })
    }
}

/// One text.
#[derive(Clone, PartialEq, Eq)]
pub enum EmbeddingInput {
    /// As words.
    Text(String),
    /// As numbers of a model's own tokens; only providers that speak as OpenAI does take them.
    Tokens(Vec<u32>),
}

/// The vectors of texts.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Embeddings {
    /// The model that made them, as the provider names it.
    pub model: String,
    /// One for each text, in their order, all of the same length.
    pub vectors: Vec<Vec<f32>>,
    /// What it used.
    pub usage: TokenUsage,
}

impl Embeddings {
    /// Puts the vectors of further texts behind these.
    pub(crate) fn and(mut self, further: Self) -> Self {
        self.vectors.extend(further.vectors);
        self.usage.input = self.usage.input.saturating_add(further.usage.input);
        self.usage.estimated |= further.usage.estimated;
        self
    }
}

impl EmbeddingInput {
    /// Roughly its tokens.
    fn tokens(&self) -> u64 {
        match self {
            Self::Text(text) => estimate_tokens(text),
            Self::Tokens(tokens) => u64::try_from(tokens.len()).unwrap_or(u64::MAX),
        }
    }
}

impl fmt::Debug for EmbeddingInput {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} tokens", self.tokens())
    }
}

impl fmt::Debug for EmbedRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "EmbedRequest({} texts)", self.inputs.len())
    }
}

/// Takes vectors only if there is a sound one for each text; counts tokens where the provider did not.
pub(crate) fn checked(
    target: &Target,
    request: &EmbedRequest,
    model: String,
    vectors: Vec<Vec<f32>>,
    usage: Option<TokenUsage>,
) -> Result<Embeddings, ProviderError> {
    let malformed = |detail| Err(ProviderError::new(ProviderCode::Malformed, &target.name).with_detail(detail));
    if vectors.len() != request.inputs.len() {
        return malformed("not one vector for each text");
    }
    let dimension = vectors.first().map_or(0, Vec::len);
    if dimension == 0 || vectors.iter().any(|vector| vector.len() != dimension) {
        return malformed("vectors are empty or of several lengths");
    }
    if !vectors.iter().flatten().all(|number| number.is_finite()) {
        return malformed("a vector has something that is no number");
    }
    let usage = usage.and_then(|claimed| {
        let usage = plausible::of_vectors(claimed, request);
        // Servers that count nothing are many, and nothing is no false count.
        if usage.is_none() && claimed.input > 0 {
            plausible::tell(&target.name, &claimed);
        }
        usage
    });
    let counted = || TokenUsage {
        input: request.inputs.iter().map(EmbeddingInput::tokens).sum(),
        estimated: true,
        ..TokenUsage::default()
    };
    Ok(Embeddings {
        model,
        vectors,
        usage: usage.unwrap_or_else(counted),
    })
}
