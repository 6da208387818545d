# SPDX-License-Identifier: Apache-2.0
"""Wireshark's display filters as expressions of Python.

    from dissectd import filters
    from dissectd.protocols import http, ip, tcp

    slow = (tcp.time_delta > 0.5) & ~tcp.analysis.retransmission
    web = tcp.dstport.isin([80, 443, range(8000, 8011)])
    for packet in w.read("x.pcap", filter=slow & web):
        ...

`str()` gives the text of a filter. What libwireshark would refuse is refused
when it is written: a TypeError if a value doesn't have the field's type, a
ValueError if it is out of range.
"""

from dissectd.filters.expressions import Filter, raw
from dissectd.filters.fields import Field, Protocol
from dissectd.filters.functions import (
    abs,
    bitwise_and,
    count,
    len,
    lower,
    max,
    min,
    string,
    upper,
)
from dissectd.filters.lookup import field, protocol
from dissectd.filters.quantifiers import all, any
from dissectd.filters.sets import between
from dissectd.filters.wrapping import wrap

__all__ = [
    "Field",
    "Filter",
    "Protocol",
    "abs",
    "all",
    "any",
    "between",
    "bitwise_and",
    "count",
    "field",
    "len",
    "lower",
    "max",
    "min",
    "protocol",
    "raw",
    "string",
    "upper",
    "wrap",
]
