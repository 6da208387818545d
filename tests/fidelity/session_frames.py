#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Compares frames of sessions, asked for in any order, with `tshark -2 -V -x`.

    session_frames.py --dissectd=PATH --dissectctl=PATH [OPTION...] DIR...

Opens a session of each capture below the folders, and asks for its frames in a
shuffled order with several clients at once. The details and bytes of each must
be those that tshark prints for it, byte for byte. Exit status: 0 if nothing
differs, 1 if something does, 2 if nothing could be compared.
"""

import argparse
import concurrent.futures
import dataclasses
import hashlib
import pathlib
import random
import re
import sys
import tempfile
import time

sys.path.insert(
    0, str(pathlib.Path(__file__).resolve().parent.parent / "running")
)

import comparison
import difference
import fidelity
import folders
import program_arguments
import programs
import report

# What is printed of each frame.
DETAILS = ("-V", "-x")

# The clients that ask for frames of one session at a time.
CLIENTS = 3

# A client asks for at most this many frames, as command lines have a limit.
FRAMES_OF_A_CLIENT = 5000

# With --part: one capture in PART, and of each at most PART_FRAMES frames.
PART = 4
PART_FRAMES = 100


def parse_arguments(arguments: list[str]) -> argparse.Namespace:
    parser = program_arguments.new_parser(__doc__)
    program_arguments.add_comparison(parser, seconds=900)
    parser.add_argument(
        "--only",
        metavar="GLOB",
        help="only files whose path in the folder, or whose name, matches",
    )
    parser.add_argument(
        "--part",
        action="store_true",
        help=f"a fixed sample: one capture in {PART}, and at most "
        f"{PART_FRAMES} frames of it, the last one among them",
    )
    parser.add_argument(
        "--seed",
        type=int,
        metavar="N",
        help="repeats the order of the run that printed this number",
    )
    parser.add_argument("--junit", metavar="FILE", help="write results as XML")
    return parser.parse_args(arguments)


def _beginning(number: int) -> re.Pattern[bytes]:
    """Returns how the text of a frame begins: with its comments, if any."""
    return re.compile(
        rb"^(?:Packet comments\n(?:.*\n)*?)?Frame %d: " % number, re.MULTILINE
    )


def split(output: bytes, numbers: list[int]) -> dict[int, bytes]:
    """Returns what was printed of each frame, if these follow one another.

    The last frames may be missing.
    """
    found: dict[int, bytes] = {}
    start = 0
    for index, number in enumerate(numbers):
        if not _beginning(number).match(output, start):
            break
        end = len(output)
        if index + 1 < len(numbers):
            following = _beginning(numbers[index + 1]).search(output, start + 1)
            end = following.start() if following else end
        found[number] = output[start:end]
        start = end
    return found


def frames_of(output: bytes) -> dict[int, bytes]:
    """Returns what tshark has printed of each frame of a capture."""
    # No line of another kind begins like that.
    most = output.count(b"\nFrame ") + 1
    return split(output, list(range(1, most + 1)))


def describe(number: int, ours: bytes | None, theirs: bytes) -> str:
    """Returns how a frame differs; empty if it doesn't."""
    if ours is None:
        return f"frame {number} is missing"
    found = difference.compare_bytes(ours, theirs)
    return f"frame {number} differs, {found}" if found else ""


