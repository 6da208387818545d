# SPDX-License-Identifier: Apache-2.0
"""Packets of the interfaces of the daemon's machine."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Callable, Generator, Iterator, Sequence
from typing import Any

import dissectd
from dissectd.packet import Packet as CorePacket
from dissectd.pyshark import _command, _live
from dissectd.pyshark.capture.capture import Capture
from dissectd.pyshark.tshark.tshark import all_interface_names, interface_names
from dissectd.sync.reading import Packets
from dissectd.sync.transport import Transport
from dissectd.v1 import capture_pb2 as pb


class UnknownInterfaceException(Exception):
    """The daemon's machine has no such interface."""


class LiveCapture(Capture):
    """Packets that the daemon captures while they are read."""

    def __init__(
        self,
        interface: str | Sequence[str] | None = None,
        bpf_filter: str | None = None,
        display_filter: object = None,
        only_summaries: bool = False,
        decryption_key: str | None = None,
        encryption_type: str = "wpa-pwk",
        output_file: str | None = None,
        decode_as: dict[str, str] | None = None,
        disable_protocol: str | None = None,
        tshark_path: str | None = None,
        override_prefs: dict[str, object] | None = None,
        capture_filter: str | None = None,
        monitor_mode: bool = False,
        use_json: bool = False,
        use_ek: bool = False,
        include_raw: bool = False,
        eventloop: Any = None,
        custom_parameters: list[str] | dict[str, str] | None = None,
        debug: bool = False,
        **connection: Any,
    ) -> None:
        """Makes a capture that doesn't run yet.

        `interface` is a name or several; by default all interfaces.
        `bpf_filter` and `capture_filter` are the same: the capture filter. See
        Capture for the other options.
        """
        super().__init__(
            display_filter=display_filter,
            only_summaries=only_summaries,
            decryption_key=decryption_key,
            encryption_type=encryption_type,
            output_file=output_file,
            decode_as=decode_as,
            disable_protocol=disable_protocol,
            tshark_path=tshark_path,
            override_prefs=override_prefs,
            capture_filter=capture_filter,
            use_json=use_json,
            use_ek=use_ek,
            include_raw=include_raw,
            eventloop=eventloop,
            custom_parameters=custom_parameters,
            debug=debug,
            **connection,
        )
        self.bpf_filter = bpf_filter
        self.monitor_mode = monitor_mode
        if interface is None:
            interface = interface_names(self._connected())
        names = [interface] if isinstance(interface, str) else interface
        self.interfaces = list(names)

    def _verify_capture_parameters(self) -> None:
        known = all_interface_names(self._connected())
        lower = {name.lower() for name in known}
        for name in self.interfaces:
            if name.isnumeric() or name.lower() in lower:
                continue
            raise UnknownInterfaceException(
                f"Interface '{name}' does not exist, unable to initiate "
                "capture. Perhaps permissions are missing?\n"
                f"Possible interfaces: {os.linesep.join(known)}"
            )

    def _options(self, command: _command.Command) -> pb.CaptureOptions:
        """Returns how to capture."""
        del command
        names = self.interfaces
        if any(map(str.isnumeric, names)):
            listed = interface_names(self._connected())
            names = [
                listed[int(name) - 1] if name.isnumeric() else name
                for name in names
            ]
        filter_text = self.bpf_filter or self._capture_filter or ""
        options = pb.CaptureOptions()
        for name in names:
            options.interfaces.add(
                name=name,
                capture_filter=filter_text,
                monitor_mode=self.monitor_mode,
            )
        return options

    def _output(
        self, command: _command.Command
    ) -> Callable[[Transport, str], None] | None:
        """Returns what copies the captured packets to this machine."""
        if not command.output_file:
            return None
        return _live.copy_to(command.output_file)

    def _connection(self) -> dissectd.Client:
        return dissectd.connect(self._server)

    @contextlib.contextmanager
    def _core_packets(
        self, command: _command.Command
    ) -> Iterator[Iterator[CorePacket]]:
        transport = self._connected().transport
        with (
            _live.running(
                transport,
                self._options(command),
                self._connection,
                self._output(command),
            ) as name,
            contextlib.closing(
                iter(Packets(transport, name, command.request))
            ) as packets,
        ):
            yield packets

    # The name that pyshark had before it read files.
    sniff = Capture.load_packets

    def sniff_continuously(
        self, packet_count: int | None = None
    ) -> Generator[Any, None, None]:
        """Returns the packets as they come, at most some number of them."""
        return self._packets_from_tshark_sync(packet_count=packet_count)
