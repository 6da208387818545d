# SPDX-License-Identifier: Apache-2.0
"""Decoding of the compact form in which the daemon sends frames.

Trees arrive as arrays. Here nothing is made for a node before somebody looks at
it: a node is a position in these arrays, and searching and counting are done by
functions of `bytes` and `list`, which run in C.
"""

from __future__ import annotations

import functools
import itertools
from collections.abc import Callable, Sequence
from typing import Any

from dissectd.v1 import common_pb2 as common
from dissectd.v1 import dissection_pb2 as pb
from dissectd.values import Value, converter

_KIND = pb.ValueKind
_NONE = int(_KIND.VALUE_KIND_UNSPECIFIED)
_STRING = int(_KIND.VALUE_KIND_STRING)
_BYTES = int(_KIND.VALUE_KIND_BYTES)
_TIME = int(_KIND.VALUE_KIND_TIME)
_SOURCE_BYTES = int(_KIND.VALUE_KIND_SOURCE_BYTES)
_NUMBER_ARRAYS = {
    int(_KIND.VALUE_KIND_UINT32): "uint32_values",
    int(_KIND.VALUE_KIND_UINT64): "uint64_values",
    int(_KIND.VALUE_KIND_SINT32): "sint32_values",
    int(_KIND.VALUE_KIND_SINT64): "sint64_values",
    int(_KIND.VALUE_KIND_DOUBLE): "double_values",
}
_LABELLED = (
    int(pb.LabelForm.LABEL_FORM_COMPUTED),
    int(pb.LabelForm.LABEL_FORM_CUSTOM),
)
# From then on it is faster to count the values of all nodes at once.
_FEW_USES = 8
_KINDS = max(_KIND.values()) + 1
# Depths are searched in a `bytes`; deeper nodes count as this deep there.
_DEEPEST = 255

_KEY = str.maketrans(".-", "__")


def attribute_name(name: str) -> str:
    """Returns a field's name as it can be written after a period in Python."""
    return name.translate(_KEY)


class FieldInfo:
    """A field of the registry, with what is needed to read its values."""

    __slots__ = ("convert", "definition", "field_id", "key", "name", "protocol")

    def __init__(self, field_id: int, definition: common.Field) -> None:
        self.field_id = field_id
        self.definition = definition
        self.name = definition.name
        # A protocol belongs to itself.
        self.protocol = definition.protocol or definition.name
        self.key = attribute_name(definition.name)
        self.convert: Callable[..., Value] | None = converter(definition.type)


class Stream:
    """What is known about a stream of frames: its columns and its fields."""

    def __init__(self) -> None:
        self.header = pb.StreamHeader()
        self.column_names: Sequence[str] = ()
        self.fields: dict[int, FieldInfo] = {}
        self.ids_by_name: dict[str, tuple[int, ...]] = {}
        self._ids_by_key: dict[str, tuple[int, ...]] = {}
        self._ids_by_protocol: dict[str, frozenset[int]] = {}
        self._found: dict[tuple[str, str], tuple[int, ...]] = {}

    def define(self, definitions: Sequence[pb.FieldDefinition]) -> None:
        """Learns the fields that a batch is the first to use."""
        for definition in definitions:
            field_id = definition.id
            if field_id in self.fields:
                continue
            info = FieldInfo(field_id, definition.field)
            self.fields[field_id] = info
            for table, key in (
                (self.ids_by_name, info.name),
                (self._ids_by_key, info.key),
            ):
                table[key] = (*table.get(key, ()), field_id)
            known = self._ids_by_protocol.get(info.protocol, frozenset())
            self._ids_by_protocol[info.protocol] = known | {field_id}
            self._found.clear()

    def ids_of_protocol(self, name: str) -> frozenset[int]:
        """Returns the fields of a protocol, and the protocol itself."""
        return self._ids_by_protocol.get(name, frozenset())

    def ids_in_layer(self, layer: str, name: str) -> tuple[int, ...]:
        """Returns the fields that an attribute or item of a layer names.

        `name` is the field's whole name, or what follows the layer's; periods
        may be written as underscores.
        """
        try:
            return self._found[layer, name]
        except KeyError:
            pass
        key = attribute_name(name)
        inner = f"{attribute_name(layer)}_{key}"
        exact = self.ids_by_name.get(f"{layer}.{name}", ())
        found = (
            exact
            or self.ids_by_name.get(name, ())
            or self._ids_by_key.get(inner, ())
            or self._ids_by_key.get(key, ())
        )
        self._found[layer, name] = found
        return found


