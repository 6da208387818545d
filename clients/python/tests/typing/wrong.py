# SPDX-License-Identifier: Apache-2.0
"""Filters that type checkers refuse, with what they say.

test_typing.py checks that each line has its error, and no other line has one.
"""

from dissectd import filters
from dissectd.filters import Filter
from dissectd.protocols import eth, http, ip, s7comm, tcp

text: Filter = tcp.len == "many"  # E: "bool", variable has type "Filter"
number: Filter = http.host == 5  # E: "bool", variable has type "Filter"
ordered = tcp.len < "many"  # E: Unsupported operand types for <
fields = tcp.len == http.host  # E: Unsupported operand types for ==
boolean = tcp.flags.syn > 0  # E: Unsupported operand types for <
label = tcp.len + tcp.analysis  # E: Unsupported operand types for +
unknown = tcp.prot  # E: "_0_tcp" has no attribute "prot"
value = ip.proto.TPC  # E: has no attribute "TPC"
numeric = tcp.len.contains(5)  # E: "IntegerField" has no attribute "contains"
address = ip.src.matches("10")  # E: "Ipv4Field" has no attribute "matches"
pattern = http.host.matches(5)  # E: incompatible type "int"; expected "str"
sliced = tcp.len[0:2]  # E: "IntegerField"
members = http.host.isin([5])  # E: List item 0 has incompatible type "int"
combined = tcp & "udp"  # E: Unsupported operand types for &
function = filters.upper(tcp.len)  # E: expected "StringField"
kinds = filters.max(tcp.len, http.host)  # E: max
mac = eth.src + 1  # E: Unsupported operand types for +
member = s7comm.parm  # E: has no attribute "parm"
