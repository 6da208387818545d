# SPDX-License-Identifier: Apache-2.0
"""Packets whose fields are those of tshark's JSON."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from dissectd.packet import Packet as CorePacket
from dissectd.pyshark._tree import Node, Tree, label_text, layers_in_order
from dissectd.pyshark.packet.layers.json_layer import JsonLayer
from dissectd.pyshark.packet.packet import Packet


def reader(include_raw: bool) -> Callable[[CorePacket], Packet]:
    """Returns a function that makes packets with layers from JSON."""

    def read(core: CorePacket) -> Packet:
        return Packet.when_needed(lambda: _packet_of(core, include_raw))

    return read


def _packet_of(core: CorePacket, include_raw: bool) -> Packet:
    tree = Tree(core)
    writer = _ObjectWriter(tree, include_raw)
    layers = writer.members(0, len(tree.nodes))
    frame = layers.pop("frame")
    return Packet(
        layers=layers_in_order(frame["frame.protocols"], layers, JsonLayer),
        frame_info=JsonLayer("frame", frame),
        number=int(frame.get("frame.number", 0)),
        length=int(frame["frame.len"]),
        sniff_time=frame["frame.time_epoch"],
        interface_captured=frame.get("frame.interface_id"),
    )


class _ObjectWriter:
    """Makes the objects of `tshark -T json --no-duplicate-keys`."""

    def __init__(self, tree: Tree, raw: bool) -> None:
        self._tree = tree
        self._raw = raw

    def members(self, begin: int, end: int) -> dict[str, Any]:
        """Returns siblings as an object; those of one name become a list."""
        tree = self._tree
        groups: dict[str, list[int]] = {}
        for index in tree.children(begin, end):
            groups.setdefault(_key_of(tree.nodes[index]), []).append(index)
        result: dict[str, Any] = {}
        for key, group in groups.items():
            self._add_group(result, key, group)
        return result

    def _add_group(
        self, result: dict[str, Any], key: str, group: Sequence[int]
    ) -> None:
        # The first node of a group decides how all are written.
        tree = self._tree
        first = tree.nodes[group[0]].template
        has_text = first.shape.has_text
        has_children = any(map(tree.has_children, group))
        if self._raw and first.length > 0 and not first.is_text:
            _add(result, f"{key}_raw", group, self._raw_value)
        if has_text:
            _add(result, key, group, self._value)
        if has_children:
            suffix = "_tree" if has_text else ""
            _add(result, key + suffix, group, self._children)
        elif not has_text:
            _add(result, key, group, self._without_value)

    def _value(self, index: int) -> str:
        node = self._tree.nodes[index]
        return node.template.shape.show(node.value)

    def _raw_value(self, index: int) -> list[str | int]:
        """Returns the bytes, their place, and what libwireshark knows."""
        node = self._tree.nodes[index]
        template, shape = node.template, node.template.shape
        place = [
            node.start,
            template.length,
            shape.bitmask,
            shape.type_number,
        ]
        if shape.bitmask:
            return [shape.masked(node.value), *place]
        if template.source_number or template.unlisted_source:
            return [self._tree.hex_of(node), *place]
        # A node without bytes has no place for them, either.
        return [*place]

    def _children(self, index: int) -> Any:
        if self._tree.has_children(index):
            return self.members(index + 1, self._tree.ends[index])
        return self._without_value(index)

    def _without_value(self, index: int) -> str:
        node = self._tree.nodes[index]
        return label_text(node) if node.template.shape.is_protocol else ""


def _key_of(node: Node) -> str:
    # A node without a field is named by its label.
    return node.label if node.template.is_text else node.template.shape.name


def _add(
    result: dict[str, Any],
    key: str,
    group: Sequence[int],
    write: Callable[[int], Any],
) -> None:
    """Adds a member, or its values to one that has the name already."""
    value = write(group[0]) if len(group) == 1 else list(map(write, group))
    known = result.get(key)
    if not known:
        result[key] = value
    elif isinstance(known, list):
        known.append(value)
    else:
        result[key] = [known, value]
