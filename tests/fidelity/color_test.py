#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Compares the colors of frames with those of `tshark --color`.

Both programs write to a terminal, or to a pipe, which has no colors but in XML.
"""

import os
import re
import subprocess
import sys
import termios
import threading
import unittest

sys.path.insert(0, os.environ["TEST_SRCDIR"] + "/dissectd/tests/running")
sys.path.insert(0, os.environ["TEST_SRCDIR"] + "/dissectd/tests/fidelity")

import test_bed
from test_bed import Answer, TestBed

# A profile with a rule whose filter is invalid, one that is disabled, equal
# ones, and colors with more bits than terminals have.
PROFILE = "rules"
RULES = """\
@Broken@nosuch ==@[0,0,0][65535,0,0]
!@Disabled@dns@[0,0,0][65535,0,0]
@<Answers>@dns.flags.response == 1@[0,1,65535][65535,2000,0]
@<Answers>@dns.flags.response == 1@[0,1,65535][65535,2000,0]
@HTTP@http@[65535,65535,65535][511,512,256]
"""

ON_DNS = (
    ("-2",),
    ("-T", "tabs"),
    ("-V",),
    ("-P", "-V", "-c", "3"),
    ("-x", "-P", "-c", "3"),
    ("-O", "dns", "-2"),
    ("-S", "next", "-P", "-V", "-c", "3"),
    ("-T", "json", "-c", "3"),
    ("-T", "ek", "-c", "3"),
    ("-T", "pdml"),
    ("-T", "pdml", "-2", "-e", "frame.number"),
    ("-T", "psml", "-Y", "dns"),
    ("-T", "fields", "-e", "frame.coloring_rule.name", "-e", "frame.number"),
    ("-Y", 'frame.coloring_rule.name == "UDP"'),
    ("-Y", "nosuch"),
    ("-z", "io,phs", "-c", "2"),
    ("-q",),
    ("-q", "-z", "io,phs"),
    ("-C", PROFILE),
    ("-C", PROFILE, "-2", "-V"),
    ("-C", PROFILE, "-T", "psml"),
)

_TIME = re.compile(rb' time="[^"]*"')


class ColorTest(unittest.TestCase):
    """Runs one daemon for all tests."""

    bed: TestBed

    @classmethod
    def setUpClass(cls) -> None:
        cls.bed = cls.enterClassContext(TestBed("color"))
        test_bed.copy_captures(cls.bed.files)
        profile = cls.bed.settings / "profiles" / PROFILE
        profile.mkdir(parents=True)
        (profile / "colorfilters").write_text(RULES, encoding="utf-8")
        cls.bed.start_daemon()

    @classmethod
    def tearDownClass(cls) -> None:
        # Fails with the reason if the daemon has died.
        cls.bed.server.stop()

    def on_terminal(self, colors: str, *command: str) -> Answer:
        """Runs a program whose output is a terminal.

        `colors` is the value of COLORTERM.
        """
        terminal, output = os.openpty()
        attributes = termios.tcgetattr(output)
        # Leaves line ends as they are.
        attributes[1] &= ~termios.OPOST
        termios.tcsetattr(output, termios.TCSANOW, attributes)
        with subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.PIPE,
            env={**self.bed.environment, "COLORTERM": colors},
            cwd=self.bed.files,
        ) as process:
            os.close(output)
            assert process.stderr is not None
            drain = threading.Thread(target=process.stderr.read)
            drain.start()
            parts = []
            while part := read_terminal(terminal):
                parts.append(part)
            drain.join()
        os.close(terminal)
        return process.returncode, b"".join(parts), b""

    def compare(self, colors: str | None, *options: str) -> bytes:
        """Compares both programs, and returns the output of tshark.

        Without `colors`, the output is a pipe.
        """
        answers = []
        for program in ("tshark", self.bed.tshark):
            command = (program, "--color", *options)
            status, output, _ = (
                self.bed.run(*command, variables={"COLORTERM": "truecolor"})
                if colors is None
                else self.on_terminal(colors, *command)
            )
            answers.append((status, _TIME.sub(b"", output)))
        self.assertEqual(answers[1], answers[0])
        return answers[0][1]

    def test_colors_all_captures(self) -> None:
        colored = 0
        for capture in sorted(self.bed.files.glob("*.pcap*")):
            with self.subTest(capture=capture.name):
                output = self.compare("truecolor", "-r", capture.name)
                self.assertTrue(output.endswith(b"\x1b[0m"))
                colored += output.count(b"\x1b[48;2;")
                self.compare(None, "-r", capture.name, "-T", "psml")
        self.assertGreater(colored, 100)

    def test_colors_with_other_options(self) -> None:
        for capture in ("dns.pcap", "http1.pcap.gz"):
            for options in ON_DNS:
                for colors in ("24bit", None):
                    with self.subTest(
                        capture=capture, options=options, colors=colors
                    ):
                        self.compare(colors, "-r", capture, *options)

    def test_needs_a_terminal_with_all_colors(self) -> None:
        for colors in ("", "1", "TRUECOLOR", "24bits"):
            with self.subTest(colors=colors):
                output = self.compare(colors, "-r", "dns.pcap")
                self.assertNotIn(b"\x1b", output)

    def test_read_and_sessions_have_colors(self) -> None:
        theirs = self.on_terminal(
            "truecolor", "tshark", "--color", "-2", "-r", "http1.pcap.gz"
        )
        dissectctl = self.bed.dissectctl
        status, _, errors = self.bed.run(
            dissectctl, "files", "upload", "http1.pcap.gz"
        )
        self.assertEqual(status, 0, errors)
        status, name, errors = self.bed.run(
            dissectctl, "session", "open", "http1.pcap.gz"
        )
        self.assertEqual(status, 0, errors)
        session = name.decode().strip()
        for operand in (("http1.pcap.gz", "-2"), ("--session", session)):
            with self.subTest(operand=operand):
                ours = self.on_terminal(
                    "truecolor", dissectctl, "read", "--color", *operand
                )
                self.assertEqual(ours, theirs)
        first = theirs[1].split(b"\n\x1b[0m")[0]
        ours = self.on_terminal(
            "truecolor", dissectctl, "frame", "--color", session, "1"
        )
        self.assertEqual(ours[1], first + b"\n\x1b[0m\x1b[0m")


def read_terminal(terminal: int) -> bytes:
    """Reads what a program has written; nothing once it has ended."""
    try:
        return os.read(terminal, 65536)
    except OSError:
        return b""


if __name__ == "__main__":
    unittest.main()
