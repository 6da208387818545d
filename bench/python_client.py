# SPDX-License-Identifier: GPL-2.0-or-later
"""What the benchmarks of the Python package run: it, pyshark, or pandas.

    python_client.py fields|trees|table dissectd ADDRESS FILE
    python_client.py fields|trees pyshark FILE
    python_client.py table pandas FILE

FILE is a name in the store for dissectd, and a path for the others. Prints what
both sides of a comparison must have in common.
"""

import hashlib
import subprocess
import sys
import typing

TABLE_FIELDS = (
    "frame.number",
    "frame.time_epoch",
    "ip.src",
    "ip.dst",
    "tcp.srcport",
    "udp.srcport",
)

ADDRESSES = (
    ("ip", "src"),
    ("ip", "dst"),
    ("tcp", "srcport"),
    ("udp", "srcport"),
)


class Lines:
    """A digest of lines, so that printing them costs nobody time."""

    def __init__(self) -> None:
        self._digest = hashlib.sha256()

    def add(self, *words: object) -> None:
        self._digest.update(f"{' '.join(map(str, words))}\n".encode())

    def __str__(self) -> str:
        return self._digest.hexdigest()


def look_at_addresses(packet: typing.Any) -> None:
    """Reads four fields in the way that both packages have.

    They aren't compared: with chosen fields, the package also finds ports in
    the packet that an ICMP error quotes.
    """
    for layer, field in ADDRESSES:
        getattr(getattr(packet, layer, None), field, None)


def dissectd_fields(address: str, file: str) -> str:
    import dissectd  # noqa: PLC0415

    lines = Lines()
    fields = ["ip.src", "ip.dst", "tcp.srcport", "udp.srcport"]
    with dissectd.connect(address) as w:
        for packet in w.read(f"files/{file}", fields=fields):
            lines.add(packet.number, packet.time.epoch_text())
            look_at_addresses(packet)
    return str(lines)


def pyshark_fields(file: str) -> str:
    import pyshark  # noqa: PLC0415

    lines = Lines()
    with pyshark.FileCapture(file, keep_packets=False) as capture:
        for packet in capture:
            lines.add(packet.number, packet.sniff_timestamp)
            look_at_addresses(packet)
    return str(lines)


def dissectd_trees(address: str, file: str) -> str:
    import dissectd  # noqa: PLC0415

    frames = 0
    with dissectd.connect(address) as w:
        for packet in w.read(f"files/{file}"):
            frames += 1
            for field in packet.tree:
                _ = field.name, field.value, field.label
    return str(frames)


def pyshark_trees(file: str) -> str:
    import pyshark  # noqa: PLC0415

    frames = 0
    with pyshark.FileCapture(file, keep_packets=False) as capture:
        for packet in capture:
            frames += 1
            for layer in packet.layers:
                for name in layer.field_names:
                    for field in layer.get_field(name).all_fields:
                        _ = field.name, field.get_default_value()
                        _ = field.showname
    return str(frames)


def dissectd_table(address: str, file: str) -> str:
    import dissectd  # noqa: PLC0415

    with dissectd.connect(address) as w:
        table = w.fields(f"files/{file}", TABLE_FIELDS).to_arrow()
    ports = table["tcp.srcport"].drop_null().to_pylist()
    return f"{table.num_rows} {sum(ports)}"


def pandas_table(file: str) -> str:
    import pandas  # noqa: PLC0415

    words = [word for field in TABLE_FIELDS for word in ("-e", field)]
    command = ["tshark", "-r", file, "-T", "fields"]
    command += ["-E", "occurrence=f", *words]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as tshark:
        assert tshark.stdout is not None
        table = pandas.read_csv(
            tshark.stdout, sep="\t", names=list(TABLE_FIELDS)
        )
    return f"{len(table)} {int(table['tcp.srcport'].sum())}"


def main() -> None:
    case, who, *arguments = sys.argv[1:]
    print(globals()[f"{who}_{case}"](*arguments))


if __name__ == "__main__":
    main()
