# SPDX-License-Identifier: Apache-2.0
"""Calls a function with each packet."""

import sys

import pyshark

captures = sys.argv[1]


def print_callback(pkt):
    print("Just arrived:", pkt.number, pkt.highest_layer, pkt.captured_length)


cap = pyshark.FileCapture(f"{captures}/ipv6.pcap", keep_packets=False)
cap.apply_on_packets(print_callback, timeout=100)
cap.close()
