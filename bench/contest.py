# SPDX-License-Identifier: GPL-2.0-or-later
"""Measures programs in alternation, and compares what they took."""

import collections.abc
import dataclasses
import fnmatch
import statistics
import sys

from programs import Command, ProgramError, Reader


@dataclasses.dataclass
class Sample:
    """One measurement: seconds, bytes or packets, and what came along."""

    value: float
    facts: dict[str, float] = dataclasses.field(default_factory=dict)


@dataclasses.dataclass
class Contestant:
    """One side of comparisons."""

    name: str
    measure: collections.abc.Callable[[], Sample]
    # Runs it once without measuring, and returns what must be the same on both
    # sides, if that is compared.
    warm_up: collections.abc.Callable[[], str] | None = None


def timed(
    name: str, command: Command, reader: Reader | None = None
) -> Contestant:
    """Returns a program that is measured by the time it takes."""

    def warm_up() -> str:
        if reader is not None:
            return command.read(reader)
        command.run()
        return ""

    return Contestant(name, lambda: Sample(command.run().seconds), warm_up)


@dataclasses.dataclass
class Comparison:
    """What two contestants are compared for."""

    label: str
    ours: str
    peer: str
    # How many times as much the peer must take, at least; with `at_most`, how
    # many times as much as the peer we may take. None: nothing is required.
    target: float | None = None
    at_most: bool = False
    # Whether what their warm-ups return must be the same.
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
    """Contestants that run in turn, so that noise hits all of them."""

    contestants: list[Contestant]
    comparisons: list[Comparison]
    unit: str = "s"
    # Where more would take long and tell little.
    max_rounds: int | None = None

    def select(self, pattern: str) -> "Contest":
        """Returns what is left with the comparisons that match."""
        comparisons = [c for c in self.comparisons if c.matches(pattern)]
        names = {name for c in comparisons for name in (c.ours, c.peer)}
        contestants = [c for c in self.contestants if c.name in names]
        return dataclasses.replace(
            self, contestants=contestants, comparisons=comparisons
        )


@dataclasses.dataclass
class Series:
    """All measurements of one contestant."""

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
    # Of several variants of ours only the best is held against the target.
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
    """What came out of a contest."""

    rows: list[Row]
    # Medians of what came along with the measurements, by name.
    facts: dict[str, float]


def progress(text: str) -> None:
    print(f"    {text}", file=sys.stderr, flush=True)


def hold(contest: Contest, rounds: int) -> Result:
    """Warms up, measures in alternation, and compares."""
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
    """Returns a value as people read it."""
    if unit == "MiB":
        return f"{value / (1 << 20):.1f} MiB"
    if unit == "ms":
        return f"{value * 1000:.2f} ms"
    if unit == "packets":
        return f"{value:.0f} packets"
    return f"{value:.3f} s"


def expect(what: str, expected: str, found: str) -> str:
    """Returns what was found, which must be what was expected."""
    if found != expected:
        raise ProgramError(f"{what}: {found} instead of {expected}")
    return found
