# SPDX-License-Identifier: GPL-2.0-or-later
"""Draws what the model says, as SVG."""

import dataclasses
import math
import pathlib
from collections.abc import Iterator

from figures import Figures
from model import FLEET_SIZES, Model
from scenario import Machine, Scenario, Traffic

WIDTH, HEIGHT = 720, 400
LEFT, RIGHT, TOP, BOTTOM = 90, 220, 30, 50
BLUE, RED, GREEN = "#0072b2", "#d55e00", "#009e73"
PINK, SKY, ORANGE = "#cc79a7", "#56b4e9", "#e69f00"
# Ethernet's preamble, gap and checksum, which captures don't have.
WIRE_EXTRA = 24

Point = tuple[float, float]


@dataclasses.dataclass(frozen=True)
class Curve:
    """A line, or points that were measured."""

    name: str
    points: list[Point]
    colour: str
    measured: bool = False
    dashed: bool = False


@dataclasses.dataclass(frozen=True)
class Chart:
    """A diagram whose axes are both logarithmic."""

    title: str
    x_label: str
    y_label: str
    x_ticks: tuple[float, ...]
    y_ticks: tuple[float, ...]
    curves: list[Curve]

    def _x(self, value: float) -> float:
        return _place(value, self.x_ticks, LEFT, WIDTH - RIGHT)

    def _y(self, value: float) -> float:
        return _place(value, self.y_ticks, HEIGHT - BOTTOM, TOP)

    def _axes(self) -> Iterator[str]:
        for tick in self.y_ticks:
            y = self._y(tick)
            yield (
                f'<line x1="{LEFT}" y1="{y:.1f}" x2="{WIDTH - RIGHT}" '
                f'y2="{y:.1f}" stroke="#ccc"/>'
            )
            yield (
                f'<text x="{LEFT - 8}" y="{y + 4:.1f}" text-anchor="end">'
                f"{tick:,.0f}</text>"
            )
        for tick in self.x_ticks:
            yield (
                f'<text x="{self._x(tick):.1f}" y="{HEIGHT - BOTTOM + 20}" '
                f'text-anchor="middle">{tick:,.0f}</text>'
            )
        middle = (LEFT + WIDTH - RIGHT) / 2
        yield (
            f'<text x="{middle}" y="{HEIGHT - 10}" text-anchor="middle">'
            f"{self.x_label}</text>"
        )
        yield f'<text x="8" y="18">{self.y_label}</text>'

    def _curve(self, curve: Curve, row: int) -> Iterator[str]:
        colour = curve.colour
        places = [
            (self._x(x), self._y(y))
            for x, y in curve.points
            if self.y_ticks[0] <= y <= self.y_ticks[-1]
        ]
        dashes = ' stroke-dasharray="6 4"' if curve.dashed else ""
        if curve.measured:
            for x, y in places:
                yield (
                    f'<circle cx="{x:.1f}" cy="{y:.1f}" r="4" fill="{colour}"/>'
                )
        else:
            path = " ".join(f"{x:.1f},{y:.1f}" for x, y in places)
            yield (
                f'<polyline points="{path}" fill="none" stroke="{colour}" '
                f'stroke-width="2"{dashes}/>'
            )
        x, y = WIDTH - RIGHT + 16, TOP + 16 + 24 * row
        if curve.measured:
            yield f'<circle cx="{x}" cy="{y - 4}" r="4" fill="{colour}"/>'
        else:
            yield (
                f'<line x1="{x - 8}" y1="{y - 4}" x2="{x + 8}" y2="{y - 4}" '
                f'stroke="{colour}" stroke-width="2"{dashes}/>'
            )
        yield f'<text x="{x + 12}" y="{y}">{curve.name}</text>'

    def svg(self) -> str:
        parts = [
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} '
            f'{HEIGHT}" font-family="sans-serif" font-size="13">',
            f"<title>{self.title}</title>",
            '<rect width="100%" height="100%" fill="white"/>',
            *self._axes(),
        ]
        for row, curve in enumerate(self.curves):
            parts.extend(self._curve(curve, row))
        return "\n".join([*parts, "</svg>", ""])


def _place(
    value: float, ticks: tuple[float, ...], begin: float, end: float
) -> float:
    low, high = math.log(ticks[0]), math.log(ticks[-1])
    return begin + (math.log(value) - low) / (high - low) * (end - begin)


def _model(figures: Figures, nodes: int, mean_bytes: float) -> Model:
    machine = Machine(4, 8, 10)
    return Model(figures, Scenario("", nodes, Traffic(1, mean_bytes), machine))


def packet_chart(figures: Figures) -> Chart:
    """Shows what one thread of each kind can do, and what networks carry."""
    sizes = [64.0 * 1.25**step for step in range(15)] + [1514.0]

    def line(gigabits: float) -> list[Point]:
        return [
            (size, gigabits * 1e9 / 8 / (size + WIRE_EXTRA)) for size in sizes
        ]

    def worker(form: str) -> list[Point]:
        rate = 1 / figures[f"live.{form}.worker"]
        return [(size, rate) for size in sizes]

    dumpcap = [
        (size, 1 / _model(figures, 1, size).dumpcap_per_packet())
        for size in sizes
    ]
    return Chart(
        "What one thread can do",
        "bytes a packet",
        "packets a second",
        (64, 128, 256, 512, 1024, 1514),
        (10_000, 100_000, 1_000_000, 10_000_000, 20_000_000),
        [
            Curve("10 Gbit/s", line(10), RED, dashed=True),
            Curve("1 Gbit/s", line(1), ORANGE, dashed=True),
            Curve("dumpcap, one thread", dumpcap, BLUE),
            Curve("live worker, packet list", worker("list"), GREEN),
            Curve("live worker, fields", worker("fields"), SKY),
            Curve("live worker, whole trees", worker("trees"), PINK),
        ],
    )


def fleet_chart(figures: Figures) -> Chart:
    """Shows how many frames a fleet can merge, by its nodes."""
    nodes = [1, 2, 5, 10, 20, 50, 100, 250, 500, 1000]

    def modelled(kind: str) -> list[Point]:
        return [
            (n, 1 / _model(figures, n, 500).fleet_per_frame(kind))
            for n in nodes
        ]

    def measured(kind: str) -> list[Point]:
        return [(n, 1 / figures[f"fleet.{kind}.{n}"]) for n in FLEET_SIZES]

    return Chart(
        "Frames that a fleet merges",
        "nodes in a call",
        "frames a second",
        (1, 10, 100, 1000),
        (1000, 10_000, 100_000),
        [
            Curve("by its loop's thread", modelled("thread"), BLUE),
            Curve(
                "the same, measured", measured("thread"), BLUE, measured=True
            ),
            Curve("by one processor", modelled("frame"), RED),
            Curve("the same, measured", measured("frame"), RED, measured=True),
        ],
    )


def draw_all(figures: Figures, folder: pathlib.Path) -> None:
    for name, chart in {
        "capacity-packets.svg": packet_chart(figures),
        "capacity-fleet.svg": fleet_chart(figures),
    }.items():
        (folder / name).write_text(chart.svg(), encoding="utf-8")
