# SPDX-License-Identifier: Apache-2.0
"""Changes preferences."""

import sys

import pyshark

captures = sys.argv[1]

cap = pyshark.FileCapture(
    f"{captures}/redis.pcap",
    override_prefs={
        "tcp.desegment_tcp_streams": "FALSE",
        "tcp.relative_sequence_numbers": "FALSE",
    },
    display_filter="tcp.len > 0",
)
for packet in cap:
    print(packet.tcp.seq, packet.tcp.ack, packet.tcp.len, packet.highest_layer)
cap.close()
