# SPDX-License-Identifier: Apache-2.0
"""A daemon that belongs to this program."""

from __future__ import annotations

import atexit
import contextlib
import os
import pathlib
import shutil
import subprocess
import tempfile
from collections.abc import Sequence

from dissectd.errors import ConnectionFailed

_STOP_SECONDS = 15
_LOG_BYTES = 2000
# Waits for the end of its input, which comes with that of this program, however
# that ends. Arguments: the daemon's process, its folder.
_GUARD = 'read -r _; kill "$0" 2>/dev/null; rm -rf -- "$1"'


class LocalDaemon:
    """A dissectd on a socket in a folder of its own, until the program ends.

    It also ends if the program is killed.
    """

    def __init__(
        self,
        store: str | os.PathLike[str] | None,
        program: str,
        options: Sequence[str],
    ) -> None:
        found = shutil.which(program or os.environ.get("DISSECTD", "dissectd"))
        if found is None:
            raise ConnectionFailed(
                "There is no program dissectd to start. Install it, or give "
                "its path: local(program=...)."
            )
        self._folder = pathlib.Path(tempfile.mkdtemp(prefix="dissectd-"))
        if store is None:
            store = self._folder / "store"
            store.mkdir()
        self.address = f"unix:{self._folder}/socket"
        self._log = self._folder / "log"
        with open(self._log, "wb") as log:
            self._process = subprocess.Popen(
                [
                    found,
                    f"--listen={self.address}",
                    f"--store={os.fspath(store)}",
                    *options,
                ],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                # Ctrl+C is for the program; it stops the daemon at its end.
                start_new_session=True,
            )
        self._guard = subprocess.Popen(
            ["/bin/sh", "-c", _GUARD, str(self._process.pid), self._folder],
            stdin=subprocess.PIPE,
            start_new_session=True,
        )
        atexit.register(self.stop)

    def check(self) -> None:
        """Raises an error if the daemon has ended."""
        if self._process.poll() is not None:
            log = self._log.read_text(errors="replace")[-_LOG_BYTES:]
            raise ConnectionFailed(f"dissectd didn't start:\n{log}")

    def is_running(self) -> bool:
        return self._process.poll() is None

    def stop(self) -> None:
        """Stops the daemon, and deletes its folder."""
        atexit.unregister(self.stop)
        # The process's number can belong to another one soon.
        self._guard.kill()
        self._guard.wait()
        if self._guard.stdin is not None:
            self._guard.stdin.close()
        self._process.terminate()
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(_STOP_SECONDS)
        if self._process.poll() is None:
            self._process.kill()
            self._process.wait()
        shutil.rmtree(self._folder, ignore_errors=True)
