//! Loading what people write: YAML with positions, checks that report every problem at once, secrets that do not print.
//!
//! Knows nothing of Nakai's settings or bundles; those crates bring their types and this one brings line and column.
//!
//! Start with [`Source`]: a file is parsed into [`Node`]s that know their place, checked against the [`Schema`] of a type, and read
//! as that type. What a type can't say is checked by the crate that owns it, which pushes problems with dotted keys and lets
//! [`Source::locate`] find their places. [`Layers`] puts settings together from a file, the environment and flags in the same way.

mod layers;
mod nearest;
mod node;
mod problem_code;
mod problems;
mod read;
mod reference;
mod schema;
mod secret;
mod settings;
mod shape;
mod source;
mod syntax;

pub use layers::{Layers, Origin};
pub use nearest::{did_you_mean, nearest};
pub use node::{Entry, Node, Position, Value};
pub use problem_code::ProblemCode;
pub use problems::{Problem, Problems, Severity};
pub use schema::Schema;
pub use secret::Secret;
pub use settings::Settings;
pub use source::{Source, read_plainly};
