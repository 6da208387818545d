# SPDX-License-Identifier: GPL-2.0-or-later
"""Looks for what a daemon leaves behind."""

import hashlib
import pathlib
import subprocess
import time

import process_tree
import restartable

# Where engines have their private folders.
_PRIVATE = pathlib.Path("/dev/shm")
# The folder of unfinished uploads.
_PARTS = ".uploads"
_PREFIX = "dissectd-attachments."
_SECONDS = 30
_CUT_SHORT = 2


def mount_private_folders() -> None:
    """Gives this mount namespace an empty /dev/shm, where engines write."""
    subprocess.run(["mount", "-t", "tmpfs", "none", str(_PRIVATE)], check=True)


def _private_folders() -> list[pathlib.Path]:
    return sorted(_PRIVATE.glob(_PREFIX + "*"))


def _names(target: restartable.Server, *command: str) -> list[list[str]]:
    """Returns the rows of a table of dissectctl."""
    run = target.run(*command, "--no-headers")
    if run.returncode != 0:
        raise AssertionError(f"{command} fails: {run.stderr!r}")
    return [line.split() for line in run.stdout.decode().splitlines()]


def _is_note_of(path: pathlib.Path, parts: list[pathlib.Path]) -> bool:
    """Tells whether a file is about the owner of an unfinished upload."""
    uploads = {part.parts[1] for part in parts}
    return path.parts[:2] == (".owners", "uploads") and path.name in uploads


def _fault_of(target: restartable.Server, *command: str) -> list[str]:
    run = target.run(*command)
    if run.returncode == 0:
        return []
    return [f"{command} fails: {run.returncode}, {run.stderr!r}"]


def faults_while_running(
    target: restartable.Server, sent: set[str]
) -> list[str]:
    """Looks for faults, and deletes uploads and captures that calls lost."""
    return [
        *_faults_of_captures(target),
        *_faults_of_uploads(target, sent),
        *_faults_of_private_folders(target),
    ]


def _faults_of_captures(target: restartable.Server) -> list[str]:
    """Captures have ended, and their files can be read."""
    faults: list[str] = []
    deadline = time.monotonic() + _SECONDS
    captures = _names(target, "captures", "list")
    while any("running" in row for row in captures):
        if time.monotonic() > deadline:
            return [f"captures still run: {captures}"]
        time.sleep(0.1)
        captures = _names(target, "captures", "list")
    print(f"{len(captures)} captures of lost calls", flush=True)
    for row in _names(target, "files", "list", "captures/"):
        # dumpcap may have been killed in the middle of a packet.
        run = target.run("read", row[-1], "-T", "fields", "-e", "frame.number")
        empty = b"is empty" in run.stderr
        if run.returncode not in {0, _CUT_SHORT} or (
            run.returncode == _CUT_SHORT
            and b"cut short" not in run.stderr
            and not empty
        ):
            faults.append(f"{row[-1]} can't be read: {run.stderr!r}")
    for row in captures:
        faults += _fault_of(target, "captures", "delete", "--files", row[0])
    return faults


def _faults_of_uploads(target: restartable.Server, sent: set[str]) -> list[str]:
    """What is listed was sent, from the first byte to the last."""
    faults: list[str] = []
    uploads = _names(target, "files", "list", "uploads/")
    print(f"{len(uploads)} uploads of lost calls", flush=True)
    for row in uploads:
        content = target.run("files", "download", row[-1]).stdout
        if hashlib.sha256(content).hexdigest() not in sent:
            faults.append(f"{row[-1]} isn't what was sent")
        faults += _fault_of(target, "files", "delete", row[-1])
    return faults


def _faults_of_private_folders(target: restartable.Server) -> list[str]:
    """There is only the folder of the engine, and it is empty."""
    # An engine makes it when it starts.
    folders = _private_folders()
    faults = [] if len(folders) == 1 else [f"private folders: {folders}"]
    alive = {str(pid) for pid in process_tree.descendants_of(target.pid)}
    for folder in folders:
        faults += [
            f"left by a worker: {path}"
            for path in folder.iterdir()
            if path.name not in alive
        ]
    return faults


def faults_after_the_end(
    target: restartable.Server, lost_uploads: int
) -> list[str]:
    """Looks for faults when the daemon has ended.

    It keeps uploads that were cut off for a day, as clients may continue them.
    """
    deadline = time.monotonic() + _SECONDS
    while orphans := process_tree.reap_orphans():
        if time.monotonic() > deadline:
            return [f"processes are left: {orphans}"]
        time.sleep(0.1)
    faults = [f"a private folder is left: {f}" for f in _private_folders()]
    left = [
        path.relative_to(target.store)
        for path in target.files()
        if path not in target.given
    ]
    parts = [path for path in left if path.parts[0] == _PARTS]
    if len(parts) > lost_uploads:
        faults.append(f"{len(parts)} uploads aren't finished: {parts}")
    # Their owners are noted.
    parts += [path for path in left if _is_note_of(path, parts)]
    faults += [f"the store keeps {path}" for path in left if path not in parts]
    return faults
