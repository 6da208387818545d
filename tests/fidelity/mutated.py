#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Compares dissectctl with tshark on captures that are damaged at random.

    ./dev mutate [SECONDS] DIR...

Makes captures as Wireshark's fuzz test does: random packets of every type
that randpkt knows, and the captures below the folders with 1, 2 or 5 % of their
bytes changed (`editcap -E`). Runs `tshark -V` and `dissectctl read -V` on each,
with one pass or two, and compares frame by frame. Without --seconds, makes each
kind of damage to each capture once.

Where tshark dies, there is nothing to compare after the last whole frame that
it has printed; dissectctl must still end with an exit status that it documents.
If tshark prints something else the next time, nothing is compared. Captures
with a difference are kept in the folder given by --keep.

Exit status: 0 if nothing is wrong, 1 if something is, 2 if nothing could be
compared.
"""

import argparse
import collections
import collections.abc
import concurrent.futures
import dataclasses
import itertools
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import threading
import time

sys.path.insert(
    0, str(pathlib.Path(__file__).resolve().parent.parent / "running")
)

import daemon
import fidelity
import program_arguments
import programs

PERCENTS = (1, 2, 5)
PASSES: tuple[tuple[str, ...], ...] = ((), ("-2",))

# The exit statuses of dissectctl that tell of a failure with a reason.
_TYPED = (0, 2, 3)
_FRAME = re.compile(rb"^Frame (\d+): ", re.MULTILINE)
_WORKER_DIED = re.compile(rb"\ba (?:pass )?worker was ended by ")
_RANDPKT_TYPE = re.compile(r"^\t(\S+)", re.MULTILINE)
_MAKE_SECONDS = 60


@dataclasses.dataclass(frozen=True)
class Mutation:
    """A capture to make: a program's arguments without the output's name."""

    name: str
    command: tuple[str, ...]
    options: tuple[str, ...]


@dataclasses.dataclass
class Outcome:
    """What was found in one capture, or in all of them."""

    captures: int = 0
    frames: int = 0
    tshark_died: int = 0
    tshark_slow: int = 0
    tshark_unstable: int = 0
    streams_lost: int = 0
    wrong_frames: int = 0

    def add(self, other: "Outcome") -> None:
        for field in dataclasses.fields(self):
            total = getattr(self, field.name) + getattr(other, field.name)
            setattr(self, field.name, total)


def parse_arguments(arguments: list[str]) -> argparse.Namespace:
    parser = program_arguments.new_parser(__doc__)
    program_arguments.add_comparison(parser, seconds=120)
    parser.add_argument(
        "--seconds",
        type=float,
        default=0,
        help="go on with other seeds for this time; 0: one round",
    )
    parser.add_argument(
        "--seed", type=int, default=1, help="the first seed (%(default)s)"
    )
    parser.add_argument(
        "--frames",
        type=int,
        default=200,
        help="the most frames of a capture (%(default)s)",
    )
    parser.add_argument("--keep", metavar="DIR", type=pathlib.Path)
    return parser.parse_args(arguments)


def randpkt_types() -> list[str]:
    """Returns the types of packets that randpkt makes."""
    help_text = subprocess.run(
        ["randpkt", "-h"], capture_output=True, text=True, check=False
    )
    return _RANDPKT_TYPE.findall(help_text.stdout + help_text.stderr)


def one_round(
    captures: list[pathlib.Path], frames: int, seed: int
) -> collections.abc.Iterator[Mutation]:
    """Yields each kind of damage once, with this seed."""
    passes = itertools.cycle(PASSES)
    for kind in randpkt_types():
        yield Mutation(
            f"randpkt {kind}",
            ("randpkt", "-c", str(frames), "-t", kind),
            next(passes),
        )
    for capture in captures:
        for percent in PERCENTS:
            yield Mutation(
                f"{capture.name}, {percent} %, seed {seed}",
                (
                    *("editcap", "-E", str(percent / 100)),
                    *("--seed", str(seed), "-r", str(capture)),
                ),
                next(passes),
            )


def all_rounds(
    arguments: argparse.Namespace,
) -> collections.abc.Iterator[Mutation]:
    captures = [
        folder.resolve() / name
        for folder in arguments.folders
        for name in fidelity.find_captures(folder, None)
    ]
    end = time.monotonic() + arguments.seconds
    for seed in itertools.count(arguments.seed):
        for mutation in one_round(captures, arguments.frames, seed):
            if arguments.seconds and time.monotonic() >= end:
                return
            yield mutation
        if not arguments.seconds:
            return


def split_frames(output: bytes) -> dict[int, bytes]:
    """Returns the text of each frame by its number."""
    starts = list(_FRAME.finditer(output))
    if not starts:
        return {}
    ends = [start.start() for start in starts[1:]] + [len(output)]
    return {
        int(start[1]): output[start.start() : end]
        for start, end in zip(starts, ends, strict=True)
    }


def wrong_frames(
    ours: dict[int, bytes], theirs: dict[int, bytes], whole: bool
) -> list[int]:
    """Returns the numbers of the frames that aren't tshark's.

    If tshark's output isn't whole, its last frame may be cut short, and ours
    has further ones.
    """
    numbers = set(theirs)
    if whole:
        numbers |= set(ours)
    elif numbers:
        numbers.remove(max(numbers))
    return sorted(n for n in numbers if ours.get(n) != theirs.get(n))


class Comparer:
    """Makes damaged captures and compares both programs. Thread-safe."""

    def __init__(
        self, arguments: argparse.Namespace, address: str, place: pathlib.Path
    ) -> None:
        self._arguments = arguments
        self._address = address
        self._store = place / "store"
        self._work = place
        self._lock = threading.Lock()
        self._number = 0

    def compare(self, mutation: Mutation) -> Outcome:
        with self._lock:
            self._number += 1
            name = f"{self._number}.pcapng"
        capture = self._store / name
        if not self._make(mutation, capture):
            return Outcome()
        try:
            outcome = self._compare(mutation, name)
            if outcome.streams_lost or outcome.wrong_frames:
                self._keep(capture)
        finally:
            capture.unlink()
        return outcome

    def _make(self, mutation: Mutation, capture: pathlib.Path) -> bool:
        command = [*mutation.command, str(capture)]
        if mutation.command[0] == "editcap":
            command.append(f"1-{self._arguments.frames}")
        made = subprocess.run(
            command,
            capture_output=True,
            timeout=_MAKE_SECONDS,
            check=False,
        )
        # Captures that can't be read to their end are made all the same.
        if not capture.exists():
            return False
        if made.returncode != 0 and capture.stat().st_size == 0:
            capture.unlink()
            return False
        return True

    def _keep(self, capture: pathlib.Path) -> None:
        if self._arguments.keep is not None:
            self._arguments.keep.mkdir(parents=True, exist_ok=True)
            shutil.copy(capture, self._arguments.keep)

    def _run(self, command: list[str], name: str) -> tuple[programs.Run, bytes]:
        program = programs.Program(
            command,
            self._work / name,
            programs.environment_of_both(self._work / "home"),
            self._store,
        )
        run = program.finish(self._arguments.timeout)
        output = run.output.read_bytes()
        run.output.unlink()
        return run, programs.without_tries(output)

    def _run_tshark(
        self, mutation: Mutation, name: str
    ) -> tuple[programs.Run, bytes]:
        tshark = self._arguments.tshark
        command = [tshark, "-r", name, *mutation.options, "-V"]
        return self._run(command, f"{name}.tshark")

    def _compare(self, mutation: Mutation, name: str) -> Outcome:
        theirs, their_output = self._run_tshark(mutation, name)
        ours, our_output = self._run(
            [
                *(self._arguments.dissectctl, f"--server={self._address}"),
                *("read", name, *mutation.options, "-V"),
            ],
            f"{name}.dissectctl",
        )
        our_frames = split_frames(our_output)
        outcome = Outcome(captures=1, frames=len(our_frames))
        if theirs.exit_code is None:
            outcome.tshark_slow = 1
            return outcome
        outcome.tshark_died = int(theirs.died)
        expected = _TYPED if theirs.died else (theirs.exit_code,)
        wrong = wrong_frames(
            our_frames, split_frames(their_output), whole=not theirs.died
        )
        lost = ours.exit_code not in expected
        if (lost or wrong) and not theirs.died:
            _, again = self._run_tshark(mutation, name)
            if again != their_output:
                outcome.tshark_unstable = 1
                return outcome
        outcome.streams_lost = int(lost)
        outcome.wrong_frames = len(wrong)
        if lost or wrong:
            self._report(mutation, name, ours, theirs, wrong)
        return outcome

    def _report(
        self,
        mutation: Mutation,
        name: str,
        ours: programs.Run,
        theirs: programs.Run,
        wrong: list[int],
    ) -> None:
        with self._lock:
            print(
                f"{name} ({mutation.name} {' '.join(mutation.options)}): "
                f"tshark {theirs.outcome()}, dissectctl {ours.outcome()}, "
                f"wrong frames {wrong}\n"
                f"{ours.stderr.decode(errors='replace')}",
                flush=True,
            )


def compare_all(arguments: argparse.Namespace, comparer: Comparer) -> Outcome:
    """Compares until there are no more mutations."""
    total = Outcome()
    mutations = all_rounds(arguments)
    with concurrent.futures.ThreadPoolExecutor(arguments.workers) as workers:
        running = collections.deque(
            workers.submit(comparer.compare, mutation)
            for mutation in itertools.islice(mutations, 2 * arguments.workers)
        )
        while running:
            total.add(running.popleft().result())
            for mutation in itertools.islice(mutations, 1):
                running.append(workers.submit(comparer.compare, mutation))
    return total


def run(arguments: argparse.Namespace) -> int:
    """Makes all comparisons and prints the figures. Returns the exit status."""
    daemon_deaths = 0
    total = Outcome()
    with tempfile.TemporaryDirectory(prefix="mutated.") as scratch:
        place = pathlib.Path(scratch)
        (place / "store").mkdir()
        server = daemon.Daemon(
            arguments.dissectd,
            arguments.dissectctl,
            place / "store",
            place,
            programs.environment_of_both(place / "home"),
            [f"--max-workers={2 * arguments.workers + 2}"],
        )
        try:
            comparer = Comparer(arguments, server.address, place)
            total = compare_all(arguments, comparer)
            server.stop()
        except daemon.DaemonError as problem:
            print(problem)
            daemon_deaths = 1
        finally:
            server.kill()
        log = (place / "dissectd.log").read_bytes()
    print(
        f"{total.captures} captures, {total.frames} frames, "
        f"{len(_WORKER_DIED.findall(log))} workers died, "
        f"{daemon_deaths} daemon deaths, {total.streams_lost} streams lost, "
        f"{total.wrong_frames} wrong frames; tshark died {total.tshark_died} "
        f"times, took too long {total.tshark_slow} times, and contradicted "
        f"itself {total.tshark_unstable} times"
    )
    if total.captures == 0:
        return 2
    return int(daemon_deaths + total.streams_lost + total.wrong_frames != 0)


def main(arguments: argparse.Namespace) -> int:
    """Makes the comparisons. Returns the exit status."""
    if not program_arguments.find_programs(arguments):
        return 2
    return run(arguments)


if __name__ == "__main__":
    sys.exit(main(parse_arguments(sys.argv[1:])))
