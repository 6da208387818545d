#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Compares the reports of `dissectctl tshark -z` with tshark's.

Makes all reports of each capture of the project, each in one way.
"""

import os
import pathlib
import sys
import tempfile

sys.path.insert(0, os.environ["TEST_SRCDIR"] + "/dissectd/tests/running")
sys.path.insert(0, os.environ["TEST_SRCDIR"] + "/dissectd/tests/fidelity")

import fidelity_test
import test_bed
import tshark_statistics


def main() -> int:
    with tempfile.TemporaryDirectory() as scratch:
        captures = pathlib.Path(scratch) / "captures"
        captures.mkdir()
        test_bed.copy_captures(captures)
        return tshark_statistics.main(
            tshark_statistics.parse_arguments(
                [
                    f"--dissectd={fidelity_test.runfile('server/dissectd')}",
                    "--dissectctl="
                    + fidelity_test.runfile("clients/cli/dissectctl"),
                    "--quick",
                    str(captures),
                ]
            )
        )


if __name__ == "__main__":
    sys.exit(main())
