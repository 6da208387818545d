# SPDX-License-Identifier: GPL-2.0-or-later
"""Makes captures of WireGuard and Kerberos from their specifications."""

import base64
import hashlib
import hmac
import pathlib
import struct

from cryptography.hazmat.primitives.asymmetric.x25519 import (
    X25519PrivateKey,
    X25519PublicKey,
)
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from packet_bytes import (
    BEGIN_SECONDS,
    echo,
    ip_packet,
    udp_packet,
    write_capture,
)

# WireGuard: https://www.wireguard.com/papers/wireguard.pdf, section 5.4.


def make_wireguard(out: pathlib.Path) -> None:

    def hashed(*parts: bytes) -> bytes:
        return hashlib.blake2s(b"".join(parts)).digest()

    def mac(key: bytes, data: bytes) -> bytes:
        return hashlib.blake2s(data, key=key, digest_size=16).digest()

    def keyed(key: bytes, data: bytes) -> bytes:
        return hmac.new(key, data, hashlib.blake2s).digest()

    def derive(key: bytes, data: bytes, count: int) -> list[bytes]:
        first = keyed(key, data)
        results = [keyed(first, b"\x01")]
        while len(results) < count:
            results.append(
                keyed(first, results[-1] + bytes([len(results) + 1]))
            )
        return results

    def seal(key: bytes, counter: int, data: bytes, extra: bytes) -> bytes:
        nonce = struct.pack("<IQ", 0, counter)
        return bytes(ChaCha20Poly1305(key).encrypt(nonce, data, extra))

    def public(key: X25519PrivateKey) -> bytes:
        return bytes(key.public_key().public_bytes_raw())

    def exchange(key: X25519PrivateKey, peer: bytes) -> bytes:
        return bytes(key.exchange(X25519PublicKey.from_public_bytes(peer)))

    initiator, responder, ours, theirs = (
        X25519PrivateKey.generate() for _ in range(4)
    )
    shared = bytes(range(32))
    label_mac = b"mac1----"

    chain = hashed(b"Noise_IKpsk2_25519_ChaChaPoly_BLAKE2s")
    state = hashed(
        hashed(chain, b"WireGuard v1 zx2c4 Jason@zx2c4.com"), public(responder)
    )

    # The first message.
    chain = derive(chain, public(ours), 1)[0]
    state = hashed(state, public(ours))
    chain, key = derive(chain, exchange(ours, public(responder)), 2)
    static = seal(key, 0, public(initiator), state)
    state = hashed(state, static)
    chain, key = derive(chain, exchange(initiator, public(responder)), 2)
    stamp = struct.pack("!QI", 0x400000000000000A + BEGIN_SECONDS, 0)
    sealed_stamp = seal(key, 0, stamp, state)
    state = hashed(state, sealed_stamp)
    first = struct.pack("<II", 1, 0x11111111) + public(ours)
    first += static + sealed_stamp
    first += mac(hashed(label_mac, public(responder)), first) + bytes(16)

    # The second message.
    chain = derive(chain, public(theirs), 1)[0]
    state = hashed(state, public(theirs))
    chain = derive(chain, exchange(theirs, public(ours)), 1)[0]
    chain = derive(chain, exchange(theirs, public(initiator)), 1)[0]
    chain, mixed, key = derive(chain, shared, 3)
    state = hashed(state, mixed)
    nothing = seal(key, 0, b"", state)
    second = struct.pack("<III", 2, 0x22222222, 0x11111111)
    second += public(theirs) + nothing
    second += mac(hashed(label_mac, public(initiator)), second) + bytes(16)

    # Data: a packet each way, padded to a multiple of 16 bytes.
    sending, receiving = derive(chain, b"", 2)
    messages = [(True, first), (False, second)]
    for from_client, data_key, receiver in (
        (True, sending, 0x22222222),
        (False, receiving, 0x11111111),
    ):
        inner = ip_packet(from_client, 1, echo(from_client))
        inner += bytes(-len(inner) % 16)
        header = struct.pack("<IIQ", 4, receiver, 0)
        messages.append((from_client, header + seal(data_key, 0, inner, b"")))
    lines = [
        ("LOCAL_STATIC_PRIVATE_KEY", initiator.private_bytes_raw()),
        ("REMOTE_STATIC_PUBLIC_KEY", public(responder)),
        ("LOCAL_EPHEMERAL_PRIVATE_KEY", ours.private_bytes_raw()),
        ("PRESHARED_KEY", shared),
    ]
    (out / "wireguard.keys").write_text(
        "".join(
            f"{name} = {base64.b64encode(value).decode()}\n"
            for name, value in lines
        ),
        encoding="ascii",
    )
    write_capture(
        out / "wireguard.pcap",
        [udp_packet(message, 40005, 51820) for message in messages],
    )


# Kerberos: RFC 4120, with the encryption of RFC 4757.


def der(tag: int, *parts: bytes) -> bytes:
    content = b"".join(parts)
    if len(content) < 128:
        return bytes([tag, len(content)]) + content
    length = len(content).to_bytes(2, "big").lstrip(b"\0")
    return bytes([tag, 0x80 | len(length)]) + length + content


