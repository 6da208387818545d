# SPDX-License-Identifier: Apache-2.0
"""Prints all that is known about some fields."""

import sys

import pyshark

captures = sys.argv[1]

cap = pyshark.FileCapture(f"{captures}/dns.pcap", display_filter="ip && udp")
pkt = cap.next()
print(pkt.ip.addr.all_fields)
print(pkt.ip.addr.main_field, pkt.ip.addr.alternate_fields)
for field in (pkt.ip.src, pkt.ip.ttl, pkt.udp.srcport, pkt.dns.id):
    print(field, field.showname, field.showname_key, field.showname_value)
    print(field.raw_value, field.hex_value, field.binary_value)
    print(field.name, field.pos, field.size, field.show, field.hide)
print(pkt.ip.get_field_by_showname("Total Length"))
print(pkt.ip.get_field_by_showname("No such field"))
print(pkt.ip.get_field_value("ttl"), pkt.ip.get_field_value("ttl", raw=True))
cap.close()
