# SPDX-License-Identifier: Apache-2.0
"""Filters as expressions: their texts, and what is refused."""

import datetime
import decimal
import ipaddress
import math
import uuid
from collections.abc import Callable
from typing import Any

import pytest

from dissectd import filters, protocols
from dissectd.filters import between, raw, wrap
from dissectd.protocols import (
    _ws,
    dns,
    eth,
    frame,
    http,
    ip,
    ipv6,
    quic,
    tcp,
    udp,
)
from dissectd.values import Duration, Mac, Timestamp

UTC = datetime.timezone.utc
TYPES: Any = filters.protocol("_ws.ftypes")

TEXTS = [
    (
        (ip.proto == ip.proto.TCP)
        & tcp.dstport.isin([80, 443, range(8000, 8011)])
        & ~tcp.analysis.retransmission,
        "ip.proto == 6 && tcp.dstport in {80, 443, 8000..8010} && "
        "!tcp.analysis.retransmission",
    ),
    (tcp | dns & ~ip, "tcp || dns && !ip"),
    ((tcp | dns) & ip, "(tcp || dns) && ip"),
    (~(tcp | dns), "!(tcp || dns)"),
    (~(tcp.len > 5), "!(tcp.len > 5)"),
    (ip.proto == "TCP", "ip.proto == 6"),
    (dns.qry.type == dns.qry.type.AAAA, "dns.qry.type == 28"),
    (dns.flags.opcode != "Standard query", "dns.flags.opcode != 0"),
    (eth.src[0:3] == "00:11:22", "eth.src[0:3] == 00:11:22"),
    (eth.src[-3:] == b"\x00\x11\x22", "eth.src[-3:] == 00:11:22"),
    (eth.src[2:5] == "001122", "eth.src[2:3] == 00:11:22"),
    (eth.src[0] == b"\xfc", "eth.src[0] == 0xfc"),
    (
        eth.src[0, 2:4, -1:] == "00:11:22:33",
        "eth.src[0,2:2,-1:] == 00:11:22:33",
    ),
    (tcp[0:3] == "GET", 'tcp[0:3] == "GET"'),
    (tcp.payload[0:3] == b"GET", "tcp.payload[0:3] == 47:45:54"),
    (eth.src[0] & b"\x01", "eth.src[0] & 0x01"),
    (tcp.flags & 0x02, "tcp.flags & 2"),
    (tcp.flags & 0x12 == 0x02, "tcp.flags & 18 == 2"),
    ((tcp.flags & 2) & dns, "tcp.flags & 2 && dns"),
    (filters.bitwise_and(tcp.flags, ip.ttl), "tcp.flags & ip.ttl"),
    (tcp.flags & ip.ttl, "tcp.flags && ip.ttl"),
    (
        tcp.dstport >= 4 * (tcp.srcport + 3),
        "tcp.dstport >= {tcp.srcport + 3} * 4",
    ),
    (udp.dstport >= udp.srcport + 1, "udp.dstport >= udp.srcport + 1"),
    (5 - tcp.len > 3, "{-tcp.len} + 5 > 3"),
    (ip.ttl + 257 == 5, "ip.ttl + 1 == 5"),
    (ip.ttl + -1 == 5, "ip.ttl - 1 == 5"),
    (ip.ttl * 300 == 5, "ip.ttl * 44 == 5"),
    (TYPES.int8 == -128, "_ws.ftypes.int8 == -127 - 1"),
    (1 < tcp.len, "tcp.len > 1"),  # noqa: SIM300
    (ip.src == "10.0.0.0/8", "ip.src == 10.0.0.0/8"),
    (ip.src == ipaddress.ip_network("10.0.0.0/8"), "ip.src == 10.0.0.0/8"),
    (ip.src == 0x0A000001, "ip.src == 10.0.0.1"),
    (ip.src & "255.0.0.0", "ip.src & 255.0.0.0"),
    (ipv6.src == ipaddress.ip_address("fe80::1"), "ipv6.src == fe80::1"),
    (
        ip.addr.isin([between("10.0.0.5", "10.0.0.9"), "10.1.0.0/16"]),
        "ip.addr in {10.0.0.5..10.0.0.9, 10.1.0.0/16}",
    ),
    (tcp.port.isin(range(0, 10, 5)), "tcp.port in {0, 5}"),
    (eth.addr == Mac("00:11:22:33:44:55"), "eth.addr == 00:11:22:33:44:55"),
    (eth.addr.contains("11:22"), "eth.addr contains 11:22"),
    (http.host == 'a"\\\n', 'http.host == "a\\"\\\\\\x0a"'),
    (http.host.matches(r"\.org$"), 'http.host matches "\\\\.org$"'),
    (http.contains("GET"), 'http contains "GET"'),
    (tcp.payload.contains(b"\x16"), "tcp.payload contains 0x16"),
    (tcp.flags.syn == True, "tcp.flags.syn == True"),  # noqa: E712
    (tcp.flags.syn == 0, "tcp.flags.syn == False"),
    (frame.time_delta > 1e-9, "frame.time_delta > 0.000000001"),
    (
        frame.time_delta > decimal.Decimal("1.000000001"),
        "frame.time_delta > 1.000000001",
    ),
    (
        frame.time_delta > datetime.timedelta(milliseconds=-1500),
        "frame.time_delta > -1.5",
    ),
    (
        frame.time_delta == Duration.from_parts(1, 5),
        "frame.time_delta == 1.000000005",
    ),
    (
        frame.time > datetime.datetime(2026, 1, 31, 8, tzinfo=UTC),
        'frame.time > "2026-01-31T08:00:00.000000000Z"',
    ),
    (
        frame.time > Timestamp.from_parts(1, 5),
        'frame.time > "1970-01-01T00:00:01.000000005Z"',
    ),
    (
        TYPES.guid == uuid.UUID(int=1),
        "_ws.ftypes.guid == 00000000-0000-0000-0000-000000000001",
    ),
    (TYPES.oid == "1.3.6.1", "_ws.ftypes.oid == 1.3.6.1"),
    (TYPES.char == "A", "_ws.ftypes.char == 65"),
    (
        TYPES.eui64 == "00:00:00:00:00:00:00:10",
        "_ws.ftypes.eui64 == 16",
    ),
    (filters.len(http.host) > 20, "len(http.host) > 20"),
    (filters.count(ip.src) == 2, "count(ip.src) == 2"),
    (filters.upper(http.host) == "A", 'upper(http.host) == "A"'),
    (
        filters.lower(http.host).contains("a"),
        'lower(http.host) contains "a"',
    ),
    (
        filters.string(frame.number).matches("[13579]$"),
        'string(frame.number) matches "[13579]$"',
    ),
    (filters.string(ip.src)[0:3] == "192", 'string(ip.src)[0:3] == "192"'),
    (
        filters.max(tcp.srcport, tcp.dstport) < 9,
        "max(tcp.srcport, tcp.dstport) < 9",
    ),
    (filters.abs(frame.time_delta) > 1, "abs(frame.time_delta) > 1"),
    (filters.any(tcp.port) != 80, "any tcp.port != 80"),
    (filters.all(tcp.port) > 1024, "all tcp.port > 1024"),
    (filters.all(tcp.port).isin([1, 2]), "all tcp.port in {1, 2}"),
    (filters.all(ip.ttl + 1) == 5, "all {ip.ttl + 1} == 5"),
    (ip.addr.layer(1) == "10.0.0.1", "ip.addr#1 == 10.0.0.1"),
    (ip.addr.layer(-1), "ip.addr#[-1]"),
    (tcp.port.layer(range(2, 5)) == 80, "tcp.port#[2-4] == 80"),
    (ip.layer(2)[0:1] == b"\x45", "ip#2[0:1] == 0x45"),
    (raw("tcp or udp") & ip, "(tcp or udp) && ip"),
    (ip.dst == raw("www.example.com"), "ip.dst == www.example.com"),
    (_ws.malformed & ip, "_ws.malformed && ip"),
    (
        quic.frame_type.isin([quic.frame_type.STREAM, 0]),
        "quic.frame_type in {8..15, 0}",
    ),
]

