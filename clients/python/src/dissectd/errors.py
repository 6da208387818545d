# SPDX-License-Identifier: Apache-2.0
"""Exceptions. Each call that fails raises one that its reason decides.

The names are those of wirepy where it has one for the same thing.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable
from typing import Any

import grpc
from google.protobuf.message import DecodeError, Message

from dissectd.connection_errors import advice
from dissectd.v1 import common_pb2 as common


@dataclasses.dataclass(frozen=True)
class Span:
    """A part of a text, in bytes of its UTF-8 form."""

    start: int
    length: int


class DissectdError(Exception):
    """Any failure of a call, or of connecting."""

    def __init__(
        self,
        message: str,
        *,
        reason: str = "",
        code: grpc.StatusCode = grpc.StatusCode.UNKNOWN,
        metadata: dict[str, str] | None = None,
        span: Span | None = None,
        retry_after: float | None = None,
    ) -> None:
        super().__init__(message)
        self.message = message
        self.reason = reason
        self.code = code
        self.metadata = metadata or {}
        self.span = span
        self.retry_after = retry_after

    def name_file(self, name: str) -> None:
        """Names the file, whose content the daemon got without a name."""
        known = f'The file "{name}"' if name else "The capture"
        self.message = self.message.replace('The file ""', known)
        self.args = (self.message,)


class ConnectionFailed(DissectdError):
    """The daemon can't be reached, or the connection to it broke."""


class ClientClosed(DissectdError):
    """The client was closed before the call."""


class Cancelled(DissectdError):
    """The client itself ended the call."""


class DeadlineExceeded(DissectdError):
    """The time that the client gave the call is over."""


class VersionMismatch(DissectdError):
    """The daemon is older than this client, and doesn't know the call."""


class TryAgainError(DissectdError):
    """The same request may succeed later; `retry_after` says when."""


class InvalidRequest(DissectdError):
    """A part of the request has no meaning."""


class NotAllowed(DissectdError):
    """The daemon's configuration doesn't allow the request."""


class NotFound(DissectdError):
    """There is no such file, capture, session or other thing."""


class DaemonFailure(DissectdError):
    """The daemon failed. Its log says more."""


class AuthenticationError(DissectdError):
    """The daemon doesn't know who calls."""


class TokenExpired(AuthenticationError):
    """The token was good, but isn't any more."""


class PermissionMissing(NotAllowed):
    """The daemon's policy doesn't permit this caller the call."""


class FilterError(InvalidRequest):
    """A filter is wrong. `str()` shows it, and where if that is known."""

    def __str__(self) -> str:
        text = self.metadata.get("filter")
        if text is None:
            return self.message
        if self.span is None:
            return f"{self.message}\n    {text}"
        return f"{self.message}\n{marked(text, self.span)}"


class DisplayFilterError(FilterError):
    """A display filter doesn't compile."""


class BadFilterError(FilterError):
    """A capture filter doesn't compile."""


class FieldError(InvalidRequest):
    """There is no such field."""


class ProtocolError(InvalidRequest):
    """There is no such protocol."""


class ColumnError(InvalidRequest):
    """There is no such column."""


class PreferencesError(InvalidRequest):
    """There is no such preference, or its value is wrong."""


class FileError(DissectdError):
    """A capture can't be opened, read to its end, or written."""


class BadFile(FileError):
    """A capture is damaged, or no capture at all."""


class ShortRead(BadFile):
    """A capture ends in the middle of a packet."""


class WriteError(FileError):
    """A capture can't be written."""


class StoreError(FileError):
    """The store can't take a file, or has none of that name."""


class FileNotInStore(StoreError, NotFound):
    """The store has no file of that name."""


class CaptureError(DissectdError):
    """A capture can't start, or failed."""


class CaptureNotPermitted(CaptureError, NotAllowed):
    """The daemon lacks the right to capture."""


class SessionError(DissectdError):
    """A session is gone, has failed, or can't do what was asked for."""


class CaptureNotFound(CaptureError, NotFound):
    """There is no such capture."""


class SessionNotFound(SessionError, NotFound):
    """There is no such session: it was closed, or nobody used it."""


class CrashError(DaemonFailure):
    """Dissecting a packet killed the process too often."""


class CrashWarning(UserWarning):
    """A packet is missing because dissecting it killed the process."""


class LostWarning(UserWarning):
    """Packets are missing because a ring buffer deleted them too early."""


