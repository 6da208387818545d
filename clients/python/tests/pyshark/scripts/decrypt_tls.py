# SPDX-License-Identifier: Apache-2.0
"""Decrypts TLS with the secrets of a key log."""

import sys

import pyshark

captures = sys.argv[1]

cap = pyshark.FileCapture(
    f"{captures}/http1-tls.pcap",
    display_filter="http",
    override_prefs={"tls.keylog_file": f"{captures}/http1-tls.keys"},
)
for packet in cap:
    print(packet.number, [layer.layer_name for layer in packet.layers])
    print(packet.http)
cap.close()
