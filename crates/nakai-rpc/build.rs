//! Generates the protobuf types and gRPC stubs without `protoc`: the compiler is a Rust crate.

use std::{error::Error, path::Path};

fn main() -> Result<(), Box<dyn Error>> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../proto");
    let files = ["nakai/v1/common.proto", "nakai/v1/nlp.proto", "nakai/v1/dialogue.proto"];
    println!("cargo:rerun-if-changed={}", root.display());
    let descriptors = protox::compile(files.map(|file| root.join(file)), [&root])?;
    tonic_prost_build::configure()
        .bytes(".nakai.v1.InstallRequest.archive")
        // A draft is far larger than what is told before it.
        .boxed(".nakai.v1.RespondPiece.piece.draft")
        .boxed(".nakai.v1.RespondInput.input.request")
        // These carry what the customer typed: they must not be printable.
        .skip_debug([
            ".nakai.v1.AnalyseRequest",
            ".nakai.v1.TokensRequest",
            ".nakai.v1.Token",
            ".nakai.v1.TokenView",
            ".nakai.v1.Entity",
            ".nakai.v1.Analysis",
            ".nakai.v1.VaultEntry",
            ".nakai.v1.RespondRequest",
            ".nakai.v1.RespondInput",
        ])
        .compile_fds(descriptors)?;
    Ok(())
}
