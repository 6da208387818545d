# SPDX-License-Identifier: Apache-2.0
"""Reads a pipe without waiting for it too long."""

from __future__ import annotations

import queue
import threading
from typing import BinaryIO

_BYTES = 1 << 18


class PipeReader:
    """Reads a file object in a thread of its own, a little ahead."""

    def __init__(self, file: BinaryIO) -> None:
        # A buffered reader's own `read` would wait for all the bytes.
        self._read = getattr(file, "read1", file.read)
        self._parts: queue.Queue[bytes | BaseException] = queue.Queue(8)
        threading.Thread(target=self._run, daemon=True).start()

    def _run(self) -> None:
        try:
            while data := self._read(_BYTES):
                self._parts.put(data)
            self._parts.put(b"")
        # The thread that sends the bytes raises it.
        except (OSError, ValueError) as error:
            self._parts.put(error)

    def next(self, seconds: float) -> bytes | None:
        """Returns the next bytes, b"" at the end, or None if none came."""
        try:
            part = self._parts.get(timeout=seconds)
        except queue.Empty:
            return None
        if isinstance(part, BaseException):
            raise part
        return part
