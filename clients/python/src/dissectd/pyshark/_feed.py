# SPDX-License-Identifier: Apache-2.0
"""Packets that are dissected while they are sent."""

from __future__ import annotations

import queue
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from dissectd.decoding import Batch, Stream
from dissectd.packet import Packet as CorePacket
from dissectd.sync.transport import Transport
from dissectd.v1 import dissection_pb2 as pb

# How long the daemon hears nothing at most; it gives up after a minute.
_SECONDS_BETWEEN_SIGNS = 20
_MOST_BYTES = 1 << 19


class Given(NamedTuple):
    """A packet to dissect, and when it was captured."""

    data: bytes
    seconds: int
    nanos: int


class Feed:
    """A call that takes packets and answers each as soon as it can."""

    def __init__(
        self, transport: Transport, request: pb.DissectRequest, link_type: int
    ) -> None:
        self._waiting: queue.SimpleQueue[pb.PacketBatch | None] = (
            queue.SimpleQueue()
        )
        # tshark's name for what comes from a pipe.
        self._interface = pb.PacketInterface(link_type=link_type, name="-")
        self._described = False
        self._requests = self._sent(request)
        self._responses = transport.exchange(
            transport.dissection.DissectPackets, self._requests
        )
        self.packets = self._received()

    def _sent(
        self, request: pb.DissectRequest
    ) -> Iterator[pb.DissectPacketsRequest]:
        yield pb.DissectPacketsRequest(request=request)
        while True:
            try:
                batch = self._waiting.get(timeout=_SECONDS_BETWEEN_SIGNS)
            except queue.Empty:
                batch = pb.PacketBatch()
            if batch is None:
                return
            yield pb.DissectPacketsRequest(packets=batch)

    def send(self, packets: Sequence[Given]) -> None:
        """Sends packets, in messages that aren't too large."""
        batch, size = self._new_batch(), 0
        for packet in packets:
            if size + len(packet.data) > _MOST_BYTES and batch.packets:
                self._waiting.put(batch)
                batch, size = self._new_batch(), 0
            sent = batch.packets.add(data=packet.data)
            sent.time.seconds, sent.time.nanos = packet.seconds, packet.nanos
            size += len(packet.data)
        self._waiting.put(batch)

    def _new_batch(self) -> pb.PacketBatch:
        batch = pb.PacketBatch()
        if not self._described:
            batch.interfaces.append(self._interface)
            self._described = True
        return batch

    def _received(self) -> Iterator[CorePacket]:
        stream = Stream()
        for response in self._responses:
            kind = response.WhichOneof("kind")
            if kind == "header":
                stream.header = response.header
            elif kind == "batch":
                batch = Batch(response.batch, stream)
                for frame in batch.message.frames:
                    yield CorePacket(batch, frame)

    def close(self) -> None:
        """Ends the call."""
        self._waiting.put(None)
        self._responses.close()
