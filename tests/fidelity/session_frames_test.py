#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Compares frames of sessions with those of `tshark -2`.

Asks for all frames of each capture of the project, in a shuffled order.
"""

import os
import pathlib
import sys
import tempfile

sys.path.insert(0, os.environ["TEST_SRCDIR"] + "/dissectd/tests/running")
sys.path.insert(0, os.environ["TEST_SRCDIR"] + "/dissectd/tests/fidelity")

import fidelity_test
import session_frames
import test_bed


def main() -> int:
    with tempfile.TemporaryDirectory() as scratch:
        captures = pathlib.Path(scratch) / "captures"
        captures.mkdir()
        test_bed.copy_captures(captures)
        return session_frames.main(
            session_frames.parse_arguments(
                [
                    f"--dissectd={fidelity_test.runfile('server/dissectd')}",
                    "--dissectctl="
                    + fidelity_test.runfile("clients/cli/dissectctl"),
                    str(captures),
                ]
            )
        )


if __name__ == "__main__":
    sys.exit(main())
