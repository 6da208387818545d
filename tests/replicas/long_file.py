# SPDX-License-Identifier: GPL-2.0-or-later
"""A capture of which more is sent than fits into all buffers on its way."""

import pathlib
import random
import struct

NAME = "long.pcap"
FRAMES = 40_000
_PAYLOAD_BYTES = 1400
_MAGIC = 0xA1B2C3D4
_VERSION = (2, 4)
_LARGEST_FRAME = 262_144
_LINK_TYPE_RAW = 101
# IPv4 from 192.0.2.1 to 192.0.2.2, of a protocol that is for experiments.
_PROTOCOL = 253


def _packet(payload: bytes) -> bytes:
    header = struct.pack(
        ">BBHHHBBHII",
        *(0x45, 0, 20 + len(payload), 0, 0, 64, _PROTOCOL, 0),
        *(0xC0000201, 0xC0000202),
    )
    return header + payload


def write_long_file(path: pathlib.Path) -> None:
    """Writes a capture whose packets can't be compressed."""
    packet = _packet(random.Random(1).randbytes(_PAYLOAD_BYTES))
    with open(path, "wb") as capture:
        capture.write(
            struct.pack(
                "<IHHiIII",
                *(_MAGIC, *_VERSION, 0, 0, _LARGEST_FRAME, _LINK_TYPE_RAW),
            )
        )
        for number in range(FRAMES):
            capture.write(
                struct.pack("<IIII", number, 0, len(packet), len(packet))
            )
            capture.write(packet)
