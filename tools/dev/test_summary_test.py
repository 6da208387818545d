#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Tests the summary that `./dev test` prints at its end."""

import json
import os
import pathlib
import sys
import tempfile
import unittest

sys.path.insert(0, os.environ["TEST_SRCDIR"] + "/dissectd/tools/dev")

import test_summary
from test_summary import Counts, Json, Summary


def completed(label: str) -> Json:
    return {
        "id": {"targetCompleted": {"label": label}},
        "completed": {"success": True},
    }


def aborted(label: str, reason: str) -> Json:
    return {
        "id": {"targetCompleted": {"label": label}},
        "aborted": {"reason": reason},
    }


def result(label: str, status: str, attempt: int = 1) -> Json:
    identity = {"label": label, "run": 1, "shard": 0, "attempt": attempt}
    return {
        "id": {"testResult": identity},
        "testResult": {"status": status},
    }


def finished(name: str) -> Json:
    return {
        "id": {"buildFinished": {}},
        "finished": {"exitCode": {"name": name}},
    }


def summarise(*events: Json) -> Summary:
    summary = Summary()
    test_summary.count_events(list(events), summary)
    return summary


class TestSummaryTest(unittest.TestCase):
    def test_names_the_cases_that_failed(self) -> None:
        with tempfile.NamedTemporaryFile("w", suffix=".xml") as xml:
            xml.write(
                '<testsuites><testsuite><testcase classname="A" name="Good"/>'
                '<testcase classname="A" name="Bad"><failure/></testcase>'
                "</testsuite></testsuites>"
            )
            xml.flush()
            counts = test_summary.count_cases(pathlib.Path(xml.name))
        summary = Summary()
        assert counts is not None
        summary.add("server", "//server:a_test", counts)
        self.assertEqual(
            summary.problems,
            ["//server:a_test: 1 passed, 1 failed\n  A.Bad"],
        )

    def test_counts_each_part_of_the_tree(self) -> None:
        summary = summarise(
            completed("//core/base:a_test"),
            result("//core/base:a_test", "PASSED"),
            result("//core/epan:b_test", "PASSED"),
            result("//tests/e2e:c_test", "PASSED"),
            finished("SUCCESS"),
        )
        self.assertEqual(
            summary.parts, {"core": Counts(2), "tests/e2e": Counts(1)}
        )
        self.assertTrue(summary.is_good)

    def test_names_what_failed_and_what_was_not_built(self) -> None:
        summary = summarise(
            aborted("//core:a_test", "UNKNOWN"),
            result("//server:b_test", "FAILED"),
            finished("BUILD_FAILURE"),
        )
        self.assertEqual(summary.total, Counts(failed=2))
        self.assertEqual(
            summary.problems,
            [
                "//core:a_test was not built",
                "//server:b_test: 0 passed, 1 failed",
            ],
        )
        self.assertFalse(summary.is_good)

    def test_counts_the_last_attempt_only(self) -> None:
        summary = summarise(
            result("//core:a_test", "FAILED", attempt=1),
            result("//core:a_test", "FLAKY", attempt=2),
            finished("SUCCESS"),
        )
        self.assertEqual(summary.total, Counts(passed=1))
        self.assertEqual(summary.repeated, ["//core:a_test"])

    def test_names_no_test_as_repeated_that_passed_at_once(self) -> None:
        summary = summarise(
            result("//core:a_test", "PASSED"),
            result("//core:b_test", "FAILED", attempt=1),
            result("//core:b_test", "FAILED", attempt=2),
            finished("TESTS_FAILED"),
        )
        self.assertEqual(summary.total, Counts(passed=1, failed=1))
        self.assertEqual(summary.repeated, [])

    def test_an_interruption_fails_no_test_but_the_run(self) -> None:
        summary = summarise(
            result("//core:a_test", "PASSED"),
            result("//core:b_test", "INCOMPLETE"),
            aborted("//core:c_test", "USER_INTERRUPTED"),
            finished("INTERRUPTED"),
        )
        self.assertEqual(summary.total, Counts(passed=1))
        self.assertEqual(
            summary.problems,
            ["interrupted: 2 targets were not run to their end"],
        )
        self.assertFalse(summary.is_good)

    def test_an_end_without_a_reason_is_a_failure(self) -> None:
        summary = summarise(result("//core:a_test", "PASSED"))
        self.assertEqual(summary.total, Counts(passed=1, failed=1))

    def test_a_failure_of_the_build_is_not_said_twice(self) -> None:
        summary = summarise(
            result("//core:a_test", "FAILED"), finished("TESTS_FAILED")
        )
        self.assertEqual(
            summary.problems, ["//core:a_test: 0 passed, 1 failed"]
        )

    def test_counts_the_cases_of_a_junit_file(self) -> None:
        with tempfile.TemporaryDirectory() as folder:
            path = pathlib.Path(folder) / "a.xml"
            path.write_text(
                "<testsuites><testsuite><testcase/><testcase><failure/>"
                '</testcase><testcase status="notrun"/>'
                "</testsuite></testsuites>"
            )
            self.assertEqual(test_summary.count_cases(path), Counts(1, 1, 1))

    def test_reads_events_that_are_cut_short(self) -> None:
        with tempfile.TemporaryDirectory() as folder:
            path = pathlib.Path(folder) / "events.json"
            event = finished("SUCCESS")
            path.write_text(json.dumps(event) + '\n{"id": {"te')
            self.assertEqual(test_summary.read_events(path), [event])


if __name__ == "__main__":
    unittest.main()
