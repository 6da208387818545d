#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Compares dissectctl with tshark on damaged captures of the project.

Everything comes from Bazel's environment for tests.
"""

import os
import pathlib
import sys
import tempfile

sys.path.insert(0, os.environ["TEST_SRCDIR"] + "/dissectd/tests/running")
sys.path.insert(0, os.environ["TEST_SRCDIR"] + "/dissectd/tests/fidelity")

import mutated
import test_bed


def main() -> int:
    with tempfile.TemporaryDirectory() as scratch:
        captures = pathlib.Path(scratch)
        test_bed.copy_captures(captures)
        arguments = [
            str(captures),
            f"--dissectd={test_bed.RUNFILES / 'server/dissectd'}",
            f"--dissectctl={test_bed.RUNFILES / 'clients/cli/dissectctl'}",
            f"--keep={os.environ['TEST_UNDECLARED_OUTPUTS_DIR']}",
        ]
        return mutated.main(mutated.parse_arguments(arguments))


if __name__ == "__main__":
    sys.exit(main())
