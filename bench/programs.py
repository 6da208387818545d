# SPDX-License-Identifier: GPL-2.0-or-later
"""Starts the programs that are measured, and measures their resources."""

import collections.abc
import dataclasses
import hashlib
import json
import os
import pathlib
import re
import subprocess
import tempfile
import time
import typing

READ_BYTES = 1 << 20

Reader = collections.abc.Callable[[typing.IO[bytes]], str]


class ProgramError(Exception):
    """A program failed, so its measurement is void."""


@dataclasses.dataclass(frozen=True)
class Command:
    """A command line with its environment and input."""

    words: list[str]
    environment: dict[str, str]
    # A file for standard input; None for no input.
    stdin: pathlib.Path | None = None
    # Exit codes that don't count as a failure.
    accepted: tuple[int, ...] = (0,)

    def _start(
        self, stdout: int, stderr: typing.IO[bytes]
    ) -> subprocess.Popen[bytes]:
        with open(self.stdin or os.devnull, "rb") as stdin:
            return subprocess.Popen(
                self.words,
                stdin=stdin,
                stdout=stdout,
                stderr=stderr,
                env=self.environment,
            )

    def _check(self, exit_code: int, stderr: typing.IO[bytes]) -> None:
        if exit_code in self.accepted:
            return
        stderr.seek(0)
        text = stderr.read()[-2000:].decode(errors="replace")
        raise ProgramError(
            f"{' '.join(self.words)[:500]}\nended with {exit_code}:\n{text}"
        )

    def run(self) -> "Usage":
        """Runs the command and discards its output."""
        with tempfile.TemporaryFile() as stderr:
            began = time.perf_counter()
            process = self._start(subprocess.DEVNULL, stderr)
            _, status, usage = os.wait4(process.pid, 0)
            seconds = time.perf_counter() - began
            process.returncode = os.waitstatus_to_exitcode(status)
            self._check(process.returncode, stderr)
        return Usage(seconds, usage.ru_maxrss * 1024)

    def read(self, reader: Reader) -> str:
        """Runs the command, and returns the reader's result for its output."""
        with tempfile.TemporaryFile() as stderr:
            process = self._start(subprocess.PIPE, stderr)
            assert process.stdout is not None
            with process.stdout as stdout:
                answer = reader(stdout)
            self._check(process.wait(), stderr)
        return answer


@dataclasses.dataclass
class Usage:
    """The resources that a run of a program used."""

    seconds: float
    peak_resident_bytes: int


def digest(stream: typing.IO[bytes]) -> str:
    """Returns a digest of an output, to compare outputs by."""
    sha256 = hashlib.sha256()
    while block := stream.read(READ_BYTES):
        sha256.update(block)
    return sha256.hexdigest()


def first_number(stream: typing.IO[bytes]) -> str:
    """Returns the first number in an output, which is a count."""
    found = re.search(rb"\d+", stream.read())
    return found.group().decode() if found else "no number"


def text(stream: typing.IO[bytes]) -> str:
    return stream.read().decode(errors="replace")


@dataclasses.dataclass(frozen=True)
class Programs:
    """Paths of the programs."""

    dissectd: str
    dissectctl: str
    load_client: str
    dissect_only: str
    tshark: str
    sharkd: str


class Starter:
    """Makes commands for one daemon."""

    def __init__(
        self, programs: Programs, address: str, environment: dict[str, str]
    ) -> None:
        self._programs = programs
        self._server = f"--server={address}"
        self._environment = environment

    def _command(self, *words: str, **more: typing.Any) -> Command:
        return Command(list(words), self._environment, **more)

    def _ask_load_client(self, *words: str) -> dict[str, float]:
        command = self._command(
            self._programs.load_client, self._server, *words
        )
        figures: dict[str, float] = json.loads(command.read(text))
        return figures
