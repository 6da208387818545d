# SPDX-License-Identifier: Apache-2.0
"""Prints conversations, and what they carry."""

import sys

import pyshark

captures = sys.argv[1]


def print_conversation_header(pkt):
    try:
        protocol = pkt.transport_layer
        src_addr = pkt.ip.src
        src_port = pkt[pkt.transport_layer].srcport
        dst_addr = pkt.ip.dst
        dst_port = pkt[pkt.transport_layer].dstport
        print(f"{protocol} {src_addr}:{src_port} --> {dst_addr}:{dst_port}")
    except AttributeError:
        # Packets that have neither TCP nor UDP, or no IPv4.
        pass


def print_payload(pkt):
    if "TCP" in pkt and hasattr(pkt.tcp, "payload"):
        payload = bytes.fromhex(pkt.tcp.payload.replace(":", ""))
        print(pkt.tcp.stream, payload[:40])


for name in ("cooked-any.pcap", "dns.pcap", "telephony.pcap"):
    cap = pyshark.FileCapture(f"{captures}/{name}", keep_packets=False)
    cap.apply_on_packets(print_conversation_header)
    cap.apply_on_packets(print_payload)
    cap.close()
