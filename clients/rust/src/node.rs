// SPDX-License-Identifier: Apache-2.0

//! Nodes of protocol trees, and occurrences of fields.

use std::borrow::Cow;

use crate::batch::{Batch, Field, Template};
use crate::label::derived_label;
use crate::v1::{self, LabelForm, NodeFlag, ValueKind};
use crate::value::Value;

/// A node of a protocol tree, or an occurrence of a field.
#[derive(Clone, Copy, Debug)]
pub struct Node<'a> {
    batch: &'a Batch,
    sources: &'a [v1::DataSource],
    template: &'a Template,
    layer: u32,
    start: i32,
    label_index: u32,
    string_index: u32,
    value: Value<'a>,
}

impl<'a> Node<'a> {
    /// Returns the field or protocol.
    #[must_use]
    pub fn field(&self) -> &'a Field {
        &self.template.field
    }

    /// Returns the name of the field in display filters, for example `ip.src`; `text`
    /// for a label without a field of its own.
    #[must_use]
    pub fn name(&self) -> &'a str {
        self.field().name()
    }

    /// Returns the value.
    #[must_use]
    pub fn value(&self) -> Value<'a> {
        self.value
    }

    /// Returns the exact bytes of a value that is a string.
    #[must_use]
    pub fn raw_string(&self) -> Option<&'a [u8]> {
        let is_string = self.template.value_kind == ValueKind::String;
        is_string.then(|| self.batch.raw_string(self.string_index))
    }

    /// Returns the text that Wireshark shows, without the brackets around generated
    /// nodes; nothing if labels weren't requested.
    #[must_use]
    pub fn label(&self) -> Option<Cow<'a, str>> {
        match self.template.label_form {
            LabelForm::Unspecified => None,
            LabelForm::Derived => {
                let suffix = self.batch.string(self.template.message.label_suffix_index);
                Some(derived_label(self.field(), &self.value, suffix))
            }
            _ => Some(Cow::Borrowed(self.batch.string(self.label_index))),
        }
    }

    /// Returns the depth in the tree, from 0.
    #[must_use]
    pub fn depth(&self) -> usize {
        self.template.message.depth as usize
    }

    /// Returns the number of the top node of the tree that this one belongs to: 1 is
    /// the protocol `frame`. It tells apart two requests in one frame, for example.
    #[must_use]
    pub fn layer(&self) -> u32 {
        self.layer
    }

    /// Returns the index of the data source that has the node's bytes, in
    /// [`Frame::sources`](crate::Frame::sources).
    #[must_use]
    pub fn source(&self) -> Option<usize> {
        (self.template.message.source_number as usize).checked_sub(1)
    }

    /// Returns the offset of the first byte in the data source.
    #[must_use]
    pub fn start(&self) -> i32 {
        self.start
    }

    /// Returns the number of bytes, which may reach beyond the captured ones.
    #[must_use]
    pub fn length(&self) -> i32 {
        self.template.message.length
    }

    /// Returns the node's bytes, as far as they were captured; nothing if they weren't
    /// requested.
    #[must_use]
    pub fn bytes(&self) -> Option<&'a [u8]> {
        let data: &'a [u8] = &self.sources.get(self.source()?)?.data;
        let rest = data.get(usize::try_from(self.start).ok()?..)?;
        let length = usize::try_from(self.length()).unwrap_or(0);
        Some(&rest[..length.min(rest.len())])
    }

    /// Returns the severity of expert information.
    #[must_use]
    pub fn severity(&self) -> v1::Severity {
        self.template.message.severity()
    }

    /// Returns the group of expert information.
    #[must_use]
    pub fn expert_group(&self) -> v1::ExpertGroup {
        self.template.message.expert_group()
    }

    /// Returns whether the node has a property.
    #[must_use]
    pub fn has(&self, flag: NodeFlag) -> bool {
        self.template.message.flags & flag as u32 != 0
    }
}

/// Iterates over the nodes of a list, and decodes each when it is reached.
#[derive(Clone, Debug)]
pub struct Nodes<'a> {
    batch: &'a Batch,
    sources: &'a [v1::DataSource],
    list: Option<&'a v1::NodeList>,
    /// Whether the list is a tree, whose layers are counted instead of sent.
    is_tree: bool,
    next: usize,
    start: i32,
    layer: u32,
    positions: Positions,
}

