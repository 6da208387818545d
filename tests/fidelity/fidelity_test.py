#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Compares dissectctl with tshark on the captures of the project.

    fidelity_test.py matrix|options

Everything else comes from Bazel's environment for tests.
"""

import os
import pathlib
import shutil
import sys
import tempfile

sys.path.insert(0, os.environ["TEST_SRCDIR"] + "/dissectd/tests/running")
sys.path.insert(0, os.environ["TEST_SRCDIR"] + "/dissectd/tests/fidelity")

import fidelity
import option_cases
import protocol_captures
import wrong_cases

RUNFILES = pathlib.Path(os.environ["TEST_SRCDIR"]) / "dissectd"


def runfile(path: str) -> str:
    """Returns the path of a file that the test depends on."""
    return str(RUNFILES / path)


def copy_captures(store: pathlib.Path) -> None:
    """Copies the captures: Bazel provides links, which the daemon ignores."""
    for source in pathlib.Path(runfile("tests/captures")).iterdir():
        shutil.copyfile(source, store / source.name)


def main() -> int:
    arguments = [
        f"--dissectd={runfile('server/dissectd')}",
        f"--dissectctl={runfile('clients/cli/dissectctl')}",
    ]
    with tempfile.TemporaryDirectory() as scratch:
        store = pathlib.Path(scratch) / "store"
        store.mkdir()
        copy_captures(store)
        parsed = fidelity.parse_arguments([*arguments, str(store)])
        if sys.argv[1] == "options":
            wrong_cases.make_bad_files(store)
            protocol_captures.make(store)
            work = option_cases.all_cases()
        else:
            work = fidelity.plan(parsed, store)
        return fidelity.run(parsed, {store: work})


if __name__ == "__main__":
    sys.exit(main())
