#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Compares dissectctl with tshark, byte for byte, on folders of captures.

    ./dev fidelity DIR...

For every capture below the folders and each output format, runs `tshark -r`
and `dissectctl read` with a separate dissectd: with one pass, with two, and
with a display filter. Standard output, exit code and standard error must be the
same. The only allowances are:

  - PDML and PSML name the program that wrote them (creator="…").
  - PDML has the time of writing, which must be while the program ran.
  - Messages name the program.
  - Only tshark warns that it runs as root, and prints libwireshark's log,
    with times and process ids, among its messages.

Every difference is reported with both command lines. A tshark that crashes is
reported as ORACLE_DIED, which is no failure. Exit status: 0 if nothing differs,
1 if something does, 2 if nothing could be compared.
"""

import argparse
import collections.abc
import concurrent.futures
import fnmatch
import pathlib
import sys
import tempfile
import time

sys.path.insert(
    0, str(pathlib.Path(__file__).resolve().parent.parent / "running")
)

import cases
import comparison
import daemon
import folders
import program_arguments
import programs
import report

CAPTURE_SUFFIXES = (".pcap", ".pcapng", ".cap", ".dmp", ".ntar", ".snoop")
COMPRESSED_SUFFIXES = (".gz", ".zst", ".lz4")

Work = list[tuple[str, cases.Case]]


def parse_arguments(arguments: list[str]) -> argparse.Namespace:
    parser = program_arguments.new_parser(__doc__)
    program_arguments.add_comparison(parser, seconds=300)
    parser.add_argument(
        "--formats",
        default=",".join(cases.FORMATS),
        help="only these, joined by commas (%(default)s)",
    )
    parser.add_argument(
        "--only",
        metavar="GLOB",
        help="only files whose path in the folder, or whose name, matches",
    )
    size = parser.add_mutually_exclusive_group()
    size.add_argument(
        "--part",
        action="store_true",
        help="a fixed sample: one case a capture",
    )
    size.add_argument(
        "--full", action="store_true", help="all cases (the default)"
    )
    parser.add_argument("--junit", metavar="FILE", help="write results as XML")
    parsed = parser.parse_args(arguments)
    parsed.formats = parsed.formats.split(",")
    unknown = set(parsed.formats) - set(cases.FORMATS)
    if unknown:
        parser.error(f"unknown formats: {', '.join(sorted(unknown))}")
    return parsed


def is_capture(path: pathlib.Path) -> bool:
    suffixes = path.suffixes
    if suffixes and suffixes[-1] in COMPRESSED_SUFFIXES:
        suffixes.pop()
    return bool(suffixes) and suffixes[-1] in CAPTURE_SUFFIXES


def find_captures(folder: pathlib.Path, only: str | None) -> list[str]:
    """Returns the paths of a folder's captures, relative to the folder."""
    found = []
    for path in sorted(folder.rglob("*")):
        name = str(path.relative_to(folder))
        if not path.is_file() or path.is_symlink():
            continue
        if only is None:
            if is_capture(path):
                found.append(name)
        elif fnmatch.fnmatch(name, only) or fnmatch.fnmatch(path.name, only):
            found.append(name)
    return found


def plan(arguments: argparse.Namespace, folder: pathlib.Path) -> Work:
    """Returns the comparisons for a folder."""
    all_cases = cases.matrix(arguments.formats)
    work = []
    for capture in find_captures(folder, arguments.only):
        chosen = all_cases
        if arguments.part:
            chosen = cases.part(all_cases, capture)
        work += [(capture, case) for case in chosen]
    return work


def compare_folder(
    arguments: argparse.Namespace,
    folder: pathlib.Path,
    work: Work,
    results: report.Report,
) -> None:
    """Makes the comparisons with a separate daemon."""
    # The name is short because socket paths are limited to about 100 bytes.
    with tempfile.TemporaryDirectory(prefix="fidelity.") as scratch:
        place = pathlib.Path(scratch)
        began = time.monotonic()
        error = ""
        try:
            # Workers of aborted runs may not have ended yet.
            with folders.running_daemon(
                arguments,
                folder,
                place,
                programs.environment_of_both(place / "home"),
                2 * arguments.workers + 2,
            ) as server:
                run_all(arguments, folder, work, results, place, server)
        except (daemon.DaemonError, OSError) as problem:
            error = str(problem)
        results.add(
            comparison.Result(
                str(folder),
                "dissectd starts, lasts and ends",
                comparison.Outcome.DIFFERENT
                if error
                else comparison.Outcome.SAME,
                error,
                time.monotonic() - began,
            )
        )


def run_all(
    arguments: argparse.Namespace,
    folder: pathlib.Path,
    work: Work,
    results: report.Report,
    scratch: pathlib.Path,
    server: daemon.Daemon,
) -> None:
    comparer = comparison.Comparer(
        arguments.tshark,
        arguments.dissectctl,
        server.address,
        folder,
        scratch,
        arguments.timeout,
    )
    with concurrent.futures.ThreadPoolExecutor(arguments.workers) as workers:
        running = [
            workers.submit(comparer.compare, capture, case, number)
            for number, (capture, case) in enumerate(work)
        ]
        try:
            for done in concurrent.futures.as_completed(running):
                results.add(done.result())
        except BaseException:
            # Waits for running comparisons, and cancels the others.
            workers.shutdown(wait=False, cancel_futures=True)
            raise


def run(
    arguments: argparse.Namespace, planned: dict[pathlib.Path, Work]
) -> int:
    """Makes all comparisons. Returns the exit status."""
    programs.set_time_zone()
    total = sum(len(work) for work in planned.values())
    results = report.Report(total)
    for folder, work in planned.items():
        if work:
            compare_folder(arguments, folder, work, results)
    status = results.finish("fidelity", arguments.junit)
    if total == 0:
        print("There are no captures.", file=sys.stderr)
        return 2
    return status


def main(
    arguments: argparse.Namespace,
    plan_folder: collections.abc.Callable[
        [argparse.Namespace, pathlib.Path], Work
    ],
) -> int:
    """Makes the comparisons for all folders. Returns the exit status."""
    if not program_arguments.find_programs(arguments):
        return 2
    folders = [folder.resolve() for folder in arguments.folders]
    return run(arguments, {f: plan_folder(arguments, f) for f in folders})


if __name__ == "__main__":
    sys.exit(main(parse_arguments(sys.argv[1:]), plan))
