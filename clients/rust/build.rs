// SPDX-License-Identifier: Apache-2.0

//! Generates messages and stubs from the API's `.proto` files.

use std::{fs, io, path::PathBuf};

use tonic_prost_build::Config;

fn main() -> io::Result<()> {
    println!("cargo:rerun-if-changed=proto");
    let mut files = fs::read_dir("proto/dissectd/v1")?
        .map(|entry| entry.map(|entry| entry.path()))
        .filter(|path| {
            path.as_ref().map_or(true, |path| path.extension().is_some_and(|e| e == "proto"))
        })
        .collect::<io::Result<Vec<PathBuf>>>()?;
    files.sort();
    let mut config = Config::new();
    // Values then refer to the received message, and aren't copied.
    config.bytes(["."]);
    // Its comment has an example in Python, which would be taken for one in Rust.
    config.disable_comments([".dissectd.v1.NodeList"]);
    tonic_prost_build::configure().build_server(false).compile_with_config(
        config,
        &files,
        &[PathBuf::from("proto")],
    )
}
