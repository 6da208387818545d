# SPDX-License-Identifier: Apache-2.0
"""Decodes the streams that all clients must decode alike."""

import base64
import ipaddress
import json
import math
import pathlib
import socket
import uuid
from collections.abc import Iterator
from typing import Any

import pytest
from google.protobuf import json_format

from dissectd.columnar import FieldTable
from dissectd.decoding import Batch, Stream
from dissectd.packet import Field, Packet
from dissectd.v1 import common_pb2 as common
from dissectd.v1 import dissection_pb2 as pb
from dissectd.values import Duration, Timestamp

VECTORS = pathlib.Path(__file__).parents[2] / "conformance" / "vectors"
NAMES = sorted(path.stem for path in VECTORS.glob("*.stream"))
COMPACT = [name for name in NAMES if not name.startswith("columnar-")]
COLUMNAR = [name for name in NAMES if name.startswith("columnar-")]
T = common.FieldType
SENT_AS_NUMBERS = (
    T.FIELD_TYPE_IEEE_11073_FLOAT,
    T.FIELD_TYPE_IEEE_11073_SFLOAT,
)
BYTES = (T.FIELD_TYPE_BYTES, T.FIELD_TYPE_UINT_BYTES)
KINDS = {
    pb.ValueKind.VALUE_KIND_UINT32: "uint32_value",
    pb.ValueKind.VALUE_KIND_UINT64: "uint64_value",
    pb.ValueKind.VALUE_KIND_SINT32: "sint32_value",
    pb.ValueKind.VALUE_KIND_SINT64: "sint64_value",
    pb.ValueKind.VALUE_KIND_DOUBLE: "double_value",
    pb.ValueKind.VALUE_KIND_STRING: "string_value",
    pb.ValueKind.VALUE_KIND_BYTES: "bytes_value",
    pb.ValueKind.VALUE_KIND_SOURCE_BYTES: "bytes_value",
}
FIRST_SECOND = -62_135_596_800
LAST_SECOND = 253_402_300_799


def responses(name: str) -> Iterator[pb.DissectResponse]:
    data = (VECTORS / f"{name}.stream").read_bytes()
    position = 0
    while position < len(data):
        size = shift = 0
        while True:
            byte = data[position]
            position += 1
            size |= (byte & 0x7F) << shift
            shift += 7
            if not byte & 0x80:
                break
        yield pb.DissectResponse.FromString(data[position : position + size])
        position += size


def packets(name: str) -> Iterator[Packet]:
    stream = Stream()
    for response in responses(name):
        kind = response.WhichOneof("kind")
        if kind == "header":
            stream.header = response.header
            stream.column_names = [
                str(order) for order in range(len(response.header.columns))
            ]
        elif kind == "batch":
            batch = Batch(response.batch, stream)
            for frame in batch.message.frames:
                yield Packet(batch, frame)


def address_text(value: object) -> str:
    if isinstance(value, ipaddress.IPv6Address):
        return socket.inet_ntop(socket.AF_INET6, value.packed)
    if isinstance(value, int):
        return f"0x{value:08x}"
    return str(value)


def set_value(node: pb.PlainNode, field: Field) -> None:
    value, kind = field.value, field.template.value_kind
    field_type = field.definition.type
    if value is None:
        return
    if field_type in SENT_AS_NUMBERS:
        value = field.raw_value
    if field_type == T.FIELD_TYPE_IPXNET or (
        kind == pb.ValueKind.VALUE_KIND_BYTES and field_type not in BYTES
    ):
        node.address_value = address_text(value)
    elif field_type == T.FIELD_TYPE_EUI64:
        node.address_value = str(value)
    elif isinstance(value, bool):
        node.bool_value = value
    elif isinstance(value, Timestamp):
        set_time(node, value)
    elif isinstance(value, Duration):
        seconds, nanos = field.raw_value
        node.duration_value.seconds = seconds
        node.duration_value.nanos = nanos
    else:
        setattr(node, KINDS[kind], value)


def in_years(value: Timestamp) -> bool:
    """Returns whether a time is in the years 1 to 9999."""
    return FIRST_SECOND <= value.epoch_ns // 1_000_000_000 <= LAST_SECOND


def set_time(node: pb.PlainNode, value: Timestamp) -> None:
    if not in_years(value):
        return
    seconds, nanos = divmod(value.epoch_ns, 1_000_000_000)
    node.time_value.seconds = seconds
    node.time_value.nanos = nanos


def plain_node(field: Field, layer: int, *, in_tree: bool) -> pb.PlainNode:
    node = pb.PlainNode(
        name=field.name,
        layer=layer,
        source_number=field.source_number,
        start=field.pos,
        length=field.size,
        value_cut=field.truncated,
    )
    if field.template.label_form != pb.LabelForm.LABEL_FORM_UNSPECIFIED:
        node.label = field.label
    set_value(node, field)
    if in_tree:
        node.depth = field.depth
        node.severity = field.severity
        node.expert_group = field.expert_group
        node.hidden = field.hidden
        node.generated = field.generated
        omitted = pb.NodeFlag.NODE_FLAG_CHILDREN_OMITTED
        node.children_omitted = bool(field.template.flags & omitted)
    return node


