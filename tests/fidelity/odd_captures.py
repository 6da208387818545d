# SPDX-License-Identifier: GPL-2.0-or-later
"""Makes captures that are valid, but that no program records."""

import pathlib
import struct

_PACKET = bytes(range(12)) + b"\x08\x00" + bytes(46)
_SECOND = 1_000_000

Option = tuple[int, bytes]


def _padded(data: bytes) -> bytes:
    return data + bytes(-len(data) % 4)


def _options(options: tuple[Option, ...]) -> bytes:
    if not options:
        return b""
    listed = [
        struct.pack("<HH", code, len(value)) + _padded(value)
        for code, value in options
    ]
    return b"".join(listed) + bytes(4)


def _block(kind: int, body: bytes) -> bytes:
    size = struct.pack("<I", len(body) + 12)
    return struct.pack("<I", kind) + size + body + size


def section(*options: Option) -> bytes:
    head = struct.pack("<IHHq", 0x1A2B3C4D, 1, 0, -1)
    return _block(0x0A0D0D0A, head + _options(options))


def interface(link_type: int, snap_length: int, *options: Option) -> bytes:
    head = struct.pack("<HHI", link_type, 0, snap_length)
    return _block(1, head + _options(options))


def packet(
    number: int, time: int, data: bytes, length: int, *options: Option
) -> bytes:
    head = struct.pack(
        "<IIIII", number, time >> 32, time & 0xFFFFFFFF, len(data), length
    )
    return _block(6, head + _padded(data) + _options(options))


def simple_packet(data: bytes) -> bytes:
    return _block(3, struct.pack("<I", len(data)) + _padded(data))


def statistics(number: int, *options: Option) -> bytes:
    return _block(5, struct.pack("<III", number, 0, 0) + _options(options))


def names(*records: Option) -> bytes:
    listed = [
        struct.pack("<HH", kind, len(value)) + _padded(value)
        for kind, value in records
    ]
    return _block(4, b"".join(listed) + bytes(4))


def secrets(key_log: bytes) -> bytes:
    head = struct.pack("<II", 0x544C534B, len(key_log))
    return _block(10, head + _padded(key_log))


def _whole(number: int, time: int) -> bytes:
    return packet(number, time, _PACKET, len(_PACKET))


def _two_sections() -> bytes:
    return (
        section(
            (1, b"first comment"),
            (1, b"second\ncomment"),
            (1, b""),
            (2, b"hardware\r\nof two lines"),
            (3, b"system"),
            (4, b"application"),
        )
        + interface(
            *(1, 100, (2, b"near"), (3, b"one\nline"), (9, b"\x09")),
            *((8, struct.pack("<Q", 10**9)), (11, b"\x00tcp port 80")),
            *((12, b"system"), (13, b"\x04"), (15, b"hardware")),
            *((14, struct.pack("<q", -5)), (1, b"a comment"), (1, b"another")),
        )
        + packet(
            *(0, 10**18, _PACKET, 200, (1, b"a comment")),
            *((2, struct.pack("<I", 5)), (4, struct.pack("<Q", 7))),
        )
        + statistics(0, (4, struct.pack("<Q", 77)), (5, struct.pack("<Q", 3)))
        + names(
            (1, bytes([192, 0, 2, 1]) + b"host.example\x00"),
            (2, bytes(16) + b"six.example\x00"),
        )
        + secrets(b"CLIENT_RANDOM 00 00\n")
        + section((1, b"of the second"), (4, b"another application"))
        + interface(113, 0, (9, b"\x04"), (11, b"\x01" + bytes(8)))
        + _whole(0, 1_500_000_000 * 10**4)
        + interface(1, 0, (9, b"\x8a"))
        + _whole(1, 1_500_000_000 * 1024)
        + _whole(0, 1_500_000_000 * 10**4 + 1)
        + names((1, bytes([192, 0, 2, 2]) + b"other.example\x00"))
    )


def _texts_not_utf8() -> bytes:
    return (
        section(
            (1, b"Gr\xfc\xdfe"),
            (1, b"plain"),
            (1, b"\xff\xfe"),
            (2, b"hardware \xe9"),
            (3, b"system \xe9"),
            (4, b"application \xe9"),
        )
        + interface(
            *(1, 0, (2, b"name \xe9"), (3, b"description \xe9")),
            *((11, b"\x00filter \xe9"), (12, b"system \xe9")),
            *((15, b"hardware \xe9"), (1, b"comment \xe9")),
        )
        + packet(0, 10**15, _PACKET, len(_PACKET), (1, b"comment \xe9"))
        + statistics(0, (1, b"comment \xe9"))
    )


def make(folder: pathlib.Path) -> None:
    """Writes all of them into a folder."""
    begin = section() + interface(1, 0)
    now = 1_000_000_000 * _SECOND
    captures = {
        "two-sections": _two_sections(),
        "texts-not-utf8": _texts_not_utf8(),
        "no-interface": section(),
        "no-times": begin + simple_packet(_PACKET) * 2,
        "some-times": begin + _whole(0, now) + simple_packet(_PACKET),
        "unknown-encapsulation": section()
        + interface(9999, 0)
        + _whole(0, now) * 2,
        "unknown-interface": begin + _whole(0, now) + _whole(3, now),
        "late-interface": begin
        + _whole(0, now)
        + interface(1, 0)
        + _whole(1, now)
        + interface(1, 5, (2, b"late")),
        "cut-to-nothing": begin + packet(0, now, b"", 100) + _whole(0, now),
        "all-cut-to-nothing": begin + packet(0, now, b"", 100),
        "cut-to-lengths": begin
        + packet(0, now, _PACKET, 100)
        + packet(0, now, _PACKET[:20], 100),
        "far-future": begin + _whole(0, 2**63) + _whole(0, 2**64 - 1),
        "long-and-fast": begin + _whole(0, now) * 10_001 + _whole(0, now + 1),
        "one-and-a-half": begin + _whole(0, now) + _whole(0, now + 1_500_000),
        "backwards": begin + _whole(0, now + 7) + _whole(0, now),
        "many-statistics": begin + _whole(0, now) + statistics(0) * 256,
    }
    for decimals in (0, 1, 2, 3, 4, 9):
        resolution = (9, bytes([decimals]))
        time = 1_500_000_000 * 10**decimals
        captures[f"decimals-{decimals}"] = (
            section()
            + interface(1, 0, resolution)
            + _whole(0, time)
            + _whole(0, time + 10**decimals)
        )
    # The microseconds are a whole second, which only pcap can express.
    head = struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 65535, 1)
    record = struct.pack("<IIII", 10**9, _SECOND, len(_PACKET), len(_PACKET))
    (folder / "late-second.pcap").write_bytes(head + record + _PACKET)
    for name, content in captures.items():
        (folder / f"{name}.pcapng").write_bytes(content)
