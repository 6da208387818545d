# SPDX-License-Identifier: Apache-2.0
"""Accesses layers and fields by attribute, name and index."""

import sys

import pyshark

captures = sys.argv[1]

with pyshark.FileCapture(f"{captures}/http1.pcap.gz") as cap:
    for packet in cap:
        print(packet["ip"].dst if "IP" in packet else packet["ipv6"].dst)
        print(packet.eth.src, packet[0].layer_name, packet[1].layer_name)
        print("tcp" in packet, "udp" in packet, packet.transport_layer)
        if "HTTP" in packet:
            print(packet.http.field_names)
            print(packet.http.get("host"), packet.http.get("cookie", "none"))
            print(packet.http.has_field("user_agent"))
