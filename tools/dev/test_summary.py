#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Counts the test cases of a test run.

    test_summary.py [EVENTS.json] [JUNIT.xml...]

EVENTS.json is a file written by Bazel's --build_event_json_file. Prints the
failures, then the counts of each part of the tree, and the totals in the last
line.
Exit status: 1 if a test failed, none passed, or the run was interrupted.
"""

import collections
import dataclasses
import json
import pathlib
import sys
import typing
import urllib.parse
from xml.etree import ElementTree

# Statuses of tests that passed, possibly not at the first attempt.
GOOD_STATUS = ("PASSED", "FLAKY")

# Statuses of tests that were interrupted.
UNFINISHED_STATUS = ("INCOMPLETE", "NO_STATUS", "REMOTE_FAILURE")

# Bazel's names for the end of a run that the user stopped.
INTERRUPTED = ("INTERRUPTED", "USER_INTERRUPTED")

# A JSON object written by Bazel.
Json = dict[str, typing.Any]


@dataclasses.dataclass
class Counts:
    """Numbers of test cases by outcome."""

    passed: int = 0
    failed: int = 0
    skipped: int = 0
    # The names of the cases that failed, as far as they are known.
    failures: list[str] = dataclasses.field(default_factory=list)

    def add(self, other: "Counts") -> None:
        self.passed += other.passed
        self.failed += other.failed
        self.skipped += other.skipped

    def __str__(self) -> str:
        text = f"{self.passed} passed, {self.failed} failed"
        return f"{text}, {self.skipped} skipped" if self.skipped else text


class Summary:
    """The counts of a run for each part of the tree."""

    def __init__(self) -> None:
        self.parts: dict[str, Counts] = collections.defaultdict(Counts)
        self.problems: list[str] = []
        # Tests that failed first, and passed when they were repeated.
        self.repeated: list[str] = []
        self.is_complete = True

    def add(self, part: str, name: str, counts: Counts) -> None:
        """Adds the counts of a test, and a problem if it failed."""
        self.parts[part].add(counts)
        if counts.failed:
            names = "".join(f"\n  {failure}" for failure in counts.failures)
            self.problems.append(f"{name}: {counts}{names}")

    def add_failure(self, part: str, problem: str) -> None:
        """Adds a failure that belongs to no test case."""
        self.parts[part].failed += 1
        self.problems.append(problem)

    @property
    def total(self) -> Counts:
        total = Counts()
        for counts in self.parts.values():
            total.add(counts)
        return total

    @property
    def is_good(self) -> bool:
        total = self.total
        return self.is_complete and total.passed > 0 and total.failed == 0

    def print(self) -> None:
        for problem in self.problems:
            print(problem)
        for label in self.repeated:
            print(f"{label}: failed first, and passed when it was repeated")
        for part, counts in sorted(self.parts.items()):
            print(f"{part}: {counts}")
        print(self.total)


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
            names = (case.get("classname"), case.get("name"))
            if any(names):
                counts.failures.append(".".join(filter(None, names)))
        elif (
            case.find("skipped") is not None
            # gtest marks disabled tests so.
            or case.get("status") == "notrun"
        ):
            counts.skipped += 1
        else:
            counts.passed += 1
    return None if counts == Counts() else counts


def read_events(path: pathlib.Path) -> list[Json]:
    """Returns Bazel's events, without an incomplete last one."""
    try:
        text = path.read_text(encoding="utf-8")
    except OSError:
        return []
    events = []
    for line in text.splitlines():
        try:
            events.append(json.loads(line))
        except json.JSONDecodeError:
            break
    return events


def test_xml(result: Json) -> pathlib.Path | None:
    for output in result.get("testActionOutput", []):
        if output.get("name") == "test.xml":
            address = urllib.parse.urlparse(output.get("uri", ""))
            return pathlib.Path(urllib.parse.unquote(address.path))
    return None


def count_result(result: Json) -> Counts:
    """Returns the counts of one run of one target."""
    good = result.get("status") in GOOD_STATUS
    xml = test_xml(result)
    counts = None if xml is None else count_cases(xml)
    if counts is None:
        return Counts(passed=1) if good else Counts(failed=1)
    if not good and counts.failed == 0:
        # The test failed outside its cases, or before it wrote results.
        counts.failed = 1
    return counts


def part_of(label: str) -> str:
    """Returns the part of the tree that a target is in."""
    folders = label.removeprefix("//").partition(":")[0].split("/")
    return "/".join(folders[: 2 if folders[0] == "tests" else 1])


def exit_name_of(events: list[Json]) -> str:
    """Returns Bazel's name for the end of the run."""
    for event in events:
        if "buildFinished" in event.get("id", {}):
            exit_code = event.get("finished", {}).get("exitCode", {})
            return str(exit_code.get("name", "UNKNOWN"))
    return "UNKNOWN"


def attempts_of(events: list[Json]) -> list[tuple[str, list[Json]]]:
    """Returns the results of each test's attempts, in the order of labels."""
    attempts: dict[tuple[str, int, int], list[Json]] = {}
    for event in events:
        key = event.get("id", {}).get("testResult")
        if key is not None and "testResult" in event:
            run = (key["label"], key.get("run", 0), key.get("shard", 0))
            attempts.setdefault(run, []).append(event["testResult"])
    return [(run[0], results) for run, results in sorted(attempts.items())]


def count_events(events: list[Json], summary: Summary) -> None:
    """Adds the counts of all targets."""
    exit_name = exit_name_of(events)
    was_interrupted = exit_name in INTERRUPTED
    not_run = 0
    for event in events:
        identity = event.get("id", {})
        if "targetCompleted" in identity:
            if event.get("completed", {}).get("success"):
                continue
            label = identity["targetCompleted"].get("label", "")
            if was_interrupted or (
                event.get("aborted", {}).get("reason") in INTERRUPTED
            ):
                not_run += 1
            else:
                summary.add_failure(part_of(label), f"{label} was not built")
    for label, results in attempts_of(events):
        result = results[-1]
        if was_interrupted and result.get("status") in UNFINISHED_STATUS:
            not_run += 1
        else:
            counts = count_result(result)
            summary.add(part_of(label), label, counts)
            if len(results) > 1 and not counts.failed:
                summary.repeated.append(label)
    if was_interrupted:
        summary.is_complete = False
        summary.problems.append(
            f"interrupted: {not_run} targets were not run to their end"
        )
    elif exit_name != "SUCCESS" and summary.total.failed == 0:
        summary.add_failure("Bazel", f"Bazel ended with {exit_name}")


def main() -> int:
    if len(sys.argv) < 2:
        print(__doc__, file=sys.stderr)
        return 2
    summary = Summary()
    # Skips patterns, which a shell leaves unchanged if nothing matches.
    paths = [pathlib.Path(name) for name in sys.argv[1:] if "*" not in name]
    for path in paths:
        if path.suffix == ".json":
            count_events(read_events(path), summary)
            continue
        counts = count_cases(path)
        if counts is None:
            summary.add_failure(path.stem, f"{path.name}: no results")
        else:
            summary.add(path.stem, path.name, counts)
    summary.print()
    return 0 if summary.is_good else 1


if __name__ == "__main__":
    sys.exit(main())
