# SPDX-License-Identifier: Apache-2.0
"""Packets whose fields are those of tshark's PDML."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Iterator
from typing import Any

from dissectd.packet import Packet as CorePacket
from dissectd.pyshark._tree import Node, Tables, Tree, label_text
from dissectd.pyshark.packet.fields import LayerField, LayerFieldsContainer
from dissectd.pyshark.packet.layers.xml_layer import WRAPPER_NAME, XmlLayer
from dissectd.pyshark.packet.packet import Packet
from dissectd.pyshark.packet.packet_summary import PacketSummary
from dissectd.v1 import dissection_pb2 as pb

_SPECIAL = re.compile("\r\n|[\0-\x1f\x7f\ufffe\uffff]")
_NUMBERS = (
    ("num", "Number", "number"),
    ("len", "Frame Length", "original_length"),
    ("caplen", "Captured Length", "captured_length"),
)


def _replacement(found: re.Match[str]) -> str:
    character = found[0]
    if character in "\r\n\t":
        return " "
    if character in "\ufffe\uffff":
        return ""
    # tshark's escape for what XML doesn't allow; it means nothing to XML.
    return f"\\x{ord(character):x}"


def _attribute(text: str) -> str:
    """Returns a text as it comes out of an attribute of tshark's XML."""
    return text if text.isprintable() else _SPECIAL.sub(_replacement, text)


def read_packet(core: CorePacket) -> Packet:
    """Returns a packet with layers of texts."""
    return Packet.when_needed(lambda: _packet_of(core))


def _packet_of(core: CorePacket) -> Packet:
    tree = Tree(core)
    frame, *layers = _layers(tree)
    general = _general_information(tree)
    return Packet(
        layers=layers,
        frame_info=frame,
        number=general["num"],
        length=general["len"],
        captured_length=general["caplen"],
        sniff_time=_sniff_time(tree.frame),
        interface_captured=frame.get_field_value("interface_id", raw=True),
    )


def _sniff_time(frame: pb.Frame) -> str:
    seconds = (frame.time.seconds + 0x80000000) % 0x100000000 - 0x80000000
    return f"{seconds}.{frame.time.nanos:09}"


def _general_information(tree: Tree) -> dict[str, LayerFieldsContainer]:
    """Returns tshark's fields about the packet, which begin each one."""
    size = str(tree.template(0).length)
    found = {}
    for name, title, attribute in _NUMBERS:
        number = getattr(tree.frame, attribute)
        field = LayerField(
            name=name,
            pos="0",
            show=str(number),
            showname=title,
            value=f"{number:x}",
            size=size,
        )
        found[name] = LayerFieldsContainer(field)
    return found


def _layers(tree: Tree) -> Iterator[XmlLayer]:
    tops = tree.tops()
    for begin, end in zip(tops, [*tops[1:], len(tree)], strict=True):
        shape = tree.template(begin).shape
        if shape.is_expert:
            # PDML has it beside the layers.
            continue
        wrapped = not shape.is_protocol or shape.is_data
        name = WRAPPER_NAME if wrapped else shape.name
        yield XmlLayer(name, _Fields(tree, begin, end))


class _Fields:
    """The fields of a layer, in the order of the tree."""

    def __init__(self, tree: Tree, begin: int, end: int) -> None:
        self._tree = tree
        self._begin = begin
        self._end = end

    def names(self) -> list[str | None]:
        nodes = range(self._begin, self._end)
        return [self._tree.template(index).xml_name for index in nodes]

    def field(self, place: int) -> LayerField:
        tree = self._tree
        index = self._begin + place
        above = tree.parents[index]
        start_above = None if above is None else tree.nodes[above].start
        return _field_of(tree, tree.nodes[index], start_above)


def _field_of(tree: Tree, node: Node, parent_start: int | None) -> LayerField:
    template = node.template
    shape = template.shape
    if shape.is_data:
        return LayerField(name="data", value=tree.hex_of(node))
    position = node.start
    if parent_start is not None and position < parent_start:
        # The node is in another data source, and tshark takes its position as
        # relative to that of the node above.
        position += parent_start
    size, pos = str(template.length), str(position)
    label = _attribute(label_text(node))
    if template.is_text:
        value = tree.hex_of(node) if template.length > 0 else None
        return LayerField(name="", show=label, size=size, pos=pos, value=value)
    field = LayerField(
        name=shape.name,
        showname=label,
        hide="yes" if template.hidden else None,
        size=size,
        pos=pos,
    )
    _set_value(field, tree, node)
    return field


def _set_value(field: LayerField, tree: Tree, node: Node) -> None:
    shape = node.template.shape
    if shape.is_protocol:
        return
    if not shape.has_text:
        field.show = field.raw_value = ""
        return
    field.show = _attribute(shape.show(node.value))
    if node.template.length <= 0:
        return
    field.raw_value = tree.hex_of(node)
    if shape.bitmask:
        field.unmaskedvalue = field.raw_value
        field.raw_value = shape.masked(node.value)


def _element(text: str) -> Any:
    """Returns a text as pyshark does, which takes some texts for numbers."""
    with contextlib.suppress(ValueError):
        return int(text)
    with contextlib.suppress(ValueError):
        return float(text)
    return {"true": True, "false": False}.get(text, text)


def read_summary(core: CorePacket) -> PacketSummary:
    """Returns the columns of a packet."""
    batch = core.nodes.batch
    texts = Tables.of(batch).texts
    return PacketSummary(
        (column.title for column in batch.stream.header.columns),
        (_element(texts[at]) for at in core.frame_message.column_indexes),
    )
