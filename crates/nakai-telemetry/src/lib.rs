//! What Nakai says of itself: log lines with Elastic Common Schema field names, metrics for Prometheus.
//!
//! Everything worth telling is a struct in [`events`] with one `emit`, which logs and counts; other crates use neither metric macros
//! nor free-form fields, so that the reference of fields and metrics stays complete. Events take screened text and ids only.
//!
//! Start with [`events`]; [`logging::init`] and [`metrics::install`] are called once by the binary.

pub mod events;
pub mod logging;
pub mod metrics;
mod model_calls;
mod writer;
