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
import shutil
import subprocess
import sys
import tempfile
import unittest

sys.path.insert(0, os.environ["TEST_SRCDIR"] + "/dissectd/tests/running")
sys.path.insert(0, os.environ["TEST_SRCDIR"] + "/dissectd/tests/fidelity")

import daemon
import programs

RUNFILES = pathlib.Path(os.environ["TEST_SRCDIR"]) / "dissectd"
DISSECTCTL = RUNFILES / "clients/cli/dissectctl"
PATIENCE_SECONDS = 60


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

    place: pathlib.Path
    files: pathlib.Path
    server: daemon.Daemon
    environment: dict[str, str]

    @classmethod
    def setUpClass(cls) -> None:
        programs.set_time_zone()
        # The name is short because socket paths are limited to about 100 bytes.
        cls.place = pathlib.Path(tempfile.mkdtemp(prefix="profile."))
        cls.files = RUNFILES / "tests/captures"
        profiles = cls.place / "home/config/wireshark/profiles"
        for profile in PROFILES:
            write_files(profiles / profile.name, profile.files)
        write_files(profiles / "daemon", _DAEMONS)
        (cls.place / "bin").mkdir()
        (cls.place / "bin/tshark").symlink_to(DISSECTCTL.resolve())
        (cls.place / "store").mkdir()
        cls.environment = programs.environment_of_both(cls.place / "home")
        cls.server = daemon.Daemon(
            str(RUNFILES / "server/dissectd"),
            str(DISSECTCTL),
            cls.place / "store",
            cls.place / "daemon",
            cls.environment,
            ["--profile=daemon"],
        )

    @classmethod
    def tearDownClass(cls) -> None:
        try:
            cls.server.stop()
        finally:
            cls.server.kill()
            shutil.rmtree(cls.place)

    def run_program(self, *command: str) -> tuple[int, bytes, bytes]:
        """Returns its exit status, its output and its messages."""
        run = subprocess.run(
            command,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            env={**self.environment, "DISSECTD_SERVER": self.server.address},
            cwd=self.files,
            timeout=PATIENCE_SECONDS,
            check=False,
        )
        return (
            run.returncode,
            run.stdout,
            programs.TSHARK_ONLY.sub(b"", run.stderr),
        )

    def our_tshark(self, *arguments: str) -> tuple[int, bytes, bytes]:
        return self.run_program(str(self.place / "bin/tshark"), *arguments)

    def test_prints_what_tshark_prints(self) -> None:
        for profile in PROFILES:
            with self.subTest(profile=profile.name):
                options = ["-C", profile.name, *profile.options]
                theirs = self.run_program("tshark", *options)
                self.assertEqual(theirs[0], 0, theirs)
                without = self.run_program("tshark", *profile.options)
                self.assertNotEqual(theirs[1], without[1])
                self.assertEqual(self.our_tshark(*options), theirs)
                if profile.works_without:
                    self.assertEqual(
                        self.our_tshark("-C", "Default", *profile.options),
                        without,
                    )

    def test_uses_the_daemons_profile_otherwise(self) -> None:
        theirs = self.run_program("tshark", "-C", "daemon", "-r", "dns.pcap")
        self.assertEqual(self.our_tshark("-r", "dns.pcap"), theirs)
        self.assertEqual(
            self.our_tshark("-C", "daemon", "-r", "dns.pcap"), theirs
        )

    def test_options_of_the_call_come_after_the_profile(self) -> None:
        options = ["-C", "preferences", "-r", "http1.pcap.gz"]
        options += ["-o", "tcp.desegment_tcp_streams:TRUE", "-N", "t", "-2"]
        self.assertEqual(
            self.our_tshark(*options), self.run_program("tshark", *options)
        )

    def test_writes_with_a_profile(self) -> None:
        options = ["-C", "macros", "-r", "dns.pcap", "-Y", "${mine}"]
        options += ["-F", "pcap", "-w", "-"]
        theirs = self.run_program("tshark", *options)
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
