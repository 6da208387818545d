# SPDX-License-Identifier: GPL-2.0-or-later
"""Makes a capture of telephony: SIP, RTP, RTSP, WSP, Diameter, and LTE."""

import pathlib
import struct

from packet_bytes import (
    SERVER,
    Message,
    tcp_packets,
    udp_packet,
    write_capture,
)

SIP_PORT = 5060


def sip(start: str, call: str, sequence: str, body: str = "") -> bytes:
    lines = [
        start,
        "Via: SIP/2.0/UDP client.example.com;branch=z9hG4bK1",
        "From: <sip:alice@example.com>;tag=1",
        "To: <sip:bob@example.com>",
        f"Call-ID: {call}",
        f"CSeq: {sequence}",
    ]
    if body:
        lines.append("Content-Type: application/sdp")
    lines += [f"Content-Length: {len(body)}", "", body]
    return "\r\n".join(lines).encode("ascii")


def sdp(port: int, encoding: str) -> str:
    return "\r\n".join(
        [
            "v=0",
            f"o=- 1 1 IN IP4 {SERVER}",
            "s=-",
            f"c=IN IP4 {SERVER}",
            "t=0 0",
            f"m=audio {port} RTP/AVP 0 96 101",
            f"a=rtpmap:96 {encoding}",
            "a=rtpmap:101 telephone-event/8000",
            "",
        ]
    )


def sip_call(call: str, port: int, encoding: str) -> list[bytes]:
    invite = sip(
        "INVITE sip:bob@example.com SIP/2.0",
        call,
        "1 INVITE",
        sdp(port, encoding),
    )
    messages: list[Message] = [
        (True, invite),
        (True, invite),
        (False, sip("SIP/2.0 100 Trying", call, "1 INVITE")),
        (False, sip("SIP/2.0 180 Ringing", call, "1 INVITE")),
        (False, sip("SIP/2.0 299 Unknown", call, "1 INVITE")),
        (False, sip("SIP/2.0 200 OK", call, "1 INVITE")),
        (True, sip("ACK sip:bob@example.com SIP/2.0", call, "1 ACK")),
        (True, sip("BYE sip:bob@example.com SIP/2.0", call, "2 BYE")),
        (False, sip("SIP/2.0 481 Unknown call", call, "2 BYE")),
    ]
    return [udp_packet(message, SIP_PORT, SIP_PORT) for message in messages]


def rtp(
    payload_type: int, sequence: int, timestamp: int, marker: bool = False
) -> bytes:
    return (
        struct.pack(
            "!BBHII",
            0x80,
            payload_type | (0x80 if marker else 0),
            sequence % 2**16,
            timestamp % 2**32,
            0x12345678,
        )
        + b"\xff" * 20
    )


def rtp_stream(port: int, packets: list[bytes]) -> list[bytes]:
    return [udp_packet((True, packet), 6000, port) for packet in packets]


def lossy_rtp() -> list[bytes]:
    """Loses, swaps and repeats packets; wraps; is silent; sends a digit."""
    order = [0, 1, 2, 5, 4, 6, 6, 7, 8, 9, 12, 11, 10, 13, 14]
    packets = [rtp(0, 65530 + n, 2**32 - 800 + 160 * n) for n in order]
    packets.append(rtp(13, 65545, 1600))
    packets.append(rtp(0, 65546, 1760))
    packets.append(rtp(101, 65547, 1920, marker=True))
    packets += [rtp(96, 65548 + n, 2080 + 160 * n, n == 0) for n in range(6)]
    # Before the first timestamp.
    packets.append(rtp(0, 65554, 2**32 - 1600))
    return packets


def rtsp() -> list[bytes]:
    messages: list[Message] = []
    for number, method in enumerate(["OPTIONS", "DESCRIBE", "SETUP", "PLAY"]):
        request = f"{method} rtsp://example.com/film RTSP/1.0"
        answer = f"RTSP/1.0 {[200, 404, 299, 551][number]} Answer"
        for from_client, line in ((True, request), (False, answer)):
            text = f"{line}\r\nCSeq: {number}\r\n\r\n"
            messages.append((from_client, text.encode("ascii")))
    return tcp_packets(messages, 40554, 554)


def wsp() -> list[bytes]:
    # Without a session: a transaction, and a type of PDU.
    pdus = [b"\x01\x40\x01/", b"\x01\x04\x20\x01\x83x", b"\x02\x05\x01"]
    return [udp_packet((True, pdu), 9200, 9200) for pdu in pdus]


def avp(code: int, data: bytes) -> bytes:
    length = struct.pack("!I", 8 + len(data))[1:]
    padding = bytes(-len(data) % 4)
    return struct.pack("!IB", code, 0x40) + length + data + padding


