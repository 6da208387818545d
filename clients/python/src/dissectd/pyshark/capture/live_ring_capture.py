# SPDX-License-Identifier: Apache-2.0
"""Live packets, which are also written to a ring of files."""

from __future__ import annotations

import pathlib
from collections.abc import Callable
from typing import Any

from dissectd.pyshark import _command, _live
from dissectd.pyshark.capture.live_capture import LiveCapture
from dissectd.sync.transport import Transport
from dissectd.v1 import capture_pb2 as pb


class LiveRingCapture(LiveCapture):
    """A live capture into a ring of files.

    The ring is in the daemon's store while the capture runs. When it ends, its
    files are copied into the folder of `ring_file_name`.
    """

    def __init__(
        self,
        ring_file_size: int = 1024,
        num_ring_files: int = 1,
        ring_file_name: str = "/tmp/pyshark.pcap",
        interface: Any = None,
        **options: Any,
    ) -> None:
        """Makes a capture that doesn't run yet.

        `ring_file_size` is in kB. See LiveCapture for the other options.
        """
        super().__init__(interface, **options)
        self.ring_file_size = ring_file_size
        self.num_ring_files = num_ring_files
        self.ring_file_name = ring_file_name

    def get_parameters(self, packet_count: int | None = None) -> list[str]:
        ring = ["-b", f"filesize:{self.ring_file_size}"]
        ring += ["-b", f"files:{self.num_ring_files}"]
        ring += ["-w", self.ring_file_name, "-P", "-V"]
        return [*super().get_parameters(packet_count), *ring]

    def _options(self, command: _command.Command) -> pb.CaptureOptions:
        options = super()._options(command)
        options.file_name = pathlib.Path(self.ring_file_name).name
        options.ring.files = self.num_ring_files
        options.ring.file_size_kb = self.ring_file_size
        return options

    def _output(
        self, command: _command.Command
    ) -> Callable[[Transport, str], None]:
        return _live.copy_ring_to(pathlib.Path(command.output_file).parent)
