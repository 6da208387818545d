# SPDX-License-Identifier: GPL-2.0-or-later
"""Calls that many callers send at the same time, all of which are counted."""

import collections
import threading
import typing

import grpc
from api import (
    dissection,
    dissection_service,
    file,
    file_service,
    server,
    server_service,
)
from cluster import CALL_SECONDS, METADATA, Cluster

CALLERS = 6
FRAMES = 26
# How a stream ends that is cut off. There is no other code for one whose end is
# missing than INTERNAL.
CUT_OFF = (grpc.StatusCode.UNAVAILABLE, grpc.StatusCode.INTERNAL)
# What the proxy tells about each answer.
REPLICA = "x-dissectd-replica"


def replica_of(call: typing.Any) -> str:
    """Returns the replica that has answered a call."""
    return str(dict(call.initial_metadata()).get(REPLICA, ""))


class Load:
    """Callers that share a connection, and call until they are told to stop.

    Each call must succeed and be complete, and is counted by the replica that
    answers. Only a stream may be cut off after its first message, as no proxy
    can begin it again; its caller does, and it counts in `cut_off`.
    """

    def __init__(self, cluster: Cluster) -> None:
        self.failures: list[str] = []
        self.cut_off = 0
        self.counts: collections.Counter[str] = collections.Counter()
        self._lock = threading.Lock()
        self._stop = threading.Event()
        self._channel = cluster.channel()
        self._threads = [
            threading.Thread(target=self._call_until_the_end)
            for _ in range(CALLERS)
        ]

    def __enter__(self) -> "Load":
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        for thread in self._threads:
            thread.join()
        self._channel.close()

    def total(self) -> int:
        """Returns the number of calls that have ended well."""
        with self._lock:
            return self.counts.total()

    def answers_of(self, replica: str) -> int:
        """Returns how many calls a replica has answered."""
        with self._lock:
            return self.counts[replica]

    def has_more_answers(self, replica: str, number: int) -> bool:
        """Returns whether a replica has answered more calls than this."""
        return self.answers_of(replica) > number

    def _call_until_the_end(self) -> None:
        calls = (self._ask, self._look, self._dissect)
        number = 0
        while not self._stop.is_set():
            call = calls[number % len(calls)]
            number += 1
            try:
                replica = call()
            except (grpc.RpcError, AssertionError) as error:
                with self._lock:
                    self.failures.append(f"{call.__name__}: {error}")
            else:
                with self._lock:
                    self.counts[replica] += 1

    def _ask(self) -> str:
        stub = server_service.ServerServiceStub(self._channel)
        info, call = stub.GetServerInfo.with_call(
            server.GetServerInfoRequest(),
            metadata=METADATA,
            timeout=CALL_SECONDS,
        )
        if info.replica != replica_of(call):
            raise AssertionError(f"{info.replica} isn't {replica_of(call)}")
        return str(info.replica)

    def _look(self) -> str:
        stub = file_service.FileServiceStub(self._channel)
        found, call = stub.GetFile.with_call(
            file.GetFileRequest(name="files/dns.pcap"),
            metadata=METADATA,
            timeout=CALL_SECONDS,
        )
        if not found.file.size_bytes:
            raise AssertionError("the file is empty")
        return replica_of(call)

    def _dissect(self) -> str:
        stub = dissection_service.DissectionServiceStub(self._channel)
        stream = stub.Dissect(
            dissection.DissectRequest(file="files/dns.pcap"),
            metadata=METADATA,
            timeout=CALL_SECONDS,
        )
        next(stream)
        try:
            *_, last = stream
        except grpc.RpcError as error:
            if error.code() not in CUT_OFF:
                raise
            with self._lock:
                self.cut_off += 1
            return self._dissect()
        if last.end.frames_sent != FRAMES:
            raise AssertionError(f"{last.end.frames_sent} frames came")
        return replica_of(stream)
