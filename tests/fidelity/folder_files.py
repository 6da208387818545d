# SPDX-License-Identifier: GPL-2.0-or-later
"""Makes captures, and the folders with which they say more."""

import ipaddress
import pathlib
import struct

import packet_bytes

SCHEMAS = {
    "top.proto": """syntax = "proto3";
package demo;
import "sub/deep/inner.proto";
import "sub/plain.proto";
message Top {
  int32 number = 1;
  demo.deep.Inner inner = 2;
  Plain plain = 3;
}
""",
    "sub/plain.proto": """syntax = "proto3";
package demo;
message Plain { bool flag = 1; }
""",
    "sub/deep/inner.proto": """syntax = "proto3";
package demo.deep;
enum Color { RED = 0; GREEN = 1; }
message Inner { string greeting = 1; Color color = 2; }
""",
    "notes.txt": "Not a schema.\n",
}

MIBS = {
    "DEMO-MIB": """DEMO-MIB DEFINITIONS ::= BEGIN
IMPORTS demoObjects FROM DEMO-BASE-MIB;
demoState OBJECT IDENTIFIER ::= { demoObjects 1 }
END
""",
    "DEMO-BASE-MIB.txt": """DEMO-BASE-MIB DEFINITIONS ::= BEGIN
demoObjects OBJECT IDENTIFIER ::= {
  iso org(3) dod(6) internet(1) private(4) enterprises(1) demo(99999) 1
}
END
""",
}

# Types of values in MaxMind's format, with the number of bits of the integers.
_TEXT, _DOUBLE, _UINT16, _UINT32, _MAP, _UINT64, _ARRAY = 2, 3, 5, 6, 7, 9, 11

Value = str | float | tuple[int, int] | dict[str, "Value"] | list["Value"]


def _control(kind: int, size: int) -> bytes:
    first, extension = (0, bytes([kind - 7])) if kind > 7 else (kind, b"")
    if size >= 29:
        return bytes([first << 5 | 29]) + extension + bytes([size - 29])
    return bytes([first << 5 | size]) + extension


def _encoded(value: Value) -> bytes:
    if isinstance(value, str):
        return _control(_TEXT, len(value)) + value.encode()
    if isinstance(value, float):
        return _control(_DOUBLE, 8) + struct.pack("!d", value)
    if isinstance(value, tuple):
        number = value[1].to_bytes(8, "big").lstrip(b"\0")
        return _control(value[0], len(number)) + number
    if isinstance(value, dict):
        return _control(_MAP, len(value)) + b"".join(
            _encoded(key) + _encoded(item) for key, item in value.items()
        )
    return _control(_ARRAY, len(value)) + b"".join(map(_encoded, value))


def database(kind: str, network: str, record: Value) -> bytes:
    """Returns a database in MaxMind's format with one network of IPv4.

    https://maxmind.github.io/MaxMind-DB/
    """
    parsed = ipaddress.ip_network(network)
    count = parsed.prefixlen
    nothing, found = count, count + 16
    tree = b""
    for node in range(count):
        bit = int(parsed.network_address) >> (31 - node) & 1
        follows = found if node == count - 1 else node + 1
        pair = (nothing, follows) if bit else (follows, nothing)
        tree += b"".join(child.to_bytes(3, "big") for child in pair)
    metadata: Value = {
        "node_count": (_UINT32, count),
        "record_size": (_UINT16, 24),
        "ip_version": (_UINT16, 4),
        "database_type": kind,
        "languages": ["en"],
        "binary_format_major_version": (_UINT16, 2),
        "binary_format_minor_version": (_UINT16, 0),
        "build_epoch": (_UINT64, 1),
        "description": {"en": "test"},
    }
    return (
        tree
        + b"\0" * 16
        + _encoded(record)
        + b"\xab\xcd\xefMaxMind.com"
        + _encoded(metadata)
    )


CITIES = database(
    "GeoLite2-City",
    "192.0.2.0/31",
    {
        "country": {"iso_code": "XX", "names": {"en": "Nowhere"}},
        "city": {"names": {"en": "Utopia"}},
        "location": {"latitude": 1.5, "longitude": -2.5},
    },
)
SYSTEMS = database(
    "GeoLite2-ASN",
    "192.0.2.0/24",
    {
        "autonomous_system_number": (_UINT32, 64500),
        "autonomous_system_organization": "Documentation",
    },
)


def _field(number: int, content: bytes) -> bytes:
    return bytes([number << 3 | 2, len(content)]) + content


def _ber(tag: int, content: bytes) -> bytes:
    return bytes([tag, len(content)]) + content


def write_captures(folder: pathlib.Path) -> None:
    """Writes a message in protobuf, and one of SNMP."""
    inner = _field(1, b"hello") + b"\x10\x01"
    message = b"\x08\x96\x01" + _field(2, inner) + _field(3, b"\x08\x01")
    packet_bytes.write_capture(
        folder / "protobuf.pcap",
        [
            packet_bytes.udp_packet((from_client, message), 40000, 8127)
            for from_client in (True, False)
        ],
    )
    # The object 1.3.6.1.4.1.99999.1.1.0, and the integer 2.
    name = bytes.fromhex("2b060104 01868d1f 010100")
    bound = _ber(0x30, _ber(6, name) + _ber(2, b"\x02"))
    zero = _ber(2, b"\0")
    response = _ber(2, b"\x01") + zero + zero + _ber(0x30, bound)
    snmp = _ber(2, b"\x01") + _ber(4, b"public") + _ber(0xA2, response)
    packet_bytes.write_capture(
        folder / "snmp.pcap",
        [packet_bytes.udp_packet((False, _ber(0x30, snmp)), 40000, 161)],
    )


def write_folder(folder: pathlib.Path, files: dict[str, str]) -> None:
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content)
