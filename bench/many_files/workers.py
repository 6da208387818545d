# SPDX-License-Identifier: GPL-2.0-or-later
"""Times dissectd.dask by the number of workers, and draws the result.

    workers.py --captures DIR [--count 200] [--rounds 3] [--svg FILE]

Runs in the environment of tests/dask/run.sh, and needs DISSECTD and
DISSECTCTL, the paths of the programs.
"""

import argparse
import dataclasses
import math
import os
import pathlib
import tempfile
import time
from collections.abc import Iterator

from dissectd.dask import DaemonPlugin, read_captures
from distributed import Client, LocalCluster
from running import FIELDS, captures, start_daemons

WORKERS = (1, 2, 3, 4)
ONE, THREE, OWN = "one daemon", "three daemons", "a daemon a worker"
COLOURS = {ONE: "#0072b2", THREE: "#d55e00", OWN: "#009e73"}


@dataclasses.dataclass(frozen=True)
class Point:
    workers: int
    seconds: float


def seconds(paths: list[str], addresses: list[str]) -> float:
    """Returns how long it takes to count the rows of all captures."""
    begin = time.perf_counter()
    found = read_captures(
        paths,
        FIELDS,
        daemons=addresses,
        daemon=None if addresses else "worker",
        errors="report",
    )
    found.frame.shape[0].compute()
    return time.perf_counter() - begin


def measure(
    paths: list[str], addresses: list[str], rounds: int
) -> dict[str, list[Point]]:
    """Returns the shortest time of each number of workers.

    All ways are timed in turn, so that other load meets all of them.
    """
    ways = {ONE: addresses[:1], THREE: addresses, OWN: []}
    found: dict[str, list[Point]] = {way: [] for way in ways}
    for count in WORKERS:
        with (
            LocalCluster(
                n_workers=count, threads_per_worker=1, dashboard_address=None
            ) as workers,
            Client(workers) as client,
        ):
            client.register_plugin(DaemonPlugin())
            best = dict.fromkeys(ways, float("inf"))
            for _ in range(rounds + 1):
                for way, daemons in ways.items():
                    best[way] = min(best[way], seconds(paths, daemons))
            for way, shortest in best.items():
                found[way].append(Point(count, shortest))
                print(f"{way:18} {count} workers {shortest:6.2f} s", flush=True)
    return found


WIDTH, HEIGHT = 640, 360
STEPS = 4
LEFT, RIGHT, TOP, BOTTOM = 60, 170, 30, 50


def _x(workers: int) -> float:
    return LEFT + (workers - 1) * (WIDTH - LEFT - RIGHT) / (WORKERS[-1] - 1)


def _y(value: float, most: float) -> float:
    return HEIGHT - BOTTOM - value / most * (HEIGHT - TOP - BOTTOM)


def _axes(most: float) -> Iterator[str]:
    for step in range(STEPS + 1):
        value = most * step / STEPS
        y = _y(value, most)
        yield (
            f'<line x1="{LEFT}" y1="{y:.1f}" x2="{WIDTH - RIGHT}" y2="{y:.1f}" '
            'stroke="#bbb"/>'
        )
        yield (
            f'<text x="{LEFT - 8}" y="{y + 4:.1f}" text-anchor="end">'
            f"{value:.3g}</text>"
        )
    for workers in WORKERS:
        yield (
            f'<text x="{_x(workers):.1f}" y="{HEIGHT - BOTTOM + 20}" '
            f'text-anchor="middle">{workers}</text>'
        )
    middle = (LEFT + WIDTH - RIGHT) / 2
    yield (
        f'<text x="{middle}" y="{HEIGHT - 10}" text-anchor="middle">workers'
        "</text>"
    )
    yield f'<text x="{LEFT - 40}" y="18">seconds</text>'


def _line(
    way: str, points: list[Point], most: float, row: int
) -> Iterator[str]:
    places = [(_x(p.workers), _y(p.seconds, most)) for p in points]
    path = " ".join(f"{x:.1f},{y:.1f}" for x, y in places)
    colour = COLOURS[way]
    yield (
        f'<polyline points="{path}" fill="none" stroke="{colour}" '
        'stroke-width="2"/>'
    )
    for x, y in places:
        yield f'<circle cx="{x:.1f}" cy="{y:.1f}" r="4" fill="{colour}"/>'
    x, y = WIDTH - RIGHT + 20, TOP + 20 + 24 * row
    yield f'<circle cx="{x}" cy="{y - 4}" r="4" fill="{colour}"/>'
    yield f'<text x="{x + 12}" y="{y}">{way}</text>'


def drawing(found: dict[str, list[Point]], title: str) -> str:
    """Returns a diagram as SVG."""
    longest = max(p.seconds for points in found.values() for p in points)
    most = STEPS * math.ceil(longest / STEPS)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} '
        f'{HEIGHT}" font-family="sans-serif" font-size="13">',
        f"<title>{title}</title>",
        '<rect width="100%" height="100%" fill="white"/>',
        *_axes(most),
    ]
    for row, (way, points) in enumerate(found.items()):
        parts.extend(_line(way, points, most, row))
    return "\n".join([*parts, "</svg>", ""])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--captures", type=pathlib.Path, required=True)
    parser.add_argument("--count", type=int, default=200)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--svg", type=pathlib.Path)
    chosen = parser.parse_args()
    paths = captures(chosen.captures, chosen.count)
    with tempfile.TemporaryDirectory() as name:
        daemons = list(start_daemons(pathlib.Path(name), 3))
        addresses = [daemon.address for daemon in daemons]
        found = measure(paths, addresses, chosen.rounds)
        for daemon in daemons:
            daemon.stop()
    title = f"Time for {len(paths)} captures, {os.cpu_count()} processors"
    if chosen.svg:
        chosen.svg.write_text(drawing(found, title))


if __name__ == "__main__":
    main()
