#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Compares `dissectctl capinfos` with capinfos, byte for byte, on folders.

    capinfos.py --dissectd=PATH --dissectctl=PATH [OPTION...] DIR...

The options, the allowances and the exit status are those of fidelity.py;
--tshark names the capinfos to compare with.
"""

import argparse
import dataclasses
import pathlib
import sys

sys.path.insert(
    0, str(pathlib.Path(__file__).resolve().parent.parent / "running")
)

import cases
import fidelity


@dataclasses.dataclass(frozen=True)
class CapinfosCase(cases.Case):
    """Options of capinfos to compare."""

    # Further captures to pass after the first.
    more: tuple[str, ...] = ()

    def for_tshark(self, capture: str) -> list[str]:
        return [*self.options, capture, *self.more]

    def for_dissectctl(self, capture: str) -> list[str]:
        both = self.for_tshark(capture)
        return ["capinfos", *self.dissectctl_options, *both]


# Options that select properties, combined with those that set the format.
SELECTIONS = (
    *("", "-t", "-E", "-I", "-F", "-H", "-k", "-c", "-s", "-d", "-l", "-u"),
    *("-a", "-e", "-o", "-y", "-i", "-z", "-x", "-n", "-D", "-nD", "-K"),
    *("-tEc", "-aeS", "-A -c", "-c -A", "-c -k -K", "-K -k -F", "-cdsl"),
)
FORMATS = ("-M", "-S", "-M -S", "-T", "-T -M", "-T -S")
TABLES = (
    *("-T -m", "-T -b", "-T -q", "-T -Q -m", "-T -r", "-T -r -R", "-T -L"),
    *("-T -m -B -Q -N", "-T -Q -c -d", "-TmQrc", "-T -K", "-T -l -H"),
)


def every_way() -> list[cases.Case]:
    """Returns the cases for every capture."""
    ways = (SELECTIONS, FORMATS, TABLES)
    names = [name for way in ways for name in way]
    names += [f"{f} -{letter}" for f in ("-M", "-T") for letter in "cuyix"]
    return [CapinfosCase(name, tuple(name.split())) for name in names]


def main_ways() -> list[cases.Case]:
    """Returns a few cases that together print every property."""
    names = ("", "-M -S", "-T -Q", "-T -M -S -m", "-c")
    return [CapinfosCase(name, tuple(name.split())) for name in names]


def plan(arguments: argparse.Namespace, folder: pathlib.Path) -> fidelity.Work:
    """Returns the comparisons for a folder."""
    ways = every_way()
    work: fidelity.Work = []
    for capture in fidelity.find_captures(folder, arguments.only):
        chosen = cases.part(ways, capture) if arguments.part else ways
        work += [(capture, case) for case in chosen]
    return work


def parse_arguments(arguments: list[str]) -> argparse.Namespace:
    return fidelity.parse_arguments(["--tshark=capinfos", *arguments])


if __name__ == "__main__":
    sys.exit(fidelity.main(parse_arguments(sys.argv[1:]), plan))
