# SPDX-License-Identifier: GPL-2.0-or-later
"""Encrypts a packet as old wireless networks did, with WEP."""

import struct
import zlib

KEY = bytes.fromhex("0102030405")
LINK_TYPE = 105  # LINKTYPE_IEEE802_11

_INITIALIZATION_VECTOR = b"abc"
_ADDRESSES = b"".join(b"\x02\0\0\0\0" + bytes([last]) for last in (2, 1, 3))
_ETHERNET_HEADER = 14
_LLC_OF_IP = bytes.fromhex("aaaa030000000800")


def _rc4(key: bytes, text: bytes) -> bytes:
    box = list(range(256))
    j = 0
    for i in range(256):
        j = (j + box[i] + key[i % len(key)]) % 256
        box[i], box[j] = box[j], box[i]
    result = bytearray()
    i = j = 0
    for byte in text:
        i = (i + 1) % 256
        j = (j + box[i]) % 256
        box[i], box[j] = box[j], box[i]
        result.append(byte ^ box[(box[i] + box[j]) % 256])
    return bytes(result)


def encrypted(ethernet: bytes) -> bytes:
    """Returns an IEEE 802.11 frame with the IPv4 packet of another frame."""
    plain = _LLC_OF_IP + ethernet[_ETHERNET_HEADER:]
    plain += struct.pack("<I", zlib.crc32(plain))
    # A protected data frame between two stations.
    header = b"\x08\x40\0\0" + _ADDRESSES + b"\0\0"
    # The key's number follows the initialization vector.
    return (
        header
        + _INITIALIZATION_VECTOR
        + b"\0"
        + _rc4(_INITIALIZATION_VECTOR + KEY, plain)
    )
