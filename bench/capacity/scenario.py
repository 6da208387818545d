# SPDX-License-Identifier: GPL-2.0-or-later
"""Scenarios: what an installation is asked to do, and its machines."""

import dataclasses
import json
import pathlib
import typing

FORMS = ("list", "fields", "trees")
VIA = ("node", "fleet")


class ScenarioError(Exception):
    """A scenario can't be used."""


@dataclasses.dataclass(frozen=True)
class Machine:
    """What one machine has."""

    cores: float
    memory_gib: float
    network_gbit_per_second: float
    disk_mb_per_second: float = 500.0
    disk_gb: float = 1000.0


@dataclasses.dataclass(frozen=True)
class Traffic:
    """The packets of one node; in a burst, there are `burst_factor` as many."""

    packets_per_second: float
    mean_bytes: float
    burst_factor: float = 1.0
    burst_seconds: float = 0.0
    burst_every_seconds: float = 10.0
    # The share that passes the capture filter. The kernel drops the rest.
    captured_share: float = 1.0
    # How long dumpcap has no processor, or waits for the disk, when a burst
    # begins.
    stall_seconds: float = 0.0


@dataclasses.dataclass(frozen=True)
class Followers:
    """Clients with live streams of one view, of each node or merged."""

    form: str
    clients: float
    # The share of captured packets that passes the display filter.
    passing_share: float
    via: str


@dataclasses.dataclass(frozen=True)
class Questions:
    """Calls about files and sessions, of all clients, through Envoy."""

    replicas: int = 0
    files_per_second: float = 0.0
    frames_per_file: float = 0.0
    form: str = "fields"
    unary_calls_per_second: float = 0.0
    connections_per_second: float = 0.0
    sessions: float = 0.0
    frames_per_session: float = 0.0
    session_questions_per_second: float = 0.0


@dataclasses.dataclass(frozen=True)
class Scenario:
    """An installation."""

    title: str
    nodes: int
    traffic: Traffic
    node_machine: Machine
    followers: tuple[Followers, ...] = ()
    questions: Questions = Questions()
    # Buffer of each capture in the kernel.
    buffer_mib: float = 2.0
    # How many captures of a node share its packets, each with a dumpcap and
    # workers of its own.
    captures_per_node: int = 1
    # Whether capture filters split the packets: the kernel shows each packet to
    # each capture then. Otherwise interfaces do, for example those of a network
    # card that spreads flows.
    split_by_filter: bool = False
    retention_seconds: float = 3600.0
    fleets: int = 1
    client_gbit_per_second: float = 1.0
    fleet_machine: Machine = Machine(4, 8, 10)
    edge_machine: Machine = Machine(4, 8, 10)
    replica_machine: Machine = Machine(8, 32, 10)


def _make(kind: type[typing.Any], content: object, place: str) -> typing.Any:
    """Makes a data class of an object in JSON."""
    if not isinstance(content, dict):
        raise ScenarioError(f"{place} isn't an object")
    fields = {field.name: field for field in dataclasses.fields(kind)}
    for name in content:
        if name not in fields:
            raise ScenarioError(f'{place} has no "{name}"')
    try:
        made = kind(**content)
    except TypeError as error:
        raise ScenarioError(f"{place}: {error}") from error
    for name, field in fields.items():
        value = getattr(made, name)
        if field.type in (int, float) and (
            isinstance(value, bool)
            or not isinstance(value, (int, float))
            or value < 0
        ):
            raise ScenarioError(f'{place}: "{name}" isn\'t a number from 0')
        if field.type is bool and not isinstance(value, bool):
            raise ScenarioError(f'{place}: "{name}" is neither true nor false')
    return made


def parse(content: object, place: str) -> Scenario:
    """Returns the scenario that an object in JSON describes."""
    if not isinstance(content, dict):
        raise ScenarioError(f"{place} isn't an object")
    content = dict(content)
    parts: dict[str, type[typing.Any]] = {
        "traffic": Traffic,
        "questions": Questions,
        "node_machine": Machine,
        "fleet_machine": Machine,
        "edge_machine": Machine,
        "replica_machine": Machine,
    }
    for name, kind in parts.items():
        if name in content:
            content[name] = _make(kind, content[name], f"{place}: {name}")
    followers = content.pop("followers", [])
    if not isinstance(followers, list):
        raise ScenarioError(f"{place}: followers isn't a list")
    content["followers"] = tuple(
        _make(Followers, each, f"{place}: followers") for each in followers
    )
    made: Scenario = _make(Scenario, content, place)
    _check(made, place)
    return made


def _check(scenario: Scenario, place: str) -> None:
    if scenario.nodes < 1 or scenario.captures_per_node < 1:
        raise ScenarioError(f"{place}: there must be a node with a capture")
    if scenario.fleets < 1:
        raise ScenarioError(f"{place}: there must be a fleet")
    for each in scenario.followers:
        if each.form not in FORMS:
            raise ScenarioError(f'{place}: "{each.form}" is no form: {FORMS}')
        if each.via not in VIA:
            raise ScenarioError(f'{place}: "{each.via}" is no way: {VIA}')
    if scenario.questions.form not in FORMS:
        raise ScenarioError(f"{place}: the form of questions is none")
    traffic = scenario.traffic
    if traffic.burst_seconds > traffic.burst_every_seconds:
        raise ScenarioError(f"{place}: bursts overlap")


def load(path: pathlib.Path) -> Scenario:
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise ScenarioError(f"{path}: {error}") from error
    return parse(content, str(path))
