# SPDX-License-Identifier: Apache-2.0
"""Filters that type checkers accept. test_typing.py checks this file."""

import datetime
import ipaddress

from dissectd import Client, filters
from dissectd.filters import Filter, between
from dissectd.protocols import dns, eth, frame, http, ip, ipv6, s7comm, tcp

numbers: Filter = (ip.proto == ip.proto.TCP) & tcp.dstport.isin(
    [80, 443, range(8000, 8011)]
)
negated: Filter = ~tcp.analysis.retransmission | ~numbers
existing: Filter = tcp & dns & ip.src
masked: Filter = tcp.flags & 0x12 == 0x02
computed: Filter = (tcp.srcport + 1 <= tcp.dstport) & (2 * tcp.len > 100)
booleans: Filter = tcp.flags.syn == True  # noqa: E712
texts: Filter = http.host.contains("example") & http.host.matches("^w")
addresses: Filter = (ip.src == "10.0.0.0/8") | (
    ipv6.dst == ipaddress.IPv6Address("::1")
)
ranges: Filter = ip.addr.isin([between("10.0.0.1", "10.0.0.9")])
slices: Filter = (eth.src[0:3] == "00:11:22") & (tcp[0:2] == b"\x00\x50")
times: Filter = (frame.time_delta > datetime.timedelta(seconds=1)) & (
    frame.time > datetime.datetime.now(tz=datetime.timezone.utc)
)
functions: Filter = (filters.len(http.host) > 20) & (
    filters.upper(http.host) == "A"
)
largest: Filter = filters.max(tcp.srcport, tcp.dstport) > 1024
quantified: Filter = filters.all(tcp.port) > 1024
layered: Filter = ip.addr.layer(1) == "10.0.0.1"
values: Filter = dns.qry.type == dns.qry.type.AAAA
uncommon: Filter = s7comm.param.func == s7comm.param.func.READ_VAR
protocol: Filter = filters.protocol("s7comm") & ip
escaped: Filter = filters.raw("tcp || udp") & ip


def reads(w: Client) -> None:
    w.read("x.pcap", filter=numbers)
