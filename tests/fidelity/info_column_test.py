#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Compares packet lines with `-z proto,colinfo` with those of tshark."""

import os
import sys
import unittest

sys.path.insert(0, os.environ["TEST_SRCDIR"] + "/dissectd/tests/running")
sys.path.insert(0, os.environ["TEST_SRCDIR"] + "/dissectd/tests/fidelity")

import test_bed
from test_bed import Answer, TestBed

IDS = "proto,colinfo,dns.id,dns.id"
NAMES = "proto,colinfo,dns.qry.name,dns.qry.name"
PORTS = "proto,colinfo,udp.port==53,udp.port"
# Its field isn't in its filter, so that another one must find it.
HIDDEN = "proto,colinfo,dns,dns.id"

# Options, the reports, and what shows that they have an effect, if they have.
PRINTED = (
    ((), (IDS,), b"  dns.id == 0x"),
    ((), (NAMES,), b'  dns.qry.name == "www.example.org"'),
    ((), (PORTS, IDS, "io,phs"), b"  udp.port == "),
    ((), (IDS, "proto,colinfo,,ip.src"), b"  dns.id == 0x"),
    ((), (HIDDEN,), b""),
    ((), (HIDDEN, IDS), b"  dns.id == 0x"),
    (("-Y", "dns.id in {1, 2} or dns.id"), (HIDDEN,), b"  dns.id == 0x"),
    (("-Y", "dns.id", "-c", "5"), (HIDDEN,), b"  dns.id == 0x"),
    (("-Y", "tcp"), (IDS,), b""),
    ((), ("proto,colinfo,dns,dns",), b"  dns\n"),
    ((), ("proto,colinfo,frame.time,frame.time",), b'  frame.time == "'),
    ((), ("proto,colinfo,ip.host,ip.host",), b'  ip.host == "'),
    (("-2", "-R", "udp"), (IDS,), b"  dns.id == 0x"),
    (("-P", "-V"), (IDS,), b"  dns.id == 0x"),
    (("-P", "-q"), (IDS,), b"  dns.id == 0x"),
    (("-P", "-x"), (IDS,), b"  dns.id == 0x"),
    (("-T", "tabs"), (IDS,), b"  dns.id == 0x"),
    (("-T", "psml"), (NAMES,), b"  dns.qry.name == &quot;"),
    (("-T", "fields", "-e", "_ws.col.Info"), (IDS,), b"  dns.id == 0x"),
    (("-T", "fields", "-e", "_ws.col.Time", "-e", "dns.id"), (IDS,), b""),
    (("-T", "json", "-e", "_ws.col.Info"), (IDS,), b"  dns.id == 0x"),
    (
        ("-o", 'gui.column.format:"a","%i","b","%m","c","%i"'),
        (IDS,),
        b"  dns.id == 0x",
    ),
    (
        ("-o", 'gui.column.format:"a","%i","b","%Cus:dns.id:0:R"'),
        (HIDDEN,),
        b"  dns.id == 0x",
    ),
)

REFUSED = (
    ("-z", "proto,colinfo"),
    ("-z", "proto,colinfo,"),
    ("-z", "proto,colinfo,dns"),
    ("-z", "proto,colinfo,dns,"),
    ("-z", "proto,colinfox,dns,dns"),
    ("-z", "proto,colinfo,dns,nosuch"),
    ("-z", "proto,colinfo,dns,dns.id,x"),
    ("-z", "proto,colinfo,nosuch,dns.id"),
    ("-q", "-z", IDS),
    ("-q", "-z", IDS, "-z", "io,phs"),
    ("-V", "-z", IDS),
    ("-x", "-z", IDS),
    ("-T", "ek", "-z", IDS),
    ("-T", "fields", "-e", "ip.src", "-z", IDS),
    ("-o", 'gui.column.format:"a","%m"', "-z", IDS),
)

CAPTURES = ("dns.pcap", "http1.pcap.gz", "cut-short.pcap", "empty.pcap")


class InfoColumnTest(unittest.TestCase):
    """Runs one daemon for all tests."""

    bed: TestBed

    @classmethod
    def setUpClass(cls) -> None:
        cls.bed = cls.enterClassContext(TestBed("info-column"))
        test_bed.copy_captures(cls.bed.files)
        cls.bed.start_daemon()

    @classmethod
    def tearDownClass(cls) -> None:
        cls.bed.server.stop()

    def both(self, capture: str, *options: str) -> tuple[Answer, Answer]:
        """Returns the answers of tshark and dissectctl."""
        arguments = ("-r", capture, *options)
        return (
            self.bed.run("tshark", *arguments),
            self.bed.run(self.bed.dissectctl, "tshark", *arguments),
        )

    def test_additions(self) -> None:
        for options, reports, part in PRINTED:
            with self.subTest(options=options, reports=reports):
                words = [word for one in reports for word in ("-z", one)]
                theirs, ours = self.both("dns.pcap", *options, *words)
                self.assertEqual(theirs[0], 0)
                self.assertIn(part, theirs[1])
                self.assertEqual(ours[:2], theirs[:2])

    def test_captures(self) -> None:
        reports = (
            "proto,colinfo,tcp.analysis,tcp.analysis.flags",
            "proto,colinfo,http.request.uri,http.request.uri",
            "proto,colinfo,tcp.len>0,tcp.len",
        )
        words = [word for one in reports for word in ("-z", one)]
        for capture in CAPTURES:
            with self.subTest(capture=capture):
                theirs, ours = self.both(capture, *words)
                self.assertEqual(ours[:2], theirs[:2])

    def test_refusals(self) -> None:
        for arguments in REFUSED:
            with self.subTest(arguments=arguments):
                theirs, ours = self.both("dns.pcap", *arguments)
                self.assertEqual(theirs[0], 1)
                self.assertEqual(ours[0], 1)
                self.assertEqual(ours[1], b"")
                self.assertIn(
                    ours[2].removeprefix(b"dissectctl: ").strip(), theirs[2]
                )

    def test_wrong_display_filter(self) -> None:
        theirs, ours = self.both("dns.pcap", "-Y", "ip.adr", "-z", IDS)
        self.assertEqual(ours[:2], theirs[:2])
        self.assertNotIn(b"icmp", ours[2])

    def test_running_captures_without_the_column(self) -> None:
        for options, message in (
            (("-q",), b"if the INFO column isn't being printed"),
            (("-w", "out.pcapng"), b"if the INFO column isn't being printed"),
            (("-M", "5"), b"can't be combined with -M"),
        ):
            with self.subTest(options=options):
                ours = self.bed.run(
                    self.bed.dissectctl,
                    *("tshark", "-i", "lo", *options, "-z", IDS),
                )
                self.assertEqual(ours[:2], (1, b""))
                self.assertIn(message, ours[2])


if __name__ == "__main__":
    unittest.main()
