#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Counts the test cases of a run of the tests.

    test_summary.py EVENTS.json [JUNIT.xml...]

EVENTS.json is what Bazel's --build_event_json_file wrote. The last line that
is printed has the counts. Exit status: 1 if a test failed or none passed.
"""

import dataclasses
import json
import pathlib
import sys
import urllib.parse
from xml.etree import ElementTree

# Of Bazel's tests: passed, if not always at the first attempt.
GOOD_STATUS = ("PASSED", "FLAKY")


@dataclasses.dataclass
class Counts:
    """How test cases ended."""

    passed: int = 0
    failed: int = 0
    skipped: int = 0

    def add(self, other: "Counts") -> None:
        self.passed += other.passed
        self.failed += other.failed
        self.skipped += other.skipped

    def __str__(self) -> str:
        text = f"{self.passed} passed, {self.failed} failed"
        return f"{text}, {self.skipped} skipped" if self.skipped else text


def count_cases(xml: pathlib.Path) -> Counts | None:
    """Returns the counts of a JUnit file; None if it has no test cases."""
    try:
        root = ElementTree.parse(xml).getroot()
    except (OSError, ElementTree.ParseError):
        return None
    counts = Counts()
    for case in root.iter("testcase"):
        if case.find("failure") is not None or case.find("error") is not None:
            counts.failed += 1
        elif (
            case.find("skipped") is not None
            # How gtest marks tests that are disabled.
            or case.get("status") == "notrun"
        ):
            counts.skipped += 1
        else:
            counts.passed += 1
    return None if counts == Counts() else counts


def read_events(path: pathlib.Path) -> list[dict]:
    try:
        text = path.read_text(encoding="utf-8")
    except OSError:
        return []
    events = []
    for line in text.splitlines():
        try:
            events.append(json.loads(line))
        except json.JSONDecodeError:
            # Cut short as Bazel was.
            break
    return events


def test_xml(result: dict) -> pathlib.Path | None:
    for output in result.get("testActionOutput", []):
        if output.get("name") == "test.xml":
            address = urllib.parse.urlparse(output.get("uri", ""))
            return pathlib.Path(urllib.parse.unquote(address.path))
    return None


def count_result(result: dict) -> Counts:
    """Returns the counts of one run of one target."""
    good = result.get("status") in GOOD_STATUS
    xml = test_xml(result)
    counts = None if xml is None else count_cases(xml)
    if counts is None:
        return Counts(passed=1) if good else Counts(failed=1)
    if not good and counts.failed == 0:
        # It ended badly after its last test, or before it wrote of it.
        counts.failed = 1
    return counts


def count_events(events: list[dict]) -> tuple[Counts, list[str]]:
    """Returns the counts of all targets, and what failed."""
    last_attempts: dict[tuple, dict] = {}
    counts = Counts()
    problems = []
    exit_name = "UNKNOWN"
    for event in events:
        identity = event.get("id", {})
        if "testResult" in identity and "testResult" in event:
            key = identity["testResult"]
            run = (key.get("label"), key.get("run"), key.get("shard"))
            last_attempts[run] = event["testResult"]
        elif "targetCompleted" in identity:
            if not event.get("completed", {}).get("success"):
                counts.failed += 1
                label = identity["targetCompleted"].get("label")
                problems.append(f"{label} was not built")
        elif "buildFinished" in identity:
            exit_code = event.get("finished", {}).get("exitCode", {})
            exit_name = exit_code.get("name", "UNKNOWN")
    for (label, _, _), result in sorted(last_attempts.items(), key=str):
        one = count_result(result)
        counts.add(one)
        if one.failed:
            problems.append(f"{label}: {one}")
    if exit_name != "SUCCESS" and counts.failed == 0:
        counts.failed = 1
        problems.append(f"Bazel ended with {exit_name}")
    return counts, problems


def count_junit(path: pathlib.Path) -> tuple[Counts, list[str]]:
    counts = count_cases(path)
    if counts is None:
        return Counts(failed=1), [f"{path.name}: no results"]
    return counts, [f"{path.name}: {counts}"] if counts.failed else []


def main() -> int:
    if len(sys.argv) < 2:
        print(__doc__, file=sys.stderr)
        return 2
    total, problems = count_events(read_events(pathlib.Path(sys.argv[1])))
    for argument in sys.argv[2:]:
        # A shell leaves a pattern as it is that nothing matches.
        if "*" in argument:
            continue
        counts, more = count_junit(pathlib.Path(argument))
        total.add(counts)
        problems += more
    for problem in problems:
        print(problem)
    print(total)
    return 1 if total.failed or not total.passed else 0


if __name__ == "__main__":
    sys.exit(main())
