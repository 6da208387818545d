#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Compares the reports of `dissectctl tshark -z` with tshark's, byte for byte.

    tshark_statistics.py --dissectd=PATH --dissectctl=PATH [OPTION...] DIR...

For every capture below the folders, makes every report that tshark lists: with
one pass, with two, and with filters. A run makes many reports; if one differs,
each is made alone to find the wrong ones. Standard output, standard error and
exit status must be the same, but for what fidelity.py allows. A tshark that
crashes is reported as ORACLE_DIED, which is no failure. Exit status: 0 if
nothing differs, 1 if something does, 2 if nothing could be compared.
"""

import argparse
import concurrent.futures
import dataclasses
import fnmatch
import pathlib
import shlex
import subprocess
import sys
import tempfile
import time

sys.path.insert(
    0, str(pathlib.Path(__file__).resolve().parent.parent / "running")
)

import cases
import comparison
import fidelity
import folders
import program_arguments
import programs
import report
import statistics_cases

# io,stat of a capture of a year and a half takes tshark more than 15 GB.
_LIMITED = ("prlimit", f"--as={6 << 30}")

# A capture and the reports to make of it.
Work = list[tuple[str, statistics_cases.Batch]]


def parse_arguments(arguments: list[str]) -> argparse.Namespace:
    parser = program_arguments.new_parser(__doc__)
    program_arguments.add_comparison(parser, seconds=300)
    parser.add_argument(
        "--only",
        metavar="GLOB",
        help="only files whose path in the folder, or whose name, matches",
    )
    parser.add_argument(
        "--reports",
        metavar="GLOBS",
        default="*",
        help='only reports that match, such as "conv,*"; blanks separate more',
    )
    size = parser.add_mutually_exclusive_group()
    size.add_argument(
        "--part",
        dest="extent",
        action="store_const",
        const="part",
        help="a fixed sample: some reports of each capture, in one way",
    )
    size.add_argument(
        "--quick",
        dest="extent",
        action="store_const",
        const="quick",
        help="all reports of each capture, each in one way",
    )
    parser.add_argument("--junit", metavar="FILE", help="write results as XML")
    parser.set_defaults(extent="full")
    return parser.parse_args(arguments)


def _help_text(command: list[str], environment: dict[str, str]) -> bytes:
    """Returns what a program says about `-z`."""
    text = subprocess.run(
        [*command, "-z", "help"],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        env=environment,
        check=True,
        timeout=programs.PATIENCE_SECONDS,
    ).stderr
    return programs.TSHARK_ONLY.sub(b"", text)


def report_names(help_text: bytes) -> list[str]:
    """Returns the names that follow the first line."""
    return [line.strip() for line in help_text.decode().splitlines()[1:]]


def _matches(name: str, globs: str) -> bool:
    return any(fnmatch.fnmatch(name, glob) for glob in globs.split())


@dataclasses.dataclass(frozen=True)
class Comparer:
    """Compares both programs on the captures of one folder. Thread-safe."""

    arguments: argparse.Namespace
    address: str
    folder: pathlib.Path
    place: pathlib.Path

    def environment(self) -> dict[str, str]:
        return {
            **programs.environment_of_both(self.place / "home"),
            "DISSECTD_SERVER": self.address,
        }

    def compare(
        self, capture: str, batch: statistics_cases.Batch, number: str
    ) -> list[comparison.Result]:
        """Makes a comparison, whose number must be unique."""
        result = self._compare_once(capture, batch, number)
        if result.outcome is comparison.Outcome.SAME or len(batch.reports) == 1:
            return [result]
        alone = [
            self._compare_once(capture, one, f"{number}.{index}")
            for index, one in enumerate(batch.alone())
        ]
        if any(one.outcome is not comparison.Outcome.SAME for one in alone):
            return alone
        return [result]

    def _compare_once(
        self, capture: str, batch: statistics_cases.Batch, number: str
    ) -> comparison.Result:
        began = time.monotonic()
        words = batch.arguments(capture)
        theirs = self._start(
            [*_LIMITED, self.arguments.tshark, *words], f"{number}.t"
        )
        ours = self._start(
            [self.arguments.dissectctl, "tshark", *words], f"{number}.d"
        )
        our_run = ours.finish(self.arguments.timeout)
        their_run = theirs.finish(self.arguments.timeout)
        outcome, lines = comparison.judge(
            cases.Case(batch.name), our_run, their_run
        )
        our_run.output.unlink()
        their_run.output.unlink()
        details = ""
        if outcome is not comparison.Outcome.SAME:
            details = "\n".join([shlex.join(their_run.command), *lines])
        return comparison.Result(
            capture, batch.name, outcome, details, time.monotonic() - began
        )

    def _start(self, command: list[str], name: str) -> programs.Program:
        return programs.Program(
            command, self.place / name, self.environment(), self.folder
        )

    def compare_names(self) -> comparison.Result:
        """Compares the lists of reports."""
        theirs = _help_text([self.arguments.tshark], self.environment())
        ours = _help_text(
            [self.arguments.dissectctl, "tshark"], self.environment()
        )
        missing = set(report_names(theirs)) - set(report_names(ours))
        more = set(report_names(ours)) - set(report_names(theirs))
        same = ours == theirs
        return comparison.Result(
            str(self.folder),
            "-z help",
            comparison.Outcome.SAME if same else comparison.Outcome.DIFFERENT,
            ""
            if same
            else f"missing: {sorted(missing)}, unknown: {sorted(more)}",
        )


def run_all(comparer: Comparer, work: Work, results: report.Report) -> None:
    results.add(comparer.compare_names())
    workers = comparer.arguments.workers
    with concurrent.futures.ThreadPoolExecutor(workers) as pool:
        running = [
            pool.submit(comparer.compare, capture, batch, str(number))
            for number, (capture, batch) in enumerate(work)
        ]
        try:
            for done in concurrent.futures.as_completed(running):
                for result in done.result():
                    results.add(result)
        except BaseException:
            # Waits for running comparisons, and cancels the others.
            pool.shutdown(wait=False, cancel_futures=True)
            raise


def compare_folder(
    arguments: argparse.Namespace,
    folder: pathlib.Path,
    work: Work,
    results: report.Report,
) -> None:
    """Makes the comparisons with a separate daemon."""
    # The name is short because socket paths are limited to about 100 bytes.
    with tempfile.TemporaryDirectory(prefix="statistics.") as scratch:
        place = pathlib.Path(scratch)
        store = place / "store"
        store.mkdir()
        with folders.running_daemon(
            arguments,
            store,
            place / "daemon",
            programs.environment_of_both(place / "home"),
            2 * arguments.workers + 2,
        ) as server:
            run_all(
                Comparer(arguments, server.address, folder, place),
                work,
                results,
            )


def plan(arguments: argparse.Namespace, folder: pathlib.Path) -> Work:
    """Returns the comparisons for a folder."""
    with tempfile.TemporaryDirectory() as home:
        names = report_names(
            _help_text(
                [arguments.tshark],
                programs.environment_of_both(pathlib.Path(home)),
            )
        )
    wanted = [name for name in names if _matches(name, arguments.reports)]
    return [
        (capture, batch)
        for capture in fidelity.find_captures(folder, arguments.only)
        for batch in statistics_cases.chosen(wanted, capture, arguments.extent)
    ]


def main(arguments: argparse.Namespace) -> int:
    """Makes the comparisons for all folders. Returns the exit status."""
    if not program_arguments.find_programs(arguments):
        return 2
    programs.set_time_zone()
    planned = {
        folder: plan(arguments, folder)
        for folder in (folder.resolve() for folder in arguments.folders)
    }
    return folders.compare_all(arguments, "statistics", planned, compare_folder)


if __name__ == "__main__":
    sys.exit(main(parse_arguments(sys.argv[1:])))
