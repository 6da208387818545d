#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Compares reports of telephony with those of `tshark -z`.

They need arguments or protocols that are off by default, or have to be refused.
"""

import os
import sys
import unittest

sys.path.insert(0, os.environ["TEST_SRCDIR"] + "/dissectd/tests/running")
sys.path.insert(0, os.environ["TEST_SRCDIR"] + "/dissectd/tests/fidelity")

import test_bed
from test_bed import Answer, TestBed

CAPTURE = "telephony.pcap"
HEURISTICS = (
    "--enable-heuristic",
    "mac_lte_udp",
    "--enable-heuristic",
    "rlc_lte_udp",
)

# Reports, each with a part of its text that shows that it has found something.
REPORTS = (
    ("http,stat", b"HTTP Statistics\n"),
    ("rtsp,stat", b"  551 Option Not Support"),
    ("rtsp,stat,rtsp.method", b"RTSP Statistics with filter rtsp.method\n"),
    ("sip,stat", b"Number of resent SIP messages: 2\n"),
    ("sip,stat,", b"SIP Statistics with filter \n"),
    ("sip,stat,sip.Status-Code", b"SIP Statistics with filter sip.Status-Code"),
    ("sip,statistics", b"SIP Statistics\n"),
    ("wsp,stat", b"       0x20          1  (null)\n"),
    ("rtp,streams", b"g711U, CN, opus, telephone-event"),
    ("rtp,streams,of no filter", b"  4002 0x12345678"),
    ("diameter,avp", b"request count:\t3\n"),
    ("diameter,avp,257,Origin-Host", b"Origin-Host='host.example.com' \n"),
    (
        "diameter,avp,,diameter.flags,diameter.flags.request,Session-Id",
        b"msgnr='1'",
    ),
    ("diameter,avp, 258,resp_time,answer_to", b"Response Time='0.00"),
    ("diameter,avp,010", b"request count:\t0\n"),
    ("mac-lte,stat", b"   70 SPS-RNTI     9          1"),
    ("mac-lte,stat,mac-lte.ueid==1", b"(1 entries"),
    ("rlc-lte,stat", b"PCCH Frames: 1"),
    ("rlc-lte,stat,rlc-lte.mode==4", b"Per UE Data - 1 UEs"),
)

REFUSED = (
    "http,stat,nosuch",
    "sip,stat,==",
    "diameter,avp,x",
    "diameter,avp,-1",
    "diameter,avp,+1",
    "diameter,avp,0x101",
    "diameter,avp,99999999999",
    "diameter,avp,257,NoSuch",
    "diameter,avp,257,",
    "mac-lte,stat,nosuch",
    "rlc-lte,stat,nosuch",
)


class TelephonyTest(unittest.TestCase):
    """Runs one daemon for all tests."""

    bed: TestBed

    @classmethod
    def setUpClass(cls) -> None:
        cls.bed = cls.enterClassContext(TestBed("telephony"))
        test_bed.copy_captures(cls.bed.files)
        cls.bed.start_daemon()

    @classmethod
    def tearDownClass(cls) -> None:
        cls.bed.server.stop()

    def tshark(self, report: str, *options: str) -> Answer:
        return self.bed.run(
            "tshark", "-q", "-r", CAPTURE, *HEURISTICS, *options, "-z", report
        )

    def dissectctl(self, report: str, *options: str) -> Answer:
        return self.bed.run(
            self.bed.dissectctl,
            "stat",
            "--local",
            CAPTURE,
            *HEURISTICS,
            *options,
            "-z",
            report,
        )

    def test_reports(self) -> None:
        for options in ((), ("-2",)):
            for report, part in REPORTS:
                with self.subTest(report=report, options=options):
                    theirs = self.tshark(report, *options)
                    self.assertEqual(theirs[0], 0)
                    self.assertIn(part, theirs[1])
                    ours = self.dissectctl(report, *options)
                    self.assertEqual(ours[:2], theirs[:2])

    def test_refusals(self) -> None:
        for report in REFUSED:
            with self.subTest(report=report):
                self.assertEqual(self.tshark(report)[0], 1)
                status, output, errors = self.dissectctl(report)
                self.assertNotEqual(status, 0)
                self.assertEqual(output, b"")
                self.assertNotEqual(errors, b"")


if __name__ == "__main__":
    unittest.main()
