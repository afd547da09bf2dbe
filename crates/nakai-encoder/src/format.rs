//! How the file of an encoder is laid out. Little-endian; `cargo xtask encoder` and `xtask/distil` write it, `Weights` reads it.
//!
//! ```text
//! magic      8 bytes  "NAKAIENC"
//! format     u32
//! pieces     u32      number of pieces, n
//! bytes      u32      length of all pieces
//! ends       u32 × n  where each piece ends in the bytes
//! scores     f32 × n  logarithm of each piece's probability
//! steps      f32 × n  what one step of each row of the table is worth
//! table      u8 × 320 × n  one 5-bit number per dimension, worth (number - 15.5) × step: 256 bytes with the low four bits of two
//!                          numbers each, the first in the low half, then 64 with the fifth bits of eight, the first lowest
//! text       the pieces, UTF-8, one behind the other
//! matrices   each: f32 × columns (what one step of each column is worth), i8 × rows × columns
//! vectors    f32
//! ```
//!
//! The first three pieces are "unknown", "begin" and "end". Matrices and vectors come in the order of [`MATRICES`] and [`VECTORS`].

/// How a file begins.
pub const MAGIC: &[u8; 8] = b"NAKAIENC";
/// Changes whenever the layout or the meaning of the file does.
pub const FORMAT: u32 = 1;
/// The length of what stands before the sections, in bytes.
pub const HEADER: usize = 20;

/// How many numbers stand for a piece, and how many for a sentence.
pub const DIMENSION: usize = 512;
/// The length of a row of the table, in bytes.
pub const ROW: usize = DIMENSION * 5 / 8;
/// How many numbers a branch of the network passes on for each piece.
pub const BRANCH: usize = 256;
/// The branches: how many neighbouring pieces each sees, and how many of them stand before the piece.
pub const WINDOWS: [(usize, usize); 3] = [(2, 0), (3, 1), (5, 2)];
/// What a piece is to the layers behind the branches: itself and what the branches say.
pub const FEATURES: usize = DIMENSION + WINDOWS.len() * BRANCH;
/// How wide the hidden layers of the last part are.
pub const HIDDEN: usize = 320;

/// What is added to a variance before it divides, as in training.
pub const EPSILON: f32 = 1e-12;

/// The matrices: name in the published weights, rows, columns.
pub const MATRICES: [(&str, usize, usize); 16] = [
    ("proj2", DIMENSION, BRANCH),
    ("proj3", DIMENSION, BRANCH),
    ("proj5", DIMENSION, BRANCH),
    ("w1_2", 2 * BRANCH, BRANCH),
    ("w1_3", 3 * BRANCH, BRANCH),
    ("w1_5", 5 * BRANCH, BRANCH),
    ("w2_2", 2 * BRANCH, BRANCH),
    ("w2_3", 3 * BRANCH, BRANCH),
    ("w2_5", 5 * BRANCH, BRANCH),
    ("cnn_W", FEATURES, DIMENSION),
    ("d0", DIMENSION, HIDDEN),
    ("d1", HIDDEN, HIDDEN),
    ("p1", DIMENSION, HIDDEN),
    ("d2", HIDDEN, DIMENSION),
    ("p3", HIDDEN, DIMENSION),
    ("d3", DIMENSION, DIMENSION),
];

/// The vectors: name in the published weights, length.
pub const VECTORS: [(&str, usize); 18] = [
    ("proj_b2", BRANCH),
    ("proj_b3", BRANCH),
    ("proj_b5", BRANCH),
    ("ln_g2", BRANCH),
    ("ln_g3", BRANCH),
    ("ln_g5", BRANCH),
    ("ln_b2", BRANCH),
    ("ln_b3", BRANCH),
    ("ln_b5", BRANCH),
    ("b1_2", BRANCH),
    ("b1_3", BRANCH),
    ("b1_5", BRANCH),
    ("b2_2", BRANCH),
    ("b2_3", BRANCH),
    ("b2_5", BRANCH),
    ("ln_g", FEATURES),
    ("ln_b", FEATURES),
    ("cnn_b", DIMENSION),
];
