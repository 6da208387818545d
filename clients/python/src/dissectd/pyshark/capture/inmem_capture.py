# SPDX-License-Identifier: Apache-2.0
"""Packets that the program has in memory."""

from __future__ import annotations

import asyncio
import contextlib
import datetime
import itertools
import time
import warnings
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from dissectd.packet import Packet as CorePacket
from dissectd.pyshark import _command
from dissectd.pyshark._errors import pyshark_errors
from dissectd.pyshark._feed import Feed, Given
from dissectd.pyshark.capture.capture import Capture

DEFAULT_TIMEOUT = 30
_MICROSECONDS = 1_000_000

SniffTime = datetime.datetime | float | str | None


class LinkTypes:
    """libpcap's numbers of some link types."""

    NULL = 0
    ETHERNET = 1
    IEEE802_5 = 6
    PPP = 9
    IEEE802_11 = 105


class InMemCapture(Capture):
    """Dissects packets as bytes. They belong together, as those of a capture.

    Several at once are faster than one by one.
    """

    def __init__(
        self,
        bpf_filter: str | None = None,
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
        linktype: int = LinkTypes.ETHERNET,
        include_raw: bool = False,
        eventloop: Any = None,
        custom_parameters: list[str] | dict[str, str] | None = None,
        debug: bool = False,
        **connection: Any,
    ) -> None:
        """Makes a capture without packets.

        `bpf_filter` has no effect, as in pyshark. See Capture for the others.
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
            include_raw=include_raw,
            eventloop=eventloop,
            custom_parameters=custom_parameters,
            debug=debug,
            **connection,
        )
        self.bpf_filter = bpf_filter
        self._linktype = linktype
        self._feed: Feed | None = None

    def parse_packet(
        self,
        binary_packet: bytes,
        sniff_time: SniffTime = None,
        timeout: float = DEFAULT_TIMEOUT,
    ) -> Any:
        """Returns a packet for its bytes."""
        return self.parse_packets([binary_packet], [sniff_time], timeout)[0]

    def parse_packets(
        self,
        binary_packets: Sequence[bytes],
        sniff_times: Iterable[SniffTime] | None = None,
        timeout: float = DEFAULT_TIMEOUT,
    ) -> list[Any]:
        """Returns a packet for the bytes of each.

        Raises asyncio.TimeoutError if one doesn't come, for example because it
        doesn't pass the display filter.
        """
        given = [
            _given(data, moment)
            for data, moment in itertools.zip_longest(
                binary_packets, sniff_times or ()
            )
        ]
        try:
            with self._limited(timeout), pyshark_errors():
                feed = self._running_feed()
                feed.send(given)
                found = itertools.islice(feed.packets, len(given))
                return list(map(self._reader(), found))
        except asyncio.TimeoutError:
            self.close()
            raise asyncio.TimeoutError(
                "Timed out while waiting for packets; display filters must "
                "let all of them pass."
            ) from None

    async def parse_packets_async(
        self,
        binary_packets: Sequence[bytes],
        sniff_times: Iterable[SniffTime] | None = None,
        timeout: float = DEFAULT_TIMEOUT,
    ) -> list[Any]:
        """Does the same as `parse_packets` in an event loop."""
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(
            None, self.parse_packets, binary_packets, sniff_times, timeout
        )

    def _running_feed(self) -> Feed:
        if self._feed is None:
            transport = self._connected().transport
            request = self._parsed().request
            self._feed = Feed(transport, request, self._linktype)
        return self._feed

    def feed_packet(
        self,
        binary_packet: bytes,
        linktype: int = LinkTypes.ETHERNET,
        timeout: float = DEFAULT_TIMEOUT,
    ) -> Any:
        """Dissects a packet on its own, and keeps it. Use parse_packet."""
        warnings.warn(
            "Deprecated method. Use InMemCapture.parse_packet() instead.",
            stacklevel=2,
        )
        return self.feed_packets([binary_packet], linktype, timeout)[0]

    def feed_packets(
        self,
        binary_packets: Sequence[bytes],
        linktype: int = LinkTypes.ETHERNET,
        timeout: float = DEFAULT_TIMEOUT,
    ) -> list[Any]:
        """Dissects packets that belong together, and keeps them."""
        self._linktype = linktype
        packets = self.parse_packets(binary_packets, timeout=timeout)
        self._packets.extend(packets)
        self.close()
        return packets

    def _core_packets(
        self, command: _command.Command
    ) -> contextlib.AbstractContextManager[Iterator[CorePacket]]:
        raise NotImplementedError(
            "Give packets to an InMemCapture with parse_packets."
        )

    def close(self) -> None:
        """Forgets what the packets so far have in common."""
        feed, self._feed = self._feed, None
        if feed is not None:
            feed.close()
        super().close()


def _given(data: bytes, moment: SniffTime) -> Given:
    """Returns a packet with its time in microseconds; by default now."""
    if moment is None:
        seconds = time.time()
    elif isinstance(moment, datetime.datetime):
        seconds = moment.timestamp()
    else:
        seconds = float(moment)
    micros = int(seconds * _MICROSECONDS % _MICROSECONDS)
    return Given(data, int(seconds), micros * 1000)
