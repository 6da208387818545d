# SPDX-License-Identifier: GPL-2.0-or-later
"""The command line that the programs of this folder share."""

import argparse
import os
import pathlib
import shutil
import sys


def new_parser(description: str | None) -> argparse.ArgumentParser:
    """Returns a parser for the folders of captures and dissectd's programs."""
    parser = argparse.ArgumentParser(
        description=description,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("folders", nargs="+", metavar="DIR", type=pathlib.Path)
    parser.add_argument("--dissectd", required=True, metavar="PATH")
    parser.add_argument("--dissectctl", required=True, metavar="PATH")
    parser.add_argument(
        "--engine",
        action="append",
        default=[],
        metavar="PATH",
        help="an engine of dissectd, if not the one next to it; repeatable. "
        "DISSECTD_ENGINE chooses one of them",
    )
    return parser


def add_comparison(parser: argparse.ArgumentParser, seconds: float) -> None:
    """Adds how to compare with tshark, with a time limit for each program."""
    parser.add_argument("--tshark", default="tshark", metavar="PATH")
    parser.add_argument(
        "--workers", type=int, default=os.cpu_count() or 1, metavar="N"
    )
    parser.add_argument(
        "--timeout",
        type=float,
        default=seconds,
        metavar="SECONDS",
        help="for one run of one program (%(default)s)",
    )


def find_programs(arguments: argparse.Namespace) -> bool:
    """Makes the programs' paths absolute, or says which one isn't found.

    The programs are started in other folders.
    """
    for name in ("tshark", "dissectctl", "dissectd"):
        path = shutil.which(getattr(arguments, name))
        if path is None:
            print(f"{getattr(arguments, name)}: not found", file=sys.stderr)
            return False
        setattr(arguments, name, str(pathlib.Path(path).absolute()))
    return True
