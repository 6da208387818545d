# SPDX-License-Identifier: Apache-2.0
"""Captures with what the project's recorded ones don't have."""

import pathlib
import struct

LINK_ETHERNET = 1
LINK_AX25 = 3
LINK_USER0 = 147

PCAPNG_COMMENT = 1
PCAPNG_TIME_RESOLUTION = 9

# What a packet of values.lua has: its first byte.
EVERYTHING, FEW, CRASH, NOTHING = 1, 2, 3, 4

# From "CQ" to "N0CALL", each character shifted by a bit, without a layer above.
AX25_PACKET = (
    bytes(ord(c) << 1 for c in "CQ    ")
    + b"\xe0"
    + bytes(ord(c) << 1 for c in "N0CALL")
    + b"\x61\x03\xf0hello"
)
ETHERNET_PACKET = bytes.fromhex("ffffffffffff 00005e005301 88b5") + b"hello"
FIRST_SECOND_OF_YEAR_10000 = 253402300800


def pcap(link_type: int, packets: list[bytes]) -> bytes:
    """Returns a capture with a packet per second."""
    header = struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 65535, link_type)
    records = (
        struct.pack("<IIII", 1_700_000_000 + second, 5, len(data), len(data))
        + data
        for second, data in enumerate(packets)
    )
    return header + b"".join(records)


def padded(data: bytes) -> bytes:
    return data + bytes(-len(data) % 4)


def block(kind: int, body: bytes) -> bytes:
    length = struct.pack("<I", len(body) + 12)
    return struct.pack("<I", kind) + length + body + length


def option(code: int, value: bytes) -> bytes:
    return struct.pack("<HH", code, len(value)) + padded(value)


def section() -> bytes:
    return block(0x0A0D0D0A, struct.pack("<IHHq", 0x1A2B3C4D, 1, 0, -1))


def interface(link_type: int) -> bytes:
    """Returns an interface whose times are in whole seconds."""
    options = option(PCAPNG_TIME_RESOLUTION, b"\0") + option(0, b"")
    return block(1, struct.pack("<HHI", link_type, 0, 65535) + options)


def packet(number: int, seconds: int, data: bytes, options: bytes) -> bytes:
    """Returns a packet of the interface with this number."""
    head = struct.pack(
        "<IIIII",
        number,
        seconds >> 32,
        seconds & 0xFFFFFFFF,
        len(data),
        len(data) + 100,
    )
    return block(6, head + padded(data) + options)


def packet_without_time(data: bytes) -> bytes:
    return block(3, struct.pack("<I", len(data)) + padded(data))


def odd_frames() -> bytes:
    """Returns frames without times, with strange times, and with odd text."""
    comment = option(PCAPNG_COMMENT, b"not UTF-8: \xff\xc3\xa4") + option(
        0, b""
    )
    return b"".join(
        [
            section(),
            interface(LINK_ETHERNET),
            interface(LINK_AX25),
            packet_without_time(ETHERNET_PACKET),
            packet(0, FIRST_SECOND_OF_YEAR_10000, ETHERNET_PACKET, b""),
            packet(0, 0, ETHERNET_PACKET, comment),
            packet(1, 1_700_000_000, AX25_PACKET, b""),
        ]
    )


def write_captures(folder: pathlib.Path) -> None:
    for name, kinds in {
        "values.pcap": [EVERYTHING, FEW, NOTHING],
        "crash.pcap": [FEW, CRASH, FEW],
    }.items():
        packets = [bytes([kind, 2, 3, 4]) for kind in kinds]
        (folder / name).write_bytes(pcap(LINK_USER0, packets))
    (folder / "odd-frames.pcapng").write_bytes(odd_frames())
