// SPDX-License-Identifier: Apache-2.0

//! A frame of a capture.

use std::fmt;
use std::sync::Arc;

use crate::batch::Batch;
use crate::node::{Node, Nodes};
use crate::time::Timestamp;
use crate::v1;
use crate::value::Value;

/// A frame, with the parts that the view requested.
///
/// It keeps its batch in memory, and decodes nodes when they are looked at.
#[derive(Clone)]
pub struct Frame {
    batch: Arc<Batch>,
    index: usize,
}

/// A run of bytes in which nodes have positions: the frame itself, or bytes that were
/// reassembled, decompressed or decrypted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DataSource<'a> {
    /// The description, for example `Frame (60 bytes)`.
    pub name: &'a str,
    /// The bytes, if the view requested them.
    pub data: &'a [u8],
    /// The number of captured bytes, even if they were not requested, or were cut.
    pub length: usize,
}

impl Frame {
    pub(crate) fn new(batch: Arc<Batch>, index: usize) -> Self {
        Self { batch, index }
    }

    /// Returns the message of the API, whose indexes refer to its batch.
    #[must_use]
    pub fn message(&self) -> &v1::Frame {
        &self.batch.frames()[self.index]
    }

    /// Returns the number in the capture, from 1.
    #[must_use]
    pub fn number(&self) -> u32 {
        self.message().number
    }

    /// Returns the time of capture, if the record has one.
    #[must_use]
    pub fn time(&self) -> Option<Timestamp> {
        self.message().time.map(Timestamp::from)
    }

    /// Returns the number of bytes captured.
    #[must_use]
    pub fn captured_length(&self) -> u32 {
        self.message().captured_length
    }

    /// Returns the number of bytes on the wire.
    #[must_use]
    pub fn original_length(&self) -> u32 {
        self.message().original_length
    }

    /// Returns the text of a column; empty if there is no such column.
    #[must_use]
    pub fn column(&self, index: usize) -> &str {
        let indexes = &self.message().column_indexes;
        indexes.get(index).map_or("", |index| self.batch.string(*index))
    }

    /// Returns the texts of the columns, in the order of the request.
    #[must_use]
    pub fn columns(&self) -> impl ExactSizeIterator<Item = &str> {
        let indexes = self.message().column_indexes.iter();
        indexes.map(|index| self.batch.string(*index))
    }

    /// Returns all occurrences of the fields that were requested, in the order of the
    /// tree.
    #[must_use]
    pub fn fields(&self) -> Nodes<'_> {
        Nodes::fields(&self.batch, self.message())
    }

    /// Returns the nodes of the protocol tree in pre-order: the children of a node
    /// follow it with a depth of one more.
    #[must_use]
    pub fn tree(&self) -> Nodes<'_> {
        Nodes::tree(&self.batch, self.message())
    }

    /// Returns the occurrences of a field among the requested ones, or in the tree if
    /// no fields were requested.
    pub fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = Node<'a>> {
        let nodes = if self.message().fields.is_some() { self.fields() } else { self.tree() };
        nodes.filter(move |node| node.name() == name)
    }

    /// Returns the first value of a field; see [`all`](Self::all).
    #[must_use]
    pub fn get<'a>(&'a self, name: &'a str) -> Option<Value<'a>> {
        self.all(name).next().map(|node| node.value())
    }

    /// Returns the data sources. The first one is the frame as captured.
    #[must_use]
    pub fn sources(&self) -> impl ExactSizeIterator<Item = DataSource<'_>> {
        self.message().sources.iter().map(|source| DataSource {
            name: self.batch.string(source.name_index),
            data: &source.data,
            length: source.length as usize,
        })
    }

    /// Returns the bytes of the frame as captured; empty if they weren't requested.
    #[must_use]
    pub fn data(&self) -> &[u8] {
        self.message().sources.first().map_or(&[], |source| &source.data)
    }

    /// Returns the index of the colouring rule in the stream's header, if the frame
    /// matches one.
    #[must_use]
    pub fn coloring_rule(&self) -> Option<usize> {
        (self.message().coloring_rule as usize).checked_sub(1)
    }
}

impl fmt::Debug for Frame {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Frame")
            .field("number", &self.number())
            .field("columns", &self.columns().collect::<Vec<_>>())
            .finish_non_exhaustive()
    }
}
