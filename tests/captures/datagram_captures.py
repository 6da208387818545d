# SPDX-License-Identifier: GPL-2.0-or-later
"""Captures of UDP datagrams on Ethernet, of any size."""

import pathlib
from collections.abc import Iterator

from packet_bytes import udp_packet, write_capture

ETHERNET = 1
_HEADER = bytes.fromhex("0200000000020200000000010800")


def datagram(number: int, payload_bytes: int = 500) -> bytes:
    """Returns a packet whose port and payload depend on its number."""
    payload = bytes([number & 0xFF]) * payload_bytes
    return _HEADER + udp_packet((True, payload), 20000 + number % 7, 9)


def datagrams(count: int, payload_bytes: int = 500) -> Iterator[bytes]:
    for number in range(count):
        yield datagram(number, payload_bytes)


def datagram_capture(
    path: pathlib.Path, count: int = 5000, payload_bytes: int = 500
) -> None:
    """Writes a capture, by default one of nearly three megabytes."""
    write_capture(path, list(datagrams(count, payload_bytes)), ETHERNET)
