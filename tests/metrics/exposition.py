# SPDX-License-Identifier: GPL-2.0-or-later
"""Reads Prometheus' text format, and the names of metrics elsewhere."""

import json
import pathlib
import re
import subprocess
import unittest
import urllib.request
from collections.abc import Iterator
from typing import Any, NamedTuple

PATIENCE_SECONDS = 60

_SAMPLE = re.compile(r"(?P<name>\w+)(?:\{(?P<labels>.*)\})? (?P<value>\S+)")
_LABEL = re.compile(r'(\w+)="((?:[^"\\]|\\.)*)"')
_NAME = re.compile(r"\b(?:dissectd|process|exposer)_[a-z_]+\b")
_ROW = re.compile(r"^\| `(\w+)` \| (\w+) \| ([^|]*)\|", re.MULTILINE)
# What a histogram or summary adds to the name and the labels of its family.
_SUFFIX = re.compile(r"_(bucket|sum|count)$")
_OWN_LABELS = {"le", "quantile"}

# The types and labels of families.
Documented = dict[str, tuple[str, set[str]]]


class Sample(NamedTuple):
    """One line."""

    name: str
    labels: dict[str, str]
    value: float


class Exposition:
    """All metrics of a daemon at one moment."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.types: dict[str, str] = {}
        self.samples: list[Sample] = []
        for line in text.splitlines():
            if line.startswith("# TYPE "):
                _, _, name, kind = line.split(" ")
                if name in self.types:
                    raise ValueError(f"{name} is there twice")
                self.types[name] = kind
            elif line and not line.startswith("#"):
                match = _SAMPLE.fullmatch(line)
                if match is None:
                    raise ValueError(f"this is no sample: {line}")
                labels = dict(_LABEL.findall(match["labels"] or ""))
                self.samples.append(
                    Sample(match["name"], labels, float(match["value"]))
                )

    def value(self, name: str, **labels: str) -> float:
        """Returns the sum of the samples that have at least these labels."""
        return sum(
            sample.value
            for sample in self.samples
            if sample.name == name and labels.items() <= sample.labels.items()
        )

    def moved(self) -> set[str]:
        """Returns the families of samples above 0."""
        return {self.family(s.name) for s in self.samples if s.value > 0}

    def labels(self, family: str) -> set[str]:
        """Returns the names of labels of a family."""
        names: set[str] = set()
        for sample in self.samples:
            if self.family(sample.name) == family:
                names |= sample.labels.keys() - _OWN_LABELS
        return names

    def families(self) -> Documented:
        """Returns the types and labels of all families, as `documented`."""
        return {
            name: (kind, self.labels(name)) for name, kind in self.types.items()
        }

    def family(self, name: str) -> str:
        """Returns the family of a sample."""
        if name in self.types:
            return name
        return _SUFFIX.sub("", name)

    def has(self, name: str) -> bool:
        """Returns whether there is a family of this sample."""
        return self.family(name) in self.types


def read(url: str) -> Exposition:
    """Reads the metrics at an address."""
    with urllib.request.urlopen(url, timeout=PATIENCE_SECONDS) as answer:
        kind = answer.headers["Content-Type"]
        if not kind.startswith("text/plain"):
            raise ValueError(f"the metrics have the type {kind}")
        return Exposition(answer.read().decode())


def check_by_promtool(test: unittest.TestCase, seen: Exposition) -> None:
    """Fails a test if promtool finds a fault in metrics."""
    check = subprocess.run(
        ["promtool", "check", "metrics"],
        input=seen.text,
        capture_output=True,
        check=False,
        text=True,
    )
    test.assertEqual((check.returncode, check.stderr), (0, ""))


def names_in(text: str) -> set[str]:
    """Returns the metrics that an expression or a whole file names."""
    return set(_NAME.findall(text))


def _sections(page: pathlib.Path) -> tuple[str, str]:
    """Returns what the page says about daemons, and about fleets."""
    daemons, fleets = page.read_text().split("\n## A fleet\n")
    return daemons, fleets


def _rows(text: str) -> Documented:
    return {
        name: (kind, set(re.findall(r"`(\w+)`", labels)))
        for name, kind, labels in _ROW.findall(text)
    }


def documented(page: pathlib.Path) -> Documented:
    """Returns the type and labels of each metric of a daemon on the page."""
    return _rows(_sections(page)[0])


def documented_of_fleet(page: pathlib.Path) -> Documented:
    """Returns those of a fleet: its own, and those of daemons that it names."""
    daemons, fleets = _sections(page)
    shared = names_in(fleets.split("\n| metric |")[0])
    own = _rows(fleets)
    return own | {
        name: row for name, row in _rows(daemons).items() if name in shared
    }


def expressions(dashboard: pathlib.Path) -> Iterator[str]:
    """Yields the queries of a dashboard's panels and variables."""
    content: dict[str, Any] = json.loads(dashboard.read_text())
    for panel in content["panels"]:
        for target in panel.get("targets", []):
            yield target["expr"]
    for variable in content["templating"]["list"]:
        yield variable["query"]["query"]
