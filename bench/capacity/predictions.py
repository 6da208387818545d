# SPDX-License-Identifier: GPL-2.0-or-later
"""Compares what the model predicts with what a run has measured."""

import json
import pathlib
import statistics
import typing

import bursts
import scenario as scenarios
from figures import FigureError, Figures
from model import Model

HEAD = ("run", "what", "predicted", "measured", "error")

# Predictions and measurements by name, in a unit that the name has.
Values = dict[str, float]


def of_fleet(figures: Figures, load: dict[str, typing.Any]) -> Values:
    """Predicts the processor time of a run with nodes behind a fleet.

    `load` is a scenario, `seconds` long.
    """
    scenario = scenarios.parse(load["scenario"], "the load of a fleet")
    model = Model(figures, scenario)
    packets = load["packets_per_node"] * scenario.nodes
    (group,) = scenario.followers
    merged = packets * group.passing_share * group.clients
    return {
        "dumpcap, s": packets * model.dumpcap_per_packet(),
        "workers, s": packets * model.worker_per_packet(group),
        "dissectd, s": packets * model.daemon_per_packet(group),
        "fleet, s": merged * model.fleet_per_frame(),
        "fleet, its loop, s": merged * model.fleet_per_frame("thread"),
        "nodes to fleet, MB": packets * model.bytes_per_packet(group) / 1e6,
    }


def of_edge(figures: Figures, load: dict[str, typing.Any]) -> Values:
    """Predicts the processor time of a run of calls through Envoy."""
    calls, dissections = load["calls"], load["dissections"]
    model = Model(figures, scenarios.parse(load["scenario"], "a load"))
    return {
        "Envoy, s": model.edge_seconds(
            calls + dissections, load["messages"], load["bytes"], 0
        ),
        "daemons, s": calls * figures["daemon.call"]
        + dissections * figures["file.call"],
    }


def of_stall(figures: Figures, load: dict[str, typing.Any]) -> Values:
    """Predicts what is lost when dumpcap doesn't run for a while."""
    scenario = scenarios.parse(load["scenario"], "a load")
    outcome = bursts.simulate(
        Model(figures, scenario), scenario, load["seconds"]
    )
    return {"lost, packets": outcome.lost}


KINDS = {"fleet": of_fleet, "edge": of_edge, "stall": of_stall}


def compare(figures: Figures, path: pathlib.Path) -> list[tuple[str, ...]]:
    """Returns a table of predictions, measurements and errors.

    Runs that were repeated have one line, with the means.
    """
    found: dict[tuple[str, str], list[tuple[float, float]]] = {}
    try:
        for run in json.loads(path.read_text(encoding="utf-8"))["runs"]:
            predicted = KINDS[run["kind"]](figures, run["load"])
            for name, measured in run["measured"].items():
                values = found.setdefault((run["title"], name), [])
                values.append((predicted[name], float(measured)))
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise FigureError(f"{path} has no runs: {error!r}") from error
    return [
        HEAD,
        *(
            row(*key, *map(statistics.fmean, zip(*values, strict=True)))
            for key, values in found.items()
        ),
    ]


def _number(value: float) -> str:
    return f"{value:,.0f}" if value >= 1000 else f"{value:.3g}"


def row(
    title: str, name: str, predicted: float, measured: float
) -> tuple[str, str, str, str, str]:
    what, _, unit = name.rpartition(", ")
    error = 100 * (predicted - measured) / measured
    return (
        title,
        what,
        f"{_number(predicted)} {unit}",
        f"{_number(measured)} {unit}",
        f"{error:+.0f} %",
    )
