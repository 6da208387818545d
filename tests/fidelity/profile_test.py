#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Compares dissection with a profile of the call with `tshark -C`.

Each profile has one of the files that a profile can have, and tshark must print
something else with it than without. The daemon itself has a profile with other
settings, none of which may be left.
"""

import dataclasses
import os
import pathlib
import sys
import unittest

sys.path.insert(0, os.environ["TEST_SRCDIR"] + "/dissectd/tests/running")
sys.path.insert(0, os.environ["TEST_SRCDIR"] + "/dissectd/tests/fidelity")

import programs
import test_bed
from test_bed import Answer, TestBed


@dataclasses.dataclass(frozen=True)
class Profile:
    """A profile, and a command line to which it makes a difference."""

    name: str
    files: dict[str, str]
    options: list[str]
    # Whether the command line works without the profile.
    works_without: bool = True


PROFILES = [
    Profile(
        "preferences",
        {"preferences": "tcp.desegment_tcp_streams: FALSE\n"},
        ["-r", "http1.pcap.gz"],
    ),
    Profile(
        "columns",
        {"preferences": 'gui.column.format: "No.", "%m", "Port", "%D"\n'},
        ["-r", "dns.pcap"],
    ),
    Profile(
        "name resolution",
        {"preferences": "nameres.transport_name: TRUE\n"},
        ["-r", "dns.pcap", "-V"],
    ),
    Profile(
        "table",
        {"custom_http_header_fields": '"ETag","a tag"\n'},
        ["-r", "http1.pcap.gz", "-T", "fields", "-e", "http.header.ETag"],
        works_without=False,
    ),
    Profile(
        "decode as",
        {"decode_as_entries": "decode_as_entry: udp.port,53,DNS,mDNS\n"},
        ["-r", "dns.pcap"],
    ),
    Profile("disabled", {"disabled_protos": "dns\n"}, ["-r", "dns.pcap"]),
    Profile(
        "enabled",
        {"enabled_protos": "transum\n"},
        ["-r", "dns.pcap", "-V", "-2"],
    ),
    Profile(
        "heuristics",
        {"heuristic_protos": "rtp_udp,1\n", "disabled_protos": "dns\n"},
        ["-r", "dns.pcap", "-V"],
    ),
    Profile(
        "hosts", {"hosts": "192.0.2.1 one\n"}, ["-r", "dns.pcap", "-N", "n"]
    ),
    Profile(
        "subnets",
        {"subnets": "192.0.2.0/24 net\n"},
        ["-r", "dns.pcap", "-N", "n"],
    ),
    Profile(
        "services",
        {"services": "naming 53/udp\n"},
        ["-r", "dns.pcap", "-V", "-N", "t"],
    ),
    Profile(
        "macros",
        {"dfilter_macros": '"mine","dns.a"\n'},
        ["-r", "dns.pcap", "-Y", "${mine}"],
        works_without=False,
    ),
    Profile(
        "naïve, with a comma",
        {"preferences": "ip.check_checksum: TRUE\n"},
        ["-r", "dns.pcap", "-2", "-V"],
    ),
]

# The daemon's own profile: settings that all others are without.
_DAEMONS = {
    "preferences": "tcp.desegment_tcp_streams: FALSE\n"
    "nameres.network_name: TRUE\n"
    'gui.column.format: "Own", "%s"\n',
    "custom_http_header_fields": '"Date","a date"\n',
    "decode_as_entries": "decode_as_entry: udp.port,53,DNS,LLMNR\n",
    "disabled_protos": "ip\n",
    "heuristic_protos": "rtp_udp,1\n",
    "hosts": "192.0.2.2 two\n",
    "services": "wrong 53/udp\n",
}


def write_files(folder: pathlib.Path, files: dict[str, str]) -> None:
    folder.mkdir(parents=True)
    for name, content in files.items():
        (folder / name).write_text(content, encoding="utf-8")


class ProfileTest(unittest.TestCase):
    """Runs one daemon for all tests."""

    bed: TestBed

    @classmethod
    def setUpClass(cls) -> None:
        programs.set_time_zone()
        cls.bed = cls.enterClassContext(TestBed("profile"))
        test_bed.copy_captures(cls.bed.files)
        profiles = cls.bed.settings / "profiles"
        for profile in PROFILES:
            write_files(profiles / profile.name, profile.files)
        write_files(profiles / "daemon", _DAEMONS)
        cls.bed.start_daemon("--profile=daemon")

    @classmethod
    def tearDownClass(cls) -> None:
        # Fails with the reason if the daemon has died.
        cls.bed.server.stop()

    def their_tshark(self, *arguments: str) -> Answer:
        return self.bed.run("tshark", *arguments)

    def our_tshark(self, *arguments: str) -> Answer:
        return self.bed.run(self.bed.tshark, *arguments)

    def test_prints_what_tshark_prints(self) -> None:
        for profile in PROFILES:
            with self.subTest(profile=profile.name):
                options = ["-C", profile.name, *profile.options]
                theirs = self.their_tshark(*options)
                self.assertEqual(theirs[0], 0, theirs)
                without = self.their_tshark(*profile.options)
                self.assertNotEqual(theirs[1], without[1])
                self.assertEqual(self.our_tshark(*options), theirs)
                if profile.works_without:
                    self.assertEqual(
                        self.our_tshark("-C", "Default", *profile.options),
                        without,
                    )

    def test_uses_the_daemons_profile_otherwise(self) -> None:
        theirs = self.their_tshark("-C", "daemon", "-r", "dns.pcap")
        self.assertEqual(self.our_tshark("-r", "dns.pcap"), theirs)
        self.assertEqual(
            self.our_tshark("-C", "daemon", "-r", "dns.pcap"), theirs
        )

    def test_options_of_the_call_come_after_the_profile(self) -> None:
        options = ["-C", "preferences", "-r", "http1.pcap.gz"]
        options += ["-o", "tcp.desegment_tcp_streams:TRUE", "-N", "t", "-2"]
        self.assertEqual(self.our_tshark(*options), self.their_tshark(*options))

    def test_writes_with_a_profile(self) -> None:
        options = ["-C", "macros", "-r", "dns.pcap", "-Y", "${mine}"]
        options += ["-F", "pcap", "-w", "-"]
        theirs = self.their_tshark(*options)
        self.assertGreater(len(theirs[1]), 100)
        self.assertEqual(self.our_tshark(*options), theirs)

    def test_refuses_other_folders(self) -> None:
        for name in ("nosuch", "..", ".", "../profiles/hosts", "hosts/"):
            with self.subTest(name=name):
                status, output, messages = self.our_tshark(
                    "-C", name, "-r", "dns.pcap"
                )
                self.assertEqual((status, output), (1, b""))
                self.assertIn(b"There is no profile", messages)


if __name__ == "__main__":
    unittest.main()
