# SPDX-License-Identifier: GPL-2.0-or-later
"""Makes a capture of calls of all protocols but SIP and IAX2."""

import ipaddress
import pathlib
import struct

from packet_bytes import (
    CLIENT,
    SERVER,
    Message,
    ip_packet,
    tcp_packets,
    udp_packet,
    write_capture,
)

CALLER = "1001"
CALLEE = "2002"

# H.225.0 and H.245, in the aligned packed encoding rules of ASN.1.


class Packed:
    """Bits, with octets that begin at a multiple of eight."""

    def __init__(self) -> None:
        self._bits = ""

    def bits(self, text: str) -> "Packed":
        self._bits += text
        return self

    def number(self, value: int, width: int) -> "Packed":
        return self.bits(format(value, f"0{width}b"))

    def octets(self, data: bytes) -> "Packed":
        self._bits += "0" * (-len(self._bits) % 8)
        return self.bits("".join(format(byte, "08b") for byte in data))

    def additions(self, members: list[bytes | None]) -> "Packed":
        """Adds what later versions of a type have more, None if absent."""
        self.bits("0").number(len(members) - 1, 6)
        self.bits("".join("0" if m is None else "1" for m in members))
        for member in members:
            if member is not None:
                self.octets(bytes([len(member)]) + member)
        return self

    def transport(self, address: str, port: int) -> "Packed":
        packed = ipaddress.ip_address(address).packed
        return self.bits("0000").octets(packed + struct.pack("!H", port))

    def encoded(self) -> bytes:
        bits = self._bits + "0" * (-len(self._bits) % 8)
        return int(bits, 2).to_bytes(len(bits) // 8, "big")


# The version of H.225.0, and an end without a description.
VERSION = bytes.fromhex("060008914a0004")
NO_ENDPOINT = "000000000"
CALL_ID = bytes(range(16))
# An openLogicalChannel, and a masterSlaveDetermination.
CHANNEL = bytes.fromhex("0000640c201d800b0d000100c0000201138980")
DETERMINATION = bytes.fromhex("01000080924fd5")


def optional_call_id(
    fast_start: bytes | None, before: int
) -> list[bytes | None]:
    members: list[bytes | None] = [None] * before + [b"\0" + CALL_ID]
    if fast_start is not None:
        members += [None, None, None, bytes([1, len(fast_start)]) + fast_start]
    return members


def h225(body: Packed, tunneling: bool = False) -> bytes:
    return body.additions([None, b"\x80" if tunneling else b"\0"]).encoded()


def setup(fast_start: bytes | None = None, tunneling: bool = False) -> bytes:
    body = Packed().bits("00100000").bits("10000000").octets(VERSION)
    body.bits(NO_ENDPOINT).bits("0").octets(bytes(16)).bits("000000")
    return h225(body.additions(optional_call_id(fast_start, 2)), tunneling)


def alerting() -> bytes:
    body = Packed().bits("00100011").bits("10").octets(VERSION)
    body.bits(NO_ENDPOINT)
    return h225(body.additions(optional_call_id(None, 0)))


def connect(h245_port: int) -> bytes:
    body = Packed().bits("00100010").bits("11").octets(VERSION)
    body.transport(SERVER, h245_port).bits(NO_ENDPOINT).octets(bytes(16))
    return h225(body.additions(optional_call_id(CHANNEL, 0)))


def release_complete() -> bytes:
    body = Packed().bits("00100101").bits("10").octets(VERSION)
    return h225(body.additions(optional_call_id(None, 0)))


def element(kind: int, data: bytes) -> bytes:
    return bytes([kind, len(data)]) + data


def numbers() -> bytes:
    calling = element(0x6C, b"\x21\x80" + CALLER.encode())
    return calling + element(0x70, b"\xa1" + CALLEE.encode())


def q931(
    kind: int, from_caller: bool, elements: bytes = b"", user: bytes = b""
) -> bytes:
    reference = 0x1234 | (0 if from_caller else 0x8000)
    message = struct.pack("!BBHB", 8, 2, reference, kind) + elements
    if user:
        message += struct.pack("!BHB", 0x7E, len(user) + 1, 5) + user
    return tpkt(message)


def tpkt(message: bytes) -> bytes:
    return struct.pack("!BBH", 3, 0, 4 + len(message)) + message


def h323() -> list[bytes]:
    messages: list[Message] = [
        (True, q931(0x05, True, numbers(), setup(CHANNEL, tunneling=True))),
        (False, q931(0x01, False, b"", alerting())),
        (False, q931(0x07, False, b"", connect(1232))),
        (False, q931(0x5A, False, b"", release_complete())),
    ]
    h245: list[Message] = [(True, tpkt(DETERMINATION))]
    return tcp_packets(messages, 40720, 1720) + tcp_packets(h245, 41232, 1232)


def digits(text: str) -> bytes:
    """Returns dialledDigits, from a list with one alias."""
    result = Packed().octets(b"\x01").bits("00").number(len(text) - 1, 7)
    result.octets(b"")
    for digit in text:
        result.number("#*,0123456789".index(digit), 4)
    return result.encoded()


def ras() -> list[bytes]:
    request = Packed().bits("0").number(18, 5).bits("000")
    request.octets(struct.pack("!H", 0)).octets(digits(CALLEE))
    request.transport(CLIENT, 1719)
    answer = Packed().bits("0").number(19, 5).bits("00")
    answer.octets(struct.pack("!H", 0))
    answer.transport(SERVER, 1720).transport(SERVER, 1719)
    messages: list[Message] = [
        (True, request.encoded()),
        (False, answer.encoded()),
    ]
    return [udp_packet(message, 1719, 1719) for message in messages]


# Q.931 without H.225.0.


def isdn() -> list[bytes]:
    messages: list[Message] = [
        (True, q931(0x05, True, numbers())),
        (False, q931(0x01, False)),
        (True, q931(0x45, True, element(8, b"\x80\x90"))),
    ]
    return tcp_packets(messages, 40721, 1720)


# ISUP in MTP3 in M3UA in SCTP.


def party(number: str, plan: int) -> bytes:
    # The first digit of a pair is in the lower half of a byte.
    data = bytes(
        int(number[i]) | int(number[i + 1]) << 4
        for i in range(0, len(number), 2)
    )
    return bytes([3, plan]) + data


def isup(kind: int, body: bytes) -> bytes:
    return struct.pack("<HB", 5, kind) + body


def initial_address() -> bytes:
    called = party(CALLEE, 0x10)
    calling = element(0x0A, party(CALLER, 0x11))
    pointers = bytes([2, 2 + len(called)])
    fixed = bytes([0, 0x60, 0x01, 0x0A, 0])
    return fixed + pointers + bytes([len(called)]) + called + calling + b"\0"


def m3ua(number: int, message: Message) -> bytes:
    from_client, data = message
    points = (100, 200) if from_client else (200, 100)
    data = struct.pack("!IIBBBB", *points, 5, 2, 0, 0) + data
    parameter = struct.pack("!HH", 0x0210, 4 + len(data)) + data
    parameter += bytes(-len(parameter) % 4)
    payload = struct.pack("!BBBBI", 1, 0, 1, 1, 8 + len(parameter)) + parameter
    chunk = struct.pack("!BBHIHHI", 0, 3, 16 + len(payload), number, 1, 0, 3)
    header = struct.pack("!HHII", 2905, 2905, 1 if from_client else 2, 0)
    return ip_packet(from_client, 132, header + chunk + payload)


def isup_call() -> list[bytes]:
    messages: list[Message] = [
        (True, isup(1, initial_address())),
        (False, isup(6, b"\x12\x34\0")),
        (False, isup(9, b"\0")),
        (True, isup(12, b"\x02\0\x02\x80\x90")),
        (False, isup(16, b"\0")),
    ]
    return [m3ua(number, message) for number, message in enumerate(messages)]


# MGCP.


def mgcp(start: str, *lines: str) -> bytes:
    return "\r\n".join([start, *lines, ""]).encode()


def mgcp_call() -> list[bytes]:
    endpoint = "aaln/1@gw.example.com MGCP 1.0"
    messages: list[Message] = [
        (True, mgcp(f"NTFY 1 {endpoint}", "X: 1", "O: hd")),
        (False, mgcp("200 1 OK")),
        (True, mgcp(f"NTFY 2 {endpoint}", "X: 1", "O: 2,0,0,2")),
        (False, mgcp(f"RQNT 3 {endpoint}", "X: 1", "S: rt")),
        (True, mgcp(f"NTFY 4 {endpoint}", "X: 1", "O: hu")),
        (True, mgcp(f"NTFY 4 {endpoint}", "X: 1", "O: hu")),
    ]
    return [udp_packet(message, 2427, 2427) for message in messages]


# Skinny.


def skinny(kind: int, data: bytes) -> bytes:
    return struct.pack("<III", 4 + len(data), 0, kind) + data


def call_state(state: int) -> bytes:
    return skinny(0x111, struct.pack("<7I", state, 1, 77, 0, 0, 0, 0))


def call_info() -> bytes:
    names = (("Alice", 40), (CALLER, 24), ("Bob", 40), (CALLEE, 24))
    data = b"".join(text.encode().ljust(size, b"\0") for text, size in names)
    return skinny(0x8F, data + struct.pack("<III", 1, 77, 2) + bytes(248))


def skinny_call() -> list[bytes]:
    messages: list[Message] = [
        (False, call_state(1)),
        (False, call_info()),
        (False, call_state(3)),
        (False, call_state(5)),
    ]
    return tcp_packets(messages, 42000, 2000)


# H.248 as text.


def h248(address: str, transaction: str) -> bytes:
    return f"MEGACO/1 [{address}]:2944\n{transaction}".encode()


def h248_context() -> list[bytes]:
    messages: list[Message] = [
        (True, h248(CLIENT, "Transaction=1{Context=${Add=A1,Add=RTP/$}}")),
        (False, h248(SERVER, "Reply=1{Context=5{Add=A1,Add=RTP/7}}")),
        (True, h248(CLIENT, "Transaction=2{Context=5{Subtract=*}}")),
    ]
    return [udp_packet(message, 2944, 2944) for message in messages]


# UNIStim, in UDP without a port of its own.


def unistim(number: int, manager: int, command: int, data: bytes) -> bytes:
    header = struct.pack("!IBBI", number, 2, 2, 0x1234)
    return header + bytes([manager, 3 + len(data), command]) + data


def unistim_call() -> list[bytes]:
    # A key that is pressed, a stream that is opened, and one that is closed.
    messages: list[Message] = [
        (True, unistim(1, 0x99, 0x00, b"\x45")),
        (False, unistim(1, 0x16, 0x30, b"\1\1\0\0\1" + bytes(14))),
        (False, unistim(2, 0x16, 0x31, b"\1\1")),
    ]
    return [udp_packet(message, 5000, 5100) for message in messages]


# Traces of AudioCodes about a channel.


def cas_call() -> list[bytes]:
    # EV_CAS_1_1 and EV_CAS_0_0 of channel 3 in trunk 1.
    traces = [
        struct.pack("!12i", 100, 0, 1, event, 2, 0, 0, 0, 0, 1, 3, 0)
        for event in (17, 20)
    ]
    return [udp_packet((True, trace), 2428, 2428) for trace in traces]


def make_calls(out: pathlib.Path) -> None:
    write_capture(
        out / "calls.pcap",
        h323()
        + ras()
        + isdn()
        + isup_call()
        + mgcp_call()
        + skinny_call()
        + h248_context()
        + unistim_call()
        + cas_call(),
    )


if __name__ == "__main__":
    make_calls(pathlib.Path(__file__).resolve().parent)
