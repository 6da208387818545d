# SPDX-License-Identifier: GPL-2.0-or-later
"""Starts the programs that are compared, and collects their output."""

import dataclasses
import os
import pathlib
import re
import signal
import subprocess
import time
import typing

import daemon

PATIENCE_SECONDS = 300

# A rule that needs no zone files, with a half-hour offset and summer time.
TIME_ZONE = "NST3:30NDT,M3.2.0,M11.1.0"

# What only tshark prints: the warning that it runs as root, and libwireshark's
# log, which dissectd writes to its own log.
TSHARK_ONLY = re.compile(
    rb'^(Running as user "root" and group "root"\. This could be dangerous\.'
    rb"| \*\* \(tshark:\d+\) [\d:.]+ \[\w* [A-Z]+\] .*)\n",
    re.MULTILINE,
)

# libwireshark tries keys for Kerberos in the order of a hash table, with a seed
# that is random.
_TRIES = re.compile(rb"num_tries=\d+")


def without_tries(output: bytes) -> bytes:
    """Removes the numbers of keys that were tried until one fitted."""
    return _TRIES.sub(b"num_tries=", output)


def environment_of_both(home: pathlib.Path) -> dict[str, str]:
    """Returns the environment of dissectd, dissectctl and tshark.

    DISSECTD_ENGINE goes on choosing the engine of dissectctl's calls.
    """
    environment = {**daemon.clean_environment(home), "TZ": TIME_ZONE}
    if engine := os.environ.get("DISSECTD_ENGINE"):
        environment["DISSECTD_ENGINE"] = engine
    return environment


@dataclasses.dataclass
class Run:
    """The result of a program."""

    command: list[str]
    output: pathlib.Path
    # Negative for a signal; None if it was killed because it took too long.
    exit_code: int | None
    stderr: bytes
    # The times of its start and end. If its output contains a time, it is
    # between these.
    started: float
    ended: float

    @property
    def died(self) -> bool:
        return self.exit_code is not None and self.exit_code < 0

    def outcome(self) -> str:
        if self.exit_code is None:
            return "ran out of time"
        if self.died:
            return f"died by {signal.Signals(-self.exit_code).name}"
        return f"exit code {self.exit_code}"


def _open_input(piped: bytes | None) -> typing.BinaryIO:
    if piped is None:
        return open(os.devnull, "rb")
    reader, writer = os.pipe()
    with open(writer, "wb") as end:
        end.write(piped)
    return open(reader, "rb")


class Program:
    """A running program whose output goes to files."""

    def __init__(
        self,
        command: list[str],
        output: pathlib.Path,
        environment: dict[str, str],
        folder: pathlib.Path,
        piped: bytes | None = None,
    ) -> None:
        """Starts the program.

        Its standard input is empty, or a pipe with the bytes of `piped`, which
        must fit into one.
        """
        self._command = command
        self._output = output
        self._errors = output.with_name(output.name + ".stderr")
        self._started = time.time()
        with (
            _open_input(piped) as stdin,
            open(output, "wb") as stdout,
            open(self._errors, "wb") as stderr,
        ):
            self._process = subprocess.Popen(
                command,
                stdin=stdin,
                stdout=stdout,
                stderr=stderr,
                env=environment,
                cwd=folder,
            )

    def finish(self, seconds: float) -> Run:
        """Waits until the program ends. Kills it when the time is up."""
        try:
            exit_code: int | None = self._process.wait(seconds)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
            exit_code = None
        stderr = self._errors.read_bytes()
        self._errors.unlink()
        return Run(
            self._command,
            self._output,
            exit_code,
            TSHARK_ONLY.sub(b"", stderr),
            self._started,
            time.time(),
        )


def output_of(command: list[str], environment: dict[str, str]) -> bytes:
    """Returns the output of a program that must not fail."""
    return subprocess.run(
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env=environment,
        check=True,
        timeout=PATIENCE_SECONDS,
    ).stdout


def set_time_zone() -> None:
    """Gives this process the time zone of the programs."""
    os.environ["TZ"] = TIME_ZONE
    time.tzset()
