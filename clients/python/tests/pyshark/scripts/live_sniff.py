# SPDX-License-Identifier: Apache-2.0
"""Captures some packets, keeps them, and prints them afterwards."""

import sys

import pyshark

port = sys.argv[2]

capture = pyshark.LiveCapture(
    "lo",
    bpf_filter=f"udp dst port {port}",
    display_filter="udp.length == 13",
    use_json=True,
)
capture.sniff(packet_count=4, timeout=60)
print(capture, len(capture), capture.loaded)
for packet in capture:
    print(packet.number, packet.highest_layer, packet.udp.length)
capture.close()
