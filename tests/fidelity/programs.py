# SPDX-License-Identifier: GPL-2.0-or-later
"""The programs that are compared: how they are started, and what they leave."""

import dataclasses
import os
import pathlib
import re
import signal
import subprocess
import time

import daemon

PATIENCE_SECONDS = 300

# Without zone files, half an hour off, and with summer time.
TIME_ZONE = "NST3:30NDT,M3.2.0,M11.1.0"

# What tshark says of its own process, where dissectctl has none: that it runs
# as root, and libwireshark's log, which dissectd has in its own.
TSHARK_ONLY = re.compile(
    rb'^(Running as user "root" and group "root"\. This could be dangerous\.'
    rb"| \*\* \(tshark:\d+\) [\d:.]+ \[\w* [A-Z]+\] .*)\n",
    re.MULTILINE,
)


def environment_of_both(home: pathlib.Path) -> dict[str, str]:
    """Returns what dissectd, dissectctl and tshark run with."""
    return {**daemon.clean_environment(home), "TZ": TIME_ZONE}


@dataclasses.dataclass
class Run:
    """A program that has ended."""

    command: list[str]
    output: pathlib.Path
    # Negative for a signal; None if it was killed because it took too long.
    exit_code: int | None
    stderr: bytes
    # Between these it wrote the time into its output, if it did.
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


class Program:
    """A program that runs, with its output going to files."""

    def __init__(
        self,
        command: list[str],
        output: pathlib.Path,
        environment: dict[str, str],
        folder: pathlib.Path,
    ) -> None:
        self._command = command
        self._output = output
        self._errors = output.with_name(output.name + ".stderr")
        self._started = time.time()
        with open(output, "wb") as stdout, open(self._errors, "wb") as stderr:
            self._process = subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=stdout,
                stderr=stderr,
                env=environment,
                cwd=folder,
            )

    def finish(self, seconds: float) -> Run:
        """Waits until it ends, and ends it after so many seconds."""
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
    """Returns what a program prints that must not fail."""
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
    """Makes the local time of this process that of the programs."""
    os.environ["TZ"] = TIME_ZONE
    time.tzset()
