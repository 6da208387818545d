# SPDX-License-Identifier: Apache-2.0
"""Data frames of many captures, which Dask's workers ask some daemons for.

from dissectd.dask import read_captures

frame = read_captures(
    "s3://captures/*.pcap",
    fields=["frame.time", "ip.src", "dns.qry.name"],
    filter="dns",
    daemons=["one:50051", "two:50051"],
)
frame.to_parquet("s3://results/dns")
"""

from dissectd.dask.frames import CaptureFrames, read_captures
from dissectd.dask.worker import DaemonPlugin

__all__ = ["CaptureFrames", "DaemonPlugin", "read_captures"]
