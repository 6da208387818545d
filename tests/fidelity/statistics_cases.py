# SPDX-License-Identifier: GPL-2.0-or-later
"""The reports of `tshark -z`, with the arguments that they need."""

import collections.abc
import dataclasses
import hashlib

# Reports that can't be compared, with the reason.
NOT_COMPARED = {
    "endpoints,mptcp": "tshark aborts on every capture that has MPTCP",
    "proto,colinfo": "it changes packet lines, and -q refuses it",
}

# What some reports need to say anything.
PREFERENCES = (
    "-o",
    "megaco.ctx_info:TRUE",
    "-o",
    "h248.ctx_info:TRUE",
    "-o",
    "smb.sid_name_snooping:TRUE",
)

_FILTER = "frame.number<20"
_FEW_FRAMES = "frame.number<=4000"
_SAMR = "12345778-1234-abcd-ef00-0123456789ac,1.0"

# The arguments of reports with others than a filter: by default, and for the
# third way.
_ARGUMENTS = {
    "credentials": ("", ""),
    "dcerpc,srt": (f",{_SAMR}", f",{_SAMR},{_FILTER}"),
    "diameter,avp": ("", ",257"),
    "expert": ("", f",note,{_FILTER}"),
    "follow,http2": (",ascii,0,1", ",hex,0,1"),
    "follow,quic": (",ascii,0,0", ",hex,0,0"),
    "hosts": ("", ",ip"),
    "io,stat": (
        ",1",
        ",0.5,frame.len>80,COUNT(frame.number)frame.number,"
        "AVG(frame.len)frame.len,SUM(tcp.len)tcp.len",
    ),
    "rpc,srt": (",100003,3", f",100003,3,{_FILTER}"),
    "rtp,streams": ("", ""),
    "scsi,srt": (",0", f",0,{_FILTER}"),
}
_PREFIXES = {
    "flow,": (",standard", f",network,{_FILTER}"),
    "follow,": (",ascii,0", ",hex,0"),
}

# A run of tshark makes this many reports at once.
BATCH = 56


@dataclasses.dataclass(frozen=True)
class Way:
    """How a capture is read."""

    name: str
    options: tuple[str, ...] = ()
    # Whether reports have filters, or the second kind of their arguments.
    filtered: bool = False


WAYS = (
    Way("one pass"),
    Way("two passes", ("-2", "-R", _FEW_FRAMES)),
    Way("filters", (), True),
)


def argument(name: str, way: Way) -> str:
    """Returns what `-z` takes for a report."""
    kinds = _ARGUMENTS.get(name)
    for prefix, common in _PREFIXES.items():
        if kinds is None and name.startswith(prefix):
            kinds = common
    if kinds is None:
        kinds = ("", f",{_FILTER}")
    return name + kinds[way.filtered]


@dataclasses.dataclass(frozen=True)
class Batch:
    """Reports that one run makes."""

    way: Way
    reports: tuple[str, ...]

    @property
    def name(self) -> str:
        if len(self.reports) == 1:
            return f"{argument(self.reports[0], self.way)}, {self.way.name}"
        return f"{self.reports[0]} to {self.reports[-1]}, {self.way.name}"

    def arguments(self, capture: str) -> list[str]:
        words = ["-q", "-r", capture, *self.way.options, *PREFERENCES]
        for report in self.reports:
            words += ["-z", argument(report, self.way)]
        return words

    def alone(self) -> list["Batch"]:
        """Returns a batch for each report."""
        return [Batch(self.way, (report,)) for report in self.reports]


def batches(names: collections.abc.Sequence[str]) -> list[list[Batch]]:
    """Returns the batches of all reports in each way."""
    compared = [name for name in names if name not in NOT_COMPARED]
    groups = [
        tuple(compared[start : start + BATCH])
        for start in range(0, len(compared), BATCH)
    ]
    return [[Batch(way, group) for way in WAYS] for group in groups]


def _number(text: str) -> int:
    digest = hashlib.sha256(text.encode()).digest()
    return int.from_bytes(digest[:8], "big")


def chosen(
    names: collections.abc.Sequence[str], capture: str, extent: str
) -> list[Batch]:
    """Returns the batches for a capture.

    `full` is all of them, `quick` all reports in one way each, and `part` some
    reports in one way. The choice depends on the capture's name only.
    """
    groups = batches(names)
    if extent == "full":
        return [batch for group in groups for batch in group]
    first = _number(capture)
    quick = [
        group[(first + place) % len(group)]
        for place, group in enumerate(groups)
    ]
    if extent == "quick":
        return quick
    return [quick[first // len(WAYS) % len(quick)]]
