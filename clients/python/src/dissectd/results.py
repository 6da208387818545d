# SPDX-License-Identifier: Apache-2.0
"""What analyses and live captures return."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable
from typing import Any

from dissectd.tables import Table
from dissectd.v1 import analysis_pb2 as analysis
from dissectd.v1 import capture_pb2 as capture
from dissectd.v1 import common_pb2 as common
from dissectd.v1 import dissection_pb2 as pb
from dissectd.values import NANOS_PER_SECOND, Duration, Timestamp

_BYTES_SHOWN = 40


def timestamp(value: common.TimeValue) -> Timestamp:
    return Timestamp.from_parts(value.seconds, value.nanos)


def duration(value: common.TimeValue) -> Duration:
    return Duration.from_parts(value.seconds, value.nanos)


@dataclasses.dataclass(frozen=True)
class ProtocolRate:
    """The packets of a protocol in an interval."""

    name: str
    packets: int
    bytes: int


@dataclasses.dataclass(frozen=True)
class Rate:
    """The packets that were captured in an interval."""

    time: Timestamp
    seconds: float
    packets: int
    bytes: int
    dropped: int
    total_packets: int
    total_bytes: int
    top: list[ProtocolRate]

    @property
    def packets_per_s(self) -> float:
        return self.packets / self.seconds if self.seconds else 0.0

    @property
    def bytes_per_s(self) -> float:
        return self.bytes / self.seconds if self.seconds else 0.0


def rate(response: capture.WatchCaptureStatisticsResponse) -> Rate:
    counts, totals = response.counts, response.totals
    interval = response.interval.ToNanoseconds()
    return Rate(
        time=Timestamp.from_parts(response.time.seconds, response.time.nanos),
        seconds=interval / NANOS_PER_SECOND,
        packets=counts.packets,
        bytes=counts.bytes,
        dropped=counts.dropped,
        total_packets=totals.packets,
        total_bytes=totals.bytes,
        top=[
            ProtocolRate(protocol.name, protocol.packets, protocol.bytes)
            for protocol in counts.protocols
        ],
    )


@dataclasses.dataclass(frozen=True)
class Chunk:
    """Bytes of a followed stream."""

    from_server: bool
    frame_number: int
    time: Timestamp
    data: bytes

    def __repr__(self) -> str:
        sender = "server" if self.from_server else "client"
        size = len(self.data)
        shown = repr(self.data[:_BYTES_SHOWN])
        more = "..." if size > _BYTES_SHOWN else ""
        return f"<Chunk of the {sender}, {size} bytes: {shown}{more}>"


@dataclasses.dataclass(repr=False)
class Followed:
    """The payload of a stream."""

    header: analysis.FollowedStream
    chunks: list[Chunk]

    @property
    def client(self) -> bytes:
        """What the client sent."""
        return b"".join(c.data for c in self.chunks if not c.from_server)

    @property
    def server(self) -> bytes:
        """What the server sent."""
        return b"".join(c.data for c in self.chunks if c.from_server)

    @property
    def display_filter(self) -> str:
        """The filter for the frames of the stream."""
        return self.header.display_filter

    def __repr__(self) -> str:
        client, server = self.header.client, self.header.server
        return (
            f"<Followed {self.display_filter}: client {_place(client)} sent "
            f"{len(self.client)} bytes, server {_place(server)} "
            f"{len(self.server)} bytes>"
        )


def _place(endpoint: analysis.Endpoint) -> str:
    if not endpoint.HasField("port"):
        return endpoint.address
    return f"{endpoint.address} port {endpoint.port}"


def chunk(message: analysis.StreamChunk) -> Chunk:
    return Chunk(
        message.from_server,
        message.frame_number,
        timestamp(message.time),
        message.data,
    )


@dataclasses.dataclass(repr=False)
class ExportedObject:
    """A file that was transferred with a protocol."""

    description: analysis.ExportObject
    data: bytes = b""

    @property
    def file_name(self) -> str:
        """The name by which it can be stored."""
        return self.description.export_name or self.description.file_name

    @property
    def content_type(self) -> str:
        return self.description.content_type

    @property
    def host(self) -> str:
        return self.description.host

    @property
    def frame_number(self) -> int:
        return self.description.frame_number

    def __repr__(self) -> str:
        kind = f", {self.content_type}" if self.content_type else ""
        size = len(self.data)
        return f"<ExportedObject {self.file_name}{kind}, {size} bytes>"


CONVERSATION_COLUMNS = (
    "address_a",
    "port_a",
    "address_b",
    "port_b",
    "frames",
    "bytes",
    "frames_a_to_b",
    "bytes_a_to_b",
    "frames_b_to_a",
    "bytes_b_to_a",
    "start",
    "duration",
    "stream",
    "filter",
)


def _port(endpoint: analysis.Endpoint) -> int | None:
    return endpoint.port if endpoint.HasField("port") else None


def conversations(tables: Iterable[analysis.ConversationTable]) -> Table:
    """Returns a row for each conversation; `start` is since the first frame."""
    rows: list[dict[str, Any]] = [
        {
            "address_a": c.a.address,
            "port_a": _port(c.a),
            "address_b": c.b.address,
            "port_b": _port(c.b),
            "frames": c.a_to_b.frames + c.b_to_a.frames,
            "bytes": c.a_to_b.bytes + c.b_to_a.bytes,
            "frames_a_to_b": c.a_to_b.frames,
            "bytes_a_to_b": c.a_to_b.bytes,
            "frames_b_to_a": c.b_to_a.frames,
            "bytes_b_to_a": c.b_to_a.bytes,
            "start": duration(c.start),
            "duration": duration(c.duration),
            "stream": c.stream if c.HasField("stream") else None,
            "filter": c.display_filter,
        }
        for table in tables
        for c in table.conversations
    ]
    return Table.of_rows(rows, CONVERSATION_COLUMNS)


ENDPOINT_COLUMNS = (
    "address",
    "port",
    "frames",
    "bytes",
    "frames_sent",
    "bytes_sent",
    "frames_received",
    "bytes_received",
    "filter",
)


def endpoints(tables: Iterable[analysis.EndpointTable]) -> Table:
    rows: list[dict[str, Any]] = [
        {
            "address": e.endpoint.address,
            "port": _port(e.endpoint),
            "frames": e.sent.frames + e.received.frames,
            "bytes": e.sent.bytes + e.received.bytes,
            "frames_sent": e.sent.frames,
            "bytes_sent": e.sent.bytes,
            "frames_received": e.received.frames,
            "bytes_received": e.received.bytes,
            "filter": e.display_filter,
        }
        for table in tables
        for e in table.endpoints
    ]
    return Table.of_rows(rows, ENDPOINT_COLUMNS)


def protocols(trees: Iterable[analysis.ProtocolHierarchy]) -> Table:
    """Returns the protocol hierarchy, in the order of the tree."""
    rows = [
        {
            "protocol": node.protocol,
            "depth": node.depth,
            "frames": node.frames,
            "bytes": node.bytes,
        }
        for tree in trees
        for node in tree.nodes
    ]
    return Table.of_rows(rows, ("protocol", "depth", "frames", "bytes"))


EXPERT_COLUMNS = (
    "severity",
    "group",
    "protocol",
    "summary",
    "frequency",
    "first_frame",
)


def _word(name: str) -> str:
    return name.split("_", 1)[1].lower()


def expert(tables: Iterable[analysis.ExpertTable]) -> Table:
    """Returns expert information."""
    rows = [
        {
            "severity": _word(pb.Severity.Name(entry.severity)),
            "group": _word(
                pb.ExpertGroup.Name(entry.group).removeprefix("EXPERT_")
            ),
            "protocol": entry.protocol,
            "summary": entry.summary,
            "frequency": entry.frequency,
            "first_frame": entry.first_frame,
        }
        for table in tables
        for entry in table.entries
    ]
    return Table.of_rows(rows, EXPERT_COLUMNS)


def cell(value: analysis.Cell) -> Any:
    kind = value.WhichOneof("value")
    if kind is None:
        return None
    if kind == "time_value":
        return duration(value.time_value)
    return getattr(value, kind)


def _io_names(column: analysis.IoColumn) -> list[str]:
    calculation = analysis.IoCalculation.Name(column.calculation)
    word = calculation.removeprefix("IO_CALCULATION_").lower()
    words = word.split("_and_")
    about = column.filter or column.field
    if column.field:
        words = [f"{word}({column.field})" for word in words]
        about = "" if column.filter == column.field else column.filter
    return [f"{word} {about}".strip() for word in words]


def _unique(names: list[str]) -> list[str]:
    """Numbers names that occur again."""
    return [
        f"{name} {names[: order + 1].count(name)}"
        if name in names[:order]
        else name
        for order, name in enumerate(names)
    ]


def io_table(tables: Iterable[analysis.IoTable]) -> Table:
    """Returns a row for each interval; `start` is since the first frame."""
    columns: dict[str, list[Any]] = {"start": []}
    names: list[str] = []
    for table in tables:
        if not names:
            names = _unique(
                [n for column in table.columns for n in _io_names(column)]
            )
        for row in table.rows:
            start = Duration.from_parts(0, row.start_us * 1000)
            columns["start"].append(start)
            for name, value in zip(names, row.values, strict=True):
                columns.setdefault(name, []).append(cell(value))
    return Table(columns)
