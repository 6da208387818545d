# SPDX-License-Identifier: GPL-2.0-or-later
"""What dissectctl and tshark are both asked to do.

Options are the same for both programs, and so must be what they print. The
few differences that are meant are stated where they are, with the reason and
with what dissectctl does instead.
"""

import dataclasses
import hashlib


@dataclasses.dataclass(frozen=True)
class Instead:
    """What dissectctl does where it is meant to differ from tshark."""

    reason: str
    # Its first lines, after the program's name; standard output is empty.
    stderr: str
    # None where it is tshark's.
    exit_code: int | None = None


@dataclasses.dataclass(frozen=True)
class Case:
    """One way to ask."""

    name: str
    # After `tshark -r FILE` and `dissectctl read FILE`.
    options: tuple[str, ...] = ()
    # Options of one of the two, where they can not be the same.
    tshark_options: tuple[str, ...] = ()
    dissectctl_options: tuple[str, ...] = ()
    # XML formats name the program that wrote them, and when.
    xml: bool = False
    instead: Instead | None = None
    # Of the environment; None is the default of all.
    time_zone: str | None = None

    def for_tshark(self, capture: str) -> list[str]:
        return ["-r", capture, *self.tshark_options, *self.options]

    def for_dissectctl(self, capture: str) -> list[str]:
        return ["read", capture, *self.dissectctl_options, *self.options]


# What is tried on one capture: names with options. Blanks are between options;
# a '~' stands for a blank within one.
Table = list[tuple[str, str]]

FIELDS = (
    "frame.number",
    "frame.time_epoch",
    "frame.protocols",
    "eth.src",
    "ip.src",
    "ip.dst",
    "ipv6.src",
    "tcp.port",
    "udp.port",
    "tcp.flags",
    "tcp.payload",
    "dns.qry.name",
    "http.host",
    "_ws.col.Protocol",
    "_ws.col.Info",
)

# Passes some, but not all frames of most captures.
FILTER = "tcp.flags.syn == 1 || udp.length > 100 || dns || icmp"

FORMATS: dict[str, tuple[str, ...]] = {
    "text": (),
    "details": ("-V",),
    "bytes": ("-V", "-x"),
    "fields": (
        *("-T", "fields", "-E", "header=y", "-E", "occurrence=a"),
        *(word for field in FIELDS for word in ("-e", field)),
    ),
    "json": ("-T", "json"),
    "jsonraw": ("-T", "jsonraw"),
    "ek": ("-T", "ek"),
    "pdml": ("-T", "pdml"),
    "psml": ("-T", "psml"),
}

# How each format is asked for.
VARIANTS: dict[str, tuple[str, ...]] = {
    "": (),
    "two passes": ("-2",),
    "filter": ("-Y", FILTER),
}


def matrix(formats: list[str]) -> list[Case]:
    """Returns all cases that every capture is held against."""
    return [
        Case(
            name=f"{name}, {variant}" if variant else name,
            options=(*variant_options, *FORMATS[name]),
            xml=name in ("pdml", "psml"),
        )
        for variant, variant_options in VARIANTS.items()
        for name in formats
    ]


def part(cases: list[Case], capture: str) -> list[Case]:
    """Returns the share of one capture in a sample of the matrix: one case.

    It depends on the capture's name only, so that it stays the same as captures
    come and go; over many captures all cases have their turn.
    """
    digest = hashlib.sha256(capture.encode()).digest()
    return [cases[int.from_bytes(digest[:8], "big") % len(cases)]]
