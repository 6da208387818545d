# SPDX-License-Identifier: GPL-2.0-or-later
"""Measures what Envoy costs in front of three daemons."""

import shutil

import calls
import memory
import processes
from api import dissection, server, server_service
from cluster import METADATA, Cluster
from figures import Recorder
from lab import Lab, settle

NAMES = ("a", "b", "c")
CALLS = 1000
CONNECTIONS = 100
LARGE = "large.pcap"


class EdgeFigures:
    """Figures of Envoy, with the project's configuration for replicas."""

    def __init__(self, lab: Lab, cluster: Cluster, recorder: Recorder) -> None:
        self._cluster = cluster
        self._recorder = recorder
        for replica in cluster.replicas.values():
            shutil.copyfile(lab.traffic, replica.store / LARGE)

    def measure(self) -> None:
        with self._cluster.channel() as channel:
            self._add(
                "edge.memory",
                memory.proportional_bytes(self._cluster.envoy_pid),
                "bytes",
                "Envoy with two threads, and hardly any connections (PSS)",
            )
            call = self._calls(channel)
            self._messages(channel, call)
        self._connections(call)

    def _add(self, name: str, value: float, unit: str, meaning: str) -> None:
        self._recorder.add(name, value, unit, meaning)

    def seconds(self) -> float:
        pid = self._cluster.envoy_pid
        return settle(lambda: processes.seconds_of(pid))

    def _calls(self, channel: calls.Message) -> float:
        stub = server_service.ServerServiceStub(channel)
        request = server.GetServerInfoRequest()
        before = self.seconds()
        for _ in range(CALLS):
            stub.GetServerInfo(request, metadata=METADATA)
        seconds = (self.seconds() - before) / CALLS
        self._add(
            "edge.call", seconds, "s/call", "Envoy, for a call of one message"
        )
        return seconds

    def _dissect(
        self, channel: calls.Message, form: str, single: bool
    ) -> tuple[calls.Stream, float]:
        request = dissection.DissectRequest(
            file=f"files/{LARGE}", view=calls.view(form)
        )
        request.batch.max_frames = int(single)
        before = self.seconds()
        stream = calls.Stream(channel, calls.DISSECT, request, METADATA)
        stream.finish()
        return stream, self.seconds() - before

    def _messages(self, channel: calls.Message, call: float) -> None:
        """Solves for the cost of a message, and that of a byte."""
        large, large_seconds = self._dissect(channel, "trees", False)
        small, small_seconds = self._dissect(channel, "fields", True)
        large_seconds -= call
        small_seconds -= call
        determinant = (
            large.bytes * small.messages - small.bytes * large.messages
        )
        byte = (
            large_seconds * small.messages - small_seconds * large.messages
        ) / determinant
        message = (
            large.bytes * small_seconds - small.bytes * large_seconds
        ) / determinant
        self._add(
            "edge.byte",
            byte,
            "s/byte",
            "Envoy, for a byte of a stream, with TLS on both sides",
        )
        self._add(
            "edge.message",
            message,
            "s/message",
            "Envoy, for a message of a stream, without its bytes",
        )

    def _connections(self, call: float) -> None:
        request = server.GetServerInfoRequest()
        before = self.seconds()
        for _ in range(CONNECTIONS):
            with self._cluster.channel() as channel:
                stub = server_service.ServerServiceStub(channel)
                stub.GetServerInfo(request, metadata=METADATA)
        self._add(
            "edge.connection",
            (self.seconds() - before) / CONNECTIONS - call,
            "s/connection",
            "Envoy, for a client's connection with TLS",
        )
