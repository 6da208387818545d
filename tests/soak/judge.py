# SPDX-License-Identifier: GPL-2.0-or-later
"""Tells whether the output of a call is right, whatever was killed."""

import itertools
import re
import typing

# A part of an output: the number of its frame, or 0; and its bytes.
Part = tuple[int, bytes]

_CRASH = re.compile(rb"The dissection process died in frame (\d+)")
# These can't be unless the daemon itself was killed.
_UNREACHABLE = re.compile(rb"No daemon answers|The connection to the daemon")

_HEADER_BYTES = 24
_RECORD_HEADER_BYTES = 16


class Verdict(typing.NamedTuple):
    """What is wrong, and whether nothing but crashed frames is missing."""

    fault: str | None
    is_whole: bool


def lines_of(output: bytes) -> list[Part]:
    """Returns lines that begin with the numbers of frames."""
    return [
        (int(line.split(b"\t")[0]), line)
        for line in output.splitlines(keepends=True)
    ]


def records_of(pcap: bytes) -> list[Part]:
    """Returns the records of a pcap file in the byte order of this machine."""
    parts = [(0, pcap[:_HEADER_BYTES])]
    at = _HEADER_BYTES
    while at < len(pcap):
        length = int.from_bytes(pcap[at + 8 : at + 12], "little")
        end = at + _RECORD_HEADER_BYTES + length
        parts.append((len(parts), pcap[at:end]))
        at = end
    return parts


def crashed_frames(errors: bytes) -> set[int]:
    return {int(number) for number in _CRASH.findall(errors)}


def is_unreachable(errors: bytes) -> bool:
    return _UNREACHABLE.search(errors) is not None


def judge_parts(
    status: int, output: bytes, errors: bytes, parts: list[Part]
) -> Verdict:
    """Compares an output with the one of an undisturbed call.

    Frames may be missing only if a message names them, or if the call failed
    before them.
    """
    crashed = crashed_frames(errors)
    wanted = b"".join(part for frame, part in parts if frame not in crashed)
    if output == wanted:
        return Verdict(None, True)
    if status != 0 and wanted.startswith(output):
        return Verdict(None, False)
    same = len(_common_beginning(output, wanted))
    fault = (
        f"{len(output)} bytes instead of {len(wanted)}; after {same} bytes:"
        f" {output[same : same + 120]!r}"
        f" instead of {wanted[same : same + 120]!r}"
    )
    return Verdict(fault, False)


def _common_beginning(left: bytes, right: bytes) -> bytes:
    shortest = min(len(left), len(right))
    for at in range(shortest):
        if left[at] != right[at]:
            return left[:at]
    return left[:shortest]


def judge_live(status: int, output: bytes, frames: int) -> Verdict:
    """Checks frames of a live capture of packets that contain a counter.

    The call fails if the process dies, even in a frame that it has just sent.
    """
    if output and not output.endswith(b"\n"):
        return Verdict(f"the last line is cut: {output[-80:]!r}", False)
    wanted = list(range(1, frames + 1))
    rows = [line.split(b"\t") for line in output.splitlines()]
    numbers = [int(row[0]) for row in rows]
    counters = [int(bytes.fromhex(row[1].decode())) for row in rows]
    complete = wanted if status == 0 else wanted[: len(numbers)]
    if numbers != complete:
        return Verdict(f"frames {numbers} instead of {complete}", False)
    if any(a >= b for a, b in itertools.pairwise(counters)):
        return Verdict(f"packets out of order: {counters}", False)
    return Verdict(None, numbers == wanted)
