# SPDX-License-Identifier: GPL-2.0-or-later
"""Measures what a fleet costs, by the number of its nodes."""

import pathlib
import subprocess
import time

import calls
import processes
from figures import Recorder
from lab import Fleet, Lab, say, settle

DAEMONS = 5
# The numbers of nodes, and of daemons that they are.
SIZES = {1: 1, 5: 5, 20: 5, 100: 5, 250: 5, 1000: 5}
# Merged frames a second, and of each measurement.
RATE = 2500
FRAMES = 25_000
MANY_NODES = 1000
IDLE_SECONDS = 20
FORM = "fields"
_NAME_SERVER = pathlib.Path(__file__).with_name("name_server.py")


class FleetFigures:
    """Figures of dissectd-fleet and its connections to nodes."""

    def __init__(self, lab: Lab, recorder: Recorder) -> None:
        self._lab = lab
        self._recorder = recorder

    def measure(self) -> None:
        for count, daemons in SIZES.items():
            say(f"a fleet of {count} nodes")
            with self._lab.fleet(count, daemons) as fleet:
                self._merge(fleet, daemons)
        say(f"a fleet of {MANY_NODES} nodes")
        with self._lab.fleet(MANY_NODES, DAEMONS) as fleet:
            self._connect(fleet)
        say("a fleet that asks DNS")
        self._ask_dns()

    def _add(self, name: str, value: float, unit: str, meaning: str) -> None:
        self._recorder.add(name, value, unit, meaning)

    def _merge(self, fleet: Fleet, daemons: int) -> None:
        """Measures frames of captures, each of which is that of many nodes."""
        nodes = [self._lab.node(number) for number in range(daemons)]
        captures = [calls.Capture(node.channel, node.tap) for node in nodes]
        count = len(fleet.names)
        request = calls.fleet.DissectNodesRequest(view=calls.view(FORM))
        request.captures.names.extend(
            f"nodes/{name}/{captures[number % daemons].name}"
            for number, name in enumerate(fleet.names)
        )
        alone = processes.memory_of_family(fleet.pid)
        stream = calls.Stream(fleet.channel, calls.DISSECT_NODES, request)
        # Each stream has `started` and a header before its frames.
        stream.wait_for_messages(2 * count)
        open_memory = processes.memory_of_family(fleet.pid)
        before = settle(lambda: processes.seconds_of(fleet.pid))
        threads = processes.seconds_of_threads(fleet.pid)
        carried = processes.loopback_bytes()
        bytes_before, messages = stream.bytes, stream.messages

        each = FRAMES // count
        senders = [
            self._lab.send(node.number, each, RATE / count) for node in nodes
        ]
        for sender in senders:
            sender.finish()
        stream.wait_for_messages(messages + each * count)
        # The last progress of each stream comes within its interval.
        spent = settle(lambda: processes.seconds_of(fleet.pid)) - before
        busiest = processes.busiest_thread(fleet.pid, threads)
        frames = each * count
        carried = processes.loopback_bytes() - carried
        received = stream.bytes - bytes_before
        for capture in captures:
            capture.stop()
        stream.finish()
        for capture in captures:
            capture.delete()
        self._record(count, frames, spent, busiest)
        if count == DAEMONS:
            self._add(
                "fleet.bytes",
                received / frames,
                "bytes/frame",
                f"messages of a merged stream, view `{FORM}`",
            )
            self._add(
                "fleet.wire",
                carried / frames,
                "bytes/frame",
                f"between nodes and fleet, with TLS, TCP and IP, view `{FORM}`",
            )
        if count == max(SIZES):
            self._add(
                "fleet.memory.stream",
                (open_memory - alone) / count,
                "bytes",
                "the fleet, for a connected node and an idle stream (PSS)",
            )
            self._add(
                "fleet.memory", alone, "bytes", "the fleet, without calls (PSS)"
            )

    def _record(
        self, count: int, frames: int, spent: float, busiest: float
    ) -> None:
        self._add(
            f"fleet.frame.{count}",
            spent / frames,
            "s/frame",
            f"the fleet, for a frame merged from {count} nodes, at {RATE} "
            "frames/s in all",
        )
        self._add(
            f"fleet.thread.{count}",
            busiest / frames,
            "s/frame",
            "the busiest of the fleet's threads in the same measurement",
        )

    def _connect(self, fleet: Fleet) -> None:
        path = f"/{calls.FLEET}/ListNodes"
        request = calls.fleet.ListNodesRequest()
        idle = settle(lambda: processes.seconds_of(fleet.pid))
        for name, meaning in {
            "fleet.connect": "connecting to a node with TLS, and asking it",
            "fleet.ask": "asking a connected node, as ListNodes does",
        }.items():
            stream = calls.Stream(fleet.channel, path, request)
            stream.finish()
            if stream.messages != MANY_NODES:
                raise RuntimeError(f"{stream.messages} nodes have answered")
            after = settle(lambda: processes.seconds_of(fleet.pid))
            self._add(
                name,
                (after - idle) / MANY_NODES,
                "s/node",
                f"the fleet, {meaning}",
            )
            idle = after
        time.sleep(IDLE_SECONDS)
        spent = processes.seconds_of(fleet.pid) - idle
        self._add(
            "fleet.idle",
            spent / IDLE_SECONDS / MANY_NODES,
            "s/s",
            "the fleet, for a connected node without calls: the file with the "
            f"list of {MANY_NODES} nodes, pings and timers",
        )

    def _ask_dns(self) -> None:
        command = ["/usr/bin/python3", str(_NAME_SERVER), str(MANY_NODES)]
        with subprocess.Popen(command, stdout=subprocess.PIPE) as server:
            if not server.stdout or not server.stdout.readline():
                raise RuntimeError("the name server has failed")
            try:
                with self._lab.fleet(MANY_NODES, 0) as fleet:
                    time.sleep(3)  # The first lookups also add nodes.
                    before = processes.seconds_of(fleet.pid)
                    time.sleep(IDLE_SECONDS)
                    spent = processes.seconds_of(fleet.pid) - before
            finally:
                server.terminate()
        self._add(
            "fleet.dns",
            spent / IDLE_SECONDS,
            "s/lookup",
            f"the fleet, for a lookup of a host with {MANY_NODES} addresses",
        )
