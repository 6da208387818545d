# SPDX-License-Identifier: GPL-2.0-or-later
"""The programs that are compared: how they are started, and what they leave."""

import dataclasses
import os
import pathlib
import re
import signal
import subprocess
import time

# Without zone files, half an hour off, and with summer time.
TIME_ZONE = "NST3:30NDT,M3.2.0,M11.1.0"

# What tshark says of its own process, where dissectctl has none: that it runs
# as root, and libwireshark's log, which dissectd has in its own.
TSHARK_ONLY = re.compile(
    rb'^(Running as user "root" and group "root"\. This could be dangerous\.'
    rb"| \*\* \(tshark:\d+\) [\d:.]+ \[\w* [A-Z]+\] .*)\n",
    re.MULTILINE,
)

START_SECONDS = 30
STOP_SECONDS = 30


def clean_environment(home: pathlib.Path) -> dict[str, str]:
    """Returns an environment that has no settings of the user's."""
    home.mkdir(parents=True, exist_ok=True)
    return {
        "HOME": str(home),
        "XDG_CONFIG_HOME": str(home / "config"),
        "LC_ALL": "C.UTF-8",
        "PATH": os.environ.get("PATH", "/usr/bin:/bin"),
        "TZ": TIME_ZONE,
    }


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


def set_time_zone() -> None:
    """Makes the local time of this process that of the programs."""
    os.environ["TZ"] = TIME_ZONE
    time.tzset()


class DaemonError(Exception):
    """The daemon doesn't do what a daemon should."""


class Daemon:
    """dissectd on the captures of one folder."""

    def __init__(
        self,
        dissectd: str,
        dissectctl: str,
        store: pathlib.Path,
        work: pathlib.Path,
        sessions: int,
    ) -> None:
        self.address = f"unix:{work}/socket"
        self._environment = clean_environment(work / "home")
        self._log = work / "dissectd.log"
        with open(self._log, "wb") as log:
            self._process = subprocess.Popen(
                [
                    dissectd,
                    f"--listen={self.address}",
                    f"--store={store}",
                    f"--max-sessions={sessions}",
                ],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                env=self._environment,
            )
        self._wait_until_it_answers(dissectctl)

    def _wait_until_it_answers(self, dissectctl: str) -> None:
        deadline = time.monotonic() + START_SECONDS
        question = [dissectctl, f"--server={self.address}", "files", "list"]
        while time.monotonic() < deadline:
            if self._process.poll() is not None:
                raise DaemonError(self._complaint("ended at its start"))
            answer = subprocess.run(
                question,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                env=self._environment,
                check=False,
            )
            if answer.returncode == 0:
                return
            time.sleep(0.05)
        self.kill()
        raise DaemonError(self._complaint("doesn't answer"))

    def _complaint(self, what: str) -> str:
        log = self._log.read_text(errors="replace")
        return f"dissectd {what}; the end of its log:\n{log[-4000:]}"

    def kill(self) -> None:
        """Ends it whatever it does."""
        if self._process.poll() is None:
            self._process.kill()
            self._process.wait()

    def stop(self) -> None:
        """Ends it as an operator would. Raises DaemonError if it objects."""
        if self._process.poll() is not None:
            raise DaemonError(
                self._complaint(
                    f"ended too early, with {self._process.returncode}"
                )
            )
        self._process.send_signal(signal.SIGTERM)
        try:
            code = self._process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self.kill()
            raise DaemonError(self._complaint("ignores SIGTERM")) from None
        if code != 0:
            raise DaemonError(self._complaint(f"ended with {code}"))
