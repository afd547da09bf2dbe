//! The service traits over gRPC: clients that implement [`Nlp`] and [`Dialogue`], and a server that exposes any implementation.
//!
//! Protobuf types never leave this crate: whoever holds an `Arc<dyn Nlp>` can't tell whether the service runs in the same process.
//! The crate knows nothing of what the services do.
//!
//! Start with [`NlpClient`] and [`RpcServer`]; `pool` balances over several addresses, `status` carries errors across.
//!
//! [`Nlp`]: nakai_ports::Nlp
//! [`Dialogue`]: nakai_ports::Dialogue

mod client;
mod config;
mod convert;
mod pool;
mod server;
mod status;

pub use client::{DialogueClient, NlpClient};
pub use config::{RpcConfig, RpcError, TlsFiles};
pub use pool::Target;
pub use server::RpcServer;

/// What `build.rs` generates from `proto/`.
#[expect(
    unreachable_pub,
    clippy::allow_attributes,
    reason = "generated from proto/, where the comments are"
)]
mod proto {
    use std::fmt;

    tonic::include_proto!("nakai.v1");

    macro_rules! silent_debug {
        ($($name:ident),*) => {
            $(impl fmt::Debug for $name {
                fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                    f.write_str(concat!(stringify!($name), "(..)"))
                }
            })*
        };
    }
    silent_debug!(
        AnalyseRequest,
        TokensRequest,
        Token,
        TokenView,
        Entity,
        Analysis,
        VaultEntry,
        RespondRequest
    );
}

/// The largest message: a packed bundle. Everything else is a few kilobytes.
const MAX_MESSAGE_BYTES: usize = 96 << 20;
