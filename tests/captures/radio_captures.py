# SPDX-License-Identifier: GPL-2.0-or-later
"""Makes captures of encrypted radio protocols from their specifications."""

import hashlib
import hmac
import ipaddress
import pathlib
import struct

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.ciphers.aead import AESCCM
from cryptography.hazmat.primitives.cmac import CMAC
from cryptography.hazmat.primitives.keywrap import aes_key_wrap
from packet_bytes import (
    IEEE802_11,
    IEEE802_15_4,
    LORATAP,
    checksum,
    echo,
    ip_packet,
    write_capture,
)

# WPA2 with a pre-shared key: IEEE 802.11-2020, clause 12.

_SSID = b"hidden network"
_PASSPHRASE = b"hidden passphrase"
_STATION = bytes.fromhex("020000000001")
_ACCESS_POINT = bytes.fromhex("020000000002")
# The network's security: CCMP for both kinds of keys, and a pre-shared key.
_RSN = bytes.fromhex("3014 0100 000fac04 0100 000fac04 0100 000fac02 0000")
_GROUP_KEY = bytes(range(16))


class _Wifi:
    """Makes the frames of a station and its access point."""

    def __init__(self) -> None:
        self._sequence = 0
        self._nonces = (bytes([1]) * 32, bytes([2]) * 32)
        master = hashlib.pbkdf2_hmac("sha1", _PASSPHRASE, _SSID, 4096, 32)
        seed = b"Pairwise key expansion\0"
        seed += b"".join(sorted((_STATION, _ACCESS_POINT)))
        seed += b"".join(sorted(self._nonces))
        keys = b"".join(
            hmac.new(master, seed + bytes([i]), "sha1").digest()
            for i in range(3)
        )
        self._check_key, self._wrap_key, self._data_key = (
            keys[place : place + 16] for place in (0, 16, 32)
        )

    def _header(self, kind: int, flags: int, *addresses: bytes) -> bytes:
        self._sequence += 1
        header = struct.pack("<BBH", kind, flags, 0) + b"".join(addresses)
        return header + struct.pack("<H", self._sequence << 4)

    def beacon(self) -> bytes:
        everybody = b"\xff" * 6
        header = self._header(0x80, 0, everybody, _ACCESS_POINT, _ACCESS_POINT)
        # The time, the interval, and the capabilities: an access point with
        # privacy.
        body = struct.pack("<QHH", 1, 100, 0x0011)
        return header + body + bytes([0, len(_SSID)]) + _SSID + _RSN

    def _data_header(self, from_station: bool, protected: bool) -> bytes:
        flags = (0x01 if from_station else 0x02) | (0x40 if protected else 0)
        ends = (_ACCESS_POINT, _STATION)
        first, second = ends if from_station else ends[::-1]
        # The third address is that of the far end, which is the access point.
        return self._header(0x08, flags, first, second, _ACCESS_POINT)

    def key_frame(self, number: int) -> bytes:
        """Returns a message of the four-way handshake, 1 to 4."""
        information = (0x008A, 0x010A, 0x13CA, 0x030A)[number - 1]
        data = b""
        if number == 2:
            data = _RSN
        if number == 3:
            # The group's key in its own element, padded for the key wrap.
            group = bytes.fromhex("dd16 000fac01 0100") + _GROUP_KEY
            plain = _RSN + group + b"\xdd"
            plain += bytes(-len(plain) % 8)
            data = aes_key_wrap(self._wrap_key, plain)
        from_station = number in (2, 4)
        nonce = self._nonces[1] if number == 2 else self._nonces[0]
        if number == 4:
            nonce = bytes(32)
        begin = struct.pack("!BHHQ", 2, information, 16, (number + 1) // 2)
        begin += nonce + bytes(32)
        end = struct.pack("!H", len(data)) + data
        packet_header = struct.pack("!BBH", 2, 3, len(begin) + 16 + len(end))
        check = bytes(16)
        if number > 1:
            key_packet = packet_header + begin + check + end
            check = hmac.new(self._check_key, key_packet, "sha1").digest()[:16]
        return (
            self._data_header(from_station, False)
            + bytes.fromhex("aaaa03000000888e")
            + packet_header
            + begin
            + check
            + end
        )

    def data_frame(self, from_station: bool, number: int) -> bytes:
        """Returns a ping in a frame with CCMP; `number` counts packets."""
        header = self._data_header(from_station, True)
        packet = bytes.fromhex("aaaa030000000800")
        packet += ip_packet(from_station, 1, echo(from_station))
        counter = struct.pack("!Q", number)[2:]
        nonce = b"\0" + header[10:16] + counter
        # Without the parts that a repetition can change.
        checked = bytes([header[0] & 0x8F, header[1] & 0xC7])
        checked += header[4:22] + bytes([header[22] & 0x0F, 0])
        sealed = AESCCM(self._data_key, 8).encrypt(nonce, packet, checked)
        begin = bytes([counter[5], counter[4], 0, 0x20, *counter[3::-1]])
        return header + begin + bytes(sealed)


def make_wifi(out: pathlib.Path) -> None:
    wifi = _Wifi()
    frames = [wifi.beacon(), *(wifi.key_frame(i) for i in range(1, 5))]
    frames += [wifi.data_frame(True, 1), wifi.data_frame(False, 1)]
    write_capture(out / "wifi.pcap", frames, IEEE802_11)


# IEEE 802.15.4-2006, clause 7.6, with 6LoWPAN (RFC 4944) inside.

IEEE802154_KEY = bytes(range(0xC0, 0xD0))
_ENCRYPTED_WITH_32_BITS = 5


def _ipv6_echo() -> bytes:
    source, destination = (
        ipaddress.ip_address(text).packed for text in ("fe80::1", "fe80::2")
    )
    data = struct.pack("!BBHHH", 128, 0, 0, 7, 1) + b"hidden in the air"
    pseudo = source + destination + struct.pack("!II", len(data), 58)
    data = data[:2] + struct.pack("!H", checksum(pseudo + data)) + data[4:]
    header = struct.pack("!IHBB", 0x60000000, len(data), 58, 64)
    return header + source + destination + data


def make_ieee802154(out: pathlib.Path) -> None:
    source = bytes.fromhex("0200000000000001")
    # A data frame with security and long addresses, which are sent with the
    # last byte first.
    header = struct.pack("<HBH", 0xDC49, 1, 0x1234)
    header += bytes.fromhex("0200000000000002")[::-1] + source[::-1]
    # The frame's counter, and the key with the index 1.
    header += struct.pack("<BIB", _ENCRYPTED_WITH_32_BITS | 1 << 3, 9, 1)
    nonce = source + struct.pack("!IB", 9, _ENCRYPTED_WITH_32_BITS)
    # 0x41 says that the IPv6 header isn't compressed.
    packet = b"\x41" + _ipv6_echo()
    sealed = AESCCM(IEEE802154_KEY, 4).encrypt(nonce, packet, header)
    write_capture(out / "ieee802154.pcap", [header + sealed], IEEE802_15_4)


# Zigbee: the specification 05-3474-21, chapters 3 and 4.

ZIGBEE_KEY = bytes(range(0xA0, 0xB0))


def make_zigbee(out: pathlib.Path) -> None:
    # A data frame between short addresses.
    link = struct.pack("<HBHHH", 0x8841, 1, 0x1234, 0x0000, 0x7788)
    # Data with security, its addresses, radius and number.
    header = struct.pack("<HHHBB", 0x0208, 0x0000, 0x7788, 30, 5)
    source = bytes.fromhex("0200000000000001")[::-1]
    # The network's key, and the source's address; the level is sent as 0.
    control = 0x28
    rest = struct.pack("<I", 11) + source
    real_control = bytes([control | _ENCRYPTED_WITH_32_BITS])
    # To endpoint 1, the cluster On/Off of home automation.
    application = struct.pack("<BBHHBB", 0, 1, 0x0006, 0x0104, 1, 9)
    # A report: the attribute OnOff is true.
    application += bytes.fromhex("18 01 0a 0000 10 01")
    key_number = b"\0"
    sealed = AESCCM(ZIGBEE_KEY, 4).encrypt(
        source + rest[:4] + real_control,
        application,
        header + real_control + rest + key_number,
    )
    frame = link + header + bytes([control]) + rest + key_number + sealed
    write_capture(out / "zigbee.pcap", [frame], IEEE802_15_4)


# LoRaWAN: the specification 1.0.3, chapter 4.

LORAWAN_NETWORK_KEY = bytes(range(0xE0, 0xF0))
LORAWAN_APPLICATION_KEY = bytes(range(0xD0, 0xE0))


def make_lorawan(out: pathlib.Path) -> None:
    address = bytes.fromhex("26011234")[::-1]
    counter = struct.pack("<I", 3)
    # Both the encryption and the check begin with a block like this.
    block = bytes(4) + b"\0" + address + counter + b"\0"
    start = b"\x01" + block + b"\x01"
    cipher = Cipher(
        algorithms.AES(LORAWAN_APPLICATION_KEY), modes.CTR(start)
    ).encryptor()
    sealed = cipher.update(b"hidden reading") + cipher.finalize()
    # Unconfirmed data towards the network, for the port 5.
    message = b"\x40" + address + b"\0" + counter[:2] + b"\x05" + sealed
    check = CMAC(algorithms.AES(LORAWAN_NETWORK_KEY))
    check.update(b"\x49" + block + bytes([len(message)]) + message)
    # 868.1 MHz, 125 kHz, spreading factor 7, and the word of public networks.
    header = struct.pack(
        "!BBHIBB4BB", 0, 0, 15, 868100000, 1, 7, *b"pppp", 0x34
    )
    frame = header + message + check.finalize()[:4]
    write_capture(out / "lorawan.pcap", [frame], LORATAP)


def make_all(out: pathlib.Path) -> None:
    make_wifi(out)
    make_ieee802154(out)
    make_zigbee(out)
    make_lorawan(out)
