# SPDX-License-Identifier: GPL-2.0-or-later
"""A daemon, and dissectctl by the name `tshark`, in a folder of their own."""

import collections.abc
import contextlib
import os
import pathlib
import shutil
import subprocess
import tempfile
import typing

import daemon
import programs

RUNFILES = pathlib.Path(os.environ["TEST_SRCDIR"]) / "dissectd"
CAPTURES = RUNFILES / "tests/captures"

# The time limit of a program.
PATIENCE_SECONDS = 60

# What a program answers: its exit status, output and messages.
Answer = tuple[int, bytes, bytes]


def copy_captures(folder: pathlib.Path) -> None:
    """Copies the project's captures with their keys.

    Bazel provides links, which the daemon ignores.
    """
    for source in CAPTURES.iterdir():
        if source.is_file():
            shutil.copyfile(source, folder / source.name)


class TestBed:
    """Runs tshark and dissectctl next to a daemon with an empty store.

    A context manager: its end kills the daemon and removes the folder. A test
    calls `server.stop()` before, which fails if the daemon has died.
    """

    # start_daemon() sets these. All programs have the environment, in which
    # there are no settings of the user, and dissectctl finds the daemon.
    server: daemon.Daemon
    environment: dict[str, str]

    def __init__(self, name: str) -> None:
        """Makes the folder, and starts nothing yet.

        Socket paths are limited to about 100 bytes, so `name`, with which the
        name of the folder begins, must be short.
        """
        self._cleanup = contextlib.ExitStack()
        self.folder = pathlib.Path(
            self._cleanup.enter_context(
                tempfile.TemporaryDirectory(prefix=f"{name}.")
            )
        )
        self.store = self.folder / "store"
        # The folder in which programs run.
        self.files = self.folder / "client"
        self._home = self.folder / "home"
        # The folder of Wireshark's settings, which doesn't exist yet.
        self.settings = self._home / "config/wireshark"
        self.dissectctl = str(RUNFILES / "clients/cli/dissectctl")
        self.tshark = str(self.folder / "bin/tshark")
        for folder in (self.store, self.files, self.folder / "bin"):
            folder.mkdir()
        pathlib.Path(self.tshark).symlink_to(
            pathlib.Path(self.dissectctl).resolve()
        )

    def __enter__(self) -> typing.Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._cleanup.close()

    def start_daemon(self, *options: str) -> None:
        """Starts a daemon, also after another one has ended."""
        environment = programs.environment_of_both(self._home)
        self.server = daemon.Daemon(
            str(RUNFILES / "server/dissectd"),
            self.dissectctl,
            self.store,
            self.folder / "daemon",
            environment,
            list(options),
        )
        self._cleanup.callback(self.server.kill)
        self.environment = {
            **environment,
            "DISSECTD_SERVER": self.server.address,
        }

    def run(
        self,
        *command: str,
        piped: bytes = b"",
        variables: collections.abc.Mapping[str, str] | None = None,
    ) -> Answer:
        """Runs a program whose standard input is a pipe with some bytes.

        `variables` are added to its environment.
        """
        run = subprocess.run(
            command,
            input=piped,
            capture_output=True,
            env={**self.environment, **(variables or {})},
            cwd=self.files,
            timeout=PATIENCE_SECONDS,
            check=False,
        )
        return (
            run.returncode,
            run.stdout,
            programs.TSHARK_ONLY.sub(b"", run.stderr),
        )

    @contextlib.contextmanager
    def running(
        self, *command: str
    ) -> collections.abc.Iterator[subprocess.Popen[bytes]]:
        """Runs a program, whose output can be read, until it is killed."""
        with subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            env=self.environment,
            cwd=self.files,
        ) as process:
            try:
                yield process
            finally:
                process.kill()
