# SPDX-License-Identifier: Apache-2.0
"""What captures of all kinds have in common."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import sys
import threading
import weakref
from collections.abc import Callable, Generator, Iterator, Mapping
from typing import TYPE_CHECKING, Any

import dissectd
from dissectd.packet import Packet as CorePacket
from dissectd.pyshark import _command, _ek, _json, _types, _xml
from dissectd.pyshark._errors import (
    RawMustUseJsonException,
    StopCapture,
    TSharkCrashException,
    UnknownEncyptionStandardException,
    pyshark_errors,
)
from dissectd.pyshark.tshark.tshark import TSharkNotFoundException

if TYPE_CHECKING:
    from types import TracebackType

    from typing_extensions import Self

# pyshark has its exceptions here.
__all__ = [
    "Capture",
    "RawMustUseJsonException",
    "StopCapture",
    "TSharkCrashException",
    "UnknownEncyptionStandardException",
]

PacketCallback = Callable[[Any], object]


class Capture:
    """A source of packets. Use it in a `with` statement, or close it."""

    DEFAULT_LOG_LEVEL = logging.CRITICAL
    SUPPORTED_ENCRYPTION_STANDARDS = ("wep", "wpa-pwk", "wpa-pwd", "wpa-psk")

    def __init__(
        self,
        display_filter: object = None,
        only_summaries: bool = False,
        eventloop: asyncio.AbstractEventLoop | None = None,
        decryption_key: str | None = None,
        encryption_type: str = "wpa-pwd",
        output_file: str | None = None,
        decode_as: Mapping[str, str] | None = None,
        disable_protocol: str | None = None,
        tshark_path: str | None = None,
        override_prefs: Mapping[str, object] | None = None,
        capture_filter: str | None = None,
        use_json: bool = False,
        include_raw: bool = False,
        use_ek: bool = False,
        custom_parameters: list[str] | Mapping[str, str] | None = None,
        debug: bool = False,
        *,
        server: str = "",
    ) -> None:
        """Makes a capture that reads nothing yet.

        `server` is the address of the daemon; by default it is found as
        `dissectd.connect` finds it. `tshark_path` and `eventloop` are accepted,
        and have no meaning: no program of this machine runs, and waiting needs
        no event loop.
        """
        if include_raw and not (use_json or use_ek):
            raise RawMustUseJsonException(
                "use_json/use_ek must be True if include_raw"
            )
        standard = (encryption_type or "").lower()
        if standard not in self.SUPPORTED_ENCRYPTION_STANDARDS:
            raise UnknownEncyptionStandardException(
                "Only the following standards are supported: "
                f"{', '.join(self.SUPPORTED_ENCRYPTION_STANDARDS)}."
            )
        self.encryption = (decryption_key, standard)
        self.loaded = False
        self.tshark_path = tshark_path
        self.eventloop = eventloop
        self.use_json = use_json
        self.include_raw = include_raw
        self.debug = False
        self._use_ek = use_ek
        self._only_summaries = only_summaries
        self._display_filter = display_filter
        self._capture_filter = capture_filter
        self._output_file = output_file
        self._decode_as = decode_as
        self._disable_protocol = disable_protocol
        self._override_prefs = override_prefs
        self._custom_parameters = custom_parameters
        self._server = server
        self._packets: list[Any] = []
        self._current_packet = 0
        self._client: dissectd.Client | None = None
        self._running: weakref.WeakSet[Generator[Any, None, None]] = (
            weakref.WeakSet()
        )
        self._log = logging.Logger(type(self).__name__, self.DEFAULT_LOG_LEVEL)
        if debug:
            self.set_debug()

    def __getitem__(self, item: int) -> Any:
        """Returns one of the packets that were kept."""
        return self._packets[item]

    def __len__(self) -> int:
        """Returns how many packets were kept."""
        return len(self._packets)

    def next(self) -> Any:
        """Returns the packet after the last one that was returned."""
        return self.next_packet()

    def next_packet(self) -> Any:
        """Returns the kept packet after the last one that was returned."""
        if self._current_packet >= len(self._packets):
            raise StopIteration
        packet = self._packets[self._current_packet]
        self._current_packet += 1
        return packet

    def clear(self) -> None:
        """Forgets the packets that were kept."""
        self._packets = []
        self._current_packet = 0

    def reset(self) -> None:
        """Lets `next` begin again with the first packet."""
        self._current_packet = 0

    def set_debug(
        self, set_to: bool = True, log_level: int = logging.DEBUG
    ) -> None:
        """Prints what is asked of the daemon, or ends that."""
        if set_to:
            handler = logging.StreamHandler(sys.stdout)
            form = "%(asctime)s - %(name)s - %(levelname)s - %(message)s"
            handler.setFormatter(logging.Formatter(form))
            self._log.addHandler(handler)
            self._log.setLevel(log_level)
        self.debug = set_to

    def get_parameters(self, packet_count: int | None = None) -> list[str]:
        """Returns tshark's parameters for the options of the capture."""
        given: list[str] = []
        if self._capture_filter:
            given += ["-f", self._capture_filter]
        if self._display_filter:
            given += ["-Y", str(self._display_filter)]
        if self.include_raw:
            given += ["-x"]
        if packet_count:
            given += ["-c", str(packet_count)]
        given += self._extra_parameters()
        for name, value in self._preferences().items():
            given += ["-o", f"{name}:{value}"]
        if self._output_file:
            given += ["-w", self._output_file]
        for criterion, protocol in (self._decode_as or {}).items():
            given += ["-d", f"{criterion.strip()},{protocol.strip()}"]
        if self._disable_protocol:
            given += ["--disable-protocol", self._disable_protocol.strip()]
        return given

    def _extra_parameters(self) -> list[str]:
        extra = self._custom_parameters or []
        if isinstance(extra, Mapping):
            return [text for pair in extra.items() for text in pair]
        if isinstance(extra, list):
            return extra
        raise TypeError("Custom parameters type not supported.")

    def _preferences(self) -> dict[str, object]:
        """Returns the preferences to set. The key wins over those given."""
        preferences = dict(self._override_prefs or {})
        key, standard = self.encryption
        if not key:
            return preferences
        return {
            **preferences,
            "wlan.enable_decryption": "TRUE",
            "uat:80211_keys": f'"{standard}","{key}"',
        }

    def _parsed(self, packet_count: int | None = None) -> _command.Command:
        parameters = self.get_parameters(packet_count)
        self._log.debug("Dissecting with parameters: %s", parameters)
        summaries = self._only_summaries
        if self.use_json or self._use_ek:
            summaries = False
        return _command.parse(parameters, summaries)

    def _reader(self) -> Callable[[CorePacket], Any]:
        """Returns what makes a packet of the kind that was asked for."""
        if self.use_json:
            return _json.reader(self.include_raw)
        if self._use_ek:
            types = _types.of_daemon(self._connected().transport)
            return _ek.reader(self.include_raw, types)
        return _xml.read_summary if self._only_summaries else _xml.read_packet

    def _connected(self) -> dissectd.Client:
        if self._client is None:
            self._client = dissectd.connect(self._server)
        return self._client

    def _verify_capture_parameters(self) -> None:
        """Raises an exception if the options can't be right."""

    def _core_packets(
        self, command: _command.Command
    ) -> contextlib.AbstractContextManager[Iterator[CorePacket]]:
        """Begins to read, and returns the packets to come."""
        raise NotImplementedError

    def _packets_from_tshark_sync(
        self, packet_count: int | None = None
    ) -> Generator[Any, None, None]:
        """Returns the packets as they come, at most some number of them."""
        return self._tracked(self._read(packet_count=packet_count))

    def _tracked(
        self, packets: Generator[Any, None, None]
    ) -> Generator[Any, None, None]:
        self._running.add(packets)
        return packets

    def _read(
        self,
        packet_count: int | None = None,
        last_frame: int | None = None,
    ) -> Generator[Any, None, None]:
        """Yields packets, and raises pyshark's exceptions."""
        with pyshark_errors():
            self._verify_capture_parameters()
            reader = self._reader()
            with self._core_packets(self._parsed(last_frame)) as packets:
                for number, packet in enumerate(packets, 1):
                    yield reader(packet)
                    if number == packet_count:
                        break
        self._log.debug("All packets were read")

    def __iter__(self) -> Iterator[Any]:
        if self.loaded:
            return iter(self._packets)
        return self._packets_from_tshark_sync()

    def load_packets(
        self, packet_count: int = 0, timeout: float | None = None
    ) -> None:
        """Reads packets and keeps them, until there are no more.

        `packet_count` is the most to read, and `timeout` for how many seconds.
        """
        kept: list[Any] = []

        def keep(packet: Any) -> None:
            kept.append(packet)
            self._packets.append(packet)
            if packet_count and len(kept) >= packet_count:
                raise StopCapture

        with contextlib.suppress(asyncio.TimeoutError):
            self.apply_on_packets(
                keep, timeout=timeout, packet_count=packet_count
            )
            self.loaded = True

    def apply_on_packets(
        self,
        callback: PacketCallback,
        timeout: float | None = None,
        packet_count: int | None = None,
    ) -> None:
        """Calls a function with each packet as it comes.

        Raises asyncio.TimeoutError if that takes more than some seconds.
        """
        try:
            with self._limited(timeout):
                self._apply(callback, packet_count)
        finally:
            self.close()

    def _apply(
        self, callback: PacketCallback, packet_count: int | None
    ) -> None:
        packets = self._tracked(self._read(packet_count, packet_count))
        with contextlib.closing(packets), contextlib.suppress(StopCapture):
            for packet in packets:
                callback(packet)

    @contextlib.contextmanager
    def _limited(self, timeout: float | None) -> Iterator[None]:
        """Ends the calls of what is inside after some seconds."""
        if timeout is None:
            yield
            return
        over = threading.Event()

        def end() -> None:
            over.set()
            self._interrupt()

        timer = threading.Timer(timeout, end)
        timer.daemon = True
        timer.start()
        try:
            yield
        except (TSharkCrashException, TSharkNotFoundException, ValueError):
            # gRPC raises a ValueError for a call on a closed connection.
            if not over.is_set():
                raise
        finally:
            timer.cancel()
        if over.is_set():
            raise asyncio.TimeoutError

    async def packets_from_tshark(
        self,
        packet_callback: PacketCallback,
        packet_count: int | None = None,
        close_tshark: bool = True,
    ) -> None:
        """Calls a function in the event loop with each packet as it comes."""
        loop = asyncio.get_running_loop()
        packets = self._tracked(self._read(packet_count, packet_count))
        nothing = object()
        following = None
        try:
            while True:
                following = loop.run_in_executor(None, next, packets, nothing)
                packet = await asyncio.shield(following)
                if packet is nothing:
                    return
                packet_callback(packet)
        except StopCapture:
            return
        finally:
            if following is not None and not following.done():
                # The task was cancelled: the thread that waits has to end.
                self._interrupt()
                await asyncio.wait([following])
                following.exception()
            if close_tshark:
                await self.close_async()

    def _interrupt(self) -> None:
        """Ends calls that other threads wait for."""
        client, self._client = self._client, None
        if client is not None:
            client.close()

    def close(self) -> None:
        """Ends all reading, and the connection. Kept packets stay."""
        for packets in list(self._running):
            # Another thread may be waiting for its next packet.
            with contextlib.suppress(ValueError):
                packets.close()
        self._running.clear()
        self._interrupt()

    async def close_async(self) -> None:
        """Does the same in an event loop."""
        await asyncio.get_running_loop().run_in_executor(None, self.close)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self.close_async()

    def __repr__(self) -> str:
        return f"<{type(self).__name__} ({len(self._packets)} packets)>"