/// The next element of each array of a list.
#[derive(Clone, Debug, Default)]
struct Positions {
    labels: usize,
    uint32s: usize,
    uint64s: usize,
    sint32s: usize,
    sint64s: usize,
    doubles: usize,
    strings: usize,
    byte_strings: usize,
    times: usize,
}

/// Returns the next element of an array. Missing elements, which only a broken server
/// leaves out, are 0.
fn take<T: Copy + Default>(array: &[T], position: &mut usize) -> T {
    let element = array.get(*position).copied().unwrap_or_default();
    *position += 1;
    element
}

impl<'a> Nodes<'a> {
    pub(crate) fn fields(batch: &'a Batch, frame: &'a v1::Frame) -> Self {
        Self::new(batch, frame, frame.fields.as_ref(), false)
    }

    pub(crate) fn tree(batch: &'a Batch, frame: &'a v1::Frame) -> Self {
        let mut nodes = Self::new(batch, frame, frame.tree.as_ref(), true);
        // Layer 1 is the protocol `frame`, even in views that leave it out.
        let first = nodes.list.and_then(|list| list.template_indexes.first());
        let template = first.and_then(|index| batch.template(*index));
        if template.is_none_or(|template| template.field.name() != "frame") {
            nodes.layer = 1;
        }
        nodes
    }

    fn new(
        batch: &'a Batch,
        frame: &'a v1::Frame,
        list: Option<&'a v1::NodeList>,
        is_tree: bool,
    ) -> Self {
        Self {
            batch,
            sources: &frame.sources,
            list,
            is_tree,
            next: 0,
            start: 0,
            layer: 0,
            positions: Positions::default(),
        }
    }

    fn take_layer(&mut self, list: &v1::NodeList, depth: u32) -> u32 {
        if !self.is_tree {
            return list.layers.get(self.next).copied().unwrap_or_default();
        }
        if depth == 0 {
            self.layer += 1;
        }
        self.layer
    }

    fn take_value(&mut self, list: &'a v1::NodeList, node: &mut Node<'a>) {
        let kind = node.template.kind;
        let at = &mut self.positions;
        node.value = match node.template.value_kind {
            ValueKind::Unspecified => Value::None,
            ValueKind::Uint32 => {
                let number = take(&list.uint32_values, &mut at.uint32s);
                Value::from_unsigned(kind, number.into())
            }
            ValueKind::Uint64 => {
                Value::from_unsigned(kind, take(&list.uint64_values, &mut at.uint64s))
            }
            ValueKind::Sint32 => Value::Signed(take(&list.sint32_values, &mut at.sint32s).into()),
            ValueKind::Sint64 => Value::Signed(take(&list.sint64_values, &mut at.sint64s)),
            ValueKind::Double => Value::Double(take(&list.double_values, &mut at.doubles)),
            ValueKind::String => {
                node.string_index = take(&list.string_indexes, &mut at.strings);
                Value::Str(self.batch.string(node.string_index))
            }
            ValueKind::Bytes => {
                let index = take(&list.byte_string_indexes, &mut at.byte_strings);
                Value::from_bytes(kind, self.batch.byte_string(index))
            }
            ValueKind::Time => {
                let nanos = list.time_nanos.get(at.times).copied().unwrap_or_default();
                let seconds = take(&list.time_seconds, &mut at.times);
                Value::from_time(kind, seconds, nanos)
            }
            ValueKind::SourceBytes => Value::from_bytes(kind, node.bytes().unwrap_or_default()),
        };
    }
}

impl<'a> Iterator for Nodes<'a> {
    type Item = Node<'a>;

    fn next(&mut self) -> Option<Node<'a>> {
        let list = self.list?;
        let template = self.batch.template(*list.template_indexes.get(self.next)?)?;
        // Wraps around, as in the server.
        self.start = self.start.wrapping_add(template.message.start_change);
        let mut node = Node {
            batch: self.batch,
            sources: self.sources,
            template,
            layer: self.take_layer(list, template.message.depth),
            start: self.start,
            label_index: 0,
            string_index: 0,
            value: Value::None,
        };
        if matches!(template.label_form, LabelForm::Computed | LabelForm::Custom) {
            node.label_index = take(&list.label_indexes, &mut self.positions.labels);
        }
        self.take_value(list, &mut node);
        self.next += 1;
        Some(node)
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        let count = self.list.map_or(0, |list| list.template_indexes.len());
        (0, Some(count.saturating_sub(self.next)))
    }
}
