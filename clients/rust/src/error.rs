// SPDX-License-Identifier: Apache-2.0

//! Errors, with the reasons that the API documents.

use std::collections::HashMap;
use std::error::Error as StdError;
use std::fmt;
use std::ops::Range;
use std::path::PathBuf;
use std::time::Duration;

use prost::Message;
use tonic::{Code, Status};

use crate::v1;

/// The result of a call.
pub type Result<T> = std::result::Result<T, Error>;

/// Why something failed. It prints as `dissectctl` prints it.
#[derive(Debug)]
#[non_exhaustive]
pub enum Error {
    /// An address, a token or a certificate can't be used. The text says why.
    Settings(String),
    /// A file of this machine can't be read.
    File {
        /// Its path.
        path: PathBuf,
        /// Why not.
        source: std::io::Error,
    },
    /// The daemon can't be reached, or the connection to it was lost.
    Connection {
        /// The daemon's address.
        address: String,
        /// Why not.
        source: Box<dyn StdError + Send + Sync>,
    },
    /// The daemon refused a call, or a call failed.
    Call(Box<Failure>),
    /// The capture is cut short or damaged. All frames before that were delivered.
    Damaged(Box<Failure>),
    /// A stream ended without its last message, so that frames may be missing.
    Unfinished,
}

/// What the daemon says about a failure.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Failure {
    /// The status of a call.
    pub code: Option<Code>,
    /// The stable reason in `UPPER_SNAKE_CASE`, for example `FILE_NOT_FOUND`; empty for
    /// statuses that gRPC itself makes.
    pub reason: String,
    /// The message for people.
    pub message: String,
    /// Facts about the failure, by name, for example `file`.
    pub metadata: HashMap<String, String>,
    /// The bytes that are wrong in a text of the request, such as a display filter,
    /// which is `filter` in `metadata`.
    pub span: Option<Range<usize>>,
    /// How long to wait at least before trying again, if that may help.
    pub retry_after: Option<Duration>,
}

impl Error {
    /// Returns what the daemon says about the failure.
    #[must_use]
    pub fn failure(&self) -> Option<&Failure> {
        match self {
            Self::Call(failure) | Self::Damaged(failure) => Some(failure),
            _ => None,
        }
    }

    /// Returns the stable reason, for example `FILE_NOT_FOUND`; empty if there is none.
    #[must_use]
    pub fn reason(&self) -> &str {
        self.failure().map_or("", |failure| &failure.reason)
    }

    /// Returns the bytes that are wrong in a text of the request.
    #[must_use]
    pub fn span(&self) -> Option<Range<usize>> {
        self.failure().and_then(|failure| failure.span.clone())
    }

    pub(crate) fn damaged(failure: v1::Failure) -> Self {
        Self::Damaged(Box::new(failure.into()))
    }

    /// Adds the daemon's address to an error about the connection.
    pub(crate) fn at(mut self, daemon: &str) -> Self {
        if let Self::Connection { address, .. } = &mut self {
            daemon.clone_into(address);
        }
        self
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Settings(text) => f.write_str(text),
            Self::File { path, source } => write!(f, "Can't read {}: {source}", path.display()),
            Self::Connection { address, source } => {
                let address = if address.is_empty() { "the daemon" } else { address };
                write!(f, "No connection to {address}: {}", innermost(source.as_ref()))
            }
            Self::Call(failure) | Self::Damaged(failure) => failure.fmt(f),
            Self::Unfinished => f.write_str("The stream ended too early: frames may be missing."),
        }
    }
}

impl StdError for Error {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        match self {
            Self::File { source, .. } => Some(source),
            Self::Connection { source, .. } => Some(source.as_ref()),
            _ => None,
        }
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)?;
        if self.code == Some(Code::Unimplemented) {
            f.write_str(" The daemon is older than this client, and doesn't know the call.")?;
        }
        if let (Some(text), Some(span)) = (self.metadata.get("filter"), &self.span) {
            let before = width(text, 0..span.start);
            let marked = width(text, span.clone()).saturating_sub(1);
            write!(f, "\n    {text}\n    {:before$}^{:~<marked$}", "", "")?;
        }
        Ok(())
    }
}

