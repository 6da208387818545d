// SPDX-License-Identifier: Apache-2.0

//! Decodes the messages of a stream, wherever they come from.

use std::sync::Arc;

use crate::batch::{Batch, FieldTable};
use crate::frame::Frame;
use crate::v1;

/// Decodes the batches of one stream in the compact form, in their order.
///
/// [`Frames`](crate::Frames) does this for calls. A program that has stored messages
/// needs it for them.
#[derive(Debug)]
pub struct Decoder {
    fields: FieldTable,
}

impl Decoder {
    /// Returns a decoder for a new stream.
    #[must_use]
    pub fn new() -> Self {
        Self { fields: FieldTable::new() }
    }

    /// Returns the frames of the next batch.
    pub fn decode(
        &mut self,
        batch: v1::FrameBatch,
    ) -> impl ExactSizeIterator<Item = Frame> + use<> {
        let batch = Arc::new(Batch::new(batch, &mut self.fields));
        (0..batch.frames().len()).map(move |index| Frame::new(Arc::clone(&batch), index))
    }
}

impl Default for Decoder {
    fn default() -> Self {
        Self::new()
    }
}
