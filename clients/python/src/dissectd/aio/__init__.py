# SPDX-License-Identifier: Apache-2.0
"""The client with coroutines: the names are those of `dissectd`."""

from dissectd.aio.capture import Capture
from dissectd.aio.client import Client, connect
from dissectd.aio.local import local
from dissectd.aio.session import Session
from dissectd.aio.store import StoredFile

__all__ = ["Capture", "Client", "Session", "StoredFile", "connect", "local"]
