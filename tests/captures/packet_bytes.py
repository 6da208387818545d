# SPDX-License-Identifier: GPL-2.0-or-later
"""Builds packets between a client and a server, and captures of them."""

import ipaddress
import pathlib
import struct

CLIENT = "192.0.2.1"
SERVER = "192.0.2.2"
# Packets are a millisecond apart.
BEGIN_SECONDS = 1_700_000_000

# One message: whether the client sent it, and its bytes.
Message = tuple[bool, bytes]


def checksum(data: bytes) -> int:
    if len(data) % 2:
        data += b"\0"
    total: int = sum(struct.unpack(f"!{len(data) // 2}H", data))
    while total >> 16:
        total = (total & 0xFFFF) + (total >> 16)
    return ~total & 0xFFFF


def addresses(from_client: bool) -> tuple[bytes, bytes]:
    pair = [ipaddress.ip_address(a).packed for a in (CLIENT, SERVER)]
    return (pair[0], pair[1]) if from_client else (pair[1], pair[0])


def ip_packet(from_client: bool, protocol: int, payload: bytes) -> bytes:
    source, destination = addresses(from_client)
    header = struct.pack(
        "!BBHHHBBH4s4s",
        0x45,
        0,
        20 + len(payload),
        0,
        0x4000,
        64,
        protocol,
        0,
        source,
        destination,
    )
    header = header[:10] + struct.pack("!H", checksum(header)) + header[12:]
    return header + payload


def with_checksum(
    from_client: bool, protocol: int, segment: bytes, place: int
) -> bytes:
    source, destination = addresses(from_client)
    pseudo = source + destination + struct.pack("!HH", protocol, len(segment))
    value = struct.pack("!H", checksum(pseudo + segment) or 0xFFFF)
    return segment[:place] + value + segment[place + 2 :]


def udp_packet(message: Message, client_port: int, server_port: int) -> bytes:
    from_client, data = message
    ports = (client_port, server_port)
    source, destination = ports if from_client else ports[::-1]
    segment = struct.pack("!HHHH", source, destination, 8 + len(data), 0) + data
    return ip_packet(
        from_client, 17, with_checksum(from_client, 17, segment, 6)
    )


class TcpPackets:
    """A connection, as packets without losses."""

    def __init__(self, client_port: int, server_port: int) -> None:
        self._ports = (client_port, server_port)
        self._next = {True: 1000, False: 5000}
        self.packets: list[bytes] = []
        self._add(True, 0x02, b"")
        self._add(False, 0x12, b"")
        self._add(True, 0x10, b"")

    def _add(self, from_client: bool, flags: int, data: bytes) -> None:
        source, destination = self._ports if from_client else self._ports[::-1]
        acknowledged = 0 if flags == 0x02 else self._next[not from_client]
        segment = struct.pack(
            "!HHIIBBHHH",
            source,
            destination,
            self._next[from_client],
            acknowledged,
            0x50,
            flags,
            64000,
            0,
            0,
        )
        segment = with_checksum(from_client, 6, segment + data, 16)
        self.packets.append(ip_packet(from_client, 6, segment))
        self._next[from_client] += len(data) + (1 if flags & 0x03 else 0)

    def add(self, message: Message) -> None:
        from_client, data = message
        for place in range(0, len(data), 1400):
            self._add(from_client, 0x18, data[place : place + 1400])

    def end(self) -> list[bytes]:
        self._add(True, 0x11, b"")
        self._add(False, 0x11, b"")
        self._add(True, 0x10, b"")
        return self.packets


def tcp_packets(
    messages: list[Message], client_port: int, server_port: int
) -> list[bytes]:
    connection = TcpPackets(client_port, server_port)
    for message in messages:
        connection.add(message)
    return connection.end()


# Link-layer types: https://www.tcpdump.org/linktypes.html
RAW_IP = 101
IEEE802_11 = 105
IEEE802_15_4 = 230
LORATAP = 270


def write_capture(
    path: pathlib.Path, packets: list[bytes], link_type: int = RAW_IP
) -> None:
    with path.open("wb") as file:
        file.write(
            struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 65535, link_type)
        )
        for number, packet in enumerate(packets):
            file.write(
                struct.pack(
                    "<IIII",
                    BEGIN_SECONDS + number // 1000,
                    number % 1000 * 1000,
                    len(packet),
                    len(packet),
                )
            )
            file.write(packet)


def echo(from_client: bool) -> bytes:
    data = b"hidden in a tunnel"
    message = struct.pack("!BBHHH", 8 if from_client else 0, 0, 0, 7, 1) + data
    return message[:2] + struct.pack("!H", checksum(message)) + message[4:]
