// SPDX-License-Identifier: Apache-2.0

//! The stream of a dissection's frames.

use std::ops::RangeInclusive;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::{future, vec};

use futures_core::Stream;

use crate::client::Client;
use crate::decoder::Decoder;
use crate::error::{Error, Result};
use crate::frame::Frame;
use crate::v1::{self, dissect_response::Kind};

/// A stream of frames. If it is dropped, the daemon stops to dissect.
///
/// The last item is an error if the call fails, or the capture is damaged: all frames
/// before that were delivered. Frames that can't be delivered are [`gaps`](Self::gaps).
#[must_use = "streams do nothing unless they are polled"]
pub struct Frames {
    responses: Responses,
    decoder: Decoder,
    ready: vec::IntoIter<Frame>,
}

/// Frames that are missing in a stream.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum Gap {
    /// Dissecting a frame crashed the daemon's worker, which was replaced.
    Crashed(v1::Crash),
    /// A ring buffer deleted frames before they were read.
    Lost(RangeInclusive<u32>),
}

impl Frames {
    pub(crate) async fn open(client: &Client, request: v1::DissectRequest) -> Result<Self> {
        let responses = Responses::open(client, request).await?;
        Ok(Self { responses, decoder: Decoder::new(), ready: Vec::new().into_iter() })
    }

    /// Returns what is known about the whole stream, such as its columns.
    #[must_use]
    pub fn header(&self) -> &v1::StreamHeader {
        &self.responses.header
    }

    /// Returns the frames that are missing so far.
    #[must_use]
    pub fn gaps(&self) -> &[Gap] {
        &self.responses.gaps
    }

    /// Returns the totals, once the stream has ended.
    #[must_use]
    pub fn end(&self) -> Option<&v1::StreamEnd> {
        self.responses.end.as_ref()
    }

    /// Returns the next frame; nothing at the end.
    ///
    /// # Errors
    /// If the call has failed, or the capture is damaged.
    pub async fn try_next(&mut self) -> Result<Option<Frame>> {
        future::poll_fn(|context| Pin::new(&mut *self).poll_next(context)).await.transpose()
    }
}

impl Stream for Frames {
    type Item = Result<Frame>;

    fn poll_next(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let this = self.get_mut();
        loop {
            if let Some(frame) = this.ready.next() {
                return Poll::Ready(Some(Ok(frame)));
            }
            match ready!(this.responses.poll_next(context)) {
                Some(Ok(Kind::Batch(batch))) => {
                    this.ready = this.decoder.decode(batch).collect::<Vec<_>>().into_iter();
                }
                Some(Ok(_)) => {}
                Some(Err(error)) => return Poll::Ready(Some(Err(error))),
                None => return Poll::Ready(None),
            }
        }
    }
}

/// The messages of a stream without those that are about the stream itself.
pub(crate) struct Responses {
    address: String,
    stream: tonic::Streaming<v1::DissectResponse>,
    header: v1::StreamHeader,
    gaps: Vec<Gap>,
    end: Option<v1::StreamEnd>,
    finished: bool,
}

impl Responses {
    pub(crate) async fn open(client: &Client, request: v1::DissectRequest) -> Result<Self> {
        let wrong = |status| client.error(status);
        let response = client.dissection().dissect(request).await.map_err(wrong)?;
        let mut stream = response.into_inner();
        let first = stream.message().await.map_err(wrong)?;
        let Some(Kind::Header(header)) = first.and_then(|message| message.kind) else {
            return Err(Error::Unfinished);
        };
        let address = client.address().to_owned();
        Ok(Self { address, stream, header, gaps: Vec::new(), end: None, finished: false })
    }

    pub(crate) fn poll_next(&mut self, context: &mut Context<'_>) -> Poll<Option<Result<Kind>>> {
        while !self.finished {
            match ready!(Pin::new(&mut self.stream).poll_next(context)) {
                Some(Ok(message)) => match message.kind {
                    Some(Kind::Crash(crash)) => self.gaps.push(Gap::Crashed(crash)),
                    Some(Kind::Lost(lost)) => {
                        self.gaps.push(Gap::Lost(lost.first_frame..=lost.last_frame));
                    }
                    Some(Kind::End(end)) => self.end = Some(end),
                    Some(kind) => return Poll::Ready(Some(Ok(kind))),
                    None => {}
                },
                Some(Err(status)) => {
                    self.finished = true;
                    return Poll::Ready(Some(Err(Error::from(status).at(&self.address))));
                }
                None => {
                    self.finished = true;
                    return Poll::Ready(self.error_at_end().map(Err));
                }
            }
        }
        Poll::Ready(None)
    }

    fn error_at_end(&self) -> Option<Error> {
        match &self.end {
            None => Some(Error::Unfinished),
            Some(end) => end.read_error.clone().map(Error::damaged),
        }
    }
}
