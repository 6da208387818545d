# SPDX-License-Identifier: Apache-2.0
"""What libwireshark's types can do in display filters."""

from __future__ import annotations

import dataclasses
import enum


class Group(enum.Enum):
    """Types whose values can be compared with each other."""

    LABEL = "a label"
    PROTOCOL = "a protocol"
    BOOLEAN = "a boolean"
    INTEGER = "an integer"
    SHORT_SCALED = "a number of IEEE 11073 with 16 bits"
    SCALED = "a number of IEEE 11073 with 32 bits"
    FLOAT = "a floating-point number"
    TIME = "a time"
    DURATION = "a duration"
    STRING = "a string"
    BYTES = "bytes"
    IPV4 = "an IPv4 address"
    IPV6 = "an IPv6 address"
    GUID = "a GUID"


@dataclasses.dataclass(frozen=True)
class Kind:
    """A type of values: libwireshark's `ftype_t`."""

    name: str
    group: Group
    # The width of integers in bits, or the length of addresses in bytes.
    size: int = 0
    signed: bool = False

    @property
    def lowest(self) -> int:
        return -(1 << (self.size - 1)) if self.signed else 0

    @property
    def highest(self) -> int:
        return (1 << (self.size - self.signed)) - 1

    def wrapped(self, number: int) -> int:
        """Returns an integer with only the bits that the type has."""
        return (number - self.lowest) % (1 << self.size) + self.lowest


def _integers() -> list[Kind]:
    widths = (8, 16, 24, 32, 40, 48, 56, 64)
    return [
        Kind(f"{prefix}{width}", Group.INTEGER, width, signed)
        for prefix, signed in (("uint", False), ("int", True))
        for width in widths
    ]


# By the numbers of FieldType in the API.
KINDS = dict(
    enumerate(
        [
            Kind("none", Group.LABEL),
            Kind("protocol", Group.PROTOCOL),
            Kind("boolean", Group.BOOLEAN),
            Kind("char", Group.INTEGER, 8),
            *_integers(),
            Kind("ieee_11073_sfloat", Group.SHORT_SCALED),
            Kind("ieee_11073_float", Group.SCALED),
            Kind("float", Group.FLOAT),
            Kind("double", Group.FLOAT),
            Kind("absolute_time", Group.TIME),
            Kind("relative_time", Group.DURATION),
            Kind("string", Group.STRING),
            Kind("stringz", Group.STRING),
            Kind("uint_string", Group.STRING),
            Kind("ether", Group.BYTES, 6),
            Kind("bytes", Group.BYTES),
            Kind("uint_bytes", Group.BYTES),
            Kind("ipv4", Group.IPV4),
            Kind("ipv6", Group.IPV6),
            Kind("ipxnet", Group.INTEGER, 32),
            Kind("framenum", Group.INTEGER, 32),
            Kind("guid", Group.GUID),
            Kind("oid", Group.BYTES),
            Kind("eui64", Group.INTEGER, 64),
            Kind("ax25", Group.BYTES, 7),
            Kind("vines", Group.BYTES, 6),
            Kind("rel_oid", Group.BYTES),
            Kind("system_id", Group.BYTES),
            Kind("stringzpad", Group.STRING),
            Kind("fcwwn", Group.BYTES, 8),
            Kind("stringztrunc", Group.STRING),
        ],
        start=1,
    )
)
BY_NAME = {kind.name: kind for kind in KINDS.values()}
SLICE = Kind("slice", Group.BYTES)
