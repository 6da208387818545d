# SPDX-License-Identifier: GPL-2.0-or-later
"""Captures that are cut, and those that can't be."""

import io
import pathlib
import unittest
from collections.abc import Sequence
from typing import Any, ClassVar

import dissectd
from case import OWN_CAPTURES, by_file, cluster, of_one_daemon, reasons
from datagram_captures import (
    ETHERNET,
    datagram,
    datagram_capture,
    datagrams,
)
from dissectd.dask import read_captures
from dissectd.dask.cuts import find_pieces
from dissectd.dask.stateless import Need
from packet_bytes import write_capture

FIELDS = ["frame.number", "frame.time", "eth.src", "ip.src", "udp.srcport"]
PIECE = 1 << 20
# Fields, a filter and other arguments.
QUESTIONS: tuple[tuple[list[str], str, dict[str, Any]], ...] = (
    (["tcp.analysis.flags"], "", {}),
    (["frame.time_delta"], "", {}),
    (["ip.src", "dns.qry.name"], "", {}),
    (["ip.src"], "frame.number > 5", {}),
    (["ip.src"], "ip.src == 192.0.2.1", {}),
    (["ip.src"], "", {"occurrence": "all"}),
    (["ip.src"], "", {"columns": ["info"]}),
    (["ip.src"], "", {"first": 5}),
    (["ip.src"], "", {"preferences": {"ip.defragment": False}}),
)


def pieces_of(path: pathlib.Path, need: Need, size: int = 4096) -> list[object]:
    content = path.read_bytes()
    return list(find_pieces(io.BytesIO(content), len(content), size, need))


class PiecesTest(unittest.TestCase):
    path: ClassVar[pathlib.Path]

    @classmethod
    def setUpClass(cls) -> None:
        cls.path = cluster().folder / "pieces.pcap"
        datagram_capture(cls.path)

    def assert_rows_are_those_of_the_whole(
        self, path: pathlib.Path, fields: Sequence[str], wanted: str = ""
    ) -> None:
        frame, report = read_captures(
            path,
            fields,
            wanted,
            daemons=cluster().addresses,
            errors="report",
            split="stateless",
            split_bytes=PIECE,
        ).compute()
        rows, failures = of_one_daemon(
            cluster().addresses[0], [str(path)], fields, wanted
        )
        self.assertEqual(by_file(frame), rows)
        self.assertEqual(reasons(report), failures)

    def test_rows_are_those_of_the_whole(self) -> None:
        pieces = pieces_of(self.path, Need.ETHERNET | Need.IPV4, PIECE)
        self.assertEqual(len(pieces), 3)
        self.assert_rows_are_those_of_the_whole(self.path, FIELDS)
        self.assert_rows_are_those_of_the_whole(
            self.path,
            ["frame.number"],
            "frame.len > 100 && frame.time_epoch < 1700000003",
        )

    def test_a_damaged_capture_has_the_frames_before(self) -> None:
        damaged = self.path.with_name("damaged.pcap")
        content = bytearray(self.path.read_bytes())
        damaged.write_bytes(content[:-100])
        self.assert_rows_are_those_of_the_whole(damaged, FIELDS)
        place = 24 + 3000 * (16 + 542)
        content[place + 8 : place + 12] = b"\xff\xff\xff\x7f"
        damaged.write_bytes(content)
        self.assert_rows_are_those_of_the_whole(damaged, FIELDS)

    def test_captures_are_whole_if_the_proof_fails(self) -> None:
        other = self.path.with_name("other.pcap")
        arp = bytes(12) + b"\x08\x06" + bytes(46)
        ipv6 = bytes(12) + b"\x86\xdd" + b"\x60" + bytes(60)
        fragment = bytearray(datagram(1))
        fragment[14 + 6] = 0x20
        every = list(datagrams(100))
        need = Need.ETHERNET | Need.IPV4 | Need.UDP
        write_capture(other, [*every, arp], ETHERNET)
        self.assertGreater(len(pieces_of(other, need)), 1)
        for packet in (ipv6, bytes(fragment), every[0][:20]):
            write_capture(other, [*every, packet], ETHERNET)
            self.assertEqual(pieces_of(other, need), [None])
        for name in (
            "http1.pcap.gz",
            "interfaces-comments.pcapng",
            "wifi.pcap",
        ):
            path = OWN_CAPTURES / name
            self.assertEqual(pieces_of(path, need, 100), [None])
        tagged = [p[:12] + b"\x81\x00\x00\x01" + p[12:] for p in every]
        write_capture(other, tagged, ETHERNET)
        self.assertGreater(len(pieces_of(other, need)), 1)

    def test_questions_about_earlier_frames_are_refused(self) -> None:
        for fields, wanted, how in QUESTIONS:
            with (
                self.subTest(fields=fields, wanted=wanted, how=how),
                self.assertRaisesRegex(dissectd.InvalidRequest, "be cut"),
            ):
                read_captures(
                    self.path,
                    fields,
                    wanted,
                    daemons=cluster().addresses,
                    split="stateless",
                    **how,
                )
