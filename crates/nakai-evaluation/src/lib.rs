//! Scores understanding and search on labelled data.

pub mod answers;
pub mod behaviour;
mod cost;
pub mod csv;
pub mod entities;
pub mod examples;
mod labelled;
pub mod nlu;
pub mod noise;
mod random;
pub mod retrieval;
pub mod segment;
mod share;
pub mod suggest;
mod unusable;

pub use labelled::{Labelled, read_labelled};
pub use unusable::{Unusable, read};
