# SPDX-License-Identifier: Apache-2.0
"""Stops in a callback, and uses asyncio."""

import asyncio
import sys

import pyshark

captures = sys.argv[1]
seen = []


def keep(packet):
    seen.append(packet)
    if len(seen) == 3:
        raise pyshark.capture.capture.StopCapture


cap = pyshark.FileCapture(f"{captures}/telephony.pcap")
cap.apply_on_packets(keep)
print([packet.highest_layer for packet in seen])
cap.close()


async def count():
    async with pyshark.FileCapture(f"{captures}/dns.pcap") as capture:
        await capture.packets_from_tshark(seen.append, packet_count=5)


loop = asyncio.new_event_loop()
asyncio.set_event_loop(loop)
loop.run_until_complete(count())
print(len(seen))
