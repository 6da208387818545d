# SPDX-License-Identifier: GPL-2.0-or-later
"""Runs the tests of all clients. The last line has their counts."""

import sys
import unittest

MODULES = ("clients_test", "pyshark_test", "termshark_test")


def main() -> int:
    tests = unittest.main(
        module=None,
        argv=[sys.argv[0], *(sys.argv[1:] or MODULES)],
        verbosity=2,
        exit=False,
    )
    result = tests.result
    failed = len(result.failures) + len(result.errors)
    skipped = len(result.skipped)
    passed = result.testsRun - failed - skipped
    print(f"{passed} passed, {failed} failed, {skipped} skipped")
    return int(not result.wasSuccessful())


if __name__ == "__main__":
    sys.exit(main())
