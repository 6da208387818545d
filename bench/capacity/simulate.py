#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Tells what an installation needs by measured figures, and what breaks first.

    run.sh simulate [OPTION...] [SCENARIO...]

SCENARIO is a file such as those in bench/capacity/scenarios, which are all read
by default. docs/capacity.md explains them.

Exit status: 0, also if something breaks; 1 if a file can't be used.
"""

import argparse
import dataclasses
import json
import pathlib
import sys
import typing

import bursts
import plots
import predictions
from figures import FigureError, Figures, load
from model import Model, Resource
from scenario import Scenario, ScenarioError
from scenario import load as load_scenario

HERE = pathlib.Path(__file__).resolve().parent


def parse_arguments(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument(
        "scenarios", metavar="SCENARIO", nargs="*", type=pathlib.Path
    )
    parser.add_argument(
        "--figures",
        type=pathlib.Path,
        default=HERE / "measured.json",
        metavar="FILE",
        help="what `run.sh measure --json` has written (%(default)s)",
    )
    parser.add_argument(
        "--seconds",
        type=float,
        default=bursts.SECONDS,
        metavar="N",
        help="how long bursts are simulated (%(default)s)",
    )
    form = parser.add_mutually_exclusive_group()
    form.add_argument(
        "--markdown", action="store_true", help="print tables as Markdown"
    )
    form.add_argument(
        "--json", action="store_true", help="print results as JSON"
    )
    parser.add_argument(
        "--svg", type=pathlib.Path, metavar="FOLDER", help="draw plots there"
    )
    parser.add_argument(
        "--validation",
        type=pathlib.Path,
        metavar="FILE",
        help="compare predictions with what `run.sh validate --json` has "
        "written, instead of scenarios",
    )
    return parser.parse_args(arguments)


def first_to_break(resources: list[Resource]) -> Resource:
    """Returns the resource that is used most, as a share of what there is."""
    return max(resources, key=lambda resource: resource.utilisation)


def verdict(resources: list[Resource], outcome: bursts.Outcome) -> list[str]:
    """Returns sentences about what happens."""
    most = first_to_break(resources)
    what = f"{most.place}: {most.name}"
    if most.utilisation > 1:
        lines = [
            f"Too much: {what} would need {most.utilisation:.2g} times what "
            "there is."
        ]
    else:
        lines = [
            f"Breaks first: {what}, at {1 / most.utilisation:.2g} times this "
            "load."
        ]
    if outcome.lost_share > 1e-6:
        lines.append(
            f"Bursts: {100 * outcome.lost_share:.2g} % of the packets are "
            "lost in the kernel's buffer."
        )
    else:
        lines.append(
            "Bursts: no packet is lost; at most "
            f"{outcome.most_buffered:,.0f} wait in the kernel's buffer."
        )
    for place, delay, behind in (
        ("a node", outcome.node_delay, outcome.node_falls_behind),
        ("the fleet", outcome.fleet_delay, outcome.fleet_falls_behind),
    ):
        if behind:
            lines.append(f"Live streams: {place} falls ever further behind.")
        elif delay > 1e-3:
            lines.append(
                f"Live streams: {place} is at most {delay:.2g} s behind."
            )
    return lines


def sums(scenario: Scenario, resources: list[Resource]) -> list[str]:
    """Returns lines with what all machines together need."""
    machines = {
        "node": ("nodes", scenario.nodes),
        "fleet": ("fleets", scenario.fleets),
        "Envoy": ("Envoy", 1),
        "replica": ("replicas", scenario.questions.replicas),
    }
    lines = []
    for what, title in (
        ("processors", "Processors in all"),
        ("memory", "Memory in all, in GiB"),
    ):
        parts = []
        for resource in resources:
            if resource.name.startswith(what) and resource.place in machines:
                name, count = machines[resource.place]
                whole = number(count * resource.used)
                each = f"{count:,} × {number(resource.used)}"
                parts.append(f"{name} {each} = {whole}")
        lines.append(f"{title}: {', '.join(parts)}.")
    return lines


def number(value: float) -> str:
    if value >= 100 or value == round(value):
        return f"{value:,.0f}"
    if value < 0.001:
        return "< 0.001"
    return f"{value:.2g}" if value < 10 else f"{value:.1f}"


def rows(resources: list[Resource]) -> list[tuple[str, ...]]:
    return [
        (
            resource.place,
            resource.name,
            f"{number(resource.used)} {resource.unit}",
            f"{number(resource.available)} {resource.unit}",
            f"{100 * resource.utilisation:,.0f} %",
        )
        for resource in resources
    ]


HEAD = ("where", "what", "needed", "there is", "used")


def table(content: list[tuple[str, ...]], markdown: bool) -> str:
    if markdown:
        head, *rest = ("| " + " | ".join(row) + " |" for row in content)
        return "\n".join([head, "|" + "---|" * len(content[0]), *rest])
    widths = [max(map(len, column)) for column in zip(*content, strict=True)]
    return "\n".join(
        "  ".join(
            cell.ljust(width) for cell, width in zip(row, widths, strict=True)
        ).rstrip()
        for row in content
    )


def as_json(
    scenario: Scenario, resources: list[Resource], outcome: bursts.Outcome
) -> dict[str, typing.Any]:
    most = first_to_break(resources)
    return {
        "title": scenario.title,
        "resources": [
            {**vars(resource), "utilisation": resource.utilisation}
            for resource in resources
        ],
        "first": {"place": most.place, "name": most.name},
        "lost_share": outcome.lost_share,
        "most_buffered": outcome.most_buffered,
        "node_delay_seconds": outcome.node_delay,
        "fleet_delay_seconds": outcome.fleet_delay,
        "node_falls_behind": outcome.node_falls_behind,
        "fleet_falls_behind": outcome.fleet_falls_behind,
    }


@dataclasses.dataclass(frozen=True)
class Answer:
    """What the model says about a scenario."""

    scenario: Scenario
    resources: list[Resource]
    outcome: bursts.Outcome

    def lines(self) -> list[str]:
        return sums(self.scenario, self.resources) + verdict(
            self.resources, self.outcome
        )


def ask(figures: Figures, path: pathlib.Path, seconds: float) -> Answer:
    scenario = load_scenario(path)
    model = Model(figures, scenario)
    return Answer(
        scenario, model.resources(), bursts.simulate(model, scenario, seconds)
    )


def text(answer: Answer) -> str:
    """Returns the table of a scenario, and what follows from it."""
    lines = [
        answer.scenario.title,
        "",
        table([HEAD, *rows(answer.resources)], markdown=False),
        "",
        *answer.lines(),
        "",
    ]
    return "\n".join(lines)


def side_by_side(answers: list[Answer]) -> str:
    """Returns a table in Markdown with a column for each scenario."""
    content = [("", *(answer.scenario.title for answer in answers))]
    names = dict.fromkeys(
        (resource.place, resource.name)
        for answer in answers
        for resource in answer.resources
    )
    for place, name in names:
        cells = []
        for answer in answers:
            found = [
                f"{number(each.used)} of {number(each.available)} {each.unit}, "
                f"{100 * each.utilisation:,.0f} %"
                for each in answer.resources
                if (each.place, each.name) == (place, name)
            ]
            cells.append(found[0] if found else "–")
        content.append((f"{place}: {name}", *cells))
    lines = [table(content, markdown=True)]
    for answer in answers:
        lines += ["", f"{answer.scenario.title}:", ""]
        lines += [f"- {line}" for line in answer.lines()]
    return "\n".join(lines)


def show(arguments: argparse.Namespace, figures: Figures) -> None:
    paths = arguments.scenarios or sorted((HERE / "scenarios").glob("*.json"))
    answers = [ask(figures, path, arguments.seconds) for path in paths]
    if arguments.json:
        print(
            json.dumps(
                [
                    as_json(each.scenario, each.resources, each.outcome)
                    for each in answers
                ],
                indent=1,
            )
        )
    elif arguments.markdown:
        print(side_by_side(answers))
    else:
        print("\n".join(map(text, answers)), end="")


def main() -> int:
    arguments = parse_arguments(sys.argv[1:])
    try:
        figures = load(arguments.figures)
        if arguments.validation:
            compared = predictions.compare(figures, arguments.validation)
            print(table(compared, arguments.markdown))
        else:
            show(arguments, figures)
        if arguments.svg:
            plots.draw_all(figures, arguments.svg)
    except (FigureError, ScenarioError, OSError) as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
