# SPDX-License-Identifier: GPL-2.0-or-later
"""Simulates bursts in small steps of time: what waits, and what is lost.

A packet passes the kernel's buffer, dumpcap, a file, the worker of each group
of followers, dissectd, and the fleet. Each takes a share of its machine's
processors, at most one for each thread. Only the kernel's buffer loses packets;
all others wait.
"""

import dataclasses

from model import Model
from scenario import Scenario

STEP_SECONDS = 0.005
SECONDS = 60.0
# Less than this share of the packets of a step doesn't count as waiting.
_LITTLE = 1e-9


@dataclasses.dataclass
class Outcome:
    """What a simulation has seen."""

    packets: float = 0.0
    lost: float = 0.0
    # The most packets that waited in the kernel's buffers of a node.
    most_buffered: float = 0.0
    # Seconds between a packet's capture and its way out, at the worst.
    node_delay: float = 0.0
    fleet_delay: float = 0.0
    # Whether more waits at the end than half-way: it never catches up.
    node_falls_behind: bool = False
    fleet_falls_behind: bool = False

    @property
    def lost_share(self) -> float:
        return self.lost / self.packets if self.packets else 0.0


def shares(available: float, wanted: list[float]) -> list[float]:
    """Divides processor time fairly: nobody gets more than it wants."""
    given = [0.0] * len(wanted)
    waiting = [index for index, value in enumerate(wanted) if value > 0]
    while waiting and available > 0:
        fair = available / len(waiting)
        content = [i for i in waiting if wanted[i] - given[i] <= fair]
        if not content:
            for index in waiting:
                given[index] += fair
            return given
        for index in content:
            available -= wanted[index] - given[index]
            given[index] = wanted[index]
            waiting.remove(index)
    return given


class _Stage:
    """Packets that wait for a program, which has some threads."""

    def __init__(self, seconds_per_packet: float, threads: float) -> None:
        self._cost = max(seconds_per_packet, 1e-15)
        self._threads = threads
        self.waiting = 0.0

    def wanted(self) -> float:
        return min(self.waiting * self._cost, self._threads * STEP_SECONDS)

    def pass_on(self, seconds: float) -> float:
        """Returns the number of packets that leave within processor time."""
        passed = min(self.waiting, seconds / self._cost)
        self.waiting -= passed
        return passed

    def seconds_behind(self) -> float:
        """Returns how long the last packet has to wait at the best."""
        return self.waiting * self._cost / self._threads


class _Simulation:
    """The nodes are alike, so one of them is simulated, and the fleet."""

    def __init__(self, model: Model, scenario: Scenario) -> None:
        self._scenario = scenario
        self._kernel_cost = model.kernel_per_packet()
        self._buffer = model.buffered_packets()
        parts = float(scenario.captures_per_node)
        self._dumpcap = _Stage(model.dumpcap_per_packet(), parts)
        groups = scenario.followers
        self._workers = [
            _Stage(model.worker_per_packet(group), parts) for group in groups
        ]
        # dissectd sends what passes the filter: the cost is that of a packet
        # which has passed the worker, on average.
        costs = [model.daemon_per_packet(group) for group in groups]
        # Some of its threads work at the same time, but the busiest is a limit.
        busiest = sum(
            model.daemon_per_packet(group, "thread") for group in groups
        )
        threads = sum(costs) / busiest if busiest else 1.0
        self._daemons = [_Stage(cost, threads) for cost in costs]
        self._daemon_seconds = threads * STEP_SECONDS
        self._merged_per_packet = [
            scenario.nodes * group.passing_share * group.clients
            if group.via == "fleet"
            else 0.0
            for group in groups
        ]
        # A fleet can't be faster than its loop thread, or all its processors.
        self._fleet = _Stage(
            max(
                model.fleet_per_frame("thread"),
                model.fleet_per_frame() / scenario.fleet_machine.cores,
            ),
            float(scenario.fleets),
        )
        self.outcome = Outcome()

    def run(self, seconds: float) -> Outcome:
        steps = round(seconds / STEP_SECONDS)
        half = (0.0, 0.0)
        for number in range(steps):
            self._step(number * STEP_SECONDS)
            if number == steps // 2:
                half = self._waiting()
        node, fleet = self._waiting()
        # What comes within a second may wait by the place in a burst.
        traffic = self._scenario.traffic
        second = traffic.packets_per_second * traffic.captured_share
        self.outcome.node_falls_behind = node - half[0] > second
        self.outcome.fleet_falls_behind = (
            fleet - half[1] > second * sum(self._merged_per_packet)
            and fleet > _LITTLE
        )
        return self.outcome

    def _waiting(self) -> tuple[float, float]:
        """Returns the packets that wait at the node, and at the fleet."""
        stages = self._workers + self._daemons
        return sum(stage.waiting for stage in stages), self._fleet.waiting

    def _is_stalled(self, time: float) -> bool:
        """Returns whether dumpcap doesn't run."""
        traffic = self._scenario.traffic
        begin = traffic.burst_every_seconds - traffic.burst_seconds
        place = time % traffic.burst_every_seconds - begin
        return -STEP_SECONDS / 2 <= place < traffic.stall_seconds

    def _arrivals(self, time: float) -> float:
        traffic = self._scenario.traffic
        rate = traffic.packets_per_second * traffic.captured_share
        # Bursts come last in their interval, and so after a calm beginning.
        place = time % traffic.burst_every_seconds
        begin = traffic.burst_every_seconds - traffic.burst_seconds
        if place >= begin - STEP_SECONDS / 2:
            rate *= traffic.burst_factor
        return rate * STEP_SECONDS

    def _step(self, time: float) -> None:
        arrivals = self._arrivals(time)
        outcome = self.outcome
        outcome.packets += arrivals
        cores = self._scenario.node_machine.cores
        # The kernel comes first: it handles packets in interrupts.
        available = max(
            0.0, cores * STEP_SECONDS - arrivals * self._kernel_cost
        )
        self._dumpcap.waiting += arrivals
        wanted = [stage.wanted() for stage in [self._dumpcap, *self._workers]]
        if self._is_stalled(time):
            wanted[0] = 0.0
        # All groups share the threads of dissectd.
        wanted += shares(
            self._daemon_seconds,
            [stage.wanted() for stage in self._daemons],
        )
        given = shares(available, wanted)
        self._move(given)
        over = self._dumpcap.waiting - self._buffer
        if over > 0:
            outcome.lost += over
            self._dumpcap.waiting = self._buffer
        outcome.most_buffered = max(
            outcome.most_buffered, self._dumpcap.waiting
        )
        delays = [
            worker.seconds_behind() + daemon.seconds_behind()
            for worker, daemon in zip(self._workers, self._daemons, strict=True)
        ]
        outcome.node_delay = max(outcome.node_delay, *delays, 0.0)
        outcome.fleet_delay = max(
            outcome.fleet_delay, self._fleet.seconds_behind()
        )

    def _move(self, given: list[float]) -> None:
        count = len(self._workers)
        for index in range(count):
            passed = self._daemons[index].pass_on(given[1 + count + index])
            self._fleet.waiting += passed * self._merged_per_packet[index]
            self._daemons[index].waiting += self._workers[index].pass_on(
                given[1 + index]
            )
        captured = self._dumpcap.pass_on(given[0])
        for worker in self._workers:
            worker.waiting += captured
        self._fleet.pass_on(self._fleet.wanted())


def simulate(
    model: Model, scenario: Scenario, seconds: float = SECONDS
) -> Outcome:
    """Returns what happens within some time."""
    return _Simulation(model, scenario).run(seconds)
