# SPDX-License-Identifier: GPL-2.0-or-later
"""Compares captures folder by folder, each with a separate daemon."""

import argparse
import collections.abc
import contextlib
import pathlib
import sys
import typing

import daemon
import report

# What is compared: a capture, or a capture and how.
Item = typing.TypeVar("Item")


@contextlib.contextmanager
def running_daemon(
    arguments: argparse.Namespace,
    store: pathlib.Path,
    place: pathlib.Path,
    environment: dict[str, str],
    workers: int,
) -> collections.abc.Iterator[daemon.Daemon]:
    """Runs a daemon whose files are in a place of its own.

    Fails with the reason if the daemon has died at the end.
    """
    server = daemon.Daemon(
        arguments.dissectd,
        arguments.dissectctl,
        store,
        place,
        environment,
        [
            *(f"--engine={path}" for path in arguments.engine),
            f"--max-workers={workers}",
            f"--max-workers-per-principal={workers}",
        ],
    )
    try:
        yield server
        server.stop()
    finally:
        server.kill()


def compare_all(
    arguments: argparse.Namespace,
    title: str,
    planned: dict[pathlib.Path, list[Item]],
    compare_folder: collections.abc.Callable[
        [argparse.Namespace, pathlib.Path, list[Item], report.Report], None
    ],
) -> int:
    """Makes the comparisons of all folders. Returns the exit status."""
    total = sum(len(items) for items in planned.values())
    if total == 0:
        print("There is nothing to compare.", file=sys.stderr)
        return 2
    results = report.Report(total)
    for folder, items in planned.items():
        compare_folder(arguments, folder, items, results)
    return results.finish(title, arguments.junit)
