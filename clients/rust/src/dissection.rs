// SPDX-License-Identifier: Apache-2.0

//! Requests to dissect a capture.

use std::ops::{Bound, RangeBounds};

use crate::client::Client;
use crate::columnar::ColumnBatches;
use crate::error::Result;
use crate::frames::Frames;
use crate::v1::dissect_request::Source;
use crate::v1::{self, ByteDetail, Form, TreeDetail};

/// A request to dissect a capture, to which the wanted parts of frames are added.
#[derive(Clone)]
#[must_use = "nothing is read before frames() or batches() is called"]
pub struct Dissection {
    client: Client,
    request: v1::DissectRequest,
}

fn source_of(name: &str) -> Source {
    match name.split_once('/') {
        // A folder of the store may have the same name.
        Some(("captures", id)) if !id.contains('/') => Source::Capture(name.to_owned()),
        Some(("sessions", id)) if !id.contains('/') => Source::Session(name.to_owned()),
        _ => Source::File(file_name(name)),
    }
}

/// Returns the resource name of a file, of which `files/` may be left out.
pub(crate) fn file_name(name: &str) -> String {
    if name.starts_with("files/") { name.to_owned() } else { format!("files/{name}") }
}

fn strings(texts: impl IntoIterator<Item = impl Into<String>>) -> Vec<String> {
    texts.into_iter().map(Into::into).collect()
}

impl Dissection {
    pub(crate) fn new(client: Client, name: &str) -> Self {
        let source = Some(source_of(name));
        let view = Some(v1::View::default());
        Self { client, request: v1::DissectRequest { source, view, ..Default::default() } }
    }

    /// Changes the request directly, for all that has no method here.
    pub fn with(mut self, change: impl FnOnce(&mut v1::DissectRequest)) -> Self {
        change(&mut self.request);
        self
    }

    fn view(mut self, change: impl FnOnce(&mut v1::View)) -> Self {
        change(self.request.view.get_or_insert_default());
        self
    }

    fn range(self, change: impl FnOnce(&mut v1::FrameRange)) -> Self {
        self.view(|view| change(view.range.get_or_insert_default()))
    }

    /// Sends only frames that pass a display filter.
    pub fn filter(self, filter: impl Into<String>) -> Self {
        self.view(|view| view.display_filter = filter.into())
    }

    /// Fills in columns, by Wireshark's formats, such as `%s` for the source.
    pub fn columns(self, formats: impl IntoIterator<Item = impl Into<String>>) -> Self {
        let column = |format| v1::Column { format, ..Default::default() };
        let columns = strings(formats).into_iter().map(column).collect();
        self.view(|view| {
            view.columns = Some(v1::ColumnSelection { columns, ..Default::default() });
        })
    }

    /// Sends all occurrences of fields, by their names in display filters.
    pub fn fields(self, names: impl IntoIterator<Item = impl Into<String>>) -> Self {
        self.view(|view| view.fields = strings(names))
    }

    /// Sends whole protocol trees with labels.
    pub fn tree(self) -> Self {
        self.view(|view| {
            view.set_tree(TreeDetail::Full);
            view.labels = true;
        })
    }

    /// Sends the bytes of all data sources.
    pub fn bytes(self) -> Self {
        self.view(|view| view.set_bytes(ByteDetail::AllSources))
    }

    /// Sends only frames with these numbers.
    pub fn numbers(self, numbers: impl RangeBounds<u32>) -> Self {
        let first = match numbers.start_bound() {
            Bound::Included(first) => *first,
            Bound::Excluded(before) => before.saturating_add(1),
            Bound::Unbounded => 1,
        };
        let last = match numbers.end_bound() {
            Bound::Included(last) => Some(*last),
            Bound::Excluded(after) => Some(after.saturating_sub(1)),
            Bound::Unbounded => None,
        };
        // As a last number, 0 would mean up to the end.
        let (first, last) = if last == Some(0) { (2, Some(1)) } else { (first, last) };
        self.range(|range| {
            range.first_frame = first;
            range.last_frame = last.unwrap_or_default();
        })
    }

    /// Ends after this number of frames was sent.
    pub fn limit(self, frames: u32) -> Self {
        self.range(|range| range.limit = frames)
    }

    /// Reads the capture twice, so that frames can refer to later ones: tshark's `-2`.
    pub fn two_pass(self) -> Self {
        self.with(|request| request.options.get_or_insert_default().two_pass = true)
    }

    /// Sets a preference: tshark's `-o NAME:VALUE`.
    pub fn preference(self, name: impl Into<String>, value: impl Into<String>) -> Self {
        let setting =
            v1::PreferenceSetting { name: name.into(), value: value.into(), ..Default::default() };
        self.with(|request| request.options.get_or_insert_default().preferences.push(setting))
    }

    /// Begins to read, and returns a stream of frames.
    ///
    /// # Errors
    /// [`Error::Call`](crate::Error::Call) if the request can't be met, for example
    /// because of a wrong filter.
    pub async fn frames(self) -> Result<Frames> {
        let request = self.view(|view| view.set_form(Form::Compact));
        Frames::open(&request.client, request.request).await
    }

    /// Begins to read, and returns a stream of batches with an array for each field and
    /// column: the fastest form of a few fields of very many frames.
    ///
    /// # Errors
    /// As [`frames`](Self::frames).
    pub async fn batches(self) -> Result<ColumnBatches> {
        let request = self.view(|view| view.set_form(Form::Columnar));
        ColumnBatches::open(&request.client, request.request).await
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_those_of_files_unless_they_say_otherwise() {
        let file = |name: &str| Source::File(name.to_owned());
        assert_eq!(source_of("a/b.pcap"), file("files/a/b.pcap"));
        assert_eq!(source_of("files/a.pcap"), file("files/a.pcap"));
        assert_eq!(source_of("captures/a/b.pcap"), file("files/captures/a/b.pcap"));
        assert_eq!(source_of("captures/a"), Source::Capture("captures/a".to_owned()));
        assert_eq!(source_of("sessions/a"), Source::Session("sessions/a".to_owned()));
    }
}
