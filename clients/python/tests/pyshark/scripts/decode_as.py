# SPDX-License-Identifier: Apache-2.0
"""Dissects a port as another protocol, and without a protocol."""

import sys

import pyshark

captures = sys.argv[1]
dns = f"{captures}/dns.pcap"

with pyshark.FileCapture(dns, decode_as={"udp.port==53": "mdns"}) as cap:
    print([packet.highest_layer for packet in cap])
with pyshark.FileCapture(dns, disable_protocol="dns") as cap:
    print([packet.highest_layer for packet in cap])