REFUSED: list[tuple[Callable[[], object], type[Exception], str]] = [
    (lambda: ip.ttl == 256, ValueError, "256 is out of range for uint8"),
    (lambda: tcp.port == -1, ValueError, "-1 is out of range for uint16"),
    (lambda: ip.src == 1 << 32, ValueError, "out of range for an IPv4"),
    (lambda: ip.src == "10.0.0.256", ValueError, "is not an IPv4 address"),
    (lambda: ip.src == "fe80::1", ValueError, "is not an IPv4 address"),
    (lambda: ip.src == 1.5, TypeError, "is not an IPv4 address"),
    (lambda: ipv6.src == "fe80::1%eth0", ValueError, "is not an IPv6 address"),
    (lambda: eth.src == "00:11:22", ValueError, "is not an address of 6 bytes"),
    (lambda: eth.src == 5, TypeError, "is not an address"),
    (lambda: eth.src[0:3] == "xyz", ValueError, "is not an address"),
    (lambda: tcp.len == "many", TypeError, "'many' is not an integer"),
    (lambda: tcp.len == 1.5, TypeError, "1.5 is not an integer"),
    (lambda: tcp.len == True, TypeError, "True is not an integer"),  # noqa: E712
    (lambda: ip.proto == "TPC", TypeError, "'TPC' is not an integer"),
    (lambda: http.host == 5, TypeError, "http.host: 5 is not a string"),
    (lambda: http.host == b"a", TypeError, "is not a string"),
    (lambda: http.host == "\ud800", ValueError, "can't be written as UTF-8"),
    (lambda: tcp.len == http.host, TypeError, "an integer, and http.host is"),
    (lambda: tcp.len == (ip.ttl == 1), TypeError, "is a filter"),
    (
        lambda: tcp.len.contains(1),
        AttributeError,
        "no field or value 'contains'",
    ),
    (lambda: ip.src.contains("1"), AttributeError, "'contains'"),
    (lambda: ip.src.matches("1"), AttributeError, "'matches'"),
    (lambda: tcp.len[0:1], TypeError, "has no slices"),
    (lambda: tcp.flags.syn > 0, TypeError, "not supported"),
    (lambda: tcp.flags.syn == 2, TypeError, "is not True or False"),
    (lambda: tcp.analysis.retransmission == 1, TypeError, "has no value"),
    (lambda: tcp.analysis.retransmission != 1, TypeError, "has no value"),
    (lambda: (tcp.len < 5) == True, TypeError, "has no value"),  # noqa: E712
    (lambda: tcp and ip, TypeError, "Combine filters with &"),
    (lambda: 1 < tcp.len < 5, TypeError, "don't chain them"),
    (lambda: not tcp, TypeError, "Combine filters with &"),
    (lambda: 80 in tcp.port, TypeError, "Use tcp.port.contains"),
    (lambda: tcp & "udp", TypeError, "Use raw()"),
    (lambda: tcp & (tcp.len is None), TypeError, "Put comparisons in paren"),
    (lambda: tcp.port.isin([]), ValueError, "at least one value"),
    (lambda: tcp.port.isin("80"), TypeError, "is not a list of values"),
    (lambda: tcp.port.isin([range(65530, 65540)]), ValueError, "out of range"),
    (lambda: ip.src.isin([range(5)]), TypeError, "Use between"),
    (lambda: TYPES.int8.isin([-128]), ValueError, "can't be in a set"),
    (lambda: tcp.port.isin([tcp.port + 1]), TypeError, "it isn't a field"),
    (lambda: eth.src[3:3], ValueError, "has no bytes"),
    (lambda: eth.src[1:-1], ValueError, "the same end"),
    (lambda: eth.src[0:4:2], ValueError, "has no step"),
    (lambda: list(eth.src), TypeError, "not iterable"),
    (lambda: ip.addr.layer(0), ValueError, "layers begin at 1"),
    (lambda: ip.addr.layer(1).layer(1), TypeError, "its layers already"),
    (lambda: tcp.len // 0, ZeroDivisionError, "tcp.len / 0"),
    (lambda: ip.ttl // 256, ZeroDivisionError, "ip.ttl / 256"),
    (lambda: ip.src + 1, TypeError, "unsupported operand"),
    (lambda: tcp.len + http.host, TypeError, "can't be combined"),
    (lambda: frame.time > 5, TypeError, "is not a datetime"),
    (lambda: frame.time > "yesterday", ValueError, "is not a time like"),
    (
        lambda: frame.time > datetime.datetime(2026, 1, 1),  # noqa: DTZ001
        ValueError,
        "has no time zone",
    ),
    (lambda: frame.time_delta > math.inf, ValueError, "not a duration"),
    (lambda: TYPES.double == 5e-324, ValueError, "too small"),
    (lambda: TYPES.double == float("inf"), ValueError, "out of range"),
    (lambda: TYPES.oid == "1.40.3", ValueError, "not an object identifier"),
    (lambda: TYPES.guid == "12", ValueError, "is not a UUID"),
    (lambda: filters.upper(tcp.len), TypeError, "must be a string"),
    (lambda: filters.len(tcp.len + 1), TypeError, "must be a field"),
    (lambda: filters.string(http.host), TypeError, "can't be converted"),
    (lambda: filters.max(tcp.port, tcp.len), TypeError, "different types"),
    (lambda: filters.max(tcp.port, 5), TypeError, "is not a fitting value"),
    (lambda: filters.all(tcp.analysis.flags), TypeError, "has no value"),
    (lambda: filters.all(tcp.port).contains(1), TypeError, "has no 'contains'"),
    (lambda: filters.field("ip.scr"), KeyError, "Did you mean src"),
    (lambda: ip.scr, AttributeError, "Did you mean src"),
    (lambda: protocols.tpc, AttributeError, "no protocol 'tpc'"),
    (lambda: raw(" "), TypeError, "is not the text of a filter"),
]


@pytest.mark.parametrize(("expression", "text"), TEXTS)
def test_an_expression_gives_its_filter(expression: object, text: str) -> None:
    assert str(expression) == text


@pytest.mark.parametrize(("write", "error", "message"), REFUSED)
def test_what_cannot_work_is_refused_when_it_is_written(
    write: Callable[[], object], error: type[Exception], message: str
) -> None:
    with pytest.raises(error) as caught:
        write()
    assert message in str(caught.value)


def test_wrapped_integers_have_the_bits_of_the_field() -> None:
    assert wrap(ip.ttl, 250) + 10 == 4
    assert wrap(ip.ttl, 0) - 1 == 255
    assert ~wrap(tcp.port, 0) == 0xFFFF
    assert 2 * wrap(TYPES.int8, 100) == -56
    assert str(ip.ttl == wrap(ip.ttl, 250) + 10) == "ip.ttl == 4"


def test_names_follow_the_rules() -> None:
    assert str(filters.field("6lowpan")) == "6lowpan"
    assert str(protocols._6lowpan) == "6lowpan"
    assert str(protocols.lte_rrc) == "lte_rrc"
    assert repr(protocols["lte-rrc"]) == "<Namespace lte-rrc>"
    assert str(protocols.atn_ulcs) == "atn-ulcs"
    assert "TCP" in dir(ip.proto)
    assert "srcport" in dir(tcp)
    assert "tcp" in dir(protocols)
    assert ip.proto.TCP == 6
    assert repr(ip.proto.TCP) == "<TCP: 6>"
    assert tcp.srcport is tcp.srcport
    assert str(protocols["tcp.flags.syn"]) == "tcp.flags.syn"