def plain_frame(packet: Packet) -> pb.PlainFrame:
    message = packet.frame_message
    frame = pb.PlainFrame(
        number=packet.number,
        captured_length=packet.captured_length,
        original_length=packet.length,
        columns=packet.columns.values(),
        coloring_rule=message.coloring_rule,
    )
    if message.HasField("time") and in_years(packet.time):
        seconds, nanos = divmod(packet.time.epoch_ns, 1_000_000_000)
        frame.time.seconds, frame.time.nanos = seconds, nanos
    for source in message.sources:
        frame.sources.add(
            name=packet.nodes.batch.strings[source.name_index],
            data=source.data,
            length=source.length,
        )
    add_nodes(packet, frame)
    return frame


def add_nodes(packet: Packet, frame: pb.PlainFrame) -> None:
    nodes = packet.nodes
    fields = [Field(nodes, position) for position in range(len(nodes))]
    if not packet.is_tree:
        for field, layer in zip(fields, nodes.message.layers, strict=True):
            frame.fields.append(plain_node(field, layer, in_tree=False))
        return
    # Before the protocol `frame`, which is layer 1, there may be comments.
    layer = 0 if not fields or fields[0].name == "frame" else 1
    for field in fields:
        layer += field.depth == 0
        frame.tree.append(plain_node(field, layer, in_tree=True))


@pytest.mark.parametrize("name", COMPACT)
def test_frames_are_those_of_the_plain_form(name: str) -> None:
    expected = json.loads((VECTORS / f"{name}.json").read_text())
    found = [
        json_format.MessageToDict(plain_frame(packet))
        for packet in packets(name)
    ]
    assert len(found) == len(expected)
    for ours, theirs in zip(found, expected, strict=True):
        normal = json_format.ParseDict(theirs, pb.PlainFrame())
        assert ours == json_format.MessageToDict(normal)


def nanoseconds(value: Timestamp | Duration) -> int:
    return value.epoch_ns if isinstance(value, Timestamp) else value.ns


def float_value(value: float) -> float | str:
    if math.isfinite(value):
        return value
    text = "NaN" if math.isnan(value) else "Infinity"
    return f"-{text}" if value < 0 else text


def json_value(field_type: int, value: Any) -> Any:
    if isinstance(value, bool | str):
        return value
    if isinstance(value, Timestamp | Duration):
        return str(nanoseconds(value))
    if isinstance(value, float):
        return float_value(value)
    if field_type in BYTES:
        return base64.b64encode(value).decode()
    if field_type == T.FIELD_TYPE_IPXNET or isinstance(
        value, bytes | uuid.UUID | ipaddress.IPv4Address | ipaddress.IPv6Address
    ):
        return address_text(value)
    return value if -(1 << 31) <= value < 1 << 32 else str(value)


@pytest.mark.parametrize("name", COLUMNAR)
def test_tables_have_all_values(name: str) -> None:
    expected = json.loads((VECTORS / f"{name}.json").read_text())
    batches = [r.column_batch for r in responses(name)]
    batches = [batch for batch in batches if batch.frame_numbers]
    fields = [field.name for field in batches[0].fields] if batches else []
    types = [field.type for field in batches[0].fields] if batches else []
    texts = list(map(str, range(len(expected["columns"]))))
    table = FieldTable(fields, texts, "all")
    table.batches.extend(batches)
    assert table.frame_numbers == expected["frames"]
    assert [list(table[text]) for text in texts] == expected["columns"]
    assert fields == [field["name"] for field in expected["fields"]]
    for field, kind in zip(expected["fields"], types, strict=True):
        if kind in SENT_AS_NUMBERS:
            continue
        found = [
            [json_value(kind, value) for value in values]
            for values in table[field["name"]]
        ]
        if kind in (T.FIELD_TYPE_PROTOCOL, T.FIELD_TYPE_NONE):
            found = [[None] * len(values) for values in found]
        assert found == field["values"], field["name"]


@pytest.mark.parametrize("name", COLUMNAR)
@pytest.mark.parametrize("occurrence", ["first", "last", "all"])
def test_arrow_has_the_same_values(name: str, occurrence: Any) -> None:
    batches = [r.column_batch for r in responses(name)]
    batches = [batch for batch in batches if batch.frame_numbers]
    fields = [field.name for field in batches[0].fields] if batches else []
    columns = len(batches[0].columns) if batches else 0
    table = FieldTable(fields, list(map(str, range(columns))), occurrence)
    table.batches.extend(batches)
    arrow = table.to_arrow()
    assert arrow.num_rows == len(table)
    for field in dict.fromkeys(fields):
        found = arrow.column(columns + fields.index(field)).to_pylist()
        assert len(found) == len(table)
        pairs = zip(table[field], found, strict=True)
        assert all(same(ours, theirs) for ours, theirs in pairs), field


def same(ours: Any, theirs: Any) -> bool:
    if isinstance(ours, list):
        return len(ours) == len(theirs) and all(map(same, ours, theirs))
    if isinstance(ours, Timestamp | Duration):
        return bool(theirs.value == nanoseconds(ours))
    if isinstance(ours, float):
        return ours == theirs or math.isnan(ours) == math.isnan(theirs)
    if isinstance(theirs, str):
        return address_text(ours) == theirs
    return bool(ours == theirs)
