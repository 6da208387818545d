# SPDX-License-Identifier: GPL-2.0-or-later
"""Runs a daemon, dissectctl and tshark with files that options name."""

import os
import pathlib
import re
import secrets
import shutil
import subprocess
import tempfile
import time
import typing
import unittest

import daemon
import programs
import secret_search
import xml_head

RUNFILES = pathlib.Path(os.environ["TEST_SRCDIR"]) / "dissectd"
DISSECTCTL = RUNFILES / "clients/cli/dissectctl"
PATIENCE_SECONDS = 60

# The time in PDML.
_TIME = re.compile(rb' time="[^"]*"')

# A text in files that the programs are given, which can be found wherever the
# files are copied.
SECRET = b"SecretMarker" + secrets.token_hex(8).encode()


class AttachmentFixture(unittest.TestCase):
    """Runs one daemon for all tests."""

    daemon_options: typing.ClassVar[list[str]] = []

    place: pathlib.Path
    # The client's folder.
    files: pathlib.Path
    server: daemon.Daemon
    environment: dict[str, str]

    @classmethod
    def setUpClass(cls) -> None:
        programs.set_time_zone()
        # The name is short because socket paths are limited to about 100 bytes.
        cls.place = pathlib.Path(tempfile.mkdtemp(prefix="attach."))
        cls.files = cls.place / "client"
        cls.files.mkdir()
        cls.make_files()
        (cls.place / "bin").mkdir()
        (cls.place / "bin/tshark").symlink_to(DISSECTCTL.resolve())
        (cls.place / "store").mkdir()
        cls.environment = programs.environment_of_both(cls.place / "home")
        cls.start_daemon()

    @classmethod
    def make_files(cls) -> None:
        """Makes the client's files."""

    @classmethod
    def start_daemon(cls) -> None:
        cls.server = daemon.Daemon(
            str(RUNFILES / "server/dissectd"),
            str(DISSECTCTL),
            cls.place / "store",
            cls.place / "daemon",
            cls.environment,
            ["--log-level=trace", *cls.daemon_options],
        )

    @classmethod
    def tearDownClass(cls) -> None:
        try:
            cls.server.stop()
        finally:
            cls.server.kill()
            shutil.rmtree(cls.place)

    def run_program(
        self,
        *command: str,
        source: str = os.devnull,
        settings: pathlib.Path | None = None,
    ) -> tuple[int, bytes, bytes]:
        """Returns its exit status, its output and its messages.

        It reads the content of a file from its standard input, a pipe.
        `settings` is a folder with others than the user's.
        """
        environment = {
            **self.environment,
            "DISSECTD_SERVER": self.server.address,
        }
        if settings is not None:
            environment["XDG_CONFIG_HOME"] = str(settings)
        run = subprocess.run(
            command,
            input=(self.files / source).read_bytes(),
            capture_output=True,
            env=environment,
            cwd=self.files,
            timeout=PATIENCE_SECONDS,
            check=False,
        )
        return (
            run.returncode,
            _TIME.sub(b"", xml_head.remove_creator(run.stdout)),
            programs.TSHARK_ONLY.sub(b"", run.stderr),
        )

    def our_tshark(
        self, *arguments: str, source: str = os.devnull
    ) -> tuple[int, bytes, bytes]:
        return self.run_program(
            str(self.place / "bin/tshark"), *arguments, source=source
        )

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

    def dissectctl(self, *arguments: str) -> tuple[int, bytes, bytes]:
        return self.run_program(str(DISSECTCTL), *arguments)

    def start_our_tshark(self, *arguments: str) -> subprocess.Popen[bytes]:
        """Starts it, with its standard output to be read."""
        return subprocess.Popen(
            [str(self.place / "bin/tshark"), *arguments],
            stdout=subprocess.PIPE,
            env={**self.environment, "DISSECTD_SERVER": self.server.address},
            cwd=self.files,
        )

    def make_long(self, source: str, name: str) -> None:
        """Repeats the packets of a pcap file so often that nobody reads all.

        Details of so many frames, which wait to be read, keep a worker alive.
        """
        content = (self.files / source).read_bytes()
        packets = content[24:]
        times = (1 << 20) // len(packets) + 1
        (self.files / name).write_bytes(content[:24] + packets * times)

    def expect_no_secret(self, since: float) -> None:
        """Fails if the secret is in a file that isn't the client's."""
        folders = [
            pathlib.Path(folder) for folder in secret_search.SHARED_FOLDERS
        ]
        folders.append(self.place)
        # The search finds what is there.
        self.assertTrue(
            secret_search.files_with(
                [SECRET], [self.place], 0, self.place / "nosuch"
            )
        )
        self.assertEqual(
            secret_search.files_with([SECRET], folders, since, self.files),
            [],
        )

    def wait_until(
        self, condition: typing.Callable[[], bool], what: str
    ) -> None:
        deadline = time.monotonic() + PATIENCE_SECONDS
        while not condition():
            self.assertLess(time.monotonic(), deadline, what)
            time.sleep(0.05)
