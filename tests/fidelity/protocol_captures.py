# SPDX-License-Identifier: GPL-2.0-or-later
"""Makes captures of protocols that are not in tests/captures.

Also makes files of host names.
"""

import pathlib
import struct

_TIME = 1_500_000_000
_CLIENT = bytes([192, 0, 2, 1])
_SERVER = bytes([192, 0, 2, 2])


def _pcap(packets: list[bytes]) -> bytes:
    head = struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 65535, 1)
    records = [
        struct.pack("<IIII", _TIME + i, 0, len(packet), len(packet)) + packet
        for i, packet in enumerate(packets)
    ]
    return head + b"".join(records)


def _ethernet(
    protocol: int, source: bytes, target: bytes, data: bytes
) -> bytes:
    header = struct.pack(
        ">BBHHHBBH", 0x45, 0, 20 + len(data), 0, 0, 64, protocol, 0
    )
    addresses = b"\x02" + bytes(4) + b"\x02\x02" + bytes(4) + b"\x01"
    return addresses + b"\x08\x00" + header + source + target + data


def _udp(source_port: int, target_port: int, data: bytes) -> bytes:
    head = struct.pack(">HHHH", source_port, target_port, 8 + len(data), 0)
    return _ethernet(17, _CLIENT, _SERVER, head + data)


class _TcpStream:
    """Packets of one connection, in both directions."""

    def __init__(self, server_port: int) -> None:
        self._ports = (49152, server_port)
        self._sent = [1, 1]
        self.packets: list[bytes] = []

    def send(self, data: bytes, *, from_server: bool) -> None:
        side = int(from_server)
        head = struct.pack(
            ">HHIIBBHHH",
            *(self._ports[side], self._ports[1 - side]),
            *(self._sent[side], self._sent[1 - side]),
            *(0x50, 0x18, 256, 0, 0),
        )
        self._sent[side] += len(data)
        ends = (_CLIENT, _SERVER)
        self.packets.append(
            _ethernet(6, ends[side], ends[1 - side], head + data)
        )


def _dhcp_discover() -> bytes:
    head = struct.pack(">BBBBIHH", 1, 1, 6, 0, 0x1234, 0, 0)
    addresses = bytes(16) + b"\x02" + bytes(4) + b"\x01" + bytes(10)
    options = b"\x63\x82\x53\x63" + b"\x35\x01\x01" + b"\xff"
    return _udp(68, 67, head + addresses + bytes(192) + options)


def _ntlm_authenticate(user: str) -> bytes:
    """Returns an NTLMSSP AUTHENTICATE message, which has the user's name."""
    parts = [bytes(24), bytes(24)]
    parts += [text.encode("utf-16-le") for text in ("EXAMPLE", user, "HOST")]
    parts.append(b"")
    offset = 64
    places = []
    for part in parts:
        places.append(struct.pack("<HHI", len(part), len(part), offset))
        offset += len(part)
    use_unicode = struct.pack("<I", 1)
    head = b"NTLMSSP\0" + struct.pack("<I", 3)
    return head + b"".join(places) + use_unicode + b"".join(parts)


def _ntlm_negotiate() -> bytes:
    return b"NTLMSSP\0" + struct.pack("<IIQQ", 1, 1, 0, 0)


def _ntlm_challenge() -> bytes:
    return (
        b"NTLMSSP\0"
        + struct.pack("<IHHII", 2, 0, 0, 48, 1)
        + b"12345678"
        + bytes(8)
        + struct.pack("<HHI", 0, 0, 48)
    )


def _smb2(
    command: int, message: int, body: bytes, *, is_response: bool = False
) -> bytes:
    session = 0x7400000001
    header = b"\xfeSMB" + struct.pack(
        "<HHIHHIIQIIQ16s",
        *(64, 1, 0, command, 1, int(is_response), 0, message, 0xFEFF, 0),
        *(session, bytes(16)),
    )
    return struct.pack(">I", len(header + body)) + header + body


