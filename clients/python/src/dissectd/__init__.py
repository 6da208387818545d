# SPDX-License-Identifier: Apache-2.0
"""Wireshark's dissection and capture, from a dissectd daemon.

    with dissectd.connect() as w:
        for packet in w.read("x.pcap", filter="dns"):
            print(packet.number, packet.dns.qry_name)

`dissectd.aio` has the same with coroutines.
"""

from dissectd import aio
from dissectd.columnar import FieldTable
from dissectd.errors import (
    AuthenticationError,
    BadFile,
    BadFilterError,
    Cancelled,
    CaptureError,
    CaptureNotFound,
    CaptureNotPermitted,
    ClientClosed,
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
    SessionNotFound,
    ShortRead,
    Span,
    StoreError,
    TokenExpired,
    TryAgainError,
    VersionMismatch,
    WriteError,
)
from dissectd.packet import Field, Layer, Packet
from dissectd.results import ExportedObject, Followed, Rate
from dissectd.settings import SettingsError
from dissectd.sync.capture import Capture
from dissectd.sync.client import Client, connect
from dissectd.sync.local import local
from dissectd.sync.session import Session
from dissectd.sync.store import StoredFile
from dissectd.tables import Table
from dissectd.values import Duration, Mac, Timestamp

__version__ = "0.1.0"

__all__ = [
    "AuthenticationError",
    "BadFile",
    "BadFilterError",
    "Cancelled",
    "Capture",
    "CaptureError",
    "CaptureNotFound",
    "CaptureNotPermitted",
    "Client",
    "ClientClosed",
    "ColumnError",
    "ConnectionFailed",
    "CrashError",
    "CrashWarning",
    "DaemonFailure",
    "DeadlineExceeded",
    "DisplayFilterError",
    "DissectdError",
    "Duration",
    "ExportedObject",
    "Field",
    "FieldError",
    "FieldTable",
    "FileError",
    "FileNotInStore",
    "FilterError",
    "Followed",
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
    "Rate",
    "Session",
    "SessionError",
    "SessionNotFound",
    "SettingsError",
    "ShortRead",
    "Span",
    "StoreError",
    "StoredFile",
    "Table",
    "Timestamp",
    "TokenExpired",
    "TryAgainError",
    "VersionMismatch",
    "WriteError",
    "aio",
    "connect",
    "local",
]
