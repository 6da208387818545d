# SPDX-License-Identifier: Apache-2.0
"""A daemon for each worker, which ends with it."""

from __future__ import annotations

import threading
from collections.abc import Sequence

from distributed import Worker, WorkerPlugin

from dissectd.daemon import LocalDaemon
from dissectd.sync.local import wait_until_it_answers


class _OwnDaemon:
    """The daemon of this process, once somebody needs it."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._daemon: LocalDaemon | None = None
        self.program = ""
        self.options: tuple[str, ...] = ()

    def address(self) -> str:
        """Returns where the daemon is, which is started if none runs."""
        with self._lock:
            if self._daemon is None or not self._daemon.is_running():
                self._stop()
                daemon = LocalDaemon(None, self.program, self.options)
                wait_until_it_answers(daemon).close()
                self._daemon = daemon
            return self._daemon.address

    def _stop(self) -> None:
        if self._daemon is not None:
            self._daemon.stop()
            self._daemon = None

    def stop(self) -> None:
        with self._lock:
            self._stop()


_own = _OwnDaemon()


def own_address() -> str:
    """Returns the address of this process's own daemon."""
    return _own.address()


class DaemonPlugin(WorkerPlugin):
    """Starts a daemon with each worker, and stops it with the worker.

    `client.register_plugin(DaemonPlugin())` is needed only to start daemons
    before the first task, or to give the path of the program and its options;
    `read_captures(..., daemon="worker")` starts those that are missing.
    """

    name = "dissectd"

    def __init__(self, program: str = "", options: Sequence[str] = ()) -> None:
        self._program = program
        self._options = tuple(options)

    def setup(self, worker: Worker) -> None:
        del worker
        _own.program = self._program
        _own.options = self._options
        _own.address()

    def teardown(self, worker: Worker) -> None:
        del worker
        _own.stop()
