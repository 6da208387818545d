# SPDX-License-Identifier: GPL-2.0-or-later
"""What processes have used: processor time by role, threads, and memory."""

import dataclasses
import os
import pathlib

import memory

_TICK_SECONDS = 1 / os.sysconf("SC_CLK_TCK")
_NANO = 1e-9


def _times(path: pathlib.Path) -> tuple[float, float]:
    """Returns the seconds of a process or thread, and of its ended children."""
    try:
        stat = path.read_text()
    except OSError:
        return 0.0, 0.0  # It has ended, and is counted with its parent.
    # Fields 11 to 14 after the name are utime, stime, cutime and cstime.
    ticks = [int(field) for field in stat.rsplit(") ", 1)[1].split()[11:15]]
    return sum(ticks[:2]) * _TICK_SECONDS, sum(ticks[2:]) * _TICK_SECONDS


def seconds_of(pid: int) -> float:
    """Returns the processor time of a process without its children."""
    return _times(pathlib.Path(f"/proc/{pid}/stat"))[0]


def seconds_of_family(pid: int) -> float:
    """Returns the processor time of a process and all its descendants."""
    return sum(
        sum(_times(pathlib.Path(f"/proc/{member}/stat")))
        for member in memory.family(pid)
    )


def seconds_of_threads(pid: int) -> dict[str, float]:
    """Returns the processor time of each running thread, by its id."""
    found = {}
    for task in pathlib.Path(f"/proc/{pid}/task").iterdir():
        try:
            nanoseconds = int((task / "schedstat").read_text().split()[0])
        except OSError:
            continue
        found[task.name] = nanoseconds * _NANO
    return found


def busiest_thread(pid: int, before: dict[str, float]) -> float:
    """Returns the most that any thread has used since an earlier reading."""
    return max(
        seconds - before.get(name, 0.0)
        for name, seconds in seconds_of_threads(pid).items()
    )


def name_of(pid: int) -> str:
    try:
        return pathlib.Path(f"/proc/{pid}/comm").read_text().strip()
    except OSError:
        return ""


def children_named(pid: int, name: str) -> list[int]:
    """Returns the children of a process that run a program."""
    return [child for child in memory.children(pid) if name_of(child) == name]


def memory_of_family(pid: int) -> int:
    """Returns the proportional set size of a process and its descendants."""
    return sum(memory.proportional_bytes(each) for each in memory.family(pid))


@dataclasses.dataclass(frozen=True)
class DaemonTimes:
    """The processor time of a daemon by the role of its processes."""

    # dissectd itself.
    daemon: float
    # dissectd-engine and its workers, also those that have ended.
    workers: float
    # dumpcap, while it runs.
    dumpcap: float

    def __sub__(self, other: "DaemonTimes") -> "DaemonTimes":
        return DaemonTimes(
            self.daemon - other.daemon,
            self.workers - other.workers,
            self.dumpcap - other.dumpcap,
        )

    def __add__(self, other: "DaemonTimes") -> "DaemonTimes":
        return DaemonTimes(
            self.daemon + other.daemon,
            self.workers + other.workers,
            self.dumpcap + other.dumpcap,
        )

    @property
    def dissection(self) -> float:
        return self.daemon + self.workers


def times_of_daemon(pid: int) -> DaemonTimes:
    # The kernel cuts names after 15 characters, which `dissectd-engine` has.
    engines = children_named(pid, "dissectd-engine")
    return DaemonTimes(
        seconds_of(pid),
        sum(map(seconds_of_family, engines)),
        sum(map(seconds_of, children_named(pid, "dumpcap"))),
    )


def loopback_bytes() -> int:
    """Returns what the loopback interface of this network has carried."""
    # /sys shows the network that it was mounted in, /proc that of the process.
    for line in pathlib.Path("/proc/self/net/dev").read_text().splitlines():
        name, _, counters = line.partition(":")
        if name.strip() == "lo":
            return int(counters.split()[0])
    raise RuntimeError("there is no loopback interface")
