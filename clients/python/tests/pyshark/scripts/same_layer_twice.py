# SPDX-License-Identifier: Apache-2.0
"""Finds layers that occur more than once in a packet."""

import sys

import pyshark

captures = sys.argv[1]

cap = pyshark.FileCapture(f"{captures}/vxlan.pcap")
for packet in cap:
    addresses = [layer.src for layer in packet.get_multiple_layers("eth")]
    print(packet.number, addresses, len(packet.get_multiple_layers("IP")))
cap.close()
