# SPDX-License-Identifier: Apache-2.0
"""Captures some packets, and prints each when it comes."""

import sys

import pyshark

port = sys.argv[2]

capture = pyshark.LiveCapture(interface="lo", bpf_filter=f"udp dst port {port}")
for packet in capture.sniff_continuously(packet_count=5):
    print(packet.highest_layer, packet.ip.dst, packet.udp.dstport == port)
    print(packet.udp.payload, packet.length)
capture.close()