@dataclasses.dataclass(frozen=True)
class Comparer:
    """Compares sessions of the captures of one folder. Thread-safe."""

    arguments: argparse.Namespace
    address: str
    folder: pathlib.Path
    place: pathlib.Path

    def compare(self, capture: str) -> comparison.Result:
        began = time.monotonic()
        name = hashlib.sha256(capture.encode()).hexdigest()
        outcome, lines = self._judge(capture, name)
        return comparison.Result(
            capture,
            "frames of a session",
            outcome,
            "\n".join(lines),
            time.monotonic() - began,
        )

    def _judge(
        self, capture: str, name: str
    ) -> tuple[comparison.Outcome, list[str]]:
        command = [self.arguments.tshark, "-2", "-r", capture, *DETAILS]
        theirs = self._run(command, f"{name}.tshark")
        text = theirs.output.read_bytes()
        theirs.output.unlink()
        if theirs.died:
            return comparison.Outcome.ORACLE_DIED, [theirs.outcome()]
        if theirs.exit_code is None:
            return comparison.Outcome.ORACLE_TIMEOUT, [theirs.outcome()]
        opened = self._run(self._session("open", capture), f"{name}.open")
        session = opened.output.read_text().strip()
        opened.output.unlink()
        if opened.exit_code != theirs.exit_code:
            return comparison.Outcome.DIFFERENT, [
                f"tshark {theirs.outcome()}, session open {opened.outcome()}",
                opened.stderr.decode(errors="replace"),
            ]
        if not session:
            return comparison.Outcome.SAME, []
        lines = self._compare_frames(session, frames_of(text), name)
        closed = self._run(self._session("close", session), f"{name}.close")
        closed.output.unlink()
        if closed.exit_code != 0:
            lines.append(f"session close {closed.outcome()}")
        return (
            comparison.Outcome.DIFFERENT if lines else comparison.Outcome.SAME
        ), lines

    def _session(self, *words: str) -> list[str]:
        return [self.arguments.dissectctl, "session", *words]

    def _chosen(self, frames: dict[int, bytes], name: str) -> list[int]:
        """Returns the frames to ask for, shuffled."""
        numbers = list(frames)
        order = random.Random(f"{self.arguments.seed} {name}")
        if self.arguments.part and len(numbers) > PART_FRAMES:
            numbers = [
                *order.sample(numbers[:-1], PART_FRAMES - 1),
                numbers[-1],
            ]
        order.shuffle(numbers)
        return numbers

    def _compare_frames(
        self, session: str, frames: dict[int, bytes], name: str
    ) -> list[str]:
        """Returns a description of what differs."""
        numbers = self._chosen(frames, name)
        clients = max(CLIENTS, -(-len(numbers) // FRAMES_OF_A_CLIENT))
        shares = [numbers[client::clients] for client in range(clients)]
        with concurrent.futures.ThreadPoolExecutor(CLIENTS) as asking:
            answers = asking.map(
                lambda client: self._ask(
                    session, shares[client], f"{name}.{client}"
                ),
                [client for client in range(clients) if shares[client]],
            )
            lines = [
                line
                for answer in answers
                for line in self._wrong(answer, frames)
            ]
        # One more than there are must be refused.
        beyond = self._run(
            [self.arguments.dissectctl, "frame", session, str(len(frames) + 1)],
            f"{name}.beyond",
        )
        beyond.output.unlink()
        if beyond.exit_code == 0:
            lines.append(f"there is a frame after {len(frames)}")
        return lines

    def _ask(
        self, session: str, numbers: list[int], name: str
    ) -> tuple[list[int], bytes, str]:
        """Returns the numbers, what was printed, and how the program failed."""
        run = self._run(
            [
                *(self.arguments.dissectctl, "frame", session, *DETAILS),
                *map(str, numbers),
            ],
            name,
        )
        text = run.output.read_bytes()
        run.output.unlink()
        failure = ""
        if run.exit_code != 0 or run.stderr:
            failure = f"{run.outcome()}: {run.stderr.decode(errors='replace')}"
        return numbers, text, failure

    @staticmethod
    def _wrong(
        answer: tuple[list[int], bytes, str], frames: dict[int, bytes]
    ) -> list[str]:
        numbers, text, failure = answer
        ours = split(text, numbers)
        lines = [
            found
            for number in numbers
            if (found := describe(number, ours.get(number), frames[number]))
        ]
        return [failure, *lines] if failure else lines

    def _run(self, command: list[str], name: str) -> programs.Run:
        environment = {
            **programs.environment_of_both(self.place / "home"),
            "DISSECTD_SERVER": self.address,
        }
        return programs.Program(
            command, self.place / name, environment, self.folder
        ).finish(self.arguments.timeout)


def compare_folder(
    arguments: argparse.Namespace,
    folder: pathlib.Path,
    captures: list[str],
    results: report.Report,
) -> None:
    """Makes the comparisons with a separate daemon."""
    # The name is short because socket paths are limited to about 100 bytes.
    with tempfile.TemporaryDirectory(prefix="sessions.") as scratch:
        place = pathlib.Path(scratch)
        # Processes that have answered may not have ended yet.
        workers = 8 * (CLIENTS + 1) * arguments.workers
        with folders.running_daemon(
            arguments,
            folder,
            place / "daemon",
            programs.environment_of_both(place / "home"),
            workers,
        ) as server:
            comparer = Comparer(arguments, server.address, folder, place)
            with concurrent.futures.ThreadPoolExecutor(
                arguments.workers
            ) as pool:
                for result in pool.map(comparer.compare, captures):
                    results.add(result)


def _is_in_part(capture: str) -> bool:
    return hashlib.sha256(capture.encode()).digest()[0] % PART == 0


def main(arguments: argparse.Namespace) -> int:
    """Makes the comparisons for all folders. Returns the exit status."""
    if not program_arguments.find_programs(arguments):
        return 2
    if arguments.seed is None:
        arguments.seed = random.SystemRandom().randrange(1 << 32)
    print(f"--seed={arguments.seed}", flush=True)
    programs.set_time_zone()
    planned = {
        folder: [
            capture
            for capture in fidelity.find_captures(folder, arguments.only)
            if not arguments.part or _is_in_part(capture)
        ]
        for folder in (folder.resolve() for folder in arguments.folders)
    }
    return folders.compare_all(
        arguments, "session frames", planned, compare_folder
    )


if __name__ == "__main__":
    sys.exit(main(parse_arguments(sys.argv[1:])))
