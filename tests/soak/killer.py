# SPDX-License-Identifier: GPL-2.0-or-later
"""Kills processes of a daemon at random."""

import collections
import os
import random
import signal
import threading
import time

import process_tree
import restartable

_SIGNALS = (signal.SIGKILL, signal.SIGSEGV, signal.SIGABRT, signal.SIGTERM)

# The daemon is killed about once in this time.
_DAEMON_SECONDS = 20
# How long a process of a kind is looked for.
_HUNT_SECONDS = 0.3

_ENGINE = "dissectd-engine"
# How often a process of a kind is chosen.
_WEIGHTS = {
    "worker": 8,
    "fork of a worker": 8,
    "dumpcap": 4,
    "filter compiler": 2,
    "engine": 1,
    "engine, stopped": 1,
}
# Names are cut after 15 characters.
_PROGRAMS = {
    "dumpcap": "dumpcap",
    "capture-filter-": "filter compiler",
}


def victims_of(daemon: int) -> dict[str, list[int]]:
    """Returns the processes of a daemon by kind."""
    victims: dict[str, list[int]] = {kind: [] for kind in _WEIGHTS}
    for child in process_tree.children_of(daemon):
        name = process_tree.name_of(child)
        if name in _PROGRAMS:
            victims[_PROGRAMS[name]].append(child)
        if name != _ENGINE:
            continue
        victims["engine"].append(child)
        victims["engine, stopped"].append(child)
        workers = process_tree.children_of(child)
        victims["worker"] += workers
        for worker in workers:
            victims["fork of a worker"] += process_tree.children_of(worker)
    return victims


class Killer(threading.Thread):
    """Signals processes of a daemon until it is told to stop."""

    def __init__(
        self, target: restartable.Server, seed: int, daemon_seconds: float
    ) -> None:
        """The daemon itself is killed at some times in the first seconds.

        So it lives long enough afterwards for leaks to show.
        """
        super().__init__()
        self.kills: collections.Counter[str] = collections.Counter()
        self.fault: BaseException | None = None
        self._target = target
        self._random = random.Random(seed)
        # The times at which the daemon is killed, the next one at the end.
        self._times = sorted(
            (
                time.monotonic() + self._random.uniform(0, daemon_seconds)
                for _ in range(1 + int(daemon_seconds / _DAEMON_SECONDS))
            ),
            reverse=True,
        )
        self._done = threading.Event()

    def stop(self) -> None:
        self._done.set()
        self.join()

    def run(self) -> None:
        try:
            while not self._done.wait(self._random.uniform(0.02, 0.4)):
                self._target.check()
                self._kill_one()
        except Exception as error:  # noqa: BLE001 the main thread reports it
            self.fault = error

    def _kill_one(self) -> None:
        if self._times and time.monotonic() > self._times[-1]:
            self._times.pop()
            self._target.kill_and_restart()
            self.kills["daemon"] += 1
            return
        kind = self._random.choices(list(_WEIGHTS), list(_WEIGHTS.values()))[0]
        victims = self._await(kind)
        if not victims:
            return
        victim = self._random.choice(victims)
        if kind == "engine, stopped":
            self._stop_for_a_while(victim)
        elif self._signal(victim, self._random.choice(_SIGNALS)):
            self.kills[kind] += 1

    def _await(self, kind: str) -> list[int]:
        """Returns processes of a kind. Some kinds live for moments only."""
        deadline = time.monotonic() + _HUNT_SECONDS
        while time.monotonic() < deadline and not self._done.is_set():
            if victims := victims_of(self._target.pid)[kind]:
                return victims
        return []

    def _stop_for_a_while(self, engine: int) -> None:
        # The daemon gives up an engine that is silent for ten seconds.
        seconds = self._random.choice((0.5, 1, 2, 13))
        if self._signal(engine, signal.SIGSTOP):
            self._done.wait(seconds)
            self._signal(engine, signal.SIGCONT)
            self.kills["engine, stopped"] += 1

    def _signal(self, pid: int, number: int) -> bool:
        """Signals a process if it still belongs to the daemon."""
        try:
            handle = os.pidfd_open(pid)
        except ProcessLookupError:
            return False
        try:
            # The number can't get another process while the handle is valid.
            if not process_tree.descends(pid, self._target.pid):
                return False
            signal.pidfd_send_signal(handle, number)
        except ProcessLookupError:
            return False
        finally:
            os.close(handle)
        return True
