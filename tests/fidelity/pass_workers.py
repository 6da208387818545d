#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Checks that the number of pass workers doesn't change the output.

    pass_workers.py DIR... --dissectd=PATH --dissectctl=PATH

Dissects each capture in the folders in two passes, with trees and bytes, by a
dissectd with one pass worker and by one with several. dissectctl must print the
same for both, byte for byte. Exit status: 0 if nothing differs, 1 if something
does, 2 if nothing could be compared.
"""

import argparse
import concurrent.futures
import contextlib
import functools
import os
import pathlib
import shutil
import sys
import tempfile
import time
from collections.abc import Iterator

sys.path.insert(
    0, str(pathlib.Path(__file__).resolve().parent.parent / "running")
)

import cases
import comparison
import daemon
import fidelity
import program_arguments
import programs
import report

PASS_WORKERS = (1, 4)
OPTIONS = ("-2", "-T", "json", "-x")

# Smaller captures have too few frames to need a second pass worker.
LEAST_BYTES = 10_000

SECONDS = 300


def parse_arguments(arguments: list[str]) -> argparse.Namespace:
    parser = program_arguments.new_parser(__doc__)
    parser.add_argument("--only", metavar="GLOB")
    parser.add_argument("--junit", metavar="FILE", help="write results as XML")
    return parser.parse_args(arguments)


@contextlib.contextmanager
def start_daemons(
    arguments: argparse.Namespace, folder: pathlib.Path, place: pathlib.Path
) -> Iterator[list[daemon.Daemon]]:
    with contextlib.ExitStack() as running:
        servers = []
        for pass_workers in PASS_WORKERS:
            # A store has one daemon only.
            store = place / f"store.{pass_workers}"
            shutil.copytree(folder, store)
            server = daemon.Daemon(
                arguments.dissectd,
                arguments.dissectctl,
                store,
                place / str(pass_workers),
                programs.environment_of_both(place / "home"),
                [f"--pass-workers={pass_workers}"],
            )
            running.callback(server.kill)
            servers.append(server)
        yield servers
        for server in servers:
            server.stop()


def compare(
    dissectctl: str,
    servers: list[daemon.Daemon],
    place: pathlib.Path,
    folder: pathlib.Path,
    capture: str,
) -> comparison.Result:
    """Compares the output for both daemons."""
    began = time.monotonic()
    mark = capture.replace("/", "%")
    started = [
        programs.Program(
            [
                dissectctl,
                f"--server={server.address}",
                *("read", capture, *OPTIONS),
            ],
            place / f"{number}.{mark}",
            programs.environment_of_both(place / "home"),
            folder,
        )
        for number, server in enumerate(servers)
    ]
    one, several = (program.finish(SECONDS) for program in started)
    if one.exit_code is None or several.exit_code is None:
        outcome, lines = comparison.Outcome.TIMEOUT, []
    else:
        lines = comparison.compare_runs(cases.Case(""), several, one)
        outcome = (
            comparison.Outcome.DIFFERENT if lines else comparison.Outcome.SAME
        )
    for run in (one, several):
        run.output.unlink()
    return comparison.Result(
        capture,
        f"{PASS_WORKERS[0]} and {PASS_WORKERS[1]} pass workers",
        outcome,
        "\n".join(lines),
        time.monotonic() - began,
    )


def run(arguments: argparse.Namespace) -> int:
    work = [
        (folder.resolve(), capture)
        for folder in arguments.folders
        for capture in fidelity.find_captures(folder, arguments.only)
        if (folder / capture).stat().st_size >= LEAST_BYTES
    ]
    if not work:
        print("no captures", file=sys.stderr)
        return 2
    results = report.Report(len(work))
    for folder in dict.fromkeys(folder for folder, _ in work):
        with (
            tempfile.TemporaryDirectory(prefix="pass_workers.") as scratch,
            start_daemons(arguments, folder, pathlib.Path(scratch)) as servers,
            concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as workers,
        ):
            compare_one = functools.partial(
                compare,
                arguments.dissectctl,
                servers,
                pathlib.Path(scratch),
                folder,
            )
            for result in workers.map(
                compare_one,
                [capture for place, capture in work if place == folder],
            ):
                results.add(result)
    return results.finish("pass_workers", arguments.junit)


if __name__ == "__main__":
    sys.exit(run(parse_arguments(sys.argv[1:])))
