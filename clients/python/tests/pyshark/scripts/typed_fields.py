# SPDX-License-Identifier: Apache-2.0
"""Gets fields with their types, from Elasticsearch's JSON."""

import sys

import pyshark

captures = sys.argv[1]

cap = pyshark.FileCapture(
    f"{captures}/dns.pcap", display_filter="dns && udp", use_ek=True
)
for packet in cap:
    print(repr(packet.udp.srcport), repr(packet.udp.length))
    print(repr(packet.dns.id), repr(packet.dns.flags.response))
    print(packet.dns.get_field_as_list("qry_name"))
    print(sorted(packet.dns.all_field_names))
cap.close()
