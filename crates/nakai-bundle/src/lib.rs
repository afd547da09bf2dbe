//! Bot bundles: the folder that a support team writes, checked, hashed and ready to serve.
//!
//! Start with [`Bundle`]: everything a bot says, in one value. `model` has the types of each file.

mod bundle;
pub mod model;

pub use bundle::Bundle;
