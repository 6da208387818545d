# SPDX-License-Identifier: GPL-2.0-or-later
"""Prepares the input: a large capture, a tenfold one, a small one, and many."""

import concurrent.futures
import dataclasses
import itertools
import os
import pathlib
import shutil
import subprocess

# With fewer frames, programs would spend much of the measured time starting.
MIN_FRAMES = 20_000

# Time between copies of the same packets, so that they don't look repeated.
COPY_SECONDS = 86_400

TENFOLD = 10


class CaptureError(Exception):
    """The captures can't be used as input."""


@dataclasses.dataclass
class Captures:
    """Files in a store, named by their paths in it."""

    store: pathlib.Path
    # One file with all captures of a folder, repeated if they have few frames.
    large: str
    frames: int
    repetitions: int
    # The captures of the folder, as separate files.
    files: list[str]
    # A capture with few packets.
    small: str

    def path(self, name: str) -> str:
        return str(self.store / name)

    def tenfold(self) -> str:
        """Returns a capture with ten times as many frames as the large one."""
        return self.with_frames(TENFOLD * self.frames)

    def with_frames(self, least: int) -> str:
        """Returns a capture with at least this number of frames."""
        times = -(-least // self.frames)
        if times == 1:
            return self.large
        name = f"{times}-fold.pcapng"
        target = self.store / name
        if not target.exists():
            repeat(self.store / self.large, times, target)
        return name


def run_tool(*words: str | pathlib.Path) -> str:
    """Runs one of Wireshark's tools and returns its output."""
    answer = subprocess.run(
        [str(word) for word in words],
        capture_output=True,
        text=True,
        errors="replace",
        check=False,
    )
    if answer.returncode != 0:
        raise CaptureError(answer.stderr.strip() or f"{words[0]} failed")
    return answer.stdout


def can_be_merged(path: pathlib.Path) -> bool:
    """Returns whether a file is a complete capture that pcapng can hold."""
    try:
        run_tool("mergecap", "-w", os.devnull, path)
    except CaptureError:
        return False
    return True


def find_captures(folder: pathlib.Path) -> list[pathlib.Path]:
    """Returns the captures below a folder, sorted by path."""
    files = [path for path in sorted(folder.rglob("*")) if path.is_file()]
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        good = pool.map(can_be_merged, files)
        return list(itertools.compress(files, good))


def count_frames(path: pathlib.Path) -> int:
    return int(run_tool("capinfos", "-rTcM", path).split("\t")[-1])


def repeat(path: pathlib.Path, times: int, target: pathlib.Path) -> None:
    """Writes one file with several copies of a capture, each a day later."""
    copies = [path]
    for number in range(1, times):
        copy = target.with_name(f"{target.name}.{number}")
        shift = str(number * COPY_SECONDS)
        run_tool("editcap", "-t", shift, path, copy)
        copies.append(copy)
    run_tool("mergecap", "-a", "-w", target, *copies)
    for copy in copies[1:]:
        copy.unlink()


def place(source: pathlib.Path, target: pathlib.Path) -> None:
    """Puts a file into the store. The daemon doesn't follow symbolic links."""
    target.parent.mkdir(parents=True, exist_ok=True)
    source = source.resolve()
    try:
        os.link(source, target)
    except OSError:
        shutil.copyfile(source, target)


def prepare(
    folder: pathlib.Path,
    small: pathlib.Path,
    store: pathlib.Path,
    min_frames: int,
) -> Captures:
    """Creates a store with the input."""
    store.mkdir()
    found = find_captures(folder)
    if not found:
        raise CaptureError(f"{folder} has no captures that can be merged")
    files = []
    for path in found:
        name = f"captures/{path.relative_to(folder)}"
        place(path, store / name)
        files.append(name)
    place(small, store / small.name)

    large = store / "all.pcapng"
    run_tool("mergecap", "-a", "-w", large, *found)
    frames = count_frames(large)
    if frames == 0:
        raise CaptureError(f"{folder} has no packets")
    times = max(1, -(-min_frames // frames))
    if times > 1:
        once = large.rename(store / "once.pcapng")
        repeat(once, times, large)
        once.unlink()
    return Captures(store, large.name, times * frames, times, files, small.name)
