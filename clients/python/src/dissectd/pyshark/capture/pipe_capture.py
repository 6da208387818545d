# SPDX-License-Identifier: Apache-2.0
"""Packets from a pipe."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator
from typing import Any

from dissectd.packet import Packet as CorePacket
from dissectd.pyshark import _command
from dissectd.pyshark.capture.capture import Capture
from dissectd.sync.reading import Packets


class PipeCapture(Capture):
    """The packets of a capture file that comes from a pipe's descriptor."""

    def __init__(
        self, pipe: int, display_filter: object = None, **options: Any
    ) -> None:
        """Makes a capture that reads nothing yet. See Capture for options."""
        options.setdefault("encryption_type", "wpa-pwk")
        super().__init__(display_filter, **options)
        self._pipe = pipe

    def get_parameters(self, packet_count: int | None = None) -> list[str]:
        return [*super().get_parameters(packet_count), "-r", "-"]

    @contextlib.contextmanager
    def _core_packets(
        self, command: _command.Command
    ) -> Iterator[Iterator[CorePacket]]:
        transport = self._connected().transport
        with os.fdopen(os.dup(self._pipe), "rb", buffering=0) as pipe:
            packets = Packets(transport, pipe, command.request)
            with contextlib.closing(iter(packets)) as found:
                yield found

    def close(self) -> None:
        """Ends all reading, and closes the pipe."""
        super().close()
        with contextlib.suppress(OSError):
            os.close(self._pipe)
