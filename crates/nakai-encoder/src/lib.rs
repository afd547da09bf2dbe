//! Turns sentences into vectors whose closeness is closeness of meaning, in Japanese and English.
//!
//! [`shipped`] is part of the program: Universal Sentence Encoder multilingual 3 (Cer et al. 2018, Yang et al. 2019), cut down to what
//! Japanese and English need and taught English by a larger encoder (`docs/adr/0011-an-encoder-taught-by-a-larger-one.md`). `pieces` cuts
//! a text into pieces of words, `network` makes a vector of them with what `known` remembers of each, `weights` reads the file of both,
//! [`mod@format`] says how that is laid out. [`Encoder`] is one of this process or one of another machine.
//!
//! This crate knows texts and vectors. It does not know intents, articles or bots, and it keeps nothing of a text but the last vector
//! of each thread.
//!
//! ```
//! let encoder = nakai_encoder::shipped();
//! let vector = |text: &str| {
//!     let mut vector = Vec::new();
//!     encoder.encode(text, &mut vector);
//!     vector
//! };
//! let question = vector("how do I get my money back");
//! let same = nakai_encoder::dot(&question, &vector("返金してもらうにはどうすればいいですか"));
//! let other = nakai_encoder::dot(&question, &vector("パスワードを忘れました"));
//! assert!(same > other);
//! ```

mod encoder;
mod floats;
pub mod format;
mod known;
mod layer;
mod matrix;
mod network;
mod pieces;
mod remote;
mod shipped;
mod weights;

use std::sync::{Arc, LazyLock};

use fearless_simd::{Level, dispatch};

pub use encoder::Encoder;
pub use layer::Layer;
pub use network::UniversalSentenceEncoder;
pub use remote::{Asked, Encoded, Occasion, RemoteEncoder, Unavailable, to_unit_length};
pub use weights::UnusableEncoder;

use self::shipped::Shipped;

/// Turns a text into a vector of unit length, so that the dot product of two is the cosine of their angle.
///
/// Deterministic: the same text always gives the same vector on the same machine.
pub trait SentenceEncoder: Send + Sync + 'static {
    /// What names the encoder and its weights, for example `use-multilingual-3-ja-en-distilled`. Vectors of different ids must never be
    /// compared.
    fn id(&self) -> &str;

    /// How many numbers a vector has.
    fn dimension(&self) -> usize;

    /// Encodes a text. Total: any text gives a vector; one without any known piece gives zeros. Appends `dimension` numbers to `vector`.
    fn encode(&self, text: &str, vector: &mut Vec<f32>);

    /// Says whether the encoder knows a word of a script with spaces as a whole, without taking it to pieces: a common word that is
    /// spelt right. An encoder that can't tell knows none.
    fn knows_word(&self, _word: &str) -> bool {
        false
    }

    /// The words that the encoder knows whole, and parts of words, each with the natural logarithm of how probable it is. An encoder
    /// that can't tell names none.
    fn vocabulary(&self) -> Vec<(&str, f32)> {
        Vec::new()
    }

    /// Encodes many texts, which costs less than one by one where texts share what has to be reckoned. Uses up to `threads` threads.
    /// Returns their vectors one behind the other, `texts × dimension` numbers; each is what [`Self::encode`] makes of its text.
    fn encode_batch(&self, texts: &[&str], threads: usize) -> Vec<f32> {
        in_shares(texts, threads, |share, vectors| {
            for text in share {
                self.encode(text, vectors);
            }
        })
    }
}

/// Deals texts out to threads in runs of equal length, and puts what they make of them together in the order of the texts.
fn in_shares(texts: &[&str], threads: usize, encode: impl Fn(&[&str], &mut Vec<f32>) + Sync) -> Vec<f32> {
    let mut vectors = Vec::new();
    let share = texts.len().div_ceil(threads.max(1)).max(1);
    let mut shares = texts.chunks(share);
    let first = shares.next().unwrap_or_default();
    std::thread::scope(|scope| {
        let encode = &encode;
        let others: Vec<_> = shares
            .map(|share| {
                scope.spawn(move || {
                    let mut vectors = Vec::new();
                    encode(share, &mut vectors);
                    vectors
                })
            })
            .collect();
        encode(first, &mut vectors);
        for other in others {
            match other.join() {
                Ok(others) => vectors.extend(others),
                Err(panic) => std::panic::resume_unwind(panic),
            }
        }
    });
    vectors
}

/// The encoder that is part of the program. See `data/NOTICE` for its licence. Opened when it is first asked for, which takes some
/// ten milliseconds.
pub fn shipped() -> &'static Arc<dyn SentenceEncoder> {
    static ENCODER: LazyLock<Arc<dyn SentenceEncoder>> = LazyLock::new(|| {
        #[expect(
            clippy::expect_used,
            reason = "the bytes are part of the program, and every test opens them"
        )]
        let encoder =
            UniversalSentenceEncoder::open(include_bytes!("../data/encoder.bin")).expect("the embedded encoder opens");
        Arc::new(Shipped::new(encoder))
    });
    &ENCODER
}

/// The widest instructions that the processor has.
static LEVEL: LazyLock<Level> = LazyLock::new(Level::new);

/// The dot product of two vectors of one encoder: the cosine of their angle, -1 to 1.
///
/// Uses the widest instructions that the processor has. The order of the sums is the same with all, so the product is, too.
pub fn dot(a: &[f32], b: &[f32]) -> f32 {
    dispatch!(*LEVEL, _simd => floats::dot(a, b))
}

/// The dot product of vectors in whole numbers, which must be so small that it is less than 2³¹.
pub fn whole_dot(a: &[i16], b: &[i16]) -> i32 {
    dispatch!(*LEVEL, _simd => floats::whole_dot(a, b))
}
