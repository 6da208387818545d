# SPDX-License-Identifier: GPL-2.0-or-later
"""Finds the first difference between two outputs of any size."""

from typing import BinaryIO

CHUNK_BYTES = 1 << 20
# The number of bytes of a line that are shown around the difference.
SHOWN_BYTES = 200


class Stream:
    """An output that is read from its beginning."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self._head = b""

    def take_head(self, size: int) -> bytes:
        """Removes and returns the first bytes, which put_head can replace."""
        return self._file.read(size)

    def put_head(self, head: bytes) -> None:
        self._head = head

    def read(self, size: int) -> bytes:
        """Reads `size` bytes, or less at the end of the output."""
        piece, self._head = self._head[:size], self._head[size:]
        return piece + self._file.read(size - len(piece))


def first_difference(a: bytes, b: bytes) -> int:
    """Returns the index of the first difference of two strings."""
    low, high = 0, min(len(a), len(b))
    while low < high:
        middle = (low + high + 1) // 2
        if a[low:middle] == b[low:middle]:
            low = middle
        else:
            high = middle - 1
    return low


def around(line: bytes, place: int) -> str:
    """Returns the part of a line around an index, escaped."""
    start = max(0, place - SHOWN_BYTES // 2)
    shown = line[start : start + SHOWN_BYTES]
    before = "…" if start > 0 else ""
    after = "…" if start + SHOWN_BYTES < len(line) else ""
    text = shown.decode("utf-8", "backslashreplace")
    return before + text.replace("\t", "\\t") + after


class LineCounter:
    """Tracks two streams that arrive in pieces, until they differ."""

    def __init__(self) -> None:
        self._line = 1
        # The beginning of the current line, which is equal in both.
        self._begin = b""

    def skip(self, piece: bytes) -> None:
        """Adds a piece that is equal in both."""
        self._line += piece.count(b"\n")
        cut = piece.rfind(b"\n")
        if cut >= 0:
            self._begin = piece[cut + 1 :]
        elif len(self._begin) < CHUNK_BYTES:
            self._begin += piece

    def describe(self, ours: bytes, theirs: bytes) -> str:
        """Adds pieces that differ. Returns a description of the difference."""
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
    """Returns a description of the difference; empty if there is none."""
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
    """Returns a description of the difference; empty if there is none."""
    return "" if ours == theirs else LineCounter().describe(ours, theirs)
