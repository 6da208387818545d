// SPDX-License-Identifier: Apache-2.0

//! Decodes the recorded streams that all clients decode, and compares the results with
//! the daemon's plain form.

use std::fs;
use std::path::{Path, PathBuf};

use dissectd::prost::Message;
use dissectd::v1::dissect_response::Kind;
use dissectd::v1::{DissectResponse, NodeFlag};
use dissectd::{ColumnBatch, Decoder};
use serde_json::{Value as Json, json};

mod plain;

fn vectors() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../conformance/vectors");
    let entries = fs::read_dir(folder).unwrap();
    let mut streams: Vec<PathBuf> = entries
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "stream"))
        .collect();
    streams.sort();
    streams
}

fn messages(path: &Path) -> Vec<Kind> {
    let stream = fs::read(path).unwrap();
    let mut rest = stream.as_slice();
    let mut kinds = Vec::new();
    while !rest.is_empty() {
        let message = DissectResponse::decode_length_delimited(&mut rest).unwrap();
        kinds.push(message.kind.unwrap());
    }
    kinds
}

fn compact(kinds: Vec<Kind>) -> Json {
    let mut decoder = Decoder::new();
    let mut frames = Vec::new();
    for kind in kinds {
        if let Kind::Batch(batch) = kind {
            frames.extend(decoder.decode(batch).map(|frame| plain::frame(&frame)));
        }
    }
    Json::Array(frames)
}

fn columnar(kinds: Vec<Kind>) -> Json {
    let batches: Vec<ColumnBatch> = kinds
        .into_iter()
        .filter_map(|kind| match kind {
            Kind::ColumnBatch(batch) => Some(batch.into()),
            _ => None,
        })
        .collect();
    let frames: Vec<u32> = batches.iter().flat_map(ColumnBatch::frame_numbers).copied().collect();
    let first = batches.first();
    let names = first.iter().flat_map(|batch| batch.fields()).map(|column| column.name());
    let fields = names.map(|name| plain::column(name, &batches));
    let count = first.map_or(0, |batch| batch.message().columns.len());
    let columns = (0..count)
        .map(|index| batches.iter().flat_map(|batch| batch.column(index)).collect::<Vec<_>>());
    json!({
        "frames": frames,
        "fields": fields.collect::<Vec<_>>(),
        "columns": columns.collect::<Vec<_>>(),
    })
}

/// Returns the first place where two documents differ, for people.
fn difference(path: &str, actual: &Json, expected: &Json) -> Option<String> {
    match (actual, expected) {
        (Json::Array(left), Json::Array(right)) if left.len() == right.len() => left
            .iter()
            .zip(right)
            .enumerate()
            .find_map(|(i, (a, b))| difference(&format!("{path}[{i}]"), a, b)),
        (Json::Object(left), Json::Object(right)) => {
            let mut names: Vec<&String> = left.keys().chain(right.keys()).collect();
            names.sort();
            names.dedup();
            names.into_iter().find_map(|name| {
                let [a, b] = [left, right].map(|map| map.get(name).unwrap_or(&Json::Null));
                difference(&format!("{path}.{name}"), a, b)
            })
        }
        _ if actual == expected => None,
        _ => Some(format!("{path}: {actual} instead of {expected}")),
    }
}

#[test]
fn all_vectors_decode_as_expected() {
    let streams = vectors();
    let mut wrong = Vec::new();
    for stream in &streams {
        let name = stream.file_stem().unwrap().to_str().unwrap();
        let kinds = messages(stream);
        let actual = if name.starts_with("columnar-") { columnar(kinds) } else { compact(kinds) };
        let expected = fs::read(stream.with_extension("json")).unwrap();
        let expected: Json = serde_json::from_slice(&expected).unwrap();
        wrong.extend(difference(name, &actual, &expected));
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(streams.len() > 20, "the vectors are missing");
}

#[test]
fn strings_keep_bytes_that_are_not_utf8() {
    let path = vectors().into_iter().find(|path| path.ends_with("values.stream")).unwrap();
    let mut decoder = Decoder::new();
    let frames = messages(&path).into_iter().filter_map(|kind| match kind {
        Kind::Batch(batch) => Some(decoder.decode(batch).collect::<Vec<_>>()),
        _ => None,
    });
    let frames: Vec<_> = frames.flatten().collect();
    let nodes = frames.iter().flat_map(|frame| frame.tree());
    let inexact: Vec<_> = nodes
        .filter_map(|node| Some((node.value().as_str()?, node.raw_string()?)))
        .filter(|(text, raw)| text.as_bytes() != *raw)
        .collect();
    assert!(!inexact.is_empty());
    for (text, raw) in inexact {
        assert_eq!(text, String::from_utf8_lossy(raw));
    }
}

#[test]
fn indexes_that_a_batch_does_not_have_are_harmless() {
    for stream in vectors() {
        let mut decoder = Decoder::new();
        for kind in messages(&stream) {
            let Kind::Batch(mut batch) = kind else { continue };
            batch.strings.truncate(1);
            batch.byte_strings.clear();
            batch.fields.clear();
            batch.node_templates.pop();
            for frame in decoder.decode(batch) {
                frame.tree().chain(frame.fields()).for_each(|node| {
                    assert_eq!(node.name(), "");
                    let _ = (node.label(), node.bytes(), node.has(NodeFlag::Hidden));
                });
            }
        }
    }
}
