# SPDX-License-Identifier: Apache-2.0
"""Walks through layers from JSON."""

import sys

import pyshark

captures = sys.argv[1]

cap = pyshark.FileCapture(
    f"{captures}/dns.pcap", display_filter="dns && udp", use_json=True
)
for packet in cap:
    print(packet.number, packet.length, packet.sniff_time.year)
    print(packet.dns.id, packet.dns.flags, packet.dns.flags_tree.opcode)
    print(sorted(packet.dns.field_names))
    if packet.dns.has_field("queries"):
        print(packet.dns.queries)
cap.close()
