# SPDX-License-Identifier: GPL-2.0-or-later
"""Runs the tests of a folder: run_tests.py FOLDER [ARGUMENT...].

Arguments are for unittest, for example the names of tests; without any, all
modules of the folder are tested. The last line has the tests' counts.
"""

import pathlib
import sys
import unittest


def main() -> int:
    folder = pathlib.Path(sys.argv[1])
    names = sys.argv[2:] or sorted(
        path.stem for path in folder.glob("*_test.py")
    )
    sys.path.insert(0, str(folder))
    tests = unittest.main(
        module=None, argv=[sys.argv[0], *names], verbosity=2, exit=False
    )
    result = tests.result
    failed = len(result.failures) + len(result.errors)
    skipped = len(result.skipped)
    passed = result.testsRun - failed - skipped
    print(f"{passed} passed, {failed} failed, {skipped} skipped")
    return int(not result.wasSuccessful())


if __name__ == "__main__":
    sys.exit(main())
