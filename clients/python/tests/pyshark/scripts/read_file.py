# SPDX-License-Identifier: Apache-2.0
"""Reads a capture file, and prints its packets."""

import sys

import pyshark

captures = sys.argv[1]

cap = pyshark.FileCapture(f"{captures}/dns.pcap")
print(repr(cap).rsplit("/", 1)[-1])
print(cap[0])
for packet in cap:
    print(repr(packet), len(packet), packet.sniff_timestamp)
cap.close()