_BY_REASON: dict[str, type[DissectdError]] = {
    "DISPLAY_FILTER_INVALID": DisplayFilterError,
    "FILTER_TOO_LONG": FilterError,
    "CAPTURE_FILTER_INVALID": BadFilterError,
    "FILTER_COMPILER_HANGS": BadFilterError,
    "FIELD_UNKNOWN": FieldError,
    "FIELD_NOT_FOUND": FieldError,
    "PROTOCOL_UNKNOWN": ProtocolError,
    "PROTOCOL_NOT_FOUND": ProtocolError,
    "COLUMN_FORMAT_UNKNOWN": ColumnError,
    "COLUMN_FIELDS_INVALID": ColumnError,
    "UNAUTHENTICATED": AuthenticationError,
    "TOKEN_EXPIRED": TokenExpired,
    "PERMISSION_MISSING": PermissionMissing,
    "FILE_CUT_SHORT": ShortRead,
    "FILE_NOT_FOUND": FileNotInStore,
    "FILE_IS_DIRECTORY": StoreError,
    "FILE_NOT_REGULAR": StoreError,
    "FILE_NOT_READABLE": StoreError,
    "FILE_READ_ONLY": StoreError,
    "FILE_NAME_INVALID": StoreError,
    "FILE_EXISTS": StoreError,
    "FILE_OFFSET_INVALID": StoreError,
    "CAPTURE_NOT_PERMITTED": CaptureNotPermitted,
    "WORKER_CRASHED": CrashError,
    "EXPORT_TOO_LARGE": WriteError,
    "PACKET_TOO_LARGE": WriteError,
    "COMMENTS_UNSUPPORTED": WriteError,
    "COMPRESSION_UNSUPPORTED": WriteError,
    "FILE_IS_PIPE": WriteError,
    "FILE_TYPE_UNKNOWN": WriteError,
    "FILE_TYPE_UNWRITABLE": WriteError,
    "FILE_SYSTEM_ERROR": DaemonFailure,
    "CAPTURE_NOT_FOUND": CaptureNotFound,
    "SESSION_NOT_FOUND": SessionNotFound,
    "FILE_SHORT_WRITE": WriteError,
    "FILE_CANNOT_WRITE": WriteError,
    "FILE_CANNOT_CLOSE": WriteError,
    "FILE_CANNOT_OPEN": FileError,
    "FILE_CANNOT_SEEK": FileError,
    "FILE_CANNOT_SEEK_COMPRESSED": FileError,
    "WIRETAP_ERROR": BadFile,
    "WIRETAP_INTERNAL": FileError,
    "WIRETAP_CHECK_LUA": FileError,
    "STORE_READ_ONLY": StoreError,
    "STORE_FULL": StoreError,
    "FREE_DISK_TOO_SMALL": StoreError,
    "FRAME_NOT_FOUND": NotFound,
    "FRAME_NOT_IN_STREAM": NotFound,
    "OBJECT_NOT_FOUND": NotFound,
    "KEY_LOG_TOO_LARGE": SessionError,
    "EDIT_INVALID": SessionError,
    "TOO_MANY_EDITS": SessionError,
    "EXTCAP_ARGUMENT_INVALID": CaptureError,
    "INTERFACE_NOT_FOUND": CaptureError,
    "INTERFACE_DOWN": CaptureError,
    "INTERFACE_GONE": CaptureError,
    "LINK_TYPE_UNKNOWN": CaptureError,
    "LINK_TYPE_UNSUPPORTED": CaptureError,
    "MONITOR_MODE_UNSUPPORTED": CaptureError,
    "WIFI_CHANNEL_UNSUPPORTED": CaptureError,
    "PIPE_DATA_INVALID": CaptureError,
}
# The first beginning that fits decides.
_BY_BEGINNING: tuple[tuple[str, type[DissectdError]], ...] = (
    ("PREFERENCE_", PreferencesError),
    ("DECODE_AS_", PreferencesError),
    ("FILE_", BadFile),
    ("ENCAPSULATION_PER_PACKET_UNSUPPORTED", BadFile),
    ("ENCAPSULATION_UNSUPPORTED", BadFile),
    ("DECOMPRESSION_", BadFile),
    ("RANDOM_OPEN_", FileError),
    ("ENCAPSULATION_", WriteError),
    ("RECORD_", WriteError),
    ("UPLOAD_", StoreError),
    ("CAPTURE_", CaptureError),
    ("EXTCAP_", CaptureError),
    ("DUMPCAP_", CaptureError),
    ("SESSION_", SessionError),
)
_BY_CODE: dict[grpc.StatusCode, type[DissectdError]] = {
    grpc.StatusCode.CANCELLED: Cancelled,
    grpc.StatusCode.DEADLINE_EXCEEDED: DeadlineExceeded,
    grpc.StatusCode.UNIMPLEMENTED: VersionMismatch,
    grpc.StatusCode.INVALID_ARGUMENT: InvalidRequest,
    grpc.StatusCode.OUT_OF_RANGE: InvalidRequest,
    grpc.StatusCode.ALREADY_EXISTS: InvalidRequest,
    grpc.StatusCode.NOT_FOUND: NotFound,
    grpc.StatusCode.FAILED_PRECONDITION: NotAllowed,
    grpc.StatusCode.PERMISSION_DENIED: PermissionMissing,
    grpc.StatusCode.UNAUTHENTICATED: AuthenticationError,
    grpc.StatusCode.RESOURCE_EXHAUSTED: TryAgainError,
    grpc.StatusCode.ABORTED: TryAgainError,
    grpc.StatusCode.INTERNAL: DaemonFailure,
    grpc.StatusCode.UNKNOWN: DaemonFailure,
    grpc.StatusCode.DATA_LOSS: DaemonFailure,
}


