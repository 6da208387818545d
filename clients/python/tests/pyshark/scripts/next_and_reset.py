# SPDX-License-Identifier: Apache-2.0
"""Gets packets one by one, and begins again."""

import sys

import pyshark

captures = sys.argv[1]

cap = pyshark.FileCapture(f"{captures}/vxlan.pcap")
print(len(cap))
print(cap.next().number, cap.next().number, len(cap))
print(cap[5].number, len(cap))
cap.reset()
print(cap.next().number)
cap.clear()
print(len(cap))
try:
    cap[1000]
except KeyError as error:
    print(error)
cap.close()

cap = pyshark.FileCapture(f"{captures}/vxlan.pcap", keep_packets=False)
print(cap.next().number, cap.next().number, len(cap))
try:
    cap[0]
except NotImplementedError as error:
    print(error)
cap.close()

cap = pyshark.FileCapture(f"{captures}/vxlan.pcap")
cap.load_packets(packet_count=4)
print(len(cap), cap.loaded, [packet.number for packet in cap])
cap.load_packets()
print(len(cap), repr(cap[-1]))
cap.close()
