// SPDX-License-Identifier: Apache-2.0

//! Frames in the columnar form: one array for each field and column.

use std::future;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use futures_core::Stream;

use crate::client::Client;
use crate::error::Result;
use crate::frames::Responses;
use crate::v1::{self, ColumnValueKind, FieldType, dissect_response::Kind};
use crate::value::Value;

const NANOS_PER_SECOND: i64 = 1_000_000_000;

/// A stream of batches of frames in the columnar form.
#[must_use = "streams do nothing unless they are polled"]
pub struct ColumnBatches {
    responses: Responses,
}

/// A batch of frames in the columnar form.
#[derive(Clone, Debug, PartialEq)]
pub struct ColumnBatch {
    message: v1::ColumnBatch,
}

/// The values of one field in all frames of a batch.
#[derive(Clone, Copy, Debug)]
pub struct Column<'a> {
    batch: &'a v1::ColumnBatch,
    message: &'a v1::FieldColumn,
}

impl ColumnBatches {
    pub(crate) async fn open(client: &Client, request: v1::DissectRequest) -> Result<Self> {
        Ok(Self { responses: Responses::open(client, request).await? })
    }

    /// Returns the next batch; nothing at the end.
    ///
    /// # Errors
    /// If the call has failed, or the capture is damaged.
    pub async fn try_next(&mut self) -> Result<Option<ColumnBatch>> {
        future::poll_fn(|context| Pin::new(&mut *self).poll_next(context)).await.transpose()
    }
}

impl Stream for ColumnBatches {
    type Item = Result<ColumnBatch>;

    fn poll_next(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let responses = &mut self.get_mut().responses;
        loop {
            match ready!(responses.poll_next(context)) {
                Some(Ok(Kind::ColumnBatch(message))) => {
                    return Poll::Ready(Some(Ok(ColumnBatch { message })));
                }
                Some(Ok(_)) => {}
                Some(Err(error)) => return Poll::Ready(Some(Err(error))),
                None => return Poll::Ready(None),
            }
        }
    }
}

impl From<v1::ColumnBatch> for ColumnBatch {
    fn from(message: v1::ColumnBatch) -> Self {
        Self { message }
    }
}

impl ColumnBatch {
    /// Returns the number of each frame in the capture.
    #[must_use]
    pub fn frame_numbers(&self) -> &[u32] {
        &self.message.frame_numbers
    }

    /// Returns the fields, in the order of the request.
    #[must_use]
    pub fn fields(&self) -> impl ExactSizeIterator<Item = Column<'_>> {
        let batch = &self.message;
        batch.fields.iter().map(move |message| Column { batch, message })
    }

    /// Returns a field by its name in the request.
    #[must_use]
    pub fn field(&self, name: &str) -> Option<Column<'_>> {
        self.fields().find(|column| column.name() == name)
    }

    /// Returns the texts of a column, one for each frame; nothing if there is no such
    /// column.
    pub fn column(&self, index: usize) -> impl Iterator<Item = &str> {
        let column = self.message.columns.get(index);
        let indexes = column.map_or(&[][..], |column| &column.string_indexes);
        indexes.iter().map(|index| string(&self.message, *index))
    }

    /// Returns the message of the API, whose arrays can be handed on without copies.
    #[must_use]
    pub fn message(&self) -> &v1::ColumnBatch {
        &self.message
    }
}

fn string(batch: &v1::ColumnBatch, index: u32) -> &str {
    batch.strings.get(index as usize).map_or("", String::as_str)
}

impl<'a> Column<'a> {
    /// Returns the name of the field in display filters.
    #[must_use]
    pub fn name(&self) -> &'a str {
        &self.message.name
    }

    /// Returns the type of the values.
    #[must_use]
    pub fn kind(&self) -> FieldType {
        self.message.r#type()
    }

    /// Returns the message of the API, with the arrays.
    #[must_use]
    pub fn message(&self) -> &'a v1::FieldColumn {
        self.message
    }

    /// Returns the number of occurrences in each frame.
    pub fn counts(&self) -> impl Iterator<Item = usize> + use<'a> {
        let counts = &self.message.counts;
        let frames = 0..self.batch.frame_numbers.len();
        // Left out if each frame has exactly one.
        let one_each = counts.is_empty();
        frames.map(
            move |frame| {
                if one_each { 1 } else { counts.get(frame).map_or(0, |count| *count as usize) }
            },
        )
    }

    /// Returns the values of all frames, one after the other.
    pub fn values(&self) -> impl Iterator<Item = Value<'a>> + use<'a> {
        let column = *self;
        let mut position = 0;
        let total: usize = column.counts().sum();
        (0..total).map(move |index| column.value(index, &mut position))
    }

    /// Returns the values of each frame.
    pub fn rows(&self) -> impl Iterator<Item = Vec<Value<'a>>> + use<'a> {
        let mut values = self.values();
        self.counts().map(move |count| values.by_ref().take(count).collect())
    }

    /// `position` is that of the next value in `byte_data`.
    fn value(&self, index: usize, position: &mut usize) -> Value<'a> {
        let (message, kind) = (self.message, self.kind());
        match message.value_kind() {
            ColumnValueKind::Unspecified => Value::None,
            ColumnValueKind::Uint32 => {
                Value::from_unsigned(kind, element(&message.uint32_values, index).into())
            }
            ColumnValueKind::Uint64 => {
                Value::from_unsigned(kind, element(&message.uint64_values, index))
            }
            ColumnValueKind::Sint32 => Value::Signed(element(&message.sint32_values, index).into()),
            ColumnValueKind::Sint64 => Value::Signed(element(&message.sint64_values, index)),
            ColumnValueKind::Double => Value::Double(element(&message.double_values, index)),
            ColumnValueKind::String => {
                Value::Str(string(self.batch, element(&message.string_indexes, index)))
            }
            ColumnValueKind::Bytes => Value::from_bytes(kind, self.bytes(index, position)),
            ColumnValueKind::Nanoseconds => {
                time_value(kind, element(&message.sint64_values, index))
            }
        }
    }

    fn bytes(&self, index: usize, position: &mut usize) -> &'a [u8] {
        let lengths = &self.message.byte_lengths;
        let length = lengths.get(index).copied().unwrap_or(self.message.byte_width) as usize;
        let data = &self.message.byte_data;
        let start = (*position).min(data.len());
        *position = start.saturating_add(length).min(data.len());
        &data[start..*position]
    }
}

/// Returns an element; missing ones, which only a broken server leaves out, are 0.
fn element<T: Copy + Default>(array: &[T], index: usize) -> T {
    array.get(index).copied().unwrap_or_default()
}

fn time_value<'a>(kind: FieldType, nanoseconds: i64) -> Value<'a> {
    let (seconds, nanos) = (nanoseconds / NANOS_PER_SECOND, nanoseconds % NANOS_PER_SECOND);
    let nanos = i32::try_from(nanos).unwrap_or_default();
    Value::from_time(kind, seconds, nanos)
}