def error_type(reason: str, code: grpc.StatusCode) -> type[DissectdError]:
    """Returns the exception for a reason, or for a status without one."""
    if reason in _BY_REASON:
        return _BY_REASON[reason]
    if code is grpc.StatusCode.UNAVAILABLE:
        return TryAgainError if reason else ConnectionFailed
    for beginning, kind in _BY_BEGINNING:
        if reason.startswith(beginning):
            return kind
    return _BY_CODE.get(code, DissectdError)


def marked(text: str, span: Span) -> str:
    """Returns a text with carets below a part of it."""
    data = text.encode()
    before = data[: span.start].decode(errors="replace")
    inside = data[span.start : span.start + span.length]
    width = max(len(inside.decode(errors="replace")), 1)
    return f"    {text}\n    {' ' * len(before)}^{'~' * (width - 1)}"


def from_failure(failure: common.Failure) -> DissectdError:
    """Returns the exception for a failure that is part of a response."""
    code = grpc.StatusCode.FAILED_PRECONDITION
    span = None
    if failure.HasField("span"):
        span = Span(failure.span.start, failure.span.length)
    return error_type(failure.reason, code)(
        failure.message,
        reason=failure.reason,
        code=code,
        metadata=dict(failure.metadata),
        span=span,
    )


def _details(error: grpc.RpcError) -> common.StatusDetails:
    details = common.StatusDetails()
    metadata: Iterable[Any] = error.trailing_metadata() or ()
    for key, value in metadata:
        if key == "grpc-status-details-bin":
            try:
                details.ParseFromString(value)
            except DecodeError:
                break
    return details


def _detail(details: common.StatusDetails, kind: str, into: Message) -> bool:
    for detail in details.details:
        if detail.type_url.rpartition("/")[2] == kind:
            into.ParseFromString(detail.value)
            return True
    return False


def from_rpc_error(
    error: grpc.RpcError, address: str = "", *, tls: bool = False
) -> DissectdError:
    """Returns the exception for a call that failed."""
    details = _details(error)
    info, retry = common.ErrorInfo(), common.RetryInfo()
    place = common.InvalidText()
    _detail(details, "google.rpc.ErrorInfo", info)
    code = error.code()
    span = retry_after = None
    if _detail(details, "dissectd.v1.InvalidText", place):
        span = Span(place.span.start, place.span.length)
    if _detail(details, "google.rpc.RetryInfo", retry):
        retry_after = retry.retry_delay.ToTimedelta().total_seconds()
    kind = error_type(info.reason, code)
    return kind(
        _message(error, kind, address, tls),
        reason=info.reason,
        code=code,
        metadata=dict(info.metadata),
        span=span,
        retry_after=retry_after,
    )


def _message(
    error: grpc.RpcError, kind: type[DissectdError], address: str, tls: bool
) -> str:
    text = error.details() or ""
    if kind is ConnectionFailed:
        place = f" at {address}" if address else ""
        return (
            f"The daemon{place} can't be reached, or the connection to it "
            f"broke ({text}). {advice(text, address, tls=tls)}"
        )
    if kind is VersionMismatch:
        return (
            f"The daemon doesn't know this call ({text}): it is older than "
            "this client. Install the dissectd that belongs to the client."
        )
    if kind is AuthenticationError:
        return f"{text} Give a token, or name a file with one."
    if kind is TokenExpired:
        return f"{text} Get another token, and connect again."
    return text or error.code().name
