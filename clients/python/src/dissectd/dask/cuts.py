# SPDX-License-Identifier: Apache-2.0
"""Cuts captures of the type pcap between packets."""

from __future__ import annotations

import dataclasses
import struct
from collections.abc import Iterator
from typing import BinaryIO

from dissectd.dask.stateless import Need, fulfils

FILE_HEADER = 24
_RECORD_HEADER = 16
_BLOCK = 1 << 20
_ETHERNET = 1
# What is looked at of a packet: its headers of Ethernet, with tags, and of IP.
_BEGINNING = 96
# Those with microseconds and nanoseconds.
_BYTE_ORDERS = {
    b"\xd4\xc3\xb2\xa1": "<",
    b"\x4d\x3c\xb2\xa1": "<",
    b"\xa1\xb2\xc3\xd4": ">",
    b"\xa1\xb2\x3c\x4d": ">",
}
# Wireshark takes a capture with longer packets for a damaged one.
_LONGEST_PACKET = 262144


@dataclasses.dataclass(frozen=True)
class Piece:
    """A part of a capture: its bytes, and the number of its first frame."""

    begin: int
    end: int
    first_frame: int


def count_of_pieces(size: int, piece_bytes: int) -> int:
    """Returns how many pieces a file has at most."""
    return max(1, -(-size // piece_bytes))


def _byte_order(header: bytes, need: Need) -> str:
    """Returns that of a capture whose packets can be told; "" of others."""
    order = _BYTE_ORDERS.get(header[:4], "")
    if not order or len(header) < FILE_HEADER:
        return ""
    major, minor = struct.unpack_from(f"{order}HH", header, 4)
    (link_type,) = struct.unpack_from(f"{order}I", header, 20)
    if (major, minor) != (2, 4):
        return ""
    if need is not Need.NOTHING and link_type != _ETHERNET:
        return ""
    return order


def _packets(stream: BinaryIO, order: str) -> Iterator[tuple[int, bytes]]:
    """Yields the beginnings of packets, and where in the file each begins.

    Ends before what is no packet.
    """
    lengths = struct.Struct(f"{order}8xII")
    offset, data = FILE_HEADER, b""
    while block := stream.read(_BLOCK):
        data += block
        place = 0
        while place + _RECORD_HEADER <= len(data):
            captured, _ = lengths.unpack_from(data, place)
            if captured > _LONGEST_PACKET:
                return
            begin = place + _RECORD_HEADER
            if begin + captured > len(data):
                break
            yield (
                offset + place,
                data[begin : begin + min(captured, _BEGINNING)],
            )
            place = begin + captured
        offset += place
        data = data[place:]


def find_pieces(
    stream: BinaryIO, size: int, piece_bytes: int, need: Need
) -> list[Piece | None]:
    """Returns the pieces of a capture, or None alone if it can't be cut.

    A packet belongs to the piece in whose bytes it begins.
    """
    order = _byte_order(stream.read(FILE_HEADER), need)
    if not order:
        return [None]
    begins = [(FILE_HEADER, 1)]
    for frame, (offset, packet) in enumerate(_packets(stream, order), 1):
        if not fulfils(packet, need):
            return [None]
        if offset >= len(begins) * piece_bytes:
            begins.append((offset, frame))
    ends = [begin for begin, _ in begins[1:]] + [size]
    return [
        Piece(begin, end, frame)
        for (begin, frame), end in zip(begins, ends, strict=True)
    ]