def diameter(
    command: int, is_request: bool, number: int, *avps: bytes
) -> bytes:
    data = b"".join(avps)
    version = struct.pack("!I", 1 << 24 | 20 + len(data))
    flags = struct.pack("!I", (0x80 if is_request else 0) << 24 | command)
    return version + flags + struct.pack("!III", 0, number, number) + data


def diameter_messages() -> list[bytes]:
    origin = avp(264, b"host.example.com") + avp(296, b"example.com")
    address = avp(257, b"\x00\x01\xc0\x00\x02\x01")
    session = avp(263, b"host.example.com;1;2")
    result = avp(268, struct.pack("!I", 2001))
    messages: list[Message] = [
        (True, diameter(257, True, 1, origin, address)),
        (False, diameter(257, False, 1, result, origin, address)),
        (
            True,
            diameter(258, True, 2, session, origin)
            + diameter(280, True, 3, origin),
        ),
        (
            False,
            diameter(280, False, 3, result, origin)
            + diameter(258, False, 2, session, result),
        ),
        (False, diameter(280, False, 9, result, origin)),
    ]
    return tcp_packets(messages, 40868, 3868)


def tag(number: int, value: bytes) -> bytes:
    return bytes([number]) + value


def mac_lte(
    is_downlink: bool, kind: int, ids: tuple[int, int], rest: bytes
) -> bytes:
    return (
        b"mac-lte"
        + bytes([1, is_downlink, kind])
        + tag(2, struct.pack("!H", ids[0]))
        + tag(3, struct.pack("!H", ids[1]))
        + rest
    )


def mac_lte_frames() -> list[bytes]:
    ue = (61, 1)
    other = (62, 2)
    nobody = (0xFFFF, 0)
    padded = tag(1, b"\x3f\x23\x04\x0f" + b"ab" * 20)
    plain = tag(1, b"\x03" + b"cd" * 10)
    frames = [
        mac_lte(False, 3, ue, plain),
        mac_lte(False, 3, ue, padded),
        mac_lte(False, 3, other, tag(6, b"\x01") + plain),
        mac_lte(False, 5, (70, 9), plain),
        mac_lte(True, 3, ue, tag(7, b"\x01") + plain),
        mac_lte(True, 3, ue, tag(6, b"\x02") + tag(7, b"\x01") + plain),
        mac_lte(True, 1, (0xFFFE, 0), tag(1, b"\x40\x01\x02\x03\x04")),
        mac_lte(True, 2, (5, 0), tag(1, b"\x43\x00\x01\x02\x03\x04\x05")),
        mac_lte(True, 4, nobody, tag(1, b"abcd")),
    ]
    frames += [
        mac_lte(True, 3, other, tag(7, bytes([crc])) + plain)
        for crc in (0, 2, 3, 4, 5)
    ]
    return [udp_packet((True, frame), 5555, 5556) for frame in frames]


def rlc_lte(
    mode: int, is_downlink: bool, channel: tuple[int, int], rest: bytes
) -> bytes:
    kind, ueid = channel
    return (
        b"rlc-lte"
        + bytes([mode])
        + (tag(2, b"\x05") if mode == 2 else b"")
        + tag(3, bytes([is_downlink]))
        + tag(5, struct.pack("!H", ueid))
        + tag(6, struct.pack("!H", kind))
        + tag(7, b"\x00\x01")
        + tag(1, rest)
    )


def rlc_lte_frames() -> list[bytes]:
    drb = (5, 1)
    frames = [
        rlc_lte(4, False, drb, struct.pack("!H", 0x8000 | number) + b"x" * 9)
        for number in (0, 1, 4)
    ]
    # A status: a number that is acknowledged, and one that isn't.
    status = struct.pack("!I", 7 << 18 | 1 << 17 | 3 << 7)
    frames += [
        rlc_lte(4, True, drb, status),
        rlc_lte(2, True, (5, 2), b"\x01" + b"y" * 20),
        rlc_lte(2, True, (5, 2), b"\x04" + b"y" * 20),
        rlc_lte(1, True, (6, 0), b"broadcast"),
        rlc_lte(1, True, (3, 0), b"paging"),
    ]
    return [udp_packet((True, frame), 5555, 5556) for frame in frames]


def make_telephony(out: pathlib.Path) -> None:
    steady = [rtp(0, n, 160 * n) for n in range(20)]
    write_capture(
        out / "telephony.pcap",
        sip_call("one@example.com", 4000, "opus/48000/2")
        + sip_call("two@example.com", 4002, "AMR-WB/0")
        + rtp_stream(4000, lossy_rtp())
        + rtp_stream(4002, steady)
        + rtsp()
        + wsp()
        + diameter_messages()
        + mac_lte_frames()
        + rlc_lte_frames(),
    )


if __name__ == "__main__":
    make_telephony(pathlib.Path(__file__).resolve().parent)
