//! What tests of more than one crate need: real servers, started by the test that uses them.
//!
//! Never a dependency of the product, only a `dev-dependency`. A server here is the real program, on a free loopback port, with its
//! data in a temporary directory, gone when its value is dropped. Start with [`sandbox::Sandbox`] for a whole Nakai, or
//! [`postgres::PostgresServer`] for a database alone.

pub mod postgres;
pub mod sandbox;
