# SPDX-License-Identifier: GPL-2.0-or-later
"""Finds the first difference of two outputs of any size."""

from typing import BinaryIO

CHUNK_BYTES = 1 << 20
# Of a line that is shown, around the difference.
SHOWN_BYTES = 200


class Stream:
    """An output that is read from its begin."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self._head = b""

    def take_head(self, size: int) -> bytes:
        """Takes the first bytes off; put_head gives them back, changed."""
        return self._file.read(size)

    def put_head(self, head: bytes) -> None:
        self._head = head

    def read(self, size: int) -> bytes:
        """Reads less than `size` only where the output ends."""
        piece, self._head = self._head[:size], self._head[size:]
        return piece + self._file.read(size - len(piece))


def first_difference(a: bytes, b: bytes) -> int:
    """Returns where two strings part."""
    low, high = 0, min(len(a), len(b))
    while low < high:
        middle = (low + high + 1) // 2
        if a[low:middle] == b[low:middle]:
            low = middle
        else:
            high = middle - 1
    return low


def around(line: bytes, place: int) -> str:
    """Returns the part of a line around a place, escaped."""
    start = max(0, place - SHOWN_BYTES // 2)
    shown = line[start : start + SHOWN_BYTES]
    before = "…" if start > 0 else ""
    after = "…" if start + SHOWN_BYTES < len(line) else ""
    text = shown.decode("utf-8", "backslashreplace")
    return before + text.replace("\t", "\\t") + after


class LineCounter:
    """Follows two streams that come in pieces, up to where they part."""

    def __init__(self) -> None:
        self._line = 1
        # The begin of the current line, which both have.
        self._begin = b""

    def skip(self, piece: bytes) -> None:
        """Takes a piece that both have."""
        self._line += piece.count(b"\n")
        cut = piece.rfind(b"\n")
        if cut >= 0:
            self._begin = piece[cut + 1 :]
        elif len(self._begin) < CHUNK_BYTES:
            self._begin += piece

    def describe(self, ours: bytes, theirs: bytes) -> str:
        """Takes the pieces that differ; returns where and how."""
        same = first_difference(ours, theirs)
        self.skip(ours[:same])
        place = f"line {self._line}, byte {len(self._begin) + 1}"
        lines = [f"first at {place}:"]
        for name, piece in (("tshark", theirs), ("dissectctl", ours)):
            rest = piece[same:]
            if rest:
                line = self._begin + rest.split(b"\n", 1)[0]
                lines.append(f"  {name:<10} | {around(line, len(self._begin))}")
            else:
                lines.append(f"  {name:<10} ends there")
        return "\n".join(lines)


def compare_streams(ours: Stream, theirs: Stream) -> str:
    """Returns where two outputs differ; empty if they don't."""
    counter = LineCounter()
    while True:
        our_piece = ours.read(CHUNK_BYTES)
        their_piece = theirs.read(CHUNK_BYTES)
        if our_piece != their_piece:
            return counter.describe(our_piece, their_piece)
        if not our_piece:
            return ""
        counter.skip(our_piece)


def compare_bytes(ours: bytes, theirs: bytes) -> str:
    """Returns where two strings differ; empty if they don't."""
    return "" if ours == theirs else LineCounter().describe(ours, theirs)