def der_number(value: int) -> bytes:
    size = value.bit_length() // 8 + 1
    return der(0x02, value.to_bytes(size, "big"))


def der_text(text: str) -> bytes:
    return der(0x1B, text.encode())


def der_time(text: str) -> bytes:
    return der(0x18, text.encode())


def der_list(*members: tuple[int, bytes]) -> bytes:
    return der(0x30, *(der(0xA0 | number, value) for number, value in members))


def principal(kind: int, *names: str) -> bytes:
    return der_list(
        (0, der_number(kind)), (1, der(0x30, *(der_text(n) for n in names)))
    )


def rc4(key: bytes, data: bytes) -> bytes:
    state = list(range(256))
    j = 0
    for i in range(256):
        j = (j + state[i] + key[i % len(key)]) % 256
        state[i], state[j] = state[j], state[i]
    i = j = 0
    result = bytearray()
    for byte in data:
        i = (i + 1) % 256
        j = (j + state[i]) % 256
        state[i], state[j] = state[j], state[i]
        result.append(byte ^ state[(state[i] + state[j]) % 256])
    return bytes(result)


def encrypted(key: bytes, usage: int, data: bytes) -> bytes:
    """Returns an EncryptedData with rc4-hmac."""
    usage_key = hmac.new(key, struct.pack("<I", usage), "md5").digest()
    data = bytes(range(8)) + data
    check = hmac.new(usage_key, data, "md5").digest()
    cipher = check + rc4(hmac.new(usage_key, check, "md5").digest(), data)
    return der_list((0, der_number(23)), (2, der(0x04, cipher)))


def _keytab_entry(realm: str, names: list[str], key: bytes) -> bytes:
    def counted(data: bytes) -> bytes:
        return struct.pack("!H", len(data)) + data

    entry = struct.pack("!H", len(names)) + counted(realm.encode())
    entry += b"".join(counted(name.encode()) for name in names)
    entry += struct.pack("!IIBH", 1, BEGIN_SECONDS, 1, 23) + counted(key)
    return struct.pack("!i", len(entry)) + entry


def make_kerberos(out: pathlib.Path) -> None:
    realm = "EXAMPLE.ORG"
    user_key, service_key, session_key = (
        hashlib.md5(text).digest() for text in (b"user", b"service", b"session")
    )
    now = "20231114221320Z"
    later = "20231115221320Z"
    stamp = der_list((0, der_time(now)), (1, der_number(123456)))
    stamp_data = der_list(
        (1, der_number(2)), (2, der(0x04, encrypted(user_key, 1, stamp)))
    )
    flags = der(0x03, b"\0\x40\x80\0\0")
    body = der_list(
        (0, flags),
        (1, principal(1, "somebody")),
        (2, der_text(realm)),
        (3, principal(2, "krbtgt", realm)),
        (5, der_time(later)),
        (7, der_number(42)),
        (8, der(0x30, der_number(23))),
    )
    request = der(
        0x6A,
        der_list(
            (1, der_number(5)),
            (2, der_number(10)),
            (3, der(0x30, stamp_data)),
            (4, body),
        ),
    )
    session = der_list((0, der_number(23)), (1, der(0x04, session_key)))
    ticket_part = der(
        0x63,
        der_list(
            (0, flags),
            (1, session),
            (2, der_text(realm)),
            (3, principal(1, "somebody")),
            (4, der_list((0, der_number(1)), (1, der(0x04, b"")))),
            (5, der_time(now)),
            (7, der_time(later)),
        ),
    )
    ticket = der(
        0x61,
        der_list(
            (0, der_number(5)),
            (1, der_text(realm)),
            (2, principal(2, "krbtgt", realm)),
            (3, encrypted(service_key, 2, ticket_part)),
        ),
    )
    reply_part = der(
        0x79,
        der_list(
            (0, session),
            (1, der(0x30, der_list((0, der_number(0)), (1, der_time(now))))),
            (2, der_number(42)),
            (4, flags),
            (5, der_time(now)),
            (7, der_time(later)),
            (9, der_text(realm)),
            (10, principal(2, "krbtgt", realm)),
        ),
    )
    reply = der(
        0x6B,
        der_list(
            (0, der_number(5)),
            (1, der_number(11)),
            (3, der_text(realm)),
            (4, principal(1, "somebody")),
            (5, ticket),
            (6, encrypted(user_key, 8, reply_part)),
        ),
    )
    write_capture(
        out / "kerberos.pcap",
        [
            udp_packet(message, 40006, 88)
            for message in ((True, request), (False, reply))
        ],
    )
    user = _keytab_entry(realm, ["somebody"], user_key)
    service = _keytab_entry(realm, ["krbtgt", realm], service_key)
    (out / "kerberos.keytab").write_bytes(b"\x05\x02" + user + service)
    # The same keys in two files.
    (out / "kerberos-user.keytab").write_bytes(b"\x05\x02" + user)
    (out / "kerberos-service.keytab").write_bytes(b"\x05\x02" + service)
