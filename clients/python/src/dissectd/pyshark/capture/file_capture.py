# SPDX-License-Identifier: Apache-2.0
"""Packets of a file."""

from __future__ import annotations

import contextlib
import os
import pathlib
from collections.abc import Iterator
from typing import Any

from dissectd.packet import Packet as CorePacket
from dissectd.pyshark import _command, _export
from dissectd.pyshark.capture.capture import Capture
from dissectd.sync.reading import Packets


class FileCapture(Capture):
    """The packets of a capture file of this machine.

    Small files are sent with the request; others are uploaded once.
    """

    def __init__(
        self,
        input_file: str | os.PathLike[str],
        keep_packets: bool = True,
        display_filter: object = None,
        only_summaries: bool = False,
        decryption_key: str | None = None,
        encryption_type: str = "wpa-pwk",
        decode_as: dict[str, str] | None = None,
        disable_protocol: str | None = None,
        tshark_path: str | None = None,
        override_prefs: dict[str, object] | None = None,
        use_json: bool = False,
        use_ek: bool = False,
        output_file: str | None = None,
        include_raw: bool = False,
        eventloop: Any = None,
        custom_parameters: list[str] | dict[str, str] | None = None,
        debug: bool = False,
        **connection: Any,
    ) -> None:
        """Makes a capture that reads nothing yet.

        `keep_packets` says whether `next` keeps the packets that it returns,
        which indexing needs. See Capture for the other options.
        """
        super().__init__(
            display_filter=display_filter,
            only_summaries=only_summaries,
            decryption_key=decryption_key,
            encryption_type=encryption_type,
            decode_as=decode_as,
            disable_protocol=disable_protocol,
            tshark_path=tshark_path,
            override_prefs=override_prefs,
            use_json=use_json,
            use_ek=use_ek,
            output_file=output_file,
            include_raw=include_raw,
            eventloop=eventloop,
            custom_parameters=custom_parameters,
            debug=debug,
            **connection,
        )
        self.input_filepath = pathlib.Path(input_file)
        if not self.input_filepath.exists():
            raise FileNotFoundError(
                f"[Errno 2] No such file or directory: {self.input_filepath}"
            )
        if not self.input_filepath.is_file():
            raise FileNotFoundError(f"{self.input_filepath} is a directory")
        self.keep_packets = keep_packets
        self._packet_generator = self._packets_from_tshark_sync()

    def next(self) -> Any:
        """Returns the next packet, and keeps it if packets are kept."""
        if not self.keep_packets:
            return next(self._packet_generator)
        if self._current_packet >= len(self._packets):
            self._packets.append(next(self._packet_generator))
        return self.next_packet()

    def __getitem__(self, item: int) -> Any:
        """Returns the packet at an index, and reads on if that is needed."""
        if not self.keep_packets:
            raise NotImplementedError(
                "Cannot use getitem if packets are not kept"
            )
        try:
            while item >= len(self._packets):
                self.next()
        except StopIteration:
            raise KeyError(
                f"Packet of index {item} does not exist in capture"
            ) from None
        return super().__getitem__(item)

    def get_parameters(self, packet_count: int | None = None) -> list[str]:
        parameters = super().get_parameters(packet_count)
        return [*parameters, "-r", self.input_filepath.as_posix()]

    def _verify_capture_parameters(self) -> None:
        try:
            with self.input_filepath.open("rb"):
                pass
        except PermissionError:
            raise PermissionError(
                f"Permission denied for file {self.input_filepath}"
            ) from None

    @contextlib.contextmanager
    def _core_packets(
        self, command: _command.Command
    ) -> Iterator[Iterator[CorePacket]]:
        transport = self._connected().transport
        source = self.input_filepath
        if command.output_file:
            _export.write_frames(transport, source, command)
        with contextlib.closing(
            iter(Packets(transport, source, command.request))
        ) as packets:
            yield packets

    def __repr__(self) -> str:
        text = f"{type(self).__name__} {self.input_filepath.as_posix()}"
        if self.keep_packets:
            return f"<{text}>"
        return f"<{text} ({len(self._packets)} packets)>"
