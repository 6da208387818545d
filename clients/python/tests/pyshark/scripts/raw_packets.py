# SPDX-License-Identifier: Apache-2.0
"""Gets packets as bytes, which needs JSON."""

import sys

import pyshark

captures = sys.argv[1]

cap = pyshark.FileCapture(
    f"{captures}/dns.pcap", use_json=True, include_raw=True
)
for packet in cap:
    raw = packet.get_raw_packet()
    print(packet.number, len(raw), raw[:14].hex(), packet.frame_raw.value[:8])
    print([layer.layer_name for layer in packet.layers])
cap.close()
