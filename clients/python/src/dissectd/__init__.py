# SPDX-License-Identifier: Apache-2.0
"""Wireshark's dissection and capture, from a dissectd daemon.

    with dissectd.connect() as w:
        for packet in w.read("x.pcap", filter="dns"):
            print(packet.number, packet.dns.qry_name)

`dissectd.aio` has the same with coroutines.
"""

from dissectd.errors import (
    AuthenticationError,
    BadFile,
    BadFilterError,
    Cancelled,
    CaptureError,
    CaptureNotPermitted,
    ColumnError,
    ConnectionFailed,
    CrashError,
    CrashWarning,
    DaemonFailure,
    DeadlineExceeded,
    DisplayFilterError,
    DissectdError,
    FieldError,
    FileError,
    FileNotInStore,
    FilterError,
    InvalidRequest,
    LostWarning,
    NotAllowed,
    NotFound,
    PermissionMissing,
    PreferencesError,
    ProtocolError,
    SessionError,
    ShortRead,
    Span,
    StoreError,
    TokenExpired,
    TryAgainError,
    VersionMismatch,
    WriteError,
)
from dissectd.packet import Field, Layer, Packet
from dissectd.settings import SettingsError
from dissectd.sync.client import Client, connect
from dissectd.values import Duration, Mac, Timestamp

__version__ = "0.1.0"

__all__ = [
    "AuthenticationError",
    "BadFile",
    "BadFilterError",
    "Cancelled",
    "CaptureError",
    "CaptureNotPermitted",
    "Client",
    "ColumnError",
    "ConnectionFailed",
    "CrashError",
    "CrashWarning",
    "DaemonFailure",
    "DeadlineExceeded",
    "DisplayFilterError",
    "DissectdError",
    "Duration",
    "Field",
    "FieldError",
    "FileError",
    "FileNotInStore",
    "FilterError",
    "InvalidRequest",
    "Layer",
    "LostWarning",
    "Mac",
    "NotAllowed",
    "NotFound",
    "Packet",
    "PermissionMissing",
    "PreferencesError",
    "ProtocolError",
    "SessionError",
    "SettingsError",
    "ShortRead",
    "Span",
    "StoreError",
    "Timestamp",
    "TokenExpired",
    "TryAgainError",
    "VersionMismatch",
    "WriteError",
    "connect",
]
