# SPDX-License-Identifier: Apache-2.0
"""Stores packets, and prints what was stored."""

import pickle
import sys

import pyshark

captures = sys.argv[1]

with pyshark.FileCapture(f"{captures}/ipv6.pcap") as cap:
    stored = pickle.dumps([cap.next() for _ in range(5)])
for packet in pickle.loads(stored):
    print(repr(packet), packet.sniff_time, packet.ipv6.src)
    print(packet.layers, packet.frame_info.number)
    print(packet.ipv6.src.showname, packet)
