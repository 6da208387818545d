// SPDX-License-Identifier: Apache-2.0

//! A client of dissectd: Wireshark's dissection and capture as a gRPC service.
//!
//! ```no_run
//! # async fn run() -> dissectd::Result<()> {
//! let client = dissectd::connect("localhost:50051").await?;
//! let mut frames = client.read("dns.pcap").filter("dns").fields(["dns.qry.name"]).frames().await?;
//! while let Some(frame) = frames.try_next().await? {
//!     println!("{} {}", frame.number(), frame.get("dns.qry.name").unwrap_or_default());
//! }
//! # Ok(())
//! # }
//! ```
//!
//! Frames arrive in the compact form of the API, and are decoded when they are looked
//! at: a [`Frame`] has [`Node`]s, and a node has a [`Value`] of the type that its field
//! has. Whatever has no method here can be called by the generated stubs, which
//! [`Client`] makes, with the messages in [`v1`].

mod address;
mod batch;
mod capture;
mod client;
mod columnar;
mod decoder;
mod dissection;
mod error;
mod files;
mod follow;
mod frame;
mod frames;
mod label;
mod node;
mod time;
mod value;

/// The API's messages and stubs, generated from its `.proto` files, whose comments are
/// the manual.
#[allow(
    missing_docs,
    clippy::all,
    clippy::pedantic,
    rustdoc::bare_urls,
    rustdoc::broken_intra_doc_links,
    rustdoc::invalid_html_tags
)]
pub mod v1 {
    tonic::include_proto!("dissectd.v1");
}

pub use address::{Address, MacAddress};
pub use batch::Field;
pub use capture::Capture;
pub use client::{Client, Connector, Transport, connect};
pub use columnar::{Column, ColumnBatch, ColumnBatches};
pub use decoder::Decoder;
pub use dissection::Dissection;
pub use error::{Error, Failure, Result};
pub use files::Upload;
pub use follow::Followed;
pub use frame::{DataSource, Frame};
pub use frames::{Frames, Gap};
pub use node::{Node, Nodes};
pub use time::{Interval, Timestamp};
pub use value::Value;

/// Checks the example of the front page.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;

// These crates' types are part of this one's interface.
pub use prost;
pub use prost_types;
pub use tonic;
