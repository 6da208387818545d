# SPDX-License-Identifier: Apache-2.0
"""Dissects packets that the program has in memory."""

import sys

import pyshark

captures = sys.argv[1]

with open(f"{captures}/dns.pcap", "rb") as file:
    file.read(24)
    frames = []
    while header := file.read(16):
        frames.append(file.read(int.from_bytes(header[8:12], "little")))

capture = pyshark.InMemCapture()
packet = capture.parse_packet(frames[0], sniff_time=1_700_000_000.5)
print(packet.sniff_timestamp)
print(packet)
times = [1_700_000_001 + number for number in range(len(frames))]
for packet in capture.parse_packets(frames, times):
    print(packet.number, packet.highest_layer, packet.sniff_timestamp)
capture.close()

capture = pyshark.InMemCapture(
    display_filter="mdns", decode_as={"udp.port==53": "mdns"}
)
print([each.highest_layer for each in capture.feed_packets(frames[:3])])
print(len(capture), capture[2].highest_layer)
