# SPDX-License-Identifier: GPL-2.0-or-later
"""Looks at processes in /proc."""

import contextlib
import ctypes
import dataclasses
import os
import pathlib
import resource
import time

_PROC = pathlib.Path("/proc")
_PR_SET_CHILD_SUBREAPER = 36


def adopt_orphans() -> None:
    """Makes this process the parent of what its descendants leave behind."""
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.prctl(_PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0) != 0:
        raise OSError(ctypes.get_errno(), "prctl")


def _stat(pid: int) -> list[str]:
    """Returns the fields after the name: the state, the parent, …"""
    try:
        text = (_PROC / str(pid) / "stat").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return ["X", "0"]
    return text.rpartition(")")[2].split()


def is_alive(pid: int) -> bool:
    return _stat(pid)[0] not in {"X", "Z"}


def name_of(pid: int) -> str:
    try:
        return (_PROC / str(pid) / "comm").read_text().strip()
    except (FileNotFoundError, ProcessLookupError):
        return ""


def children_of(pid: int) -> list[int]:
    """Returns children that are alive, whichever thread started them."""
    found = []
    # The process or a thread may end meanwhile.
    with contextlib.suppress(FileNotFoundError, ProcessLookupError):
        for task in (_PROC / str(pid) / "task").iterdir():
            with contextlib.suppress(FileNotFoundError, ProcessLookupError):
                words = (task / "children").read_text().split()
                found += [child for child in map(int, words) if is_alive(child)]
    return found


def descendants_of(pid: int) -> list[int]:
    found = children_of(pid)
    for child in found:
        found += children_of(child)
    return found


def descends(pid: int, ancestor: int) -> bool:
    while pid > 1 and pid != ancestor:
        pid = int(_stat(pid)[1])
    return pid == ancestor


@dataclasses.dataclass(frozen=True)
class Use:
    """What a daemon uses."""

    processes: int
    descriptors: int
    threads: int
    kilobytes: int

    @classmethod
    def of(cls, pid: int) -> "Use":
        place = _PROC / str(pid)
        pages = int((place / "statm").read_text().split()[1])
        return cls(
            len(descendants_of(pid)),
            len(list((place / "fd").iterdir())),
            len(list((place / "task").iterdir())),
            pages * resource.getpagesize() // 1024,
        )

    def exceeds(self, other: "Use") -> bool:
        return (
            self.processes > other.processes
            or self.descriptors > other.descriptors
            or self.threads > other.threads
            or self.kilobytes > other.kilobytes
        )


def settled_use(pid: int, bound: Use, seconds: float) -> Use:
    """Returns what a daemon uses once it is within a bound, or in the end."""
    deadline = time.monotonic() + seconds
    while True:
        use = Use.of(pid)
        if not use.exceeds(bound) or time.monotonic() > deadline:
            return use
        time.sleep(0.1)


def reap_orphans() -> list[str]:
    """Returns the names of children that are alive, and forgets dead ones."""
    with contextlib.suppress(ChildProcessError):
        while os.waitpid(-1, os.WNOHANG)[0] != 0:
            pass
    return [name_of(child) for child in children_of(os.getpid())]
