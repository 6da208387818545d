# SPDX-License-Identifier: Apache-2.0
"""pyshark's interface, for scripts that were written for it.

A script moves by changing its import to `from dissectd import pyshark`. The
names, options, values and their types are those of pyshark 0.6. The daemon does
what tshark and dumpcap do there. README.md says what differs.
"""

from dissectd.pyshark.capture.file_capture import FileCapture
from dissectd.pyshark.capture.inmem_capture import InMemCapture
from dissectd.pyshark.capture.live_capture import LiveCapture
from dissectd.pyshark.capture.live_ring_capture import LiveRingCapture
from dissectd.pyshark.capture.pipe_capture import PipeCapture
from dissectd.pyshark.capture.remote_capture import RemoteCapture

__all__ = [
    "FileCapture",
    "InMemCapture",
    "LiveCapture",
    "LiveRingCapture",
    "PipeCapture",
    "RemoteCapture",
]
