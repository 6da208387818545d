#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Compares edited sessions with captures that editcap has edited.

Comments and shifted times of a session must look as tshark shows them in a file
with the same edits, and `dissectctl write --session` must write such a file.
"""

import os
import pathlib
import re
import subprocess
import sys

sys.path.insert(0, os.environ["TEST_SRCDIR"] + "/dissectd/tests/running")
sys.path.insert(0, os.environ["TEST_SRCDIR"] + "/dissectd/tests/fidelity")

import programs
import test_bed

CAPTURES = (
    "dns.pcap",
    "http1.pcap.gz",
    "interfaces-comments.pcapng",
    "merged-encapsulations.pcapng",
    "nanoseconds.pcap",
    "telephony.pcap",
)

# The shifts that are tried, as editcap and dissectctl take them.
SHIFTS = ("3600.25", "-86400", "-0.000001")

# The second frame of a capture has a comment, which editcap would keep.
COMMENTS = ("1:first", "3:second: with a colon")
FILE_COMMENTS = ("of the file", "of the file, too")

# tshark shows no shift, as the times in the file are those after it.
SHIFT_LINE = re.compile(rb"\[Time shift for this packet: [-\d.]+ seconds\]")


def without_shift(text: bytes) -> bytes:
    return SHIFT_LINE.sub(b"[shift]", text)


class SessionEdits:
    """Edits one capture in both ways."""

    def __init__(self, bed: test_bed.TestBed, capture: str) -> None:
        self._bed = bed
        self._capture = capture
        # editcap writes pcapng; what it reads has to be the same in both ways.
        self._plain = bed.store / "plain.pcapng"
        self._editcap(test_bed.CAPTURES / capture, self._plain)

    def _editcap(
        self, source: pathlib.Path, target: pathlib.Path, *options: str
    ) -> None:
        subprocess.run(
            ["editcap", *options, str(source), str(target)],
            check=True,
            capture_output=True,
            env=self._bed.environment,
        )

    def _dissectctl(self, *arguments: str) -> bytes:
        code, output, messages = self._bed.run(self._bed.dissectctl, *arguments)
        if code != 0:
            raise AssertionError(f"{arguments}: {code}, {messages!r}")
        return output

    def _tshark(self, path: pathlib.Path, *options: str) -> bytes:
        code, output, messages = self._bed.run(
            *("tshark", "-2", "-r", str(path), *options)
        )
        if code != 0:
            raise AssertionError(f"tshark {path}: {code}, {messages!r}")
        return output

    def _expect(self, what: str, expected: bytes, seen: bytes) -> None:
        if expected == seen:
            return
        pairs = zip(expected.splitlines(), seen.splitlines(), strict=False)
        different = next((pair for pair in pairs if pair[0] != pair[1]), None)
        raise AssertionError(f"{self._capture}, {what}: {different}")

    def check(self, shift: str) -> None:
        edited = self._bed.files / "edited.pcapng"
        options = ["--discard-capture-comment"]
        options += [f"-a{comment}" for comment in COMMENTS]
        for comment in FILE_COMMENTS:
            options += ["--capture-comment", comment]
        self._editcap(self._plain, edited, f"-t{shift}", *options)
        session = self._dissectctl("session", "open", self._plain.name)
        name = session.decode().strip()
        self._edit(name, shift)
        written = self._bed.files / "written.pcapng"
        self._dissectctl("write", "--session", name, "-w", str(written))
        self._compare(name, edited, written)
        self._dissectctl("session", "close", name)
        written.unlink()

    def _edit(self, session: str, shift: str) -> None:
        edits = [f"--shift={shift}"]
        for comment in COMMENTS:
            edits += ["--comment", comment]
        for comment in FILE_COMMENTS:
            edits += ["--capture-comment", comment]
        self._dissectctl("session", "edit", session, *edits)

    def _section_comments(self, path: pathlib.Path) -> list[str]:
        run = subprocess.run(
            ["capinfos", "-k", str(path)],
            check=True,
            capture_output=True,
            env=self._bed.environment,
        )
        return [
            line.partition(b":")[2].strip().decode()
            for line in run.stdout.splitlines()
            if line.startswith(b"Capture comment:")
        ]

    def _compare(
        self, session: str, edited: pathlib.Path, written: pathlib.Path
    ) -> None:
        expected = self._tshark(edited, "-V")
        self._expect("written", expected, self._tshark(written, "-V"))
        self._expect(
            "session",
            without_shift(expected),
            without_shift(self._dissectctl("read", "--session", session, "-V")),
        )
        fields = ("-T", "fields", "-e", "frame.comment", "-e", "frame.time")
        self._expect(
            "fields",
            self._tshark(edited, *fields),
            self._dissectctl("read", "--session", session, *fields),
        )
        for path in (edited, written):
            comments = self._section_comments(path)
            if comments != list(FILE_COMMENTS):
                raise AssertionError(f"{self._capture}, {path}: {comments}")


def main() -> int:
    programs.set_time_zone()
    with test_bed.TestBed("edit") as bed:
        bed.start_daemon()
        for capture in CAPTURES:
            edits = SessionEdits(bed, capture)
            for shift in SHIFTS:
                edits.check(shift)
        bed.server.stop()
    return 0


if __name__ == "__main__":
    sys.exit(main())
