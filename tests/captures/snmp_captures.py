# SPDX-License-Identifier: GPL-2.0-or-later
"""Makes a capture of SNMPv3 from its specification."""

import hashlib
import hmac
import pathlib
import struct

from computed_captures import der, der_number
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from packet_bytes import udp_packet, write_capture

_ENGINE = bytes.fromhex("8000000001020304")
_USER = b"somebody"
_PASSWORDS = (b"hidden authentication", b"hidden privacy")
_BOOTS = 3
_SECONDS = 4711
# sysDescr.0, 1.3.6.1.2.1.1.1.0
_OBJECT = bytes.fromhex("2b06010201010100")


def _localized_key(password: bytes) -> bytes:
    """Returns the key of a password for the engine (RFC 3414, A.2.2)."""
    repeated = (password * (1048576 // len(password) + 1))[:1048576]
    digest = hashlib.sha1(repeated).digest()
    return hashlib.sha1(digest + _ENGINE + digest).digest()


def _octets(data: bytes) -> bytes:
    return der(0x04, data)


def _message(request: bool, number: int) -> bytes:
    auth_key, privacy_key = (_localized_key(text) for text in _PASSWORDS)
    value = der(0x05) if request else _octets(b"hidden description")
    pdu = der(
        0xA0 if request else 0xA2,
        der_number(number),
        der_number(0),
        der_number(0),
        der(0x30, der(0x30, der(0x06, _OBJECT), value)),
    )
    scoped = der(0x30, _octets(_ENGINE), _octets(b""), pdu)
    # RFC 3826: AES-128 in CFB mode.
    salt = struct.pack("!Q", number)
    start = struct.pack("!II", _BOOTS, _SECONDS) + salt
    cipher = Cipher(
        algorithms.AES(privacy_key[:16]), modes.CFB(start)
    ).encryptor()
    sealed = cipher.update(scoped) + cipher.finalize()

    def with_check(check: bytes) -> bytes:
        header = der(
            0x30,
            der_number(number),
            der_number(65507),
            # Authenticated, encrypted, and a request is to be answered.
            _octets(b"\x07" if request else b"\x03"),
            der_number(3),
        )
        security = der(
            0x30,
            _octets(_ENGINE),
            der_number(_BOOTS),
            der_number(_SECONDS),
            _octets(_USER),
            _octets(check),
            _octets(salt),
        )
        return der(
            0x30, der_number(3), header, _octets(security), _octets(sealed)
        )

    check = hmac.new(auth_key, with_check(bytes(12)), "sha1").digest()[:12]
    return with_check(check)


def make_snmp(out: pathlib.Path) -> None:
    messages = [(True, _message(True, 1)), (False, _message(False, 1))]
    write_capture(
        out / "snmpv3.pcap",
        [udp_packet(message, 40007, 161) for message in messages],
    )
