# SPDX-License-Identifier: Apache-2.0
"""Decrypts a wireless network with its passphrase."""

import sys

import pyshark

captures = sys.argv[1]

for options in ({}, {"decryption_key": "hidden passphrase:hidden network"}):
    cap = pyshark.FileCapture(
        f"{captures}/wifi.pcap", encryption_type="wpa-pwd", **options
    )
    for packet in cap:
        print(packet.number, packet.highest_layer, packet.layers)
    cap.close()
