# SPDX-License-Identifier: Apache-2.0
"""The nodes of a frame, with what PDML and JSON show of them."""

from __future__ import annotations

import functools
import weakref
from collections.abc import Callable, Iterator, Sequence
from typing import Any, ClassVar, NamedTuple

from dissectd.decoding import Batch, Nodes
from dissectd.packet import Packet as CorePacket
from dissectd.pyshark import _texts
from dissectd.v1 import common_pb2 as common
from dissectd.v1 import dissection_pb2 as pb

_T = common.FieldType
_KIND = pb.ValueKind
_NO_VALUE = int(_KIND.VALUE_KIND_UNSPECIFIED)
_UINT32 = int(_KIND.VALUE_KIND_UINT32)
_SOURCE_BYTES = int(_KIND.VALUE_KIND_SOURCE_BYTES)
_TIME = int(_KIND.VALUE_KIND_TIME)
_DERIVED = int(pb.LabelForm.LABEL_FORM_DERIVED)
_CUSTOM = int(pb.LabelForm.LABEL_FORM_CUSTOM)
_SENT = (int(pb.LabelForm.LABEL_FORM_COMPUTED), _CUSTOM)
_FLAG = pb.NodeFlag
_NUMBERS = {
    _KIND.VALUE_KIND_UINT32: "uint32_values",
    _KIND.VALUE_KIND_UINT64: "uint64_values",
    _KIND.VALUE_KIND_SINT32: "sint32_values",
    _KIND.VALUE_KIND_SINT64: "sint64_values",
    _KIND.VALUE_KIND_DOUBLE: "double_values",
}
_CUT_SHORT = "field length invalid!"


class Shape:
    """A field of the registry, with the functions that write its values."""

    def __init__(self, field: common.Field) -> None:
        self.name: str = field.name
        self.display_name: str = field.display_name
        self.protocol: str = field.protocol
        self.type = field.type
        self.type_number: int = field.type_number
        self.bitmask: int = field.bitmask
        owner = f"{field.protocol}_" if field.protocol else ""
        # The name of its member in Elasticsearch's JSON.
        self.ek_name = (owner + field.name).replace(".", "_")
        self.is_protocol = field.type == _T.FIELD_TYPE_PROTOCOL
        # Bytes that no dissector knows.
        self.is_data = self.is_protocol and field.name == "data"
        # Expert information, which PDML has as a field.
        self.is_expert = self.is_protocol and field.name == "_ws.expert"
        self.has_text = not self.is_protocol and field.type not in (
            _T.FIELD_TYPE_NONE,
            _T.FIELD_TYPE_UNSPECIFIED,
        )
        self.show = _texts.value_text(field)
        self.number = _texts.number_text(field)
        self.masked = _texts.masked_text(field)


class Template:
    """What nodes of a batch have in common."""

    __slots__ = (
        "depth",
        "hidden",
        "is_text",
        "kind",
        "label_form",
        "length",
        "shape",
        "source_number",
        "start_change",
        "suffix",
        "unlisted_source",
        "xml_name",
    )

    def __init__(
        self, sent: pb.NodeTemplate, shape: Shape, suffix: str
    ) -> None:
        self.shape = shape
        self.depth = sent.depth
        self.start_change = sent.start_change
        self.length = sent.length
        self.source_number = sent.source_number
        self.kind = sent.value_kind
        self.label_form = sent.label_form
        self.suffix = suffix
        self.hidden = bool(sent.flags & _FLAG.NODE_FLAG_HIDDEN)
        self.is_text = bool(sent.flags & _FLAG.NODE_FLAG_TEXT)
        self.xml_name = self._xml_name()
        self.unlisted_source = bool(
            sent.flags & _FLAG.NODE_FLAG_UNLISTED_SOURCE
        )

    def _xml_name(self) -> str | None:
        """Returns the name of the field in PDML; nothing if it is a layer."""
        if self.is_text:
            return ""
        shape = self.shape
        is_layer = shape.is_protocol and not (shape.is_data or shape.is_expert)
        return None if is_layer else shape.name


class Node(NamedTuple):
    """A node. `label` is what was sent of it."""

    template: Template
    start: int
    value: Any
    label: str


class Tables:
    """What the nodes of a batch refer to."""

    _known: ClassVar[weakref.WeakKeyDictionary[Batch, Tables]] = (
        weakref.WeakKeyDictionary()
    )

    @classmethod
    def of(cls, batch: Batch) -> Tables:
        """Returns the tables of a batch, which are made only once."""
        tables = cls._known.get(batch)
        if tables is None:
            tables = cls._known[batch] = cls(batch)
        return tables

    def __init__(self, batch: Batch) -> None:
        self.texts = list(batch.strings)
        for index, raw in batch.raw_strings.items():
            # pyshark leaves out bytes that aren't UTF-8.
            self.texts[index] = raw.decode(errors="ignore")
        shapes = {
            info: Shape(info.definition)
            for info in {
                batch.stream.fields[sent.field_id] for sent in batch.templates
            }
        }
        self.templates = [
            Template(
                sent,
                shapes[batch.stream.fields[sent.field_id]],
                self.texts[sent.label_suffix_index],
            )
            for sent in batch.templates
        ]
        self.byte_strings: Sequence[bytes] = batch.message.byte_strings


