# SPDX-License-Identifier: GPL-2.0-or-later
"""Measures programs in turn, and compares the results."""

import collections.abc
import dataclasses
import fnmatch
import statistics
import sys

from programs import Command, ProgramError, Reader


@dataclasses.dataclass
class Sample:
    """A measurement: seconds, bytes or packets, and additional facts."""

    value: float
    facts: dict[str, float] = dataclasses.field(default_factory=dict)


@dataclasses.dataclass
class Contestant:
    """A program in a contest."""

    name: str
    measure: collections.abc.Callable[[], Sample]
    # Runs the program once without measuring. Returns the output that must be
    # equal on both sides of a comparison with `same_output`.
    warm_up: collections.abc.Callable[[], str] | None = None


def timed(
    name: str, command: Command, reader: Reader | None = None
) -> Contestant:
    """Returns a contestant that is measured by its running time."""

    def warm_up() -> str:
        if reader is not None:
            return command.read(reader)
        command.run()
        return ""

    return Contestant(name, lambda: Sample(command.run().seconds), warm_up)


@dataclasses.dataclass
class Comparison:
    """A comparison of two contestants."""

    label: str
    ours: str
    peer: str
    # The least ratio of the peer's value to ours or, with `at_most`, the
    # greatest ratio of our value to the peer's. None if nothing is required.
    target: float | None = None
    at_most: bool = False
    # Whether both warm-ups must return the same.
    same_output: bool = False

    @property
    def name(self) -> str:
        return f"{self.label}: {self.ours} vs {self.peer}"

    def matches(self, pattern: str) -> bool:
        return fnmatch.fnmatch(self.label, pattern) or fnmatch.fnmatch(
            self.name, pattern
        )


@dataclasses.dataclass
class Contest:
    """Contestants that run in turn, so that noise affects all of them."""

    contestants: list[Contestant]
    comparisons: list[Comparison]
    unit: str = "s"
    # Limits the rounds of contests that take long and vary little.
    max_rounds: int | None = None

    def select(self, pattern: str) -> "Contest":
        """Returns a contest with only the comparisons that match."""
        comparisons = [c for c in self.comparisons if c.matches(pattern)]
        names = {name for c in comparisons for name in (c.ours, c.peer)}
        contestants = [c for c in self.contestants if c.name in names]
        return dataclasses.replace(
            self, contestants=contestants, comparisons=comparisons
        )


@dataclasses.dataclass
class Series:
    """The measurements of one contestant."""

    values: list[float]

    @property
    def median(self) -> float:
        return statistics.median(self.values)


@dataclasses.dataclass
class Row:
    """The result of a comparison."""

    comparison: Comparison
    unit: str
    ours: Series
    peer: Series
    outputs_differ: bool = False
    # False for all but the best of several variants of our program: only the
    # best must meet the target.
    counts: bool = True

    @property
    def ratio(self) -> float:
        return self._ratio(self.ours.median, self.peer.median)

    @property
    def pair_ratio(self) -> float:
        """The median of the ratios of the rounds."""
        return statistics.median(
            map(self._ratio, self.ours.values, self.peer.values)
        )

    def _ratio(self, ours: float, peer: float) -> float:
        return ours / peer if self.comparison.at_most else peer / ours

    @property
    def met(self) -> bool | None:
        target = self.comparison.target
        if target is None or not self.counts:
            return None
        if self.comparison.at_most:
            return self.ratio <= target
        return self.ratio >= target


@dataclasses.dataclass
class Result:
    """The results of a contest."""

    rows: list[Row]
    # The medians of the additional facts, by name.
    facts: dict[str, float]


def progress(text: str) -> None:
    print(f"    {text}", file=sys.stderr, flush=True)


def hold(contest: Contest, rounds: int) -> Result:
    """Warms up, measures in turn, and compares."""
    if contest.max_rounds is not None:
        rounds = min(rounds, contest.max_rounds)
    outputs = {}
    for contestant in contest.contestants:
        if contestant.warm_up is not None:
            progress(f"{contestant.name}: warming up")
            outputs[contestant.name] = contestant.warm_up()
    samples: dict[str, list[Sample]] = {c.name: [] for c in contest.contestants}
    for number in range(1, rounds + 1):
        for contestant in contest.contestants:
            sample = contestant.measure()
            samples[contestant.name].append(sample)
            progress(
                f"{contestant.name}: {number} of {rounds}: "
                f"{show(sample.value, contest.unit)}"
            )
    return Result(_compare(contest, samples, outputs), _facts(samples))


def _compare(
    contest: Contest,
    samples: dict[str, list[Sample]],
    outputs: dict[str, str],
) -> list[Row]:
    series = {
        name: Series([sample.value for sample in taken])
        for name, taken in samples.items()
    }
    rows = []
    for comparison in contest.comparisons:
        ours, peer = comparison.ours, comparison.peer
        differ = comparison.same_output and outputs[ours] != outputs[peer]
        rows.append(
            Row(comparison, contest.unit, series[ours], series[peer], differ)
        )
    _choose_variants(rows)
    return rows


def _choose_variants(rows: list[Row]) -> None:
    best: dict[tuple[str, str], Row] = {}
    for row in rows:
        key = (row.comparison.label, row.comparison.peer)
        if key not in best or row.ours.median < best[key].ours.median:
            best[key] = row
    for row in rows:
        key = (row.comparison.label, row.comparison.peer)
        row.counts = best[key] is row


def _facts(samples: dict[str, list[Sample]]) -> dict[str, float]:
    facts: dict[str, list[float]] = {}
    for taken in samples.values():
        for sample in taken:
            for name, value in sample.facts.items():
                facts.setdefault(name, []).append(value)
    return {name: statistics.median(values) for name, values in facts.items()}


def show(value: float, unit: str) -> str:
    """Returns a value with its unit, for people."""
    if unit == "MiB":
        return f"{value / (1 << 20):.1f} MiB"
    if unit == "ms":
        return f"{value * 1000:.2f} ms"
    if unit == "packets":
        return f"{value:.0f} packets"
    return f"{value:.3f} s"


def expect(what: str, expected: str, found: str) -> str:
    """Returns `found`, which must equal `expected`."""
    if found != expected:
        raise ProgramError(f"{what}: {found} instead of {expected}")
    return found
