# SPDX-License-Identifier: GPL-2.0-or-later
"""Makes captures of ESP and IKEv2 from their specifications."""

import hmac
import pathlib
import struct

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from packet_bytes import echo, ip_packet, udp_packet, write_capture

# The keys are numbers that count up, so that tests can write them down.
ESP_KEY = bytes(range(16))
ESP_MAC_KEY = bytes(range(20))
# A key of AES-GCM ends with a salt of four bytes.
ESP_GCM_KEY = bytes(range(0x20, 0x30))
ESP_GCM_SALT = bytes(range(0x30, 0x34))


def _aes_cbc(key: bytes, start: bytes, data: bytes) -> bytes:
    cipher = Cipher(algorithms.AES(key), modes.CBC(start)).encryptor()
    return bytes(cipher.update(data) + cipher.finalize())


def _in_tunnel(from_client: bool, block_bytes: int) -> bytes:
    """Returns what ESP encrypts: a packet, its padding and its protocol."""
    inner = ip_packet(from_client, 1, echo(from_client))
    padding = -(len(inner) + 2) % block_bytes
    return inner + bytes(range(1, padding + 1)) + bytes([padding, 4])


def make_esp(out: pathlib.Path) -> None:
    """Makes ESP (RFC 4303) with AES-CBC (RFC 3602) and SHA-1 (RFC 2404)."""
    packets = []
    for number, from_client in enumerate((True, False), start=1):
        start = bytes([number]) * 16
        spi = 0x1000 if from_client else 0x2000
        data = struct.pack("!II", spi, number) + start
        data += _aes_cbc(ESP_KEY, start, _in_tunnel(from_client, 16))
        check = hmac.new(ESP_MAC_KEY, data, "sha1").digest()[:12]
        packets.append(ip_packet(from_client, 50, data + check))
    write_capture(out / "esp.pcap", packets)


def make_esp_gcm(out: pathlib.Path) -> None:
    """Makes ESP with AES-GCM (RFC 4106)."""
    packets = []
    for number, from_client in enumerate((True, False), start=1):
        header = struct.pack("!II", 0x3000 if from_client else 0x4000, number)
        start = struct.pack("!Q", number)
        sealed = AESGCM(ESP_GCM_KEY).encrypt(
            ESP_GCM_SALT + start, _in_tunnel(from_client, 4), header
        )
        packets.append(ip_packet(from_client, 50, header + start + sealed))
    write_capture(out / "esp-gcm.pcap", packets)


IKE_INITIATOR = bytes.fromhex("1111111111111111")
IKE_RESPONDER = bytes.fromhex("2222222222222222")
# The initiator's and the responder's.
IKE_KEYS = (bytes(range(16)), bytes(range(16, 32)))
IKE_MAC_KEYS = (bytes(range(32)), bytes(range(32, 64)))


def make_ikev2(out: pathlib.Path) -> None:
    """Makes an IKE_AUTH exchange (RFC 7296) in which both say who they are."""
    messages = []
    for from_client in (True, False):
        name = b"somebody.example.org" if from_client else b"vpn.example.org"
        # An identity of the type ID_FQDN, and the length of the padding.
        inner = struct.pack("!BBHB3x", 0, 0, 8 + len(name), 2) + name
        padding = -(len(inner) + 1) % 16
        inner += bytes(padding) + bytes([padding])
        start = bytes([7 if from_client else 8]) * 16
        side = 0 if from_client else 1
        sealed = start + _aes_cbc(IKE_KEYS[side], start, inner)
        # The first payload in it is IDi or IDr.
        payload = struct.pack(
            "!BBH", 35 if from_client else 36, 0, 4 + len(sealed) + 16
        )
        data = IKE_INITIATOR + IKE_RESPONDER
        # An encrypted payload, version 2.0, IKE_AUTH, whose message it is.
        data += struct.pack("!BBBB", 46, 0x20, 35, 8 if from_client else 0x20)
        data += struct.pack("!II", 1, 28 + len(payload) + len(sealed) + 16)
        data += payload + sealed
        data += hmac.new(IKE_MAC_KEYS[side], data, "sha256").digest()[:16]
        messages.append((from_client, data))
    write_capture(
        out / "ikev2.pcap",
        [udp_packet(message, 500, 500) for message in messages],
    )


def make_all(out: pathlib.Path) -> None:
    make_esp(out)
    make_esp_gcm(out)
    make_ikev2(out)