class Tree:
    """The nodes of a frame in the order of the tree."""

    def __init__(self, packet: CorePacket) -> None:
        self.frame = packet.frame_message
        self._core = packet.nodes
        self._tables = Tables.of(self._core.batch)

    def __len__(self) -> int:
        return len(self._core)

    def tops(self) -> list[int]:
        """Returns the indexes of the nodes at the top of the tree."""
        return self._core.tops()

    def template(self, index: int) -> Template:
        """Returns the template of a node, without decoding the others."""
        return self._tables.templates[self._core.templates[index]]

    @functools.cached_property
    def nodes(self) -> list[Node]:
        """The decoded nodes."""
        return list(self._decoded(self._core))

    def _decoded(self, core: Nodes) -> Iterator[Node]:
        templates, message = self._tables.templates, core.message
        texts = self._tables.texts
        take = self._readers(message)
        labels = iter(message.label_indexes)
        start = 0
        for index in core.templates:
            template = templates[index]
            start += template.start_change
            if not -0x80000000 <= start <= 0x7FFFFFFF:
                # Wraps around, as in the server.
                start = (start + 0x80000000) % 0x100000000 - 0x80000000
            kind = template.kind
            if kind == _NO_VALUE:
                value = None
            elif kind == _SOURCE_BYTES:
                value = self._source_bytes(template, start)
            else:
                value = take[kind]()
            label = template.suffix
            if template.label_form in _SENT:
                label = texts[next(labels)]
            yield Node(template, start, value, label)

    def _readers(self, message: pb.NodeList) -> dict[int, Callable[[], Any]]:
        """Returns functions that take the next value of each kind."""
        tables = self._tables
        strings = map(tables.texts.__getitem__, message.string_indexes)
        data = map(tables.byte_strings.__getitem__, message.byte_string_indexes)
        times = zip(message.time_seconds, message.time_nanos, strict=True)
        readers: dict[int, Callable[[], Any]] = {
            kind: iter(getattr(message, name)).__next__
            for kind, name in _NUMBERS.items()
        }
        readers[_KIND.VALUE_KIND_STRING] = strings.__next__
        readers[_KIND.VALUE_KIND_BYTES] = data.__next__
        readers[_KIND.VALUE_KIND_TIME] = times.__next__
        return readers

    @functools.cached_property
    def ends(self) -> list[int]:
        """For each node, the index after its last descendant."""
        ends = [len(self.nodes)] * len(self.nodes)
        unfinished: list[int] = []
        for index, node in enumerate(self.nodes):
            depth = node.template.depth
            while unfinished:
                last = unfinished[-1]
                if self.nodes[last].template.depth < depth:
                    break
                ends[unfinished.pop()] = index
            unfinished.append(index)
        return ends

    @functools.cached_property
    def parents(self) -> list[int | None]:
        """For each node, the index of the node above; nothing at the top."""
        parents: list[int | None] = []
        # The last node of each depth that has nodes below.
        above: list[int] = []
        templates = self._tables.templates
        for index, number in enumerate(self._core.templates):
            depth = templates[number].depth
            del above[depth:]
            parents.append(above[-1] if above else None)
            above.append(index)
        return parents

    def children(self, begin: int, end: int) -> Iterator[int]:
        """Yields the indexes of siblings, from the first to an end."""
        while begin < end:
            yield begin
            begin = self.ends[begin]

    def has_children(self, index: int) -> bool:
        return self.ends[index] > index + 1

    def _source_of(self, template: Template) -> pb.DataSource | None:
        number = template.source_number
        if not 0 < number <= len(self.frame.sources):
            return None
        return self.frame.sources[number - 1]

    def _source_bytes(self, template: Template, start: int) -> bytes:
        source = self._source_of(template)
        if source is None or not 0 <= start <= len(source.data):
            return b""
        return source.data[start : start + max(template.length, 0)]

    def hex_of(self, node: Node) -> str:
        """Returns the bytes of a node in hexadecimal."""
        source = self._source_of(node.template)
        if source is None:
            return ""
        # A negative start counts from the end.
        captured, start = source.length, node.start
        start = captured + start if start < 0 else start
        remaining = captured - start if 0 <= start <= captured else 0
        if node.template.length > remaining:
            return _CUT_SHORT
        return self._source_bytes(node.template, node.start).hex()


def layers_in_order(
    protocols: str,
    members: dict[str, Any],
    make: Callable[[str, Any], Any],
) -> list[Any]:
    """Returns layers, first those that `frame.protocols` has, in its order."""
    found = ((name, members.pop(name, None)) for name in protocols.split(":"))
    layers = [make(name, layer) for name, layer in found if layer is not None]
    return layers + [make(name, layer) for name, layer in members.items()]


def label_text(node: Node) -> str:
    """Returns the text that Wireshark shows."""
    template = node.template
    if template.label_form != _DERIVED:
        return node.label
    shape = template.shape
    if template.kind == _NO_VALUE:
        return shape.display_name
    if template.kind == _UINT32:
        value = shape.number(node.value)
    else:
        value = shape.show(node.value)
        if template.kind == _TIME:
            value += " seconds"
    return f"{shape.display_name}: {value}{node.label}"


def has_custom_label(node: Node) -> bool:
    """Returns whether the dissector has set the label."""
    form = node.template.label_form
    if form == _DERIVED:
        return bool(node.label)
    return form == _CUSTOM
