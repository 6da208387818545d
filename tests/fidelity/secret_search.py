# SPDX-License-Identifier: GPL-2.0-or-later
"""Looks for a secret in the files and processes of a daemon."""

import collections.abc
import os
import pathlib

# The folders where programs leave things behind.
SHARED_FOLDERS = (
    "/tmp",
    "/var/tmp",
    "/var/crash",
    "/var/lib/systemd/coredump",
    "/dev/shm",
    "/run/user",
)
_PIECE_BYTES = 1 << 20


def files_with(
    secrets: collections.abc.Sequence[bytes],
    folders: collections.abc.Iterable[pathlib.Path],
    since: float,
    but: pathlib.Path,
) -> list[str]:
    """Returns the files written since a time that have one of the secrets.

    Leaves out those below `but`.
    """
    found = set()
    for path in _files_below(folders, but):
        try:
            if path.stat().st_mtime > since - 2 and _has(path, secrets):
                found.add(str(path))
        except OSError:
            # Other programs use these folders as well.
            continue
    return sorted(found)


def _files_below(
    folders: collections.abc.Iterable[pathlib.Path], but: pathlib.Path
) -> collections.abc.Iterator[pathlib.Path]:
    for folder in folders:
        for parent, children, names in os.walk(folder):
            place = pathlib.Path(parent)
            children[:] = [name for name in children if place / name != but]
            for name in names:
                path = place / name
                if path.is_file() and not path.is_symlink():
                    yield path


def _has(path: pathlib.Path, secrets: collections.abc.Sequence[bytes]) -> bool:
    """Searches a file in pieces that overlap, up to its present end."""
    longest = max(len(secret) for secret in secrets)
    before = b""
    with open(path, "rb") as file:
        left = os.fstat(file.fileno()).st_size
        while left > 0 and (piece := file.read(min(left, _PIECE_BYTES))):
            left -= len(piece)
            text = before + piece
            if any(secret in text for secret in secrets):
                return True
            before = text[-longest:]
    return False


def children_of(pid: int) -> list[int]:
    """Returns the ids of all processes below a process."""
    found = []
    for path in pathlib.Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = path.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        if int(fields[1]) == pid:
            child = int(path.parent.name)
            found += [child, *children_of(child)]
    return found


def processes_with(
    secrets: collections.abc.Sequence[bytes], daemon: int
) -> list[int]:
    """Returns the daemon's processes that have a secret in a memory file."""
    return [
        pid for pid in children_of(daemon) if _has_in_memory_file(pid, secrets)
    ]


def _has_in_memory_file(
    pid: int, secrets: collections.abc.Sequence[bytes]
) -> bool:
    for link in pathlib.Path(f"/proc/{pid}/fd").glob("*"):
        try:
            if str(link.readlink()).startswith("/memfd:") and _has(
                link, secrets
            ):
                return True
        except OSError:
            continue
    return False


def is_alive(pid: int) -> bool:
    """Returns whether a process has neither ended nor become a zombie."""
    try:
        state = pathlib.Path(f"/proc/{pid}/stat").read_text()
    except OSError:
        return False
    return state.rpartition(")")[2].split()[0] != "Z"
