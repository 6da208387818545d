# SPDX-License-Identifier: Apache-2.0
"""Packets whose fields are those of tshark's JSON for Elasticsearch."""

from __future__ import annotations

import binascii
import contextlib
from collections.abc import Callable
from typing import Any

from dissectd.packet import Packet as CorePacket
from dissectd.pyshark import _texts
from dissectd.pyshark._tree import (
    Tree,
    has_custom_label,
    layers_in_order,
)
from dissectd.pyshark._types import Types
from dissectd.pyshark.packet.layers.ek_layer import EkLayer
from dissectd.pyshark.packet.packet import Packet
from dissectd.v1 import common_pb2 as common

_T = common.FieldType
# Types that JSON writes in another way than PDML.
_BY_TYPE: dict[int, Callable[[Any], Any]] = {
    _T.FIELD_TYPE_NONE: lambda _value: None,
    _T.FIELD_TYPE_BOOLEAN: bool,
    _T.FIELD_TYPE_ABSOLUTE_TIME: _texts.iso_time_text,
}


def reader(include_raw: bool, types: Types) -> Callable[[CorePacket], Packet]:
    """Returns a function that makes packets with typed fields."""

    def read(core: CorePacket) -> Packet:
        return Packet.when_needed(lambda: _packet_of(core, include_raw, types))

    return read


def _packet_of(core: CorePacket, include_raw: bool, types: Types) -> Packet:
    tree = Tree(core)
    writer = _ObjectWriter(tree, include_raw, types)
    layers = writer.members(0, len(tree.nodes), "")
    frame = layers.pop("frame")
    return Packet(
        layers=layers_in_order(frame["frame_frame_protocols"], layers, EkLayer),
        frame_info=EkLayer("frame", frame),
        number=int(frame.get("frame_frame_number", 0)),
        length=int(frame["frame_frame_len"]),
        sniff_time=_text_of(tree, "frame.time_epoch"),
    )


def _text_of(tree: Tree, name: str) -> str:
    """Returns the value of the first field with a name."""
    for node in tree.nodes:
        if node.template.shape.name == name:
            return node.template.shape.show(node.value)
    return ""


class _ObjectWriter:
    """Makes the objects of `tshark -T ek`, with typed values."""

    def __init__(self, tree: Tree, raw: bool, types: Types) -> None:
        self._tree = tree
        self._raw = raw
        self._types = types

    def members(self, begin: int, end: int, layer: str) -> dict[str, Any]:
        """Returns the fields of a protocol; those of one name are a list."""
        groups: dict[str, list[int]] = {}
        self._gather(begin, end, "", groups)
        result: dict[str, Any] = {}
        for group in groups.values():
            self._add_group(result, layer, group)
        return result

    def _gather(
        self, begin: int, end: int, parent: str, groups: dict[str, list[int]]
    ) -> None:
        """Collects nodes, and what is below those that aren't protocols."""
        tree = self._tree
        for index in tree.children(begin, end):
            shape = tree.nodes[index].template.shape
            key = f"{parent}_{shape.name}" if parent else shape.name
            groups.setdefault(key, []).append(index)
            if not shape.is_protocol and tree.has_children(index):
                self._gather(index + 1, tree.ends[index], shape.name, groups)

    def _add_group(
        self, result: dict[str, Any], layer: str, group: list[int]
    ) -> None:
        first = self._tree.nodes[group[0]].template
        name = first.shape.ek_name
        if self._raw and first.length > 0 and not first.is_text:
            raw = [text for index in group for text in self._raw_of(index)]
            result[f"{name}_raw"] = raw if len(group) > 1 else raw[0]
        values = [self._value(index, layer) for index in group]
        result[name] = values if len(group) > 1 else values[0]

    def _raw_of(self, index: int) -> list[str]:
        node = self._tree.nodes[index]
        if node.template.shape.bitmask:
            return [node.template.shape.masked(node.value)]
        if node.template.source_number or node.template.unlisted_source:
            return [self._tree.hex_of(node)]
        return []

    def _value(self, index: int, layer: str) -> Any:
        tree = self._tree
        node = tree.nodes[index]
        shape = node.template.shape
        if shape.is_protocol:
            # Those in a layer are plain objects, whose values stay texts.
            name = shape.name if node.template.depth == 0 else ""
            return self.members(index + 1, tree.ends[index], name)
        if node.template.is_text and has_custom_label(node):
            return node.label
        write = _BY_TYPE.get(shape.type)
        if write is not None:
            return write(node.value)
        text = shape.show(node.value)
        if not layer or shape.protocol != layer:
            # Fields of other protocols in a layer are texts.
            return text
        return _typed(self._types.get(layer, {}).get(shape.name), text)


def _typed(kind: type[int | float | bytes] | None, text: str) -> Any:
    """Returns a text as the type that pyshark has for the field."""
    with contextlib.suppress(ValueError):
        if kind is int:
            return int(text, 16 if text.startswith("0x") else 10)
        if kind is float:
            return float(text)
        if kind is bytes:
            return binascii.unhexlify(text.replace(":", ""))
    # It stays a text if it isn't what the type has as a rule.
    return text
