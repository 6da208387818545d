# SPDX-License-Identifier: Apache-2.0
"""Which questions have the same answer if a capture is cut.

The state that libwireshark keeps from frame to frame decides what the payload
of a packet is: its reassembly, conversations, keys. So only the outermost
headers can be proven not to depend on it, and of a field only the first
occurrence, in packets where no other header can be the first one to have it.
"""

from __future__ import annotations

import enum
from collections.abc import Sequence

from dissectd.dask.questions import Question
from dissectd.errors import InvalidRequest

FRAME_NUMBER = "frame.number"
_FRAME_FIELDS = (
    "frame.time",
    "frame.time_epoch",
    "frame.len",
    "frame.cap_len",
)


class Need(enum.Flag):
    """What must be so in each packet of a capture that is cut."""

    NOTHING = 0
    ETHERNET = enum.auto()
    # The outermost header of the network is of IPv4, or of ARP.
    IPV4 = enum.auto()
    # The outermost header of the network is of IPv6.
    IPV6 = enum.auto()
    # It has a whole UDP datagram, or is ARP.
    UDP = enum.auto()


def _named(protocol: str, fields: str) -> list[str]:
    return [f"{protocol}.{field}" for field in fields.split()]


_NEEDS: dict[str, Need] = {
    **dict.fromkeys([FRAME_NUMBER, *_FRAME_FIELDS], Need.NOTHING),
    **dict.fromkeys(_named("eth", "src dst"), Need.ETHERNET),
    **dict.fromkeys(
        _named("ip", "version hdr_len dsfield len id ttl proto src dst"),
        Need.ETHERNET | Need.IPV4,
    ),
    **dict.fromkeys(
        _named("ipv6", "version tclass flow plen nxt hlim src dst"),
        Need.ETHERNET | Need.IPV6,
    ),
    **dict.fromkeys(
        _named("udp", "srcport dstport length checksum"),
        Need.ETHERNET | Need.UDP,
    ),
}

_ETHERNET_HEADER = 14
_TAGS = (b"\x81\x00", b"\x88\xa8")
# Cisco's ISL has other headers behind addresses that begin so.
_ISL = (b"\x01\x00\x0c\x00\x00", b"\x0c\x00\x0c\x00\x00")
_ARP, _IPV4, _IPV6 = b"\x08\x06", b"\x08\x00", b"\x86\xdd"
_UDP = 17


def needs(question: Question, filter_fields: Sequence[str]) -> Need:
    """Returns what packets must be like for the question to be stateless.

    Raises an error if it isn't, whatever the packets are like.
    """
    other = sorted(set(question.fields) - _NEEDS.keys())
    if other:
        raise InvalidRequest(
            f"{', '.join(other)} may depend on earlier frames, so that "
            f"captures can't be cut. Only these don't: {', '.join(_NEEDS)}."
        )
    # A filter looks at all occurrences, also at those in payloads.
    depends = sorted(set(filter_fields) - {*_FRAME_FIELDS, "frame"})
    if depends:
        raise InvalidRequest(
            f"The filter's {', '.join(depends)} may depend on earlier frames, "
            "so that captures can't be cut. Only these don't: "
            f"{', '.join(_FRAME_FIELDS)}."
        )
    if question.occurrence != "first" or question.columns:
        raise InvalidRequest(
            "Captures can be cut for the first occurrence of fields only, and "
            "not for columns."
        )
    request = question.request()
    if request.options.ByteSize() or request.view.HasField("range"):
        raise InvalidRequest(
            "Captures can't be cut if there are options of how to dissect "
            "them, or a range of frames."
        )
    result = Need.NOTHING
    for field in question.fields:
        result |= _NEEDS[field]
    return result


def fulfils(packet: bytes, need: Need) -> bool:
    """Tells whether a packet of Ethernet is what a question needs.

    Of a packet that can't be understood this is false.
    """
    if not need & (Need.IPV4 | Need.IPV6 | Need.UDP):
        return True
    if packet.startswith(_ISL):
        return False
    place = _ETHERNET_HEADER - 2
    while packet[place : place + 2] in _TAGS:
        place += 4
    kind = packet[place : place + 2]
    if kind == _ARP:
        return True
    if Need.IPV4 in need and kind != _IPV4:
        return False
    if Need.IPV6 in need and kind != _IPV6:
        return False
    return Need.UDP not in need or _has_datagram(kind, packet[place + 2 :])


def _has_datagram(kind: bytes, header: bytes) -> bool:
    """Tells whether a header of IP is followed by that of UDP."""
    if kind == _IPV4 and len(header) >= 20:
        is_fragment = int.from_bytes(header[6:8], "big") & 0x3FFF
        return header[9] == _UDP and not is_fragment
    if kind == _IPV6 and len(header) >= 40:
        return header[6] == _UDP
    return False
