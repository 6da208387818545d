// SPDX-License-Identifier: Apache-2.0

//! A batch of frames with its tables resolved.

use std::collections::HashMap;
use std::sync::Arc;

use prost::bytes::Bytes;

use crate::v1;

/// The largest id of a field, so that a broken server can't make the table huge.
const MAX_FIELD_ID: u32 = 1 << 22;

/// A field or protocol, as it is registered with Wireshark.
#[derive(Clone, Debug, PartialEq)]
pub struct Field {
    message: v1::Field,
}

impl Field {
    /// Returns the name in display filters, for example `ip.src`.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.message.name
    }

    /// Returns the name for people, for example `Source Address`.
    #[must_use]
    pub fn display_name(&self) -> &str {
        &self.message.display_name
    }

    /// Returns the type of its values.
    #[must_use]
    pub fn kind(&self) -> v1::FieldType {
        self.message.r#type()
    }

    /// Returns the filter name of its protocol; empty for protocols.
    #[must_use]
    pub fn protocol(&self) -> &str {
        &self.message.protocol
    }

    /// Returns all that the stream says about the field.
    #[must_use]
    pub fn message(&self) -> &v1::Field {
        &self.message
    }
}

/// The fields of a stream by their ids. Batches define those that they are the first
/// to use.
#[derive(Debug)]
pub(crate) struct FieldTable {
    fields: Vec<Option<Arc<Field>>>,
    unknown: Arc<Field>,
}

impl FieldTable {
    pub(crate) fn new() -> Self {
        let message = v1::Field::default();
        Self { fields: Vec::new(), unknown: Arc::new(Field { message }) }
    }

    fn add(&mut self, definition: v1::FieldDefinition) {
        if definition.id > MAX_FIELD_ID {
            return;
        }
        let index = definition.id as usize;
        if index >= self.fields.len() {
            self.fields.resize(index + 1, None);
        }
        let message = definition.field.unwrap_or_default();
        self.fields[index] = Some(Arc::new(Field { message }));
    }

    /// Returns a field without a name if the id has no definition, which only a broken
    /// server sends.
    fn get(&self, id: u32) -> Arc<Field> {
        let known = self.fields.get(id as usize).and_then(Option::as_ref);
        Arc::clone(known.unwrap_or(&self.unknown))
    }
}

/// The properties that nodes share.
#[derive(Debug)]
pub(crate) struct Template {
    pub field: Arc<Field>,
    pub kind: v1::FieldType,
    pub value_kind: v1::ValueKind,
    pub label_form: v1::LabelForm,
    pub message: v1::NodeTemplate,
}

/// A batch of frames. Indexes that the batch doesn't have, which only a broken server
/// sends, give empty results.
#[derive(Debug)]
pub(crate) struct Batch {
    message: v1::FrameBatch,
    templates: Vec<Template>,
    raw_strings: HashMap<u32, Bytes>,
}

impl Batch {
    pub(crate) fn new(mut message: v1::FrameBatch, fields: &mut FieldTable) -> Self {
        for definition in message.fields.drain(..) {
            fields.add(definition);
        }
        let templates = message.node_templates.drain(..).map(|template| {
            let field = fields.get(template.field_id);
            Template {
                kind: field.kind(),
                field,
                value_kind: template.value_kind(),
                label_form: template.label_form(),
                message: template,
            }
        });
        let templates = templates.collect();
        let raw = message.raw_strings.drain(..);
        let raw_strings = raw.map(|raw| (raw.index, raw.value)).collect();
        Self { message, templates, raw_strings }
    }

    pub(crate) fn frames(&self) -> &[v1::Frame] {
        &self.message.frames
    }

    pub(crate) fn string(&self, index: u32) -> &str {
        let strings = &self.message.strings;
        strings.get(index as usize).map_or("", String::as_str)
    }

    /// Returns the exact bytes of a string, which needn't be UTF-8.
    pub(crate) fn raw_string(&self, index: u32) -> &[u8] {
        let raw = self.raw_strings.get(&index);
        raw.map_or(self.string(index).as_bytes(), |raw| raw)
    }

    pub(crate) fn byte_string(&self, index: u32) -> &[u8] {
        let strings = &self.message.byte_strings;
        strings.get(index as usize).map_or(&[], |bytes| bytes)
    }

    pub(crate) fn template(&self, index: u32) -> Option<&Template> {
        self.templates.get(index as usize)
    }
}