def _smb2_session() -> list[bytes]:
    """Returns packets of a user who logs in and uses the session.

    The SMB2 dissector takes the user's name from the tap of the NTLMSSP
    dissector.
    """
    set_up, log_off = 1, 2
    stream = _TcpStream(445)

    def request(command: int, message: int, body: bytes) -> None:
        stream.send(_smb2(command, message, body), from_server=False)

    def respond(command: int, message: int, body: bytes) -> None:
        response = _smb2(command, message, body, is_response=True)
        stream.send(response, from_server=True)

    def request_set_up(message: int, token: bytes) -> None:
        head = struct.pack("<HBBIIHHQ", 25, 0, 1, 0, 0, 88, len(token), 0)
        request(set_up, message, head + token)

    def respond_set_up(message: int, token: bytes) -> None:
        head = struct.pack("<HHHH", 9, 0, 72, len(token))
        respond(set_up, message, head + token)

    request_set_up(1, _ntlm_negotiate())
    respond_set_up(1, _ntlm_challenge())
    request_set_up(2, _ntlm_authenticate("alice"))
    respond_set_up(2, b"")
    request(log_off, 3, struct.pack("<HH", 4, 0))
    return stream.packets


def _latin1_text() -> bytes:
    return _udp(40000, 40001, "Grüße".encode("latin-1"))


def _spanning_tree() -> bytes:
    """Returns a message whose protocol is labelled with its own name."""
    bridge = b"\x80\x00\x02" + bytes(4) + b"\x01"
    times = struct.pack(">HHHH", 0, 20 << 8, 2 << 8, 15 << 8)
    message = (
        bytes(5) + bridge + bytes(4) + bridge + struct.pack(">H", 0x8001)
    ) + times
    llc = b"\x42\x42\x03"
    addresses = b"\x01\x80\xc2" + bytes(3) + b"\x02" + bytes(4) + b"\x01"
    return addresses + struct.pack(">H", len(llc + message)) + llc + message


def _ntp_control() -> bytes:
    """Returns an NTP control message with variables.

    The dissector adds texts for their parts, some of them empty.
    """
    variables = b'system="UNIX/X", leap=0'
    count = len(variables)
    head = struct.pack(">BBHHHHH", 0x16, 0x82, 1, 0, 0, 0, count)
    return _udp(123, 123, head + variables + bytes(-count % 4))


def _pcapng_block(kind: int, body: bytes) -> bytes:
    body += bytes(-len(body) % 4)
    length = len(body) + 12
    ends = struct.pack("<I", length)
    return struct.pack("<I", kind) + ends + body + ends


def _sysdig_events() -> bytes:
    """Returns a file of system calls, whose trees have no protocol `frame`."""
    section = struct.pack("<IHHq", 0x1A2B3C4D, 1, 0, -1)
    # The processor, the time, the thread, the length and the type.
    events = [
        struct.pack("<HQQIH", 0, (_TIME + i) * 10**9, 1, 26, 0)
        for i in range(2)
    ]
    return _pcapng_block(0x0A0D0D0A, section) + b"".join(
        _pcapng_block(0x204, event) for event in events
    )


def make(folder: pathlib.Path) -> None:
    """Writes all of them into a folder."""
    captures = {
        "dhcp.pcap": [_dhcp_discover()],
        "latin1.pcap": [_latin1_text(), _udp(40000, 40001, b"Gruesse")],
        "ntp-control.pcap": [_ntp_control()],
        "smb2.pcap": _smb2_session(),
        "spanning-tree.pcap": [_spanning_tree()],
    }
    for name, packets in captures.items():
        (folder / name).write_bytes(_pcap(packets))
    (folder / "sysdig.pcapng").write_bytes(_sysdig_events())
    (folder / "names.hosts").write_text("192.0.2.1 near.example\n")
    # The last line has no end.
    (folder / "more.hosts").write_text(
        "192.0.2.2 far.example\n192.0.2.1 nearer.example"
    )
    (folder / "empty.hosts").write_text("# Nobody is named here.\n")
