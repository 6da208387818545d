#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Tests plots of `dissectctl stat`, in pipes, in a terminal, and as images.

The terminal is a pseudoterminal whose other side is here.
"""

import fcntl
import os
import pty
import re
import select
import struct
import subprocess
import sys
import termios
import unittest
from xml.etree import ElementTree

sys.path.insert(0, os.environ["TEST_SRCDIR"] + "/dissectd/tests/running")
sys.path.insert(0, os.environ["TEST_SRCDIR"] + "/dissectd/tests/fidelity")

import test_bed
from test_bed import Answer, TestBed

CAPTURE = "http1.pcap.gz"
KINDS = ("stevens", "tcptrace", "throughput", "rtt", "window")
BRAILLE = re.compile("[\u2801-\u28ff]")
SVG = "{http://www.w3.org/2000/svg}"
REQUEST = b"\033[c"
SIXEL = b"\033P0;1q"

# What is refused, and a part of the message.
REFUSED = (
    (("-z", "io,phs", "--plot"), b"Only io,stat and tcp,graph can be drawn"),
    (("-z", "tcp,graph,0", "--plot=x"), b'"x" isn\'t a kind of plot'),
    (
        ("-z", "io,stat,1", "--plot=rtt"),
        b"A kind of plot and --plot-side are for tcp,graph",
    ),
    (
        ("-z", "io,stat,1", "--plot-side", "client"),
        b"A kind of plot and --plot-side are for tcp,graph",
    ),
    (("-z", "io,stat,1", "--plot-size", "80"), b"isn't the size of a plot"),
    (("-z", "io,stat,1", "--plot-size", "0x9"), b"isn't the size of a plot"),
    (
        ("-z", "io,stat,1", "-z", "tcp,graph,0", "--plot-svg", "x.svg"),
        b"--plot-svg draws one report",
    ),
)


class PlotTest(unittest.TestCase):
    """Runs one daemon for all tests."""

    bed: TestBed

    @classmethod
    def setUpClass(cls) -> None:
        cls.bed = cls.enterClassContext(TestBed("plot"))
        test_bed.copy_captures(cls.bed.files)
        cls.bed.start_daemon()

    @classmethod
    def tearDownClass(cls) -> None:
        cls.bed.server.stop()

    def command(self, *options: str) -> tuple[str, ...]:
        return (self.bed.dissectctl, "stat", "--local", CAPTURE, *options)

    def stat(self, *options: str) -> Answer:
        return self.bed.run(*self.command(*options))

    def in_terminal(
        self, answer: bytes, variables: dict[str, str], *options: str
    ) -> bytes:
        """Returns what is written to a terminal of 60x20 characters.

        The terminal answers a request for its attributes.
        """
        ours, theirs = pty.openpty()
        fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("4H", 20, 60, 0, 0))

        def take_terminal() -> None:
            os.setsid()
            fcntl.ioctl(0, termios.TIOCSCTTY, 0)

        with subprocess.Popen(
            self.command(*options),
            stdin=theirs,
            stdout=theirs,
            stderr=subprocess.DEVNULL,
            env={**self.bed.environment, "TERM": "xterm", **variables},
            cwd=self.bed.files,
            preexec_fn=take_terminal,  # noqa: PLW1509 - no threads here
        ) as process:
            os.close(theirs)
            output = b""
            answered = False
            while select.select([ours], [], [], test_bed.PATIENCE_SECONDS)[0]:
                try:
                    part = os.read(ours, 65536)
                except OSError:
                    # The program has ended.
                    break
                output += part
                if answer and not answered and REQUEST in output:
                    os.write(ours, answer)
                    answered = True
            self.assertEqual(process.wait(test_bed.PATIENCE_SECONDS), 0)
        os.close(ours)
        return output

    def test_pipes_get_characters_without_colors(self) -> None:
        for report in ("io,stat,0.01", "io,stat,0.1,tcp,udp", "tcp,graph,0"):
            with self.subTest(report=report):
                status, output, errors = self.stat("-z", report, "--plot")
                self.assertEqual((status, errors), (0, b""))
                text = output.decode()
                self.assertEqual(len(text.splitlines()), 23)
                self.assertRegex(text, BRAILLE)
                self.assertNotIn("\033", text)

    def test_kinds_are_different(self) -> None:
        outputs = {
            self.stat("-z", "tcp,graph,0", f"--plot={kind}")[1]
            for kind in KINDS
        }
        self.assertEqual(len(outputs), len(KINDS))

    def test_sizes(self) -> None:
        output = self.stat("-z", "io,stat,0.1", "--plot-size", "50x12")[1]
        lines = output.decode().splitlines()
        self.assertEqual(len(lines), 12)
        # The line below the drawing has all of its width.
        self.assertEqual(len(lines[-2]), 50)

    def test_terminals_get_colors_and_their_own_size(self) -> None:
        options = ("-z", "io,stat,0.1", "--plot")
        output = self.in_terminal(b"\033[?62;22c", {}, *options)
        self.assertIn(REQUEST, output)
        self.assertNotIn(SIXEL, output)
        self.assertIn(b"\033[36m", output)
        self.assertEqual(output.count(b"\n"), 19)

    def test_terminals_that_say_nothing_get_characters(self) -> None:
        output = self.in_terminal(b"", {}, "-z", "io,stat,0.1", "--plot")
        self.assertIn(b"\033[36m", output)
        self.assertNotIn(SIXEL, output)

    def test_no_color_is_honoured(self) -> None:
        output = self.in_terminal(
            b"\033[?62;4c", {"NO_COLOR": "1"}, "-z", "io,stat,0.1", "--plot"
        )
        self.assertNotIn(b"\033", output)
        self.assertRegex(output.decode(), BRAILLE)

    def test_terminals_with_graphics_get_images(self) -> None:
        output = self.in_terminal(
            b"\033[?62;4c", {}, "-z", "tcp,graph,0", "--plot=tcptrace"
        )
        # A cell has 10x20 pixels if the terminal doesn't say how many.
        self.assertIn(SIXEL + b'"1;1;600;340', output)
        self.assertNotRegex(output.decode(), BRAILLE)

    def points(self, *options: str) -> int:
        """Returns the number of points in an image."""
        status, output, errors = self.stat(
            *("-z", "tcp,graph,3", "--plot-svg", "stevens.svg", *options)
        )
        self.assertEqual((status, output, errors), (0, b"", b""))
        image = ElementTree.parse(self.bed.files / "stevens.svg").getroot()
        return len(image.findall(f".//{SVG}circle"))

    def test_images_have_all_points(self) -> None:
        ports = (
            self.bed.run(
                "tshark",
                *("-r", CAPTURE, "-Y", "tcp.stream==3 and tcp.len>0"),
                *("-T", "fields", "-e", "tcp.srcport"),
            )[1]
            .decode()
            .split()
        )
        # The client speaks first, and sends more.
        client = ports.count(ports[0])
        server = len(ports) - client
        self.assertGreater(client, server)
        self.assertEqual(self.points(), client)
        self.assertEqual(self.points("--plot-side", "client"), client)
        self.assertEqual(self.points("--plot-side=server"), server)

    def test_images_of_all_kinds_are_well_formed(self) -> None:
        for kind in KINDS:
            with self.subTest(kind=kind):
                file = f"{kind}.svg"
                status, output, errors = self.stat(
                    *("-z", "tcp,graph,0", f"--plot={kind}"),
                    *("--plot-svg", file, "--plot-size", "40x20"),
                )
                self.assertEqual((status, output, errors), (0, b"", b""))
                image = ElementTree.parse(self.bed.files / file).getroot()
                self.assertEqual(image.get("width"), "400")
                self.assertEqual(image.get("height"), "400")

    def test_an_image_that_cannot_be_written(self) -> None:
        status, output, errors = self.stat(
            "-z", "io,stat,1", "--plot-svg", "nosuch/x.svg"
        )
        self.assertEqual((status, output), (4, b""))
        self.assertIn(
            b'The file "nosuch/x.svg" could not be written: No such file',
            errors,
        )

    def test_refusals(self) -> None:
        for options, message in REFUSED:
            with self.subTest(options=options):
                status, output, errors = self.stat(*options)
                self.assertEqual((status, output), (1, b""))
                self.assertIn(message, errors)


if __name__ == "__main__":
    unittest.main()
