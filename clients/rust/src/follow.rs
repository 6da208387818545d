// SPDX-License-Identifier: Apache-2.0

//! The bytes that the two sides of a stream have sent.

use crate::client::Client;
use crate::dissection::file_name;
use crate::error::{Error, Result};
use crate::v1::{self, analysis_source::Source, follow_stream_response::Kind};

/// The bytes of a stream, such as a TCP connection. What is missing in the capture is
/// replaced by a text in brackets that says so.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Followed {
    /// The endpoints, and a display filter for the frames.
    pub header: v1::FollowedStream,
    /// What the client has sent.
    pub client: Vec<u8>,
    /// What the server has sent.
    pub server: Vec<u8>,
    /// The parts of both sides, in their order.
    pub chunks: Vec<v1::StreamChunk>,
}

impl Client {
    /// Follows a stream of a file of the store (`files/` may be left out) or of a
    /// session: `follower` is `tcp` or another of Wireshark's, and `stream` the number of
    /// the stream. All bytes are kept in memory; for long streams, call the stub.
    ///
    /// # Errors
    /// [`Error::Call`] if there is no such file, follower or stream.
    pub async fn follow(&self, name: &str, follower: &str, stream: u32) -> Result<Followed> {
        let source = match name.split_once('/') {
            Some(("sessions", id)) if !id.contains('/') => Source::Session(name.to_owned()),
            _ => Source::File(file_name(name)),
        };
        let request = v1::FollowStreamRequest {
            source: Some(v1::AnalysisSource { source: Some(source), ..Default::default() }),
            follower: follower.to_owned(),
            selection: Some(v1::follow_stream_request::Selection::Stream(stream)),
            ..Default::default()
        };
        let wrong = |status| self.error(status);
        let response = self.analysis().follow_stream(request).await.map_err(wrong)?;
        let mut messages = response.into_inner();
        let mut result = Followed::default();
        while let Some(message) = messages.message().await.map_err(wrong)? {
            match message.kind {
                Some(Kind::Header(header)) => result.header = header,
                Some(Kind::Chunk(chunk)) => result.add(chunk),
                Some(Kind::End(end)) => return result.end(end),
                None => {}
            }
        }
        Err(Error::Unfinished)
    }
}

impl Followed {
    fn add(&mut self, chunk: v1::StreamChunk) {
        let side = if chunk.from_server { &mut self.server } else { &mut self.client };
        side.extend_from_slice(&chunk.data);
        self.chunks.push(chunk);
    }

    fn end(self, end: v1::AnalysisEnd) -> Result<Self> {
        end.read_error.map_or(Ok(self), |error| Err(Error::damaged(error)))
    }
}
