# SPDX-License-Identifier: Apache-2.0
"""Nodes of protocol trees."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from dissectd.decoding import Nodes
from dissectd.labels import label
from dissectd.v1 import common_pb2 as common
from dissectd.v1 import dissection_pb2 as pb
from dissectd.values import Value

_GENERATED = int(pb.NodeFlag.NODE_FLAG_GENERATED)
_CUT = int(pb.NodeFlag.NODE_FLAG_VALUE_CUT)
HIDDEN = int(pb.NodeFlag.NODE_FLAG_HIDDEN)


class Field:
    """A node of a packet's tree: an occurrence of a field."""

    __slots__ = ("nodes", "position")

    def __init__(self, nodes: Nodes, position: int) -> None:
        self.nodes = nodes
        self.position = position

    @property
    def name(self) -> str:
        """The name in display filters; `text` for a label without a field."""
        return self.nodes.info(self.position).name

    @property
    def display_name(self) -> str:
        """The name that Wireshark shows."""
        return self.nodes.info(self.position).definition.display_name

    @property
    def definition(self) -> common.Field:
        """The field in Wireshark's registry, with its type and display."""
        return self.nodes.info(self.position).definition

    @property
    def value(self) -> Value:
        return self.nodes.value(self.position)

    @property
    def label(self) -> str:
        """The text that Wireshark shows; empty if labels weren't requested."""
        return label(self.nodes, self.position)

    @property
    def text(self) -> str:
        """The label without the field's name before it."""
        text = self.label
        name = f"{self.display_name}: "
        return text.removeprefix(name)

    @property
    def bytes(self) -> bytes | None:
        """The bytes of the field, if `read` was asked for bytes."""
        return self.nodes.source_bytes(self.position)

    @property
    def raw_value(self) -> Any:
        """The value as it was sent; of a string its exact bytes."""
        if self.template.value_kind == pb.ValueKind.VALUE_KIND_STRING:
            return self.nodes.raw_string(self.position)
        return self.nodes.transferred(self.position)

    @property
    def template(self) -> pb.NodeTemplate:
        """The properties that the node shares with others."""
        return self.nodes.template(self.position)

    @property
    def depth(self) -> int:
        """The depth in the tree, from 0."""
        return self.template.depth

    @property
    def pos(self) -> int:
        """The offset of the first byte in the data source."""
        return self.nodes.start(self.position)

    @property
    def size(self) -> int:
        """The number of bytes, which may reach beyond the captured ones."""
        return self.template.length

    @property
    def source_number(self) -> int:
        """The data source, from 1; 0 if there is none."""
        return self.template.source_number

    @property
    def hidden(self) -> bool:
        """Whether Wireshark doesn't show it: it exists for display filters."""
        return bool(self.nodes.flags(self.position) & HIDDEN)

    @property
    def generated(self) -> bool:
        """Whether it was computed, and isn't in the packet."""
        return bool(self.nodes.flags(self.position) & _GENERATED)

    @property
    def truncated(self) -> bool:
        """Whether only the first bytes of the value were sent."""
        return bool(self.nodes.flags(self.position) & _CUT)

    @property
    def severity(self) -> pb.Severity:
        """The severity of expert information."""
        return self.template.severity

    @property
    def expert_group(self) -> pb.ExpertGroup:
        """The group of expert information."""
        return self.template.expert_group

    def children(self) -> Iterator[Field]:
        """Yields the fields directly below."""
        following = self.position + 1
        end = self.nodes.end(self.position)
        while following < end:
            yield Field(self.nodes, following)
            following = self.nodes.end(following)

    def __repr__(self) -> str:
        return f"<Field {self.name}={self.value!r}>"


def tree_text(nodes: Nodes, begin: int, end: int) -> str:
    """Returns the visible nodes as lines, indented by their depth."""
    lines = []
    for position in range(begin, end):
        field = Field(nodes, position)
        if field.hidden:
            continue
        text = field.label or f"{field.name}: {field.value!s}"
        if field.generated:
            text = f"[{text}]"
        lines.append("    " * field.depth + text)
    return "\n".join(lines)
