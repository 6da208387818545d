# SPDX-License-Identifier: GPL-2.0-or-later
"""Runs dissectd for tests and benchmarks."""

import os
import pathlib
import signal
import subprocess
import time

START_SECONDS = 60
STOP_SECONDS = 30


def clean_environment(home: pathlib.Path) -> dict[str, str]:
    """Returns an environment without the user's settings."""
    home.mkdir(parents=True, exist_ok=True)
    return {
        "HOME": str(home),
        "XDG_CONFIG_HOME": str(home / "config"),
        "LC_ALL": "C.UTF-8",
        "PATH": os.environ.get("PATH", "/usr/bin:/bin"),
    }


class DaemonError(Exception):
    """The daemon didn't start or stop properly."""


class Daemon:
    """A dissectd that serves one store."""

    def __init__(
        self,
        dissectd: str,
        dissectctl: str,
        store: pathlib.Path,
        work: pathlib.Path,
        environment: dict[str, str],
        options: list[str],
    ) -> None:
        """Starts the daemon and waits until it answers.

        `work` is a folder for its socket and log.
        """
        work.mkdir(exist_ok=True)
        self.address = f"unix:{work}/socket"
        self._log = work / "dissectd.log"
        command = [
            dissectd,
            f"--listen={self.address}",
            f"--store={store}",
            *options,
        ]
        with open(self._log, "wb") as log:
            self._process = subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                env=environment,
            )
        self._wait_until_it_answers(dissectctl, environment)

    @property
    def pid(self) -> int:
        return self._process.pid

    def is_running(self) -> bool:
        return self._process.poll() is None

    def _wait_until_it_answers(
        self, dissectctl: str, environment: dict[str, str]
    ) -> None:
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
                env=environment,
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
        """Kills the daemon."""
        if self._process.poll() is None:
            self._process.kill()
            self._process.wait()

    def stop(self) -> None:
        """Sends SIGTERM and waits. Raises DaemonError if the daemon fails."""
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
