//! What may be kept and shown: screening of what customers type, and restoring for the customer what screening took out.
//!
//! Pure logic: text in, text out, no I/O, no clock. Start with [`screen`], the one place where [`RawText`] becomes [`Screened`].
//!
//! [`RawText`]: nakai_types::RawText
//! [`Screened`]: nakai_types::Screened

mod detect;
mod folded;
mod restore;
mod screen;

pub use restore::restore;
pub use screen::{Screening, screen, screen_text};