/// Returns the columns by which dissectctl and tshark indent: one for each byte, also for
/// a byte that U+FFFD replaces.
fn width(text: &str, bytes: Range<usize>) -> usize {
    let end = bytes.end.min(text.len());
    let part = &text.as_bytes()[bytes.start.min(end)..end];
    let replaced = String::from_utf8_lossy(part).matches('\u{fffd}').count();
    part.len().saturating_sub(2 * replaced)
}

fn innermost<'a>(mut error: &'a (dyn StdError + 'static)) -> &'a (dyn StdError + 'static) {
    while let Some(source) = error.source() {
        error = source;
    }
    error
}

fn span_of(span: v1::TextSpan) -> Range<usize> {
    let start = span.start as usize;
    start..start + span.length as usize
}

impl From<v1::Failure> for Failure {
    fn from(failure: v1::Failure) -> Self {
        Self {
            code: None,
            reason: failure.reason,
            message: failure.message,
            metadata: failure.metadata,
            span: failure.span.map(span_of),
            retry_after: None,
        }
    }
}

impl From<&Status> for Failure {
    fn from(status: &Status) -> Self {
        let mut failure = Self {
            code: Some(status.code()),
            message: status.message().to_owned(),
            ..Self::default()
        };
        let details = v1::StatusDetails::decode(status.details()).unwrap_or_default();
        for detail in details.details {
            let value = detail.value.as_slice();
            match detail.type_url.rsplit('/').next() {
                Some("google.rpc.ErrorInfo") => {
                    let info = v1::ErrorInfo::decode(value).unwrap_or_default();
                    failure.reason = info.reason;
                    failure.metadata = info.metadata;
                }
                Some("google.rpc.RetryInfo") => {
                    let info = v1::RetryInfo::decode(value).unwrap_or_default();
                    let delay = info.retry_delay.unwrap_or_default();
                    failure.retry_after = delay.try_into().ok();
                }
                Some("dissectd.v1.InvalidText") => {
                    let text = v1::InvalidText::decode(value).unwrap_or_default();
                    failure.span = text.span.map(span_of);
                }
                _ => {}
            }
        }
        failure
    }
}

impl From<Status> for Error {
    fn from(status: Status) -> Self {
        // Statuses that this side makes about the connection have a cause, and no details.
        if status.details().is_empty() && status.source().is_some() {
            return Self::Connection { address: String::new(), source: Box::new(status) };
        }
        Self::Call(Box::new(Failure::from(&status)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wrong_filter(filter: &str, span: Range<usize>) -> Error {
        Error::Call(Box::new(Failure {
            message: "Wrong.".to_owned(),
            metadata: HashMap::from([("filter".to_owned(), filter.to_owned())]),
            span: Some(span),
            ..Failure::default()
        }))
    }

    #[test]
    fn carets_are_under_the_wrong_part() {
        let error = wrong_filter("tcp && ip.adr", 7..13);
        assert_eq!(error.to_string(), "Wrong.\n    tcp && ip.adr\n           ^~~~~~");
        assert_eq!(error.span(), Some(7..13));
    }

    #[test]
    fn an_older_daemon_is_named_as_such() {
        let error = Error::from(Status::unimplemented("Unknown."));
        assert_eq!(
            error.to_string(),
            "Unknown. The daemon is older than this client, and doesn't know the call."
        );
    }

    #[test]
    fn a_span_outside_of_the_text_is_harmless() {
        assert_eq!(wrong_filter("ip", 7..usize::MAX).to_string(), "Wrong.\n    ip\n      ^");
        assert_eq!(wrong_filter("é", 1..2).to_string(), "Wrong.\n    é\n    ^");
    }
}
