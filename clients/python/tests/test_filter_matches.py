# SPDX-License-Identifier: Apache-2.0
"""Filters as expressions against the daemon, and against tshark."""

import functools
import pathlib
import subprocess

import pytest
import random_filters

import dissectd
from dissectd import filters
from dissectd.protocols import dns, frame, http, icmp, ip, ipv6, tcp, tls, udp
from dissectd.v1 import dissection_pb2, filter_pb2

COMPILED = 1500
MATCHED = 60
CAPTURES = ("dns.pcap", "tls-rsa.pcap", "icmp-fragments.pcap", "vxlan.pcap")

# Filters with what a person would write, and a capture where some frames pass.
EXAMPLES = [
    ("dns.pcap", dns.qry.type == dns.qry.type.A, "dns.qry.type == 1"),
    (
        "dns.pcap",
        dns.qry.name.contains("example"),
        'dns.qry.name contains "example"',
    ),
    (
        "dns.pcap",
        dns.qry.name.matches("^[a-m]"),
        'dns.qry.name matches "^[a-m]"',
    ),
    (
        "dns.pcap",
        (ip.proto == ip.proto.UDP) & udp.port.isin([53, range(5000, 5400)]),
        "ip.proto == 17 and udp.port in {53, 5000..5399}",
    ),
    ("dns.pcap", ~dns.flags.response, "not dns.flags.response"),
    ("dns.pcap", dns.flags.response == True, "dns.flags.response == 1"),  # noqa: E712
    ("dns.pcap", filters.len(dns.qry.name) > 12, "len(dns.qry.name) > 12"),
    (
        "dns.pcap",
        filters.upper(dns.qry.name).contains("EXAMPLE"),
        'upper(dns.qry.name) contains "EXAMPLE"',
    ),
    (
        "tls-rsa.pcap",
        tcp.flags & 0x12 == 0x12,
        "tcp.flags.syn == 1 and tcp.flags.ack == 1",
    ),
    ("tls-rsa.pcap", tcp.flags & 2, "tcp.flags.syn == 1"),
    ("tls-rsa.pcap", tcp.len > 100, "tcp.len > 100"),
    ("tls-rsa.pcap", tcp.len + 20 < 40, "tcp.len < 20"),
    ("tls-rsa.pcap", 200 - tcp.len == 200, "tcp.len == 0"),
    (
        "tls-rsa.pcap",
        tls.handshake.type.isin([1, 2]),
        "tls.handshake.type == 1 or tls.handshake.type == 2",
    ),
    ("tls-rsa.pcap", tcp.payload[0:1] == b"\x16", "tcp.payload[0] == 16"),
    ("tls-rsa.pcap", frame[-4:].contains(b"\x00"), "frame[-4:4] contains 00"),
    (
        "tls-rsa.pcap",
        filters.all(tcp.port) > 400,
        "tcp.srcport > 400 and tcp.dstport > 400",
    ),
    ("tls-rsa.pcap", filters.any(tcp.port) != 80, "tcp.port !== 80"),
    ("tls-rsa.pcap", tcp.port != 80, "tcp and not tcp.port == 80"),
    (
        "tls-rsa.pcap",
        filters.max(tcp.srcport, tcp.dstport) > 20000,
        "tcp.srcport > 20000 or tcp.dstport > 20000",
    ),
    ("tls-rsa.pcap", frame.time_delta > 0.0001, "frame.time_delta > 0.0001"),
    (
        "tls-rsa.pcap",
        filters.string(frame.number).matches("[13579]$"),
        "frame.number % 2 == 1",
    ),
    ("dns.pcap", ip.src[0:3] == ip.dst[0:3], "ip.src[0-2] == ip.dst[:3]"),
    (
        "tls-rsa.pcap",
        ip.addr.isin(["192.0.2.0/24", "198.51.100.0/24"]),
        "ip.addr == 192.0.2.0/24 or ip.addr == 198.51.100.0/24",
    ),
    (
        "icmp-fragments.pcap",
        (ip.flags.mf == 1) | (ip.frag_offset > 0),
        "ip.flags.mf == 1 or ip.frag_offset gt 0",
    ),
    (
        "icmp-fragments.pcap",
        icmp & (filters.count(ip.src) == 1),
        "icmp and count(ip.src) == 1",
    ),
    ("vxlan.pcap", ip.src.layer(2), "ip.src#2"),
    ("vxlan.pcap", filters.count(ip.addr) == 4, "count(ip.addr) == 4"),
    ("ipv6.pcap", ipv6.dst == "ff00::/8", "ipv6.dst[0] == 0xff"),
    (
        "http1.pcap.gz",
        http.request.method == "GET",
        'http.request.method == "GET"',
    ),
    ("http1.pcap.gz", http.contains("HTTP/1.1"), 'http contains "HTTP/1.1"'),
]


def compiled(w: dissectd.Client, text: str) -> filter_pb2.CompileFilterResponse:
    return w.transport.call(
        w.transport.filters.CompileFilter,
        filter_pb2.CompileFilterRequest(filter=text),
    )


def frames(w: dissectd.Client, capture: str, text: str) -> list[int]:
    """Returns the numbers of the frames that pass."""
    request = dissection_pb2.DissectRequest(
        file=f"files/{capture}", view=dissection_pb2.View(display_filter=text)
    )
    return [
        frame.number
        for response in w.transport.stream(
            w.transport.dissection.Dissect, request
        )
        for frame in response.batch.frames
    ]


@functools.cache
def tshark(capture: pathlib.Path, text: str) -> list[int]:
    command = ["tshark", "-n", "-r", capture, "-Y", text]
    command += ["-T", "fields", "-e", "frame.number"]
    output = subprocess.run(
        command, check=True, capture_output=True, text=True
    ).stdout
    return [int(line) for line in output.split()]


@pytest.mark.parametrize("kind", ["types", "fields"])
def test_random_expressions_compile(w: dissectd.Client, kind: str) -> None:
    fields = random_filters.REAL
    if kind == "types":
        fields = random_filters.TYPES + fields
    for seed in range(COMPILED):
        pair = random_filters.Generator(seed, fields).filter(1)
        answer = compiled(w, str(pair.expression))
        assert answer.valid, (seed, str(pair.expression), answer.diagnostics)


def test_random_expressions_match_what_their_text_matches(
    w: dissectd.Client,
) -> None:
    some = 0
    for seed in range(MATCHED):
        pair = random_filters.Generator(seed, random_filters.REAL).filter()
        capture = CAPTURES[seed % len(CAPTURES)]
        found = frames(w, capture, str(pair.expression))
        assert found == frames(w, capture, pair.text), (seed, pair)
        some += bool(found)
    assert some > MATCHED // 4


@pytest.mark.parametrize(("capture", "expression", "text"), EXAMPLES)
def test_examples_match_what_tshark_finds(
    w: dissectd.Client,
    store: pathlib.Path,
    capture: str,
    expression: object,
    text: str,
) -> None:
    found = frames(w, capture, str(expression))
    assert found
    assert found == tshark(store / capture, text)


def test_read_takes_an_expression(w: dissectd.Client) -> None:
    packets = list(w.read("dns.pcap", filter=dns & (udp.dstport == 53)))
    assert packets
    assert all("dns" in packet for packet in packets)
