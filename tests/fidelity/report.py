# SPDX-License-Identifier: GPL-2.0-or-later
"""Reports the outcomes of comparisons, for people and as JUnit XML."""

import collections
import os
import re
import sys
import threading
import time
from xml.sax import saxutils

from comparison import Outcome, Result

PROGRESS_SECONDS = 20

# Characters that XML 1.0 can't represent, even as references.
_NO_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


class Report:
    """Collects and prints results as they arrive. Thread-safe."""

    def __init__(self, total: int) -> None:
        self._total = total
        self._results: list[Result] = []
        self._lock = threading.Lock()
        self._shown = time.monotonic()

    def add(self, result: Result) -> None:
        with self._lock:
            self._results.append(result)
            if result.outcome is not Outcome.SAME:
                print(
                    f"\n{result.outcome.value}: {result.capture}, "
                    f"{result.case}\n{result.details}",
                    flush=True,
                )
            now = time.monotonic()
            if now - self._shown >= PROGRESS_SECONDS:
                self._shown = now
                print(
                    f"{len(self._results)} of {self._total} compared",
                    file=sys.stderr,
                    flush=True,
                )

    def finish(self, suite: str, junit: str | None = None) -> int:
        """Prints a summary, writes XML, and returns the exit status.

        The file with XML is `junit` or, in a test that Bazel runs, the one that
        Bazel reads. Otherwise there is none.
        """
        file = junit or os.environ.get("XML_OUTPUT_FILE")
        if file:
            self._write_junit(file, suite)
        self._print_summary()
        failed = any(result.outcome.failed for result in self._results)
        return 1 if failed else 0

    def _print_summary(self) -> None:
        """Lists the results that aren't SAME, by file."""
        odd: dict[str, list[str]] = collections.defaultdict(list)
        for result in sorted(self._results, key=lambda r: (r.capture, r.case)):
            if result.outcome is not Outcome.SAME:
                odd[result.capture].append(
                    f"{result.case} ({result.outcome.value})"
                )
        if odd:
            print()
        for capture, names in odd.items():
            print(f"{capture}: {'; '.join(names)}")
        counts = collections.Counter(r.outcome for r in self._results)
        parts = [
            f"{counts[outcome]} {outcome.value}"
            for outcome in Outcome
            if counts[outcome] or outcome is Outcome.SAME
        ]
        print(f"{len(self._results)} comparisons: {', '.join(parts)}")

    def _write_junit(self, path: str, suite: str) -> None:
        """Writes one test case for each comparison."""
        failures = sum(result.outcome.failed for result in self._results)
        with open(path, "w", encoding="utf-8") as file:
            file.write('<?xml version="1.0" encoding="UTF-8"?>\n')
            file.write(
                f"<testsuites>\n<testsuite name={_attribute(suite)} "
                f'tests="{len(self._results)}" failures="{failures}">\n'
            )
            file.writelines(map(_test_case, self._results))
            file.write("</testsuite>\n</testsuites>\n")


def _attribute(text: str) -> str:
    return saxutils.quoteattr(_NO_XML.sub("\ufffd", text))


def _test_case(result: Result) -> str:
    begin = (
        f"<testcase classname={_attribute(result.capture)} "
        f'name={_attribute(result.case)} time="{result.seconds:.3f}"'
    )
    if result.outcome is Outcome.SAME:
        return f"{begin}/>\n"
    kind = "failure" if result.outcome.failed else "skipped"
    text = saxutils.escape(_NO_XML.sub("\ufffd", result.details))
    return (
        f"{begin}><{kind} message={_attribute(result.outcome.value)}>"
        f"{text}</{kind}></testcase>\n"
    )