class Batch:
    """A message with frames, and the tables that they refer to."""

    def __init__(self, message: pb.FrameBatch, stream: Stream) -> None:
        stream.define(message.fields)
        self.stream = stream
        self.message = message
        self.templates = list(message.node_templates)
        # Keeps what is made of strings and bytes that nodes share.
        self._converted: dict[tuple[int, int], Value] = {}

    @functools.cached_property
    def strings(self) -> list[str]:
        return list(self.message.strings)

    @functools.cached_property
    def raw_strings(self) -> dict[int, bytes]:
        return {raw.index: raw.value for raw in self.message.raw_strings}

    @functools.cached_property
    def field_ids(self) -> list[int]:
        return [template.field_id for template in self.templates]

    @functools.cached_property
    def kinds(self) -> list[int]:
        return [template.value_kind for template in self.templates]

    @functools.cached_property
    def depths(self) -> list[int]:
        return [min(t.depth, _DEEPEST) for t in self.templates]

    @functools.cached_property
    def label_forms(self) -> list[int]:
        return [template.label_form for template in self.templates]

    @functools.cached_property
    def flags(self) -> list[int]:
        return [template.flags for template in self.templates]

    @functools.cached_property
    def start_changes(self) -> list[int]:
        return [template.start_change for template in self.templates]

    def shared_value(self, info: FieldInfo, index: int, data: Any) -> Value:
        """Returns the value of bytes that other nodes may have as well."""
        key = (info.field_id, index)
        try:
            return self._converted[key]
        except KeyError:
            value: Value = info.convert(data) if info.convert else data
            self._converted[key] = value
            return value


