// SPDX-License-Identifier: Apache-2.0

//! Converts decoded frames to the JSON of the plain form.

use base64::Engine;
use dissectd::prost_types;
use dissectd::v1::{ExpertGroup, NodeFlag, Severity};
use dissectd::{ColumnBatch, Frame, Interval, Node, Timestamp, Value};
use serde_json::{Map, Value as Json, json};

const NANOS_PER_SECOND: i128 = 1_000_000_000;
const FIRST_SECOND: i64 = -62_135_596_800;
const LAST_SECOND: i64 = 253_402_300_799;

/// Builds an object without members that have the default value of protobuf.
#[derive(Default)]
struct Object(Map<String, Json>);

impl Object {
    fn set(&mut self, name: &str, value: impl Into<Json>) {
        let value = value.into();
        let is_default = match &value {
            Json::Null => true,
            Json::Bool(value) => !value,
            Json::Number(number) => number.as_i64() == Some(0),
            Json::String(text) => text.is_empty(),
            Json::Array(items) => items.is_empty(),
            Json::Object(_) => false,
        };
        if !is_default {
            self.set_always(name, value);
        }
    }

    fn set_always(&mut self, name: &str, value: impl Into<Json>) {
        self.0.insert(name.to_owned(), value.into());
    }
}

pub fn frame(frame: &Frame) -> Json {
    let mut object = Object::default();
    object.set("number", frame.number());
    object.set("time", frame.time().and_then(time_text));
    object.set("capturedLength", frame.captured_length());
    object.set("originalLength", frame.original_length());
    object.set("columns", frame.columns().collect::<Vec<_>>());
    object.set("fields", frame.fields().map(|field| node(&field)).collect::<Vec<_>>());
    object.set("tree", frame.tree().map(|item| node(&item)).collect::<Vec<_>>());
    let sources = frame.sources().map(|source| {
        let mut object = Object::default();
        object.set("name", source.name);
        object.set("data", base64(source.data));
        object.set("length", source.length);
        Json::Object(object.0)
    });
    object.set("sources", sources.collect::<Vec<_>>());
    object.set("coloringRule", frame.coloring_rule().map(|rule| rule + 1));
    Json::Object(object.0)
}

fn node(node: &Node) -> Json {
    let mut object = Object::default();
    object.set("name", node.name());
    object.set("depth", node.depth());
    object.set("layer", node.layer());
    if let Some(label) = node.label() {
        object.set_always("label", label);
    }
    if let Some((name, value)) = value(&node.value()) {
        object.set_always(name, value);
    }
    object.set("sourceNumber", node.source().map(|source| source + 1));
    object.set("start", node.start());
    object.set("length", node.length());
    if node.severity() != Severity::Unspecified {
        object.set("severity", node.severity().as_str_name());
    }
    if node.expert_group() != ExpertGroup::Unspecified {
        object.set("expertGroup", node.expert_group().as_str_name());
    }
    object.set("hidden", node.has(NodeFlag::Hidden));
    object.set("generated", node.has(NodeFlag::Generated));
    object.set("childrenOmitted", node.has(NodeFlag::ChildrenOmitted));
    object.set("valueCut", node.has(NodeFlag::ValueCut));
    Json::Object(object.0)
}

/// Returns the member that has a value, and its JSON.
fn value(value: &Value) -> Option<(&'static str, Json)> {
    Some(match *value {
        Value::Bool(value) => ("boolValue", value.into()),
        Value::Unsigned(number) => match u32::try_from(number) {
            Ok(number) => ("uint32Value", number.into()),
            Err(_) => ("uint64Value", number.to_string().into()),
        },
        Value::Signed(number) => match i32::try_from(number) {
            Ok(number) => ("sint32Value", number.into()),
            Err(_) => ("sint64Value", number.to_string().into()),
        },
        Value::Double(number) => ("doubleValue", double(number)),
        Value::Str(text) => ("stringValue", text.into()),
        Value::Bytes(bytes) => ("bytesValue", base64(bytes).into()),
        Value::Ip(_) | Value::Mac(_) | Value::Address(_) => {
            ("addressValue", value.to_string().into())
        }
        Value::Time(time) => ("timeValue", time_text(time)?.into()),
        Value::Interval(interval) => ("durationValue", duration_text(interval).into()),
        _ => return None,
    })
}

/// Returns the field with a name of all batches in the form of columnar vectors.
pub fn column(name: &str, batches: &[ColumnBatch]) -> Json {
    let columns = || batches.iter().map(|batch| batch.field(name).unwrap());
    let values = columns().flat_map(|column| {
        column.rows().map(|row| row.iter().map(column_value).collect()).collect::<Vec<Json>>()
    });
    let mut before = 0;
    let mut truncated = Vec::new();
    for column in columns() {
        truncated.extend(column.message().truncated_indexes.iter().map(|i| before + *i as usize));
        before += column.values().count();
    }
    json!({"name": name, "values": values.collect::<Vec<_>>(), "truncated": truncated})
}

fn column_value(item: &Value) -> Json {
    let nanoseconds = |seconds: i64, nanos: i32| {
        (i128::from(seconds) * NANOS_PER_SECOND + i128::from(nanos)).to_string().into()
    };
    match item {
        Value::Time(time) => nanoseconds(time.seconds, time.nanos),
        Value::Interval(interval) => nanoseconds(interval.seconds, interval.nanos),
        _ => value(item).map_or(Json::Null, |(_, json)| json),
    }
}

fn double(number: f64) -> Json {
    if number.is_nan() {
        return "NaN".into();
    }
    if number.is_infinite() {
        return if number > 0.0 { "Infinity" } else { "-Infinity" }.into();
    }
    number.into()
}

fn base64(bytes: &[u8]) -> String {
    base64::engine::general_purpose::STANDARD.encode(bytes)
}

/// Returns a time as protobuf's JSON writes it; nothing outside the years 1 to 9999.
fn time_text(time: Timestamp) -> Option<String> {
    let Timestamp { seconds, nanos } = time;
    let regular =
        (FIRST_SECOND..=LAST_SECOND).contains(&seconds) && (0..1_000_000_000).contains(&nanos);
    regular.then(|| prost_types::Timestamp { seconds, nanos }.to_string())
}

fn duration_text(interval: Interval) -> String {
    let Interval { seconds, nanos } = interval;
    prost_types::Duration { seconds, nanos }.to_string()
}
