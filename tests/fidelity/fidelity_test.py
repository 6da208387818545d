#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Compares dissectctl with tshark on the captures of the project.

    fidelity_test.py matrix|options

Everything else comes from Bazel's environment for tests.
"""

import os
import pathlib
import sys
import tempfile

sys.path.insert(0, os.environ["TEST_SRCDIR"] + "/dissectd/tests/running")
sys.path.insert(0, os.environ["TEST_SRCDIR"] + "/dissectd/tests/fidelity")

import fidelity
import option_cases
import protocol_captures
import test_bed
import wrong_cases


def runfile(path: str) -> str:
    """Returns the path of a file that the test depends on."""
    return str(test_bed.RUNFILES / path)


def main() -> int:
    arguments = [
        f"--dissectd={runfile('server/dissectd')}",
        f"--dissectctl={runfile('clients/cli/dissectctl')}",
    ]
    with tempfile.TemporaryDirectory() as scratch:
        store = pathlib.Path(scratch) / "store"
        store.mkdir()
        test_bed.copy_captures(store)
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
