# SPDX-License-Identifier: GPL-2.0-or-later
"""Cases that dissectctl and tshark must handle alike.

Both programs get the same options and must print the same. The few intended
differences are stated with the case: the reason, and what dissectctl does
instead.
"""

import dataclasses
import hashlib


@dataclasses.dataclass(frozen=True)
class Instead:
    """An intended difference from tshark."""

    reason: str
    # The first lines of standard error, after the program's name. Standard
    # output is empty.
    stderr: str
    # None if it is tshark's.
    exit_code: int | None = None


@dataclasses.dataclass(frozen=True)
class Case:
    """Options to compare."""

    name: str
    # Options after `tshark -r FILE` and `dissectctl read FILE`.
    options: tuple[str, ...] = ()
    # Options that can't be the same for both programs.
    tshark_options: tuple[str, ...] = ()
    dissectctl_options: tuple[str, ...] = ()
    # Whether the format is XML, which has the program's name and the time.
    xml: bool = False
    instead: Instead | None = None
    # The variable TZ; None for the default time zone.
    time_zone: str | None = None

    def for_tshark(self, capture: str) -> list[str]:
        return ["-r", capture, *self.tshark_options, *self.options]

    def for_dissectctl(self, capture: str) -> list[str]:
        return ["read", capture, *self.dissectctl_options, *self.options]


# Cases for one capture: names and options. Blanks separate options; a '~'
# stands for a blank within one.
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

# A filter that some frames of most captures pass, but not all.
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

# Options that every format is combined with.
VARIANTS: dict[str, tuple[str, ...]] = {
    "": (),
    "two passes": ("-2",),
    "filter": ("-Y", FILTER),
}


def matrix(formats: list[str]) -> list[Case]:
    """Returns the cases for every capture."""
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
    """Returns one case for a capture, as a sample of the matrix.

    The choice depends on the capture's name only, so that it stays the same
    when other captures are added or removed. Many captures cover all cases.
    """
    digest = hashlib.sha256(capture.encode()).digest()
    return [cases[int.from_bytes(digest[:8], "big") % len(cases)]]
