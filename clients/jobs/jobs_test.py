# SPDX-License-Identifier: Apache-2.0
"""Runs the ten jobs of a client, and compares what they print.

run.py runs this in a network namespace of its own.
"""

import itertools
import os
import pathlib
import shlex
import shutil
import subprocess
import tempfile
import textwrap
import unittest

import daemon
import oracle
import traffic

ROOT = pathlib.Path(__file__).resolve().parents[2]
JOB_SECONDS = 120
RATE_SECONDS = 4
WRONG_FILTERS = ("ip.adr", "tcp && ip.adr", "ip.src == 192.0.2.256")


class JobsTest(unittest.TestCase):
    """Compares a client's jobs with Wireshark's own programs."""

    maxDiff = None
    command: list[str]
    environment: dict[str, str]
    captures: pathlib.Path
    expected: oracle.Oracle

    @classmethod
    def setUpClass(cls) -> None:
        traffic.set_loopback_up()
        work = pathlib.Path(
            cls.enterClassContext(tempfile.TemporaryDirectory())
        )
        cls.captures = work / "store"
        shutil.copytree(ROOT / "tests" / "captures", cls.captures)
        cls.expected = oracle.Oracle(cls.captures)
        cls.command = shlex.split(os.environ["JOBS_PROGRAM"])
        served = daemon.Daemon(
            os.environ["DISSECTD"],
            os.environ["DISSECTCTL"],
            cls.captures,
            work / "daemon",
            {**daemon.clean_environment(work / "home"), "TZ": "UTC"},
            [],
        )
        cls.addClassCleanup(served.kill)
        cls.environment = {
            **os.environ,
            "DISSECTD_SERVER": served.address,
            "TZ": "UTC",
            "XDG_CONFIG_HOME": str(work / "config"),
        }

    def start(self, *arguments: str) -> subprocess.Popen[str]:
        process = subprocess.Popen(
            [*self.command, *arguments],
            env=self.environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        self.addCleanup(process.kill)
        return process

    def run_job(self, *arguments: str, status: int = 0) -> str:
        """Returns what a job prints. One that fails may complain instead."""
        process = self.start(*arguments)
        output, errors = process.communicate(timeout=JOB_SECONDS)
        self.assertEqual(process.returncode, status, output + errors)
        return output if status == 0 else output or errors

    def dissectctl(self, *arguments: str, status: int = 0) -> str:
        run = subprocess.run(
            [os.environ["DISSECTCTL"], *arguments],
            env=self.environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            check=False,
            text=True,
        )
        self.assertEqual(run.returncode, status, run.stdout + run.stderr)
        return run.stdout + run.stderr

    def assert_all_captures_ended(self) -> None:
        captures = self.dissectctl("captures", "--no-headers")
        states = [line.split()[1] for line in captures.splitlines()]
        self.assertNotIn("running", states)

    def test_count(self) -> None:
        for file in ("dns.pcap", "telephony.pcap", "empty.pcap"):
            with self.subTest(file=file):
                self.assertEqual(
                    self.run_job("count", file), self.expected.count(file)
                )

    def test_dns(self) -> None:
        expected = self.expected.dns("dns.pcap")
        self.assertIn('"info":', expected)
        self.assertEqual(self.run_job("dns", "dns.pcap"), expected)

    def test_http(self) -> None:
        for file in ("http1.pcap.gz", "nanoseconds.pcap"):
            with self.subTest(file=file):
                expected = self.expected.http(file)
                self.assertIn(".", expected)
                self.assertEqual(self.run_job("http", file), expected)

    def test_tree(self) -> None:
        for file, number in (("dns.pcap", 2), ("http1.pcap.gz", 6)):
            with self.subTest(file=file):
                expected = self.expected.tree(file, number)
                self.assertIn("\n  ", expected)
                self.assertEqual(
                    self.run_job("tree", file, str(number)), expected
                )

    def test_follow(self) -> None:
        expected = self.expected.server_bytes("http1.pcap.gz", 0)
        self.assertRegex(expected, "^485454502f312e31")
        job = self.run_job("follow", "http1.pcap.gz", "tcp", "0")
        self.assertEqual(job, expected)

    def test_live(self) -> None:
        sent = traffic.Traffic()
        self.addCleanup(sent.stop)
        *rows, last = self.run_job("live", str(sent.port)).splitlines()
        self.assertEqual(last, "stopped")
        numbers = [[int(word) for word in row.split(" ")] for row in rows]
        self.assertEqual(
            [row[:2] for row in numbers], [[sent.source, sent.port]] * 5
        )
        lengths = [length for _, _, length in numbers]
        for previous, length in itertools.pairwise(lengths):
            self.assertTrue(sent.follows(length, previous), lengths)
        self.assert_all_captures_ended()

    def test_interfaces(self) -> None:
        lines = self.run_job("interfaces").splitlines()
        self.assertEqual(
            "".join(f"{line.rstrip()}\n" for line in lines),
            self.expected.interfaces(),
        )

    def test_wrong_filter(self) -> None:
        for wrong in WRONG_FILTERS:
            with self.subTest(filter=wrong):
                said = self.dissectctl("filter", wrong, status=4)
                expected = said.removeprefix("dissectctl: ")
                job = self.run_job("wrong-filter", wrong, status=2)
                self.assertEqual(without_indent(job), without_indent(expected))

    def test_upload(self) -> None:
        before = self.dissectctl("files", "list", "--no-headers")
        local = str(self.captures / "redis.pcap")
        job = self.run_job("upload", local, "resp")
        self.assertEqual(job, self.expected.passing("redis.pcap", "resp"))
        after = self.dissectctl("files", "list", "--no-headers")
        self.assertEqual(after, before)

    def test_rates(self) -> None:
        sent = traffic.Traffic()
        self.addCleanup(sent.stop)
        job = self.run_job("rates", str(sent.port), str(RATE_SECONDS))
        numbers = [int(line) for line in job.splitlines()]
        self.assertEqual(len(numbers), RATE_SECONDS)
        # The capture begins within the first interval.
        least, most = sent.counts(0.9), sent.counts(1.1)
        for number in numbers[1:]:
            self.assertIn(number, range(least.start, most.stop))
        self.assert_all_captures_ended()


def without_indent(text: str) -> str:
    """Removes the indent that the filter and the carets below it share."""
    message, _, place = text.strip().partition("\n")
    return f"{message}\n{textwrap.dedent(place)}"
