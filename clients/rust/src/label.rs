// SPDX-License-Identifier: Apache-2.0

//! Labels that the server doesn't send, because clients can derive them.

use std::borrow::Cow;

use crate::batch::Field;
use crate::v1::{FieldDisplay, FieldType};
use crate::value::Value;

/// Returns the label of a node with `LABEL_FORM_DERIVED`.
pub(crate) fn derived_label<'a>(field: &'a Field, value: &Value<'_>, suffix: &str) -> Cow<'a, str> {
    let name = field.display_name();
    match value {
        Value::None => Cow::Borrowed(name),
        Value::Unsigned(number) => {
            let number = number_text(field, *number);
            Cow::Owned(format!("{name}: {number}{suffix}"))
        }
        Value::Interval(interval) => Cow::Owned(format!("{name}: {interval} seconds{suffix}")),
        _ => Cow::Owned(format!("{name}: {value}{suffix}")),
    }
}

fn number_text(field: &Field, number: u64) -> String {
    // Two digits for each byte, after `0x`.
    let width = match field.kind() {
        FieldType::Uint8 => 4,
        FieldType::Uint16 => 6,
        FieldType::Uint24 => 8,
        _ => 10,
    };
    match field.message().display() {
        FieldDisplay::Hex => format!("{number:#0width$x}"),
        FieldDisplay::HexDec => format!("{number:#0width$x} ({number})"),
        FieldDisplay::DecHex => format!("{number} ({number:#0width$x})"),
        _ => number.to_string(),
    }
}
