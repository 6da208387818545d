# SPDX-License-Identifier: GPL-2.0-or-later
"""What a scenario needs, computed from measured figures.

Everything is linear in the rates, except the cost of merging: a frame costs a
fleet more, the more streams a call has.
"""

import dataclasses
from collections.abc import Iterator

from arithmetic import line_through, wire_bytes
from figures import Figures
from scenario import Followers, Scenario

GIB = 1 << 30
# Frames of a batch share a message; it has at most this number of bytes.
BATCH_BYTES = 256 * 1024
# The numbers of nodes with which merging was measured.
FLEET_SIZES = (1, 5, 20, 100, 250, 1000)


@dataclasses.dataclass(frozen=True)
class Resource:
    """Something that is used, and how much of it there is."""

    place: str
    name: str
    used: float
    available: float
    unit: str

    @property
    def utilisation(self) -> float:
        return self.used / self.available


class Model:
    """Computes the demands of one scenario."""

    def __init__(self, figures: Figures, scenario: Scenario) -> None:
        self._figures = figures
        self._scenario = scenario

    # Rates.

    def captured(self) -> float:
        """Packets a second that one node captures, on average."""
        traffic = self._scenario.traffic
        more = (
            (traffic.burst_factor - 1)
            * traffic.burst_seconds
            / traffic.burst_every_seconds
        )
        return traffic.packets_per_second * traffic.captured_share * (1 + more)

    def kernel_per_packet(self) -> float:
        """Returns the kernel's time for each packet that is captured.

        It includes that for packets which no capture wants, and for captures
        which don't want this packet.
        """
        small = self._figures["kernel.packet.64"]
        large = self._figures["kernel.packet.1400"]
        share = (self._scenario.traffic.mean_bytes - 64) / (1400 - 64)
        scenario = self._scenario
        looks = scenario.captures_per_node if scenario.split_by_filter else 1
        captured = scenario.traffic.captured_share
        rejected = max(0.0, looks - captured) / captured if captured else 0.0
        return (
            max(0.0, small + share * (large - small))
            + rejected * self._figures["kernel.rejected"]
        )

    def dumpcap_per_packet(self) -> float:
        return (
            self._figures["dumpcap.packet"]
            + self._figures["dumpcap.byte"] * self._scenario.traffic.mean_bytes
        )

    def buffered_packets(self) -> float:
        """Returns how many packets the buffers of a node's captures hold."""
        small = 1 / self._figures["kernel.buffer.64"]
        large = 1 / self._figures["kernel.buffer.1400"]
        share = (self._scenario.traffic.mean_bytes - 64) / (1400 - 64)
        part = small + share * (large - small)
        scenario = self._scenario
        return scenario.buffer_mib / 2 / part * scenario.captures_per_node

    # The costs of a captured packet at its node, for one group of followers.

    def worker_per_packet(self, group: Followers) -> float:
        """Returns the time of the worker that the group shares."""
        kind = "single" if group.via == "fleet" else "live"
        sent = self._figures[f"{kind}.{group.form}.worker"]
        if group.passing_share == 1:
            return sent  # There is no filter, which would need a tree.
        skipped = self._figures[f"skipped.{group.form}.worker"]
        return skipped + group.passing_share * max(0.0, sent - skipped)

    def daemon_per_packet(
        self, group: Followers, part: str = "daemon"
    ) -> float:
        """Returns the time of dissectd itself, for all clients together.

        With `thread`, that of its busiest thread.
        """
        kind = "single" if group.via == "fleet" else "live"
        sent = self._figures[f"{kind}.{group.form}.{part}"]
        return group.passing_share * group.clients * sent

    def bytes_per_packet(self, group: Followers) -> float:
        """Returns what leaves the node, for all clients together."""
        kind = "single" if group.via == "fleet" else "live"
        size = self._figures[f"{kind}.{group.form}.bytes"]
        messages = 1.0
        if kind == "live":
            messages = size / BATCH_BYTES
        sent = group.passing_share * group.clients
        return sent * wire_bytes(size, messages)

    # The fleet.

    def fleet_per_frame(self, kind: str = "frame") -> float:
        """Returns the time for a merged frame: `frame`, or `thread`.

        The second is that of the busiest thread, which can't be shared.
        """
        points = [
            (float(nodes), self._figures[f"fleet.{kind}.{nodes}"])
            for nodes in FLEET_SIZES
        ]
        start, slope = line_through(points)
        return start + slope * self._scenario.nodes

    def fleet_groups(self) -> list[Followers]:
        return [
            each for each in self._scenario.followers if each.via == "fleet"
        ]

    def merged(self) -> float:
        """Frames a second that all fleets merge."""
        return sum(
            self._scenario.nodes
            * self.captured()
            * group.passing_share
            * group.clients
            for group in self.fleet_groups()
        )

    # Demands.

    def resources(self) -> list[Resource]:
        """Returns all resources, those of one node being alike for each."""
        found = [*self._node(), *self._disk()]
        if self.fleet_groups():
            found.extend(self._fleet())
        if self._scenario.followers:
            found.extend(self._client())
        if self._scenario.questions.replicas:
            found.extend(self._edge())
            found.extend(self._replica())
        return found

    def _node(self) -> Iterator[Resource]:
        scenario, figures = self._scenario, self._figures
        machine, parts = scenario.node_machine, scenario.captures_per_node
        rate = self.captured()
        groups = scenario.followers
        dumpcap = rate * self.dumpcap_per_packet()
        kernel = rate * self.kernel_per_packet()
        workers = [rate * self.worker_per_packet(group) for group in groups]
        daemon = rate * sum(map(self.daemon_per_packet, groups))
        whole = kernel + dumpcap + sum(workers) + daemon
        yield Resource("node", "processors", whole, machine.cores, "cores")
        yield Resource("node", "dumpcap, a thread", dumpcap, parts, "cores")
        if workers:
            yield Resource(
                "node", "slowest worker, a thread", max(workers), parts, "cores"
            )
            thread = sum(
                self.daemon_per_packet(group, "thread") for group in groups
            )
            yield Resource(
                "node", "dissectd, a thread", rate * thread, 1, "cores"
            )
        clients = sum(group.clients for group in groups)
        of_capture = (
            figures["capture.memory"]
            + scenario.buffer_mib * (1 << 20)
            + len(groups) * figures["stream.memory"]
            + clients * figures["stream.memory.shared"]
        )
        memory = figures["daemon.memory"] + parts * of_capture
        yield Resource(
            "node", "memory", memory / GIB, machine.memory_gib, "GiB"
        )
        sent = rate * sum(map(self.bytes_per_packet, groups))
        yield Resource(
            "node",
            "network, sent",
            sent * 8 / 1e9,
            machine.network_gbit_per_second,
            "Gbit/s",
        )

    def _disk(self) -> Iterator[Resource]:
        scenario = self._scenario
        machine = scenario.node_machine
        written = self.captured() * (
            scenario.traffic.mean_bytes + self._figures["disk.overhead"]
        )
        yield Resource(
            "node",
            "disk, written",
            written / 1e6,
            machine.disk_mb_per_second,
            "MB/s",
        )
        yield Resource(
            "node",
            "disk, kept",
            written * scenario.retention_seconds / 1e9,
            machine.disk_gb,
            "GB",
        )

    def _fleet(self) -> Iterator[Resource]:
        scenario, figures = self._scenario, self._figures
        machine, fleets = scenario.fleet_machine, scenario.fleets
        merged = self.merged()
        groups = self.fleet_groups()
        calls = sum(group.clients for group in groups)
        idle = scenario.nodes * figures["fleet.idle"] * fleets
        whole = merged * self.fleet_per_frame() + idle
        yield Resource(
            "fleet", "processors", whole / fleets, machine.cores, "cores"
        )
        yield Resource(
            "fleet",
            "its loop, a thread",
            merged * self.fleet_per_frame("thread") / fleets,
            1,
            "cores",
        )
        streams = scenario.nodes * calls / fleets
        yield Resource(
            "fleet",
            "memory, if clients are slow",
            (
                figures["fleet.memory"]
                + streams * (figures["fleet.memory.stream"] + (1 << 20))
            )
            / GIB,
            machine.memory_gib,
            "GiB",
        )
        # Each frame comes in and goes out.
        size = sum(
            scenario.nodes * self.captured() * self.bytes_per_packet(group)
            for group in groups
        )
        yield Resource(
            "fleet",
            "network, in each direction",
            size * 8 / 1e9 / fleets,
            machine.network_gbit_per_second,
            "Gbit/s",
        )

    def _client(self) -> Iterator[Resource]:
        """Yields what the client with most to do needs."""
        seconds = sent = 0.0
        for group in self._scenario.followers:
            packets = self.captured()
            if group.via == "fleet":
                packets *= self._scenario.nodes
            cost = self._figures[f"client.{group.form}.processor"]
            seconds = max(seconds, packets * group.passing_share * cost)
            size = self.bytes_per_packet(group) / max(group.clients, 1)
            sent = max(sent, packets * size)
        yield Resource(
            "client", "a thread, to decode and print", seconds, 1, "cores"
        )
        yield Resource(
            "client",
            "network, received",
            sent * 8 / 1e9,
            self._scenario.client_gbit_per_second,
            "Gbit/s",
        )

    def edge_seconds(
        self, calls: float, messages: float, size: float, connections: float
    ) -> float:
        """Returns Envoy's time for calls with messages in their streams."""
        figures = self._figures
        return (
            calls * figures["edge.call"]
            + messages * figures["edge.message"]
            + size * figures["edge.byte"]
            + connections * figures["edge.connection"]
        )

    def _edge(self) -> Iterator[Resource]:
        questions, machine = (
            self._scenario.questions,
            self._scenario.edge_machine,
        )
        size = (
            questions.files_per_second
            * questions.frames_per_file
            * self._figures[f"file.{questions.form}.bytes"]
        )
        messages = questions.files_per_second * 3 + size / BATCH_BYTES
        calls = (
            questions.files_per_second
            + questions.unary_calls_per_second
            + questions.session_questions_per_second
        )
        seconds = self.edge_seconds(
            calls, messages, size, questions.connections_per_second
        )
        yield Resource("Envoy", "processors", seconds, machine.cores, "cores")
        yield Resource(
            "Envoy",
            "memory, without streams",
            self._figures["edge.memory"] / GIB,
            machine.memory_gib,
            "GiB",
        )
        yield Resource(
            "Envoy",
            "network, in each direction",
            wire_bytes(size, messages) * 8 / 1e9,
            machine.network_gbit_per_second,
            "Gbit/s",
        )

    def _replica(self) -> Iterator[Resource]:
        scenario, figures = self._scenario, self._figures
        questions, machine = scenario.questions, scenario.replica_machine
        seconds = (
            questions.files_per_second
            * (
                figures["file.call"]
                + questions.frames_per_file
                * figures[f"file.{questions.form}.processor"]
            )
            + questions.unary_calls_per_second * figures["daemon.call"]
            + questions.session_questions_per_second
            * figures["session.question"]
        ) / questions.replicas
        yield Resource("replica", "processors", seconds, machine.cores, "cores")
        # What runs at the same time, by the time that each takes.
        dissections = (
            questions.files_per_second
            * questions.frames_per_file
            * figures[f"file.{questions.form}.processor"]
        )
        memory = dissections * figures["file.memory"] + questions.sessions * (
            figures["session.memory"]
            + questions.frames_per_session * figures["session.frame"]
        )
        memory = memory / questions.replicas + figures["daemon.memory"]
        yield Resource(
            "replica", "memory", memory / GIB, machine.memory_gib, "GiB"
        )
