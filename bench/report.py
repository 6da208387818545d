# SPDX-License-Identifier: GPL-2.0-or-later
"""Formats results as tables and as JSON."""

import os
import pathlib
import platform
import re
import typing

from captures import Captures
from contest import Result, Row, Series, show

HEAD = ("case", "ours", "", "peer", "", "ratio", "pairs", "target", "met")


def span(series: Series, unit: str) -> str:
    low, high = min(series.values), max(series.values)
    if len(series.values) == 1:
        return show(series.median, unit)
    number = show(low, unit).split()[0]
    return f"{show(series.median, unit)} ({number}–{show(high, unit)})"


def cells(row: Row) -> tuple[str, ...]:
    comparison = row.comparison
    target = "–"
    if comparison.target is not None:
        sign = "≤" if comparison.at_most else "≥"
        target = f"{sign} {comparison.target:g}×"
    met = {None: "–", True: "yes", False: "no"}[row.met]
    if row.outputs_differ:
        met = "outputs differ"
    return (
        comparison.label,
        comparison.ours,
        span(row.ours, row.unit),
        comparison.peer,
        span(row.peer, row.unit),
        f"{row.ratio:.2f}×",
        f"{row.pair_ratio:.2f}×",
        target if row.counts else "–",
        met,
    )


def plain_table(rows: list[tuple[str, ...]]) -> str:
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    lines = []
    for row in rows:
        padded = (
            cell.ljust(width) for cell, width in zip(row, widths, strict=True)
        )
        lines.append("  ".join(padded).rstrip())
    return "\n".join(lines)


def markdown_table(rows: list[tuple[str, ...]]) -> str:
    head, *rest = (
        "| " + " | ".join(cell.replace("|", r"\|") for cell in row) + " |"
        for row in rows
    )
    return "\n".join([head, "|" + "---|" * len(HEAD), *rest])


def fact_lines(results: list[Result]) -> list[str]:
    return [
        f"{name}: {value:.4g}"
        for result in results
        for name, value in result.facts.items()
    ]


def text(
    captures: Captures, rounds: int, results: list[Result], markdown: bool
) -> str:
    """Returns all results as text for people."""
    rows = [HEAD] + [cells(row) for result in results for row in result.rows]
    table = markdown_table(rows) if markdown else plain_table(rows)
    bullet = "- " if markdown else ""
    facts = "\n".join(bullet + line for line in fact_lines(results))
    return "\n\n".join(
        part for part in (describe(captures, rounds), table, facts) if part
    )


def describe(captures: Captures, rounds: int) -> str:
    """Returns a line about the input and the machine."""
    repeated = ""
    if captures.repetitions > 1:
        repeated = f", repeated {captures.repetitions} times"
    size = pathlib.Path(captures.path(captures.large)).stat().st_size
    return (
        f"{captures.frames} frames in {size / 1e6:.1f} MB of "
        f"{len(captures.files)} captures{repeated}; medians (lowest–highest) "
        f"of up to {rounds} rounds; {cpu()}, {os.cpu_count()} cores"
    )


def cpu() -> str:
    """Returns the name of the processor."""
    try:
        info = pathlib.Path("/proc/cpuinfo").read_text(errors="replace")
    except OSError:
        info = ""
    match = re.search(r"^model name\s*: (.+)$", info, re.MULTILINE)
    return match.group(1) if match else platform.machine()


def as_json(
    captures: Captures, rounds: int, results: list[Result]
) -> dict[str, typing.Any]:
    """Returns all results for programs: times in seconds, sizes in bytes."""
    return {
        "input": {
            "frames": captures.frames,
            "captures": len(captures.files),
            "repetitions": captures.repetitions,
        },
        "machine": {"processor": cpu(), "cores": os.cpu_count()},
        "rounds": rounds,
        "rows": [json_row(row) for result in results for row in result.rows],
        "facts": {
            name: value
            for result in results
            for name, value in result.facts.items()
        },
    }


def json_row(row: Row) -> dict[str, typing.Any]:
    comparison = row.comparison
    return {
        "case": comparison.label,
        "ours": comparison.ours,
        "our_values": row.ours.values,
        "peer": comparison.peer,
        "peer_values": row.peer.values,
        "unit": {"MiB": "bytes", "packets": "packets"}.get(row.unit, "seconds"),
        "ratio": row.ratio,
        "pair_ratio": row.pair_ratio,
        "target": comparison.target,
        "at_most": comparison.at_most,
        "counts": row.counts,
        "met": row.met,
        "outputs_differ": row.outputs_differ,
    }
