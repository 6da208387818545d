# SPDX-License-Identifier: GPL-2.0-or-later
"""Makes captures of UDP datagrams that are large enough to be cut."""

import pathlib
import socket
import struct
from collections.abc import Iterable

_ETHERNET = bytes.fromhex("0200000000020200000000010800")


def datagram(number: int, payload: bytes) -> bytes:
    """Returns a packet of Ethernet. Its addresses and ports vary."""
    udp = struct.pack(">HHHH", 20000 + number % 7, 9, 8 + len(payload), 0)
    ip = struct.pack(
        ">BBHHHBBH4s4s",
        0x45,
        0,
        20 + len(udp) + len(payload),
        number & 0xFFFF,
        0,
        64,
        17,
        0,
        bytes([192, 0, 2, number % 250]),
        socket.inet_aton("198.51.100.1"),
    )
    return _ETHERNET + ip + udp + payload


def datagrams(count: int, size: int = 500) -> Iterable[bytes]:
    for number in range(count):
        yield datagram(number, bytes([number & 0xFF]) * size)


def write_capture(path: pathlib.Path, packets: Iterable[bytes]) -> None:
    with open(path, "wb") as file:
        file.write(struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 262144, 1))
        for number, packet in enumerate(packets):
            seconds, rest = divmod(number * 1000, 1_000_000)
            size = len(packet)
            file.write(struct.pack("<IIII", seconds, rest, size, size))
            file.write(packet)


def large_capture(path: pathlib.Path, count: int = 5000) -> None:
    """Writes a capture of nearly three megabytes."""
    write_capture(path, datagrams(count))
