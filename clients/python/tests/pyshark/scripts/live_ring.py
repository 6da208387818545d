# SPDX-License-Identifier: Apache-2.0
"""Captures into a ring of files."""

import pathlib
import sys
import tempfile

import pyshark

port = sys.argv[2]

with tempfile.TemporaryDirectory() as folder:
    ring = pathlib.Path(folder) / "ring.pcapng"
    capture = pyshark.LiveRingCapture(
        ring_file_size=1000,
        num_ring_files=3,
        ring_file_name=str(ring),
        interface="lo",
        bpf_filter=f"udp dst port {port}",
    )
    capture.sniff(packet_count=5, timeout=60)
    print([packet.udp.payload for packet in capture])
    capture.close()
    print(len(list(ring.parent.glob("ring_00001_*.pcapng"))))
