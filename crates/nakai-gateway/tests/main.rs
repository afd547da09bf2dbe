//! The gateway with fake services behind it: what a caller sees, what is kept, what never is.

#[expect(clippy::unwrap_used, reason = "a test that can't go on says so by breaking off")]
mod it {
    pub(crate) mod fakes;
    pub(crate) mod provider;
    pub(crate) mod sandbox;

    mod access;
    mod compatible;
    mod compatible_faults;
    mod conversations;
    mod idempotency;
    mod ledger;
    mod privacy;
    mod problems;
    mod routes;
    mod sockets;
    mod streams;
    mod versions;
    mod waiting;
}
