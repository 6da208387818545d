# SPDX-License-Identifier: GPL-2.0-or-later
"""Measured figures, with their units and spread, in a file."""

import dataclasses
import json
import pathlib
import statistics
import typing


class FigureError(Exception):
    """A file of figures can't be used."""


@dataclasses.dataclass(frozen=True)
class Figure:
    """What was measured once a round."""

    unit: str
    meaning: str
    values: tuple[float, ...]

    @property
    def median(self) -> float:
        return statistics.median(self.values)

    def as_json(self) -> dict[str, typing.Any]:
        return {
            "unit": self.unit,
            "meaning": self.meaning,
            "median": _rounded(self.median),
            "lowest": _rounded(min(self.values)),
            "highest": _rounded(max(self.values)),
            "values": [_rounded(value) for value in self.values],
        }


def _rounded(value: float) -> float:
    return float(f"{value:.4g}")


class Figures:
    """Figures by name, and the machine that they were measured on."""

    def __init__(
        self, machine: dict[str, typing.Any], figures: dict[str, Figure]
    ) -> None:
        self.machine = machine
        self.figures = figures

    def __getitem__(self, name: str) -> float:
        """Returns the median of a figure."""
        if name not in self.figures:
            raise FigureError(f'there is no figure "{name}"')
        return self.figures[name].median

    def write(self, path: pathlib.Path) -> None:
        content = {
            "machine": self.machine,
            "figures": {
                name: figure.as_json()
                for name, figure in sorted(self.figures.items())
            },
        }
        text = json.dumps(content, indent=1, ensure_ascii=False)
        path.write_text(text + "\n", encoding="utf-8")


def load(path: pathlib.Path) -> Figures:
    """Reads a file that Figures.write has written."""
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        figures = {
            name: Figure(
                str(entry["unit"]),
                str(entry["meaning"]),
                tuple(float(value) for value in entry["values"]),
            )
            for name, entry in content["figures"].items()
        }
        machine = dict(content["machine"])
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise FigureError(f"{path} has no figures: {error}") from error
    for name, figure in figures.items():
        if not figure.values:
            raise FigureError(f'{path}: "{name}" has no values')
    return Figures(machine, figures)


class Recorder:
    """Collects values of rounds."""

    def __init__(self) -> None:
        self._units: dict[str, tuple[str, str]] = {}
        self._values: dict[str, list[float]] = {}

    def add(self, name: str, value: float, unit: str, meaning: str) -> None:
        self._units[name] = (unit, meaning)
        self._values.setdefault(name, []).append(value)

    def figures(self) -> dict[str, Figure]:
        return {
            name: Figure(*self._units[name], tuple(values))
            for name, values in self._values.items()
        }
