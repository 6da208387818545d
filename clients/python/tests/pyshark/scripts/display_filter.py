# SPDX-License-Identifier: Apache-2.0
"""Reads only packets that pass a display filter."""

import sys

import pyshark

captures = sys.argv[1]

requests = pyshark.FileCapture(
    f"{captures}/http1.pcap.gz", display_filter="http.request"
)
for packet in requests:
    print(packet.number, packet.http.request_method, packet.http.request_uri)
requests.close()
