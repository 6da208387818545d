# SPDX-License-Identifier: GPL-2.0-or-later
"""Measures the memory of the daemon and its descendants."""

import collections.abc
import contextlib
import pathlib
import re
import threading

from captures import Captures
from contest import Comparison, Contest, Contestant, Sample
from daemon import Daemon
from programs import Command, Programs

SAMPLE_SECONDS = 0.02

# Returns the name of a file in the store, and creates the file if needed.
FileName = collections.abc.Callable[[], str]


def children(pid: int) -> list[int]:
    """Returns the children of all threads of a process."""
    found: list[int] = []
    for path in pathlib.Path(f"/proc/{pid}/task").glob("*/children"):
        # A thread may have ended since the listing.
        with contextlib.suppress(OSError):
            found += map(int, path.read_text().split())
    return found


def family(pid: int) -> list[int]:
    """Returns a process and all its descendants."""
    found = [pid]
    for member in found:  # Grows while it is read.
        found += children(member)
    return found


def proportional_bytes(pid: int) -> int:
    """Returns the proportional set size (PSS) of a process.

    The sum over processes counts pages that forks share once."""
    try:
        rollup = pathlib.Path(f"/proc/{pid}/smaps_rollup").read_text()
    except OSError:
        return 0
    match = re.search(r"^Pss: *(\d+) kB$", rollup, re.MULTILINE)
    return int(match.group(1)) * 1024 if match else 0


class Watch:
    """Samples the memory of a daemon while the `with` block runs."""

    def __init__(self, daemon_pid: int) -> None:
        self._pid = daemon_pid
        self._end = threading.Event()
        self._thread = threading.Thread(target=self._run)
        self.peak_of_all = 0
        self.peak_of_daemon = 0

    def __enter__(self) -> "Watch":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._end.set()
        self._thread.join()

    def _run(self) -> None:
        while not self._end.wait(SAMPLE_SECONDS):
            sizes = {pid: proportional_bytes(pid) for pid in family(self._pid)}
            self.peak_of_all = max(self.peak_of_all, sum(sizes.values()))
            self.peak_of_daemon = max(self.peak_of_daemon, sizes[self._pid])


OURS, PEER = "dissectd and workers", "tshark -V"

COMPARISONS = [
    Comparison("memory", OURS, PEER, 1.3, True),
    Comparison("memory, 10×", f"{OURS}, 10×", f"{PEER}, 10×", 1.3, True),
    Comparison("memory, growth", f"{OURS}, 10×", OURS, None, True),
    Comparison("memory, growth", f"{PEER}, 10×", PEER, None, True),
]


class MemoryCases:
    """Measures the peak memory of full trees, with a separate daemon."""

    def __init__(
        self,
        programs: Programs,
        captures: Captures,
        daemon: Daemon,
        environment: dict[str, str],
    ) -> None:
        self._programs = programs
        self._captures = captures
        self._daemon = daemon
        self._environment = environment

    def contest(self) -> Contest:
        inputs: list[tuple[str, FileName]] = [
            ("", lambda: self._captures.large),
            (", 10×", self._captures.tenfold),
        ]
        contestants = []
        for suffix, file in inputs:
            contestants.append(self._ours(OURS + suffix, file))
            contestants.append(self._tshark(PEER + suffix, file))
        return Contest(contestants, COMPARISONS, "MiB", max_rounds=1)

    def _ours(self, name: str, file: FileName) -> Contestant:
        def measure() -> Sample:
            command = Command(
                [
                    self._programs.dissectctl,
                    f"--server={self._daemon.address}",
                    *("read", file(), "-V", "-T", "none"),
                ],
                self._environment,
            )
            with Watch(self._daemon.pid) as watch:
                command.run()
            daemon = watch.peak_of_daemon / (1 << 20)
            return Sample(
                watch.peak_of_all, {f"{name}: of that dissectd (MiB)": daemon}
            )

        return Contestant(name, measure)

    def _tshark(self, name: str, file: FileName) -> Contestant:
        def measure() -> Sample:
            command = Command(
                [
                    *(self._programs.tshark, "-V"),
                    *("-r", self._captures.path(file())),
                ],
                self._environment,
            )
            return Sample(command.run().peak_resident_bytes)

        return Contestant(name, measure)