class Nodes:
    """The nodes of a frame: its tree, or occurrences of fields."""

    __slots__ = (
        "_depths",
        "_kinds",
        "_label_orders",
        "_orders",
        "_starts",
        "_uses",
        "batch",
        "frame",
        "ids",
        "message",
        "templates",
    )

    def __init__(
        self, batch: Batch, frame: pb.Frame, message: pb.NodeList
    ) -> None:
        self.batch = batch
        self.frame = frame
        self.message = message
        self.templates = list(message.template_indexes)
        field_ids = batch.field_ids
        self.ids = [field_ids[index] for index in self.templates]
        self._kinds: bytes | None = None
        self._depths: bytes | None = None
        self._orders: list[int] | None = None
        self._label_orders: list[int] | None = None
        self._uses = 0
        self._starts: list[int] | None = None

    def __len__(self) -> int:
        return len(self.ids)

    @property
    def kinds(self) -> bytes:
        if self._kinds is None:
            kinds = self.batch.kinds
            self._kinds = bytes([kinds[index] for index in self.templates])
        return self._kinds

    @property
    def depths(self) -> bytes:
        if self._depths is None:
            depths = self.batch.depths
            self._depths = bytes([depths[index] for index in self.templates])
        return self._depths

    def first(self, wanted: Sequence[int], begin: int, end: int) -> int:
        """Returns where one of some fields occurs first; -1 for nowhere."""
        index, first = self.ids.index, end
        for field_id in wanted:
            try:
                first = index(field_id, begin, first)
            except ValueError:  # noqa: PERF203
                continue
        return first if first < end else -1

    def tops(self) -> list[int]:
        """Returns the positions of the nodes at the top of the tree."""
        find, found, position = self.depths.find, [], -1
        while (position := find(0, position + 1)) >= 0:
            found.append(position)
        return found

    def info(self, position: int) -> FieldInfo:
        return self.batch.stream.fields[self.ids[position]]

    def template(self, position: int) -> pb.NodeTemplate:
        return self.batch.templates[self.templates[position]]

    def flags(self, position: int) -> int:
        return self.batch.flags[self.templates[position]]

    def start(self, position: int) -> int:
        """Returns the offset of a node's first byte in its data source."""
        if self._starts is None:
            changes = self.batch.start_changes
            steps = (changes[index] for index in self.templates)
            self._starts = list(itertools.accumulate(steps))
        return self._starts[position]

    def _order(self, kind: int, position: int) -> int:
        """Returns how many nodes before this one have a value of its kind."""
        if self._orders is None:
            self._uses += 1
            if self._uses <= _FEW_USES:
                return self.kinds.count(kind, 0, position)
            counts = [0] * _KINDS
            self._orders = orders = []
            for each in self.kinds:
                orders.append(counts[each])
                counts[each] += 1
        return self._orders[position]

    def transferred(self, position: int) -> Any:
        """Returns a value as it was sent; of a time its two parts."""
        kinds = self.kinds
        kind = kinds[position]
        if kind == _NONE:
            return None
        if kind == _SOURCE_BYTES:
            return self.source_bytes(position)
        order = self._order(kind, position)
        message = self.message
        if kind in _NUMBER_ARRAYS:
            return getattr(message, _NUMBER_ARRAYS[kind])[order]
        if kind == _STRING:
            return self.batch.strings[message.string_indexes[order]]
        if kind == _BYTES:
            index = message.byte_string_indexes[order]
            return self.batch.message.byte_strings[index]
        return (message.time_seconds[order], message.time_nanos[order])

    def value(self, position: int) -> Value:
        """Returns the value of a node as its type in Python."""
        kinds = self.kinds
        kind = kinds[position]
        if kind == _NONE:
            return None
        message = self.message
        info = self.batch.stream.fields[self.ids[position]]
        if kind in _NUMBER_ARRAYS:
            order = self._order(kind, position)
            number: Value = getattr(message, _NUMBER_ARRAYS[kind])[order]
            return info.convert(number) if info.convert else number
        if kind == _BYTES:
            order = self._order(kind, position)
            index = message.byte_string_indexes[order]
            data = self.batch.message.byte_strings[index]
            return self.batch.shared_value(info, index, data)
        raw = self.transferred(position)
        if info.convert is None:
            return raw  # type: ignore[no-any-return]
        return info.convert(*raw) if kind == _TIME else info.convert(raw)

    def raw_string(self, position: int) -> bytes:
        """Returns the exact bytes of a string, which may be no UTF-8."""
        order = self._order(_STRING, position)
        index = self.message.string_indexes[order]
        raw = self.batch.raw_strings.get(index)
        return self.batch.strings[index].encode() if raw is None else raw

    def source_bytes(self, position: int) -> bytes | None:
        """Returns the node's bytes in its data source, if they were sent."""
        template = self.template(position)
        sources = self.frame.sources
        if not 0 < template.source_number <= len(sources):
            return None
        source = sources[template.source_number - 1]
        start = self.start(position)
        if not source.data or start < 0:
            return None
        return source.data[start : start + max(template.length, 0)]

    def sent_label(self, position: int) -> str:
        """Returns the label of a node whose template says that it was sent."""
        if self._label_orders is None:
            forms = self.batch.label_forms
            sent = (forms[index] in _LABELLED for index in self.templates)
            self._label_orders = list(itertools.accumulate(sent, initial=0))
        order = self._label_orders[position]
        return self.batch.strings[self.message.label_indexes[order]]

    def end(self, position: int) -> int:
        """Returns the position after the last descendant of a node."""
        depth = self.template(position).depth
        count = len(self.ids)
        if depth == 0:
            end = self.depths.find(0, position + 1)
            return end if end >= 0 else count
        following = position + 1
        while following < count and self.template(following).depth > depth:
            following += 1
        return following
