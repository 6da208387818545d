# SPDX-License-Identifier: GPL-2.0-or-later
"""Splits pcap files into records."""

import pathlib

_HEADER_BYTES = 24
RECORD_HEADER_BYTES = 16


def records_of(path: pathlib.Path) -> tuple[bytes, list[bytes]]:
    """Returns the header and the records of a pcap file."""
    data = path.read_bytes()
    records = []
    at = _HEADER_BYTES
    while at < len(data):
        length = int.from_bytes(data[at + 8 : at + 12], "little")
        end = at + RECORD_HEADER_BYTES + length
        records.append(data[at:end])
        at = end
    return data[:_HEADER_BYTES], records
