#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Checks that docs/sharkd.md names tests and methods that exist.

    sharkd_test.py SHARKD_MD SOURCE...

The sources are the tests that ask sharkd, and the API's files. Each of these
tests must be in a table, and each test and method in a table must exist.
"""

import pathlib
import re
import sys

# Names in the tables that look like the API's: methods and types of messages.
_API_NAME = re.compile(r"`([A-Z][a-z]+[A-Z]\w+)")
_TEST_NAME = re.compile(r"`([A-Z]\w+)`")


def main(page: str, *sources: str) -> int:
    rows = [
        [cell.strip() for cell in line.split("|")[1:-1]]
        for line in pathlib.Path(page).read_text().splitlines()
        if line.startswith("|") and "---" not in line
    ]
    text = "\n".join(pathlib.Path(source).read_text() for source in sources)
    tests = set(re.findall(r"^TEST_F\(\w+,\s*(\w+)\)", text, re.MULTILINE))
    api = set(re.findall(r"^\s*(?:rpc|message) (\w+)", text, re.MULTILINE))
    documented = {
        name
        for row in rows
        if len(row) == 4
        for name in _TEST_NAME.findall(row[3])
    }
    named = {name for row in rows for name in _API_NAME.findall(row[1])}
    wrong = [
        *(f"no test {name}" for name in documented - tests),
        *(f"no row has the test {name}" for name in tests - documented),
        *(f"the API has no {name}" for name in named - api),
    ]
    print("\n".join(sorted(wrong)))
    if not tests or not named:
        print("nothing was found")
        return 1
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
