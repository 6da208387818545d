#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Runs the ten jobs of a client against a real daemon.

    run.py --program 'COMMAND' [TEST...]

COMMAND is the client's example program with its arguments, for example
`node jobs.js`. README.md describes the jobs. Needs the paths of the programs in
DISSECTD and DISSECTCTL, tshark, dumpcap, and the rights to make a network
namespace. The last line has the counts.
"""

import argparse
import os
import pathlib
import subprocess
import sys
import unittest

FOLDER = pathlib.Path(__file__).resolve().parent
ALONE = ["unshare", "--mount", "--net", "--propagation", "private"]
INSIDE = "JOBS_PROGRAM"


def enter_namespace(program: str) -> None:
    """Runs this program again, in a network of its own."""
    probe = subprocess.run([*ALONE, "true"], check=False)
    if probe.returncode != 0:
        sys.exit("run.py: needs to be root, to capture in a namespace")
    os.environ[INSIDE] = program
    command = [*ALONE, sys.executable, *sys.argv]
    os.execvp(command[0], command)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--program", required=True)
    parser.add_argument("tests", nargs="*")
    arguments = parser.parse_args()
    if INSIDE not in os.environ:
        enter_namespace(arguments.program)
    sys.path[:0] = [str(FOLDER), str(FOLDER.parents[1] / "tests" / "running")]
    names = [f"jobs_test.JobsTest.{name}" for name in arguments.tests]
    tests = unittest.main(
        module=None,
        argv=[sys.argv[0], *(names or ["jobs_test"])],
        verbosity=2,
        exit=False,
    )
    result = tests.result
    failures = result.failures + result.errors
    # Several subtests of a test may have failed.
    failed = len({getattr(t, "test_case", t).id() for t, _ in failures})
    print(f"{result.testsRun - failed} passed, {failed} failed")
    return int(not result.wasSuccessful())


if __name__ == "__main__":
    sys.exit(main())
