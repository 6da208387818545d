# SPDX-License-Identifier: Apache-2.0
"""Gives tshark's own options."""

import sys

import pyshark

captures = sys.argv[1]
http = f"{captures}/http1.pcap.gz"

with pyshark.FileCapture(http, custom_parameters=["-c", "5", "-2"]) as cap:
    print([packet.number for packet in cap])
with pyshark.FileCapture(
    http, custom_parameters={"-Y": "tcp.flags.syn"}
) as cap:
    print([packet.tcp.flags_syn.showname for packet in cap])
