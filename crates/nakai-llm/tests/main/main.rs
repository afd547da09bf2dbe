//! Every protocol against a provider that speaks it, well and badly.

mod embeddings;
mod faults;
mod golden;
mod protocols;
mod routes;
mod support;
