#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Sends frames of a capture to an interface, again and again.

    traffic.py INTERFACE FILE COUNT RATE

FILE is a pcap file of Ethernet. Prints the processor seconds that sending took.
"""

import pathlib
import socket
import struct
import subprocess
import sys
import time
from collections.abc import Iterator

ETHERNET = 1
# What an interface takes: a header, and at most 1500 bytes after it.
SMALLEST_FRAME, LARGEST_FRAME = 14, 1514
_MAGIC = 0xA1B2C3D4
_HEADER_BYTES = 24
_RECORD = struct.Struct("<IIII")
_TICK_SECONDS = 0.002


def frames_in(content: bytes) -> Iterator[bytes]:
    """Yields the frames of a pcap file of Ethernet; none for other files."""
    if len(content) < _HEADER_BYTES:
        return
    magic, *_, link_type = struct.unpack_from("<IHHiIII", content)
    if magic != _MAGIC or link_type != ETHERNET:
        return
    place = _HEADER_BYTES
    while place + _RECORD.size <= len(content):
        *_, captured, original = _RECORD.unpack_from(content, place)
        place += _RECORD.size
        if captured == original:
            yield content[place : place + captured]
        place += captured


def ethernet_frames(
    captures: list[pathlib.Path], limit: int
) -> Iterator[bytes]:
    """Yields frames that an interface can carry, at most `limit` of them."""
    for path in captures:
        # Captures of other kinds than one encapsulation of microseconds fail.
        converted = subprocess.run(
            ["editcap", "-F", "pcap", path, "-"],
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            check=False,
        )
        for frame in frames_in(converted.stdout):
            if SMALLEST_FRAME <= len(frame) <= LARGEST_FRAME:
                yield frame
                limit -= 1
            if limit == 0:
                return


def send(
    frames: list[bytes], interface: str, count: int, per_second: float
) -> None:
    """Sends frames in turn, at a rate if the machine is fast enough for it."""
    with socket.socket(socket.AF_PACKET, socket.SOCK_RAW) as opened:
        opened.bind((interface, 0))
        began = time.monotonic()
        sent = 0
        while sent < count:
            due = int((time.monotonic() - began) * per_second) + 1
            if due <= sent:
                time.sleep(_TICK_SECONDS)
            for number in range(sent, min(due, count)):
                opened.send(frames[number % len(frames)])
            sent = max(sent, min(due, count))


def main() -> None:
    interface, path, count, per_second = sys.argv[1:]
    frames = list(frames_in(pathlib.Path(path).read_bytes()))
    if not frames:
        sys.exit(f"{path} has no frames of Ethernet")
    before = time.process_time()
    send(frames, interface, int(count), float(per_second))
    print(f"{time.process_time() - before:.6f}")


if __name__ == "__main__":
    main()
