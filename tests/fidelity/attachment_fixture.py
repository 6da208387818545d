# SPDX-License-Identifier: GPL-2.0-or-later
"""Runs a daemon, dissectctl and tshark with files that options name."""

import os
import pathlib
import re
import secrets
import time
import typing
import unittest

import programs
import secret_search
import xml_head
from test_bed import PATIENCE_SECONDS, Answer, TestBed

# The time in PDML.
_TIME = re.compile(rb' time="[^"]*"')

# A text in files that the programs are given, which can be found wherever the
# files are copied.
SECRET = b"SecretMarker" + secrets.token_hex(8).encode()


class AttachmentFixture(unittest.TestCase):
    """Runs one daemon for all tests."""

    daemon_options: typing.ClassVar[list[str]] = []

    bed: TestBed

    @classmethod
    def setUpClass(cls) -> None:
        programs.set_time_zone()
        cls.bed = cls.enterClassContext(TestBed("attach"))
        cls.make_files()
        cls.start_daemon()

    @classmethod
    def make_files(cls) -> None:
        """Makes the client's files."""

    @classmethod
    def start_daemon(cls) -> None:
        cls.bed.start_daemon("--log-level=trace", *cls.daemon_options)

    @classmethod
    def tearDownClass(cls) -> None:
        # Fails with the reason if the daemon has died.
        cls.bed.server.stop()

    def run_program(
        self,
        *command: str,
        source: str = os.devnull,
        settings: pathlib.Path | None = None,
    ) -> Answer:
        """Returns its answer without what differs between the two programs.

        It reads the content of a file from its standard input, a pipe.
        `settings` is a folder with others than the user's.
        """
        variables = {}
        if settings is not None:
            variables["XDG_CONFIG_HOME"] = str(settings)
        status, output, messages = self.bed.run(
            *command,
            piped=(self.bed.files / source).read_bytes(),
            variables=variables,
        )
        return status, _TIME.sub(b"", xml_head.remove_creator(output)), messages

    def our_tshark(self, *arguments: str, source: str = os.devnull) -> Answer:
        return self.run_program(self.bed.tshark, *arguments, source=source)

    def expect_same_live(self, source: str, *options: str) -> None:
        """Fails if live captures aren't dissected as tshark does.

        The packets come from a client's file while dumpcap captures them, and
        from a pipe that is read while it is written.
        """
        for interface in (["-i", "-"], ["-r", "-"]):
            theirs = self.run_program(
                "tshark", *interface, *options, source=source
            )
            self.assertNotEqual(theirs[1], b"")
            ours = self.our_tshark(*interface, *options, source=source)
            self.assertEqual((ours[0], ours[1]), (theirs[0], theirs[1]))

    def dissectctl(self, *arguments: str) -> Answer:
        return self.run_program(self.bed.dissectctl, *arguments)

    def make_long(self, source: str, name: str) -> None:
        """Repeats the packets of a pcap file so often that nobody reads all.

        Details of so many frames, which wait to be read, keep a worker alive.
        """
        content = (self.bed.files / source).read_bytes()
        packets = content[24:]
        times = (1 << 20) // len(packets) + 1
        (self.bed.files / name).write_bytes(content[:24] + packets * times)

    def expect_no_secret(self, since: float) -> None:
        """Fails if the secret is in a file that isn't the client's."""
        folders = [
            pathlib.Path(folder) for folder in secret_search.SHARED_FOLDERS
        ]
        folders.append(self.bed.folder)
        # The search finds what is there.
        self.assertTrue(
            secret_search.files_with(
                [SECRET], [self.bed.folder], 0, self.bed.folder / "nosuch"
            )
        )
        self.assertEqual(
            secret_search.files_with([SECRET], folders, since, self.bed.files),
            [],
        )

    def wait_until(
        self, condition: typing.Callable[[], bool], what: str
    ) -> None:
        deadline = time.monotonic() + PATIENCE_SECONDS
        while not condition():
            self.assertLess(time.monotonic(), deadline, what)
            time.sleep(0.05)
