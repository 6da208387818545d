# SPDX-License-Identifier: GPL-2.0-or-later
"""Measures sessions: many clients that ask one, and pages of a long list."""

import json
import random
import statistics
import subprocess
import time
import typing

import captures
from contest import Comparison, Contest, Contestant, Sample
from programs import ProgramError, Programs, Starter

CLIENTS = 16
MIXED_FRAMES = 100_000
LISTED_FRAMES = 1_000_000

FILTER = "tcp"
PAGE = 50
CALLS = 50

MIXED, PEER_MIXED = f"GetFrame, {CLIENTS} clients", "sharkd, frame"
PAGES, PEER_PAGES = "ListFrames, a later page", "sharkd, frames"

COMPARISONS = (
    Comparison("session, 95th percentile", MIXED, PEER_MIXED),
    Comparison("session, long list, 95th percentile", PAGES, PEER_PAGES),
)


class SessionCases(Starter):
    """Contests of sessions. sharkd has one client at a time."""

    def __init__(
        self,
        programs: Programs,
        store: captures.Captures,
        address: str,
        environment: dict[str, str],
    ) -> None:
        super().__init__(programs, address, environment)
        self._captures = store

    def all(self) -> list[Contest]:
        mixed, pages = COMPARISONS
        return [
            Contest(
                [
                    Contestant(MIXED, self._mixed),
                    Contestant(PEER_MIXED, self._peer_mixed),
                ],
                [mixed],
                "ms",
                max_rounds=3,
            ),
            Contest(
                [
                    Contestant(PAGES, self._pages),
                    Contestant(PEER_PAGES, self._peer_pages),
                ],
                [pages],
                "ms",
                max_rounds=1,
            ),
        ]

    def _mixed(self) -> Sample:
        answer = self._ask_load_client(
            "session",
            self._captures.with_frames(MIXED_FRAMES),
            f"--filter={FILTER}",
            f"--clients={CLIENTS}",
            f"--calls={CALLS}",
        )
        return Sample(
            answer["frame_p95"],
            {
                "session, frames": answer["frames"],
                "session, opening (s)": answer["open_seconds"],
                "session, calls per second": answer["calls"]
                / answer["seconds"],
                "session, runs of statistics meanwhile": answer["statistics"],
                "session, GetFrame, median (ms)": 1000 * answer["frame_p50"],
                "session, GetFrame, 95th percentile (ms), goal 20": 1000
                * answer["frame_p95"],
                "session, ListFrames, median (ms)": 1000 * answer["page_p50"],
                "session, ListFrames, 95th percentile (ms), goal 10": 1000
                * answer["page_p95"],
            },
        )

    def _peer_mixed(self) -> Sample:
        name = self._captures.with_frames(MIXED_FRAMES)
        with Sharkd(self._programs.sharkd, self._environment) as sharkd:
            opening, frames = sharkd.load(self._captures.path(name))
            order = random.Random(1)
            seconds = [
                sharkd.ask(
                    "frame",
                    frame=order.randint(1, frames),
                    proto=True,
                    bytes=True,
                    columns=True,
                )
                for _ in range(CALLS)
            ]
        return Sample(
            _percentile(seconds, 95),
            {
                "sharkd, load (s)": opening,
                "sharkd, frame, median (ms)": 1000 * statistics.median(seconds),
            },
        )

    def _pages(self) -> Sample:
        answer = self._ask_load_client(
            "pages",
            self._captures.with_frames(LISTED_FRAMES),
            f"--filter={FILTER}",
            f"--calls={CALLS}",
        )
        return Sample(
            answer["page_p95"],
            {
                "long list, frames": answer["frames"],
                "long list, frames that pass": answer["listed"],
                "long list, opening (s)": answer["open_seconds"],
                "long list, first page (s)": answer["first_seconds"],
                "long list, later page, median (ms)": 1000 * answer["page_p50"],
                "long list, later page, 95th percentile (ms), goal 10": 1000
                * answer["page_p95"],
            },
        )

    def _peer_pages(self) -> Sample:
        name = self._captures.with_frames(LISTED_FRAMES)
        with Sharkd(self._programs.sharkd, self._environment) as sharkd:
            opening, frames = sharkd.load(self._captures.path(name))
            order = random.Random(1)
            seconds = [
                sharkd.ask("frames", filter=FILTER, skip=skip, limit=PAGE)
                for skip in (
                    [1] + [order.randint(1, frames // 2) for _ in range(CALLS)]
                )
            ]
        first, *later = seconds
        return Sample(
            _percentile(later, 95),
            {
                "sharkd, long list, load (s)": opening,
                "sharkd, long list, first page (s)": first,
                "sharkd, long list, later page, median (ms)": 1000
                * statistics.median(later),
            },
        )


class Sharkd:
    """A sharkd that answers one question after the other."""

    def __init__(self, path: str, environment: dict[str, str]) -> None:
        self._process = subprocess.Popen(
            [path, "-"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=environment,
        )

    def __enter__(self) -> typing.Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._process.kill()
        self._process.communicate()

    def load(self, path: str) -> tuple[float, int]:
        """Returns how long that took, and the number of frames."""
        seconds = self.ask("load", file=path)
        return seconds, self._call("status", {})["frames"]

    def ask(self, method: str, **parameters: object) -> float:
        """Returns how long the answer took."""
        began = time.perf_counter()
        self._call(method, parameters)
        return time.perf_counter() - began

    def _call(self, method: str, parameters: dict[str, object]) -> typing.Any:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        question = {
            "jsonrpc": "2.0",
            "id": 1,
            "method": method,
            "params": parameters,
        }
        self._process.stdin.write(json.dumps(question).encode() + b"\n")
        self._process.stdin.flush()
        answer = json.loads(self._process.stdout.readline())
        if "result" not in answer:
            raise ProgramError(f"sharkd: {question}: {answer}")
        return answer["result"]


def _percentile(values: list[float], percent: int) -> float:
    return statistics.quantiles(values, n=100)[percent - 1]
