# SPDX-License-Identifier: Apache-2.0
"""Packets as Wireshark dissects them, with their layers and fields."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, overload

from dissectd.decoding import Batch, Nodes
from dissectd.fields import HIDDEN, Field, tree_text
from dissectd.html import packet_html
from dissectd.v1 import dissection_pb2 as pb
from dissectd.values import Timestamp

__all__ = ["Field", "Layer", "Packet"]


class _Fields:
    """What packets and layers have in common: fields that have a name."""

    __slots__ = ()

    @property
    def nodes(self) -> Nodes:
        raise NotImplementedError

    def _first(self, name: str) -> int:
        """Returns the position of a field's first occurrence; -1 for none."""
        raise NotImplementedError

    def _all(self, name: str) -> list[int]:
        """Returns the positions of all occurrences of a field."""
        raise NotImplementedError

    def get(self, name: str, default: Any = None) -> Any:
        """Returns the first value of a field, or something else."""
        position = self._first(name)
        return self.nodes.value(position) if position >= 0 else default

    def all(self, name: str) -> list[Any]:
        """Returns the values of all occurrences of a field."""
        return [self.nodes.value(position) for position in self._all(name)]

    def field(self, name: str) -> Field:
        """Returns the first occurrence of a field, with its label and place."""
        position = self._first(name)
        if position < 0:
            raise KeyError(name)
        return Field(self.nodes, position)

    def all_fields(self, name: str) -> list[Field]:
        """Returns all occurrences of a field."""
        return [Field(self.nodes, position) for position in self._all(name)]


class Layer(_Fields):
    """A protocol's part of a packet. Its fields are attributes and items.

    `layer.srcport` and `layer["srcport"]` are the value of the first
    occurrence. An attribute has underscores where the field's name has periods
    or dashes; a field that has the name of a method needs an item.
    """

    __slots__ = ("begin", "end", "layer_name", "nodes")

    nodes: Nodes

    def __init__(
        self, nodes: Nodes, layer_name: str, begin: int, end: int
    ) -> None:
        self.nodes = nodes
        self.layer_name = layer_name
        self.begin = begin
        self.end = end

    def _first(self, name: str) -> int:
        ids = self.nodes.batch.stream.ids_in_layer(self.layer_name, name)
        return self.nodes.first(ids, self.begin, self.end)

    def _all(self, name: str) -> list[int]:
        ids = self.nodes.batch.stream.ids_in_layer(self.layer_name, name)
        found = self.nodes.ids
        return [p for p in range(self.begin, self.end) if found[p] in ids]

    def __getattr__(self, name: str) -> Any:
        # Python itself asks for such names, also before __init__.
        if name.startswith("_"):
            raise AttributeError(name)
        position = self._first(name)
        if position < 0:
            raise AttributeError(
                f"The layer {self.layer_name} has no field {name}.",
                name=name,
                obj=self,
            )
        return self.nodes.value(position)

    def __getitem__(self, name: str) -> Any:
        position = self._first(name)
        if position < 0:
            raise KeyError(name)
        return self.nodes.value(position)

    def __contains__(self, name: str) -> bool:
        return self._first(name) >= 0

    def __iter__(self) -> Iterator[Field]:
        """Yields all fields of the layer, in the order of the tree."""
        for position in range(self.begin, self.end):
            yield Field(self.nodes, position)

    def __len__(self) -> int:
        return self.end - self.begin

    @property
    def field_names(self) -> list[str]:
        """The names of the fields, each once."""
        ids = dict.fromkeys(self.nodes.ids[self.begin : self.end])
        fields = self.nodes.batch.stream.fields
        return list(dict.fromkeys(fields[field_id].name for field_id in ids))

    def __dir__(self) -> list[str]:
        prefix = f"{self.layer_name}."
        names = [name.removeprefix(prefix) for name in self.field_names]
        keys = [name.replace(".", "_").replace("-", "_") for name in names]
        return [*super().__dir__(), *filter(str.isidentifier, keys)]

    def __repr__(self) -> str:
        return tree_text(self.nodes, self.begin, self.end)


class Packet(_Fields):
    """A dissected packet. Its layers are attributes and items.

    `packet.tcp` and `packet["tcp"]` are the first layer of that protocol,
    `packet["tcp.srcport"]` is the first value of a field in any layer, and
    `"dns" in packet` says whether there is such a layer or field.
    """

    __slots__ = ("_batch", "_first_layers", "_frame", "_nodes", "_tops")

    def __init__(self, batch: Batch, frame: pb.Frame) -> None:
        self._batch = batch
        self._frame = frame
        self._nodes: Nodes | None = None
        self._tops: list[int] | None = None
        # Programs ask for several fields of a layer, one after the other.
        self._first_layers: dict[str, Layer] = {}

    @property
    def number(self) -> int:
        """The number in the capture, from 1."""
        return self._frame.number

    @property
    def time(self) -> Timestamp:
        """When it was captured. A few kinds of records don't say so."""
        if not self._frame.HasField("time"):
            raise ValueError(f"Packet {self.number} has no time stamp.")
        time = self._frame.time
        return Timestamp.from_parts(time.seconds, time.nanos)

    @property
    def length(self) -> int:
        """The bytes on the wire."""
        return self._frame.original_length

    @property
    def captured_length(self) -> int:
        """The captured bytes."""
        return self._frame.captured_length

    @property
    def columns(self) -> dict[str, str]:
        """The columns that were asked for."""
        strings = self._batch.strings
        texts = (strings[index] for index in self._frame.column_indexes)
        names = self._batch.stream.column_names
        return dict(zip(names, texts, strict=False))

    @property
    def frame_message(self) -> pb.Frame:
        """The frame as it was sent."""
        return self._frame

    @property
    def nodes(self) -> Nodes:
        """The nodes of the tree or, without one, the fields asked for."""
        if self._nodes is None:
            frame = self._frame
            tree = frame.tree
            message = tree if tree.template_indexes else frame.fields
            self._nodes = Nodes(self._batch, frame, message)
        return self._nodes

    @property
    def is_tree(self) -> bool:
        """Whether the packet has its tree, and not only some fields."""
        return not self.nodes.message.layers

    def _layer_bounds(self) -> list[int]:
        """Returns where layers begin, and the end of the last one."""
        if self._tops is None:
            nodes = self.nodes
            if self.is_tree:
                self._tops = nodes.tops()
            else:
                layers = list(nodes.message.layers)
                self._tops = [
                    position
                    for position, layer in enumerate(layers)
                    if position == 0 or layers[position - 1] != layer
                ]
            self._tops.append(len(nodes.ids))
        return self._tops

    def _find_layers(self, name: str) -> Iterator[Layer]:
        nodes = self.nodes
        stream = nodes.batch.stream
        bounds = self._layer_bounds()
        ids = nodes.ids
        if self.is_tree:
            wanted = stream.ids_by_name.get(name) or stream.ids_in_layer(
                "", name
            )
            for order in range(len(bounds) - 1):
                begin = bounds[order]
                if ids[begin] in wanted:
                    real = stream.fields[ids[begin]].name
                    yield Layer(nodes, real, begin, bounds[order + 1])
            return
        fields = stream.ids_of_protocol(name)
        for order in range(len(bounds) - 1):
            begin, end = bounds[order], bounds[order + 1]
            if not fields.isdisjoint(ids[begin:end]):
                yield Layer(nodes, name, begin, end)

    def _first(self, name: str) -> int:
        nodes = self.nodes
        ids = nodes.batch.stream.ids_by_name.get(name, ())
        return nodes.first(ids, 0, len(nodes))

    def _all(self, name: str) -> list[int]:
        nodes = self.nodes
        wanted = nodes.batch.stream.ids_by_name.get(name, ())
        return [p for p, found in enumerate(nodes.ids) if found in wanted]

    def __getattr__(self, name: str) -> Layer:
        # Python itself asks for such names, also before __init__.
        if name.startswith("_"):
            raise AttributeError(name)
        known = self._first_layers.get(name)
        if known is not None:
            return known
        for layer in self._find_layers(name):
            self._first_layers[name] = layer
            return layer
        raise AttributeError(
            f"Packet {self.number} has no layer {name}.", name=name, obj=self
        )

    @overload
    def __getitem__(self, name: int) -> Layer: ...
    @overload
    def __getitem__(self, name: str) -> Any: ...
    def __getitem__(self, name: str | int) -> Any:
        if isinstance(name, int):
            return self.layers[name]
        for layer in self._find_layers(name):
            return layer
        position = self._first(name)
        if position < 0:
            raise KeyError(name)
        return self.nodes.value(position)

    def __contains__(self, name: str) -> bool:
        if self._first(name) >= 0:
            return True
        return any(True for _ in self._find_layers(name))

    @property
    def layers(self) -> list[Layer]:
        """All layers in their order; a protocol can be there twice."""
        nodes = self.nodes
        bounds = self._layer_bounds()
        found = []
        for order in range(len(bounds) - 1):
            info = nodes.info(bounds[order])
            name = info.name if self.is_tree else info.protocol
            found.append(Layer(nodes, name, bounds[order], bounds[order + 1]))
        return found

    def layers_of(self, name: str) -> list[Layer]:
        """Returns all layers of a protocol."""
        return list(self._find_layers(name))

    @property
    def tree(self) -> list[Field]:
        """All visible fields, in the order of the tree, with their depths."""
        nodes = self.nodes
        flags = nodes.batch.flags
        return [
            Field(nodes, position)
            for position, index in enumerate(nodes.templates)
            if not flags[index] & HIDDEN
        ]

    def __bytes__(self) -> bytes:
        """Returns the captured bytes, if `read` was asked for bytes."""
        sources = self._frame.sources
        if not sources or (not sources[0].data and sources[0].length):
            raise ValueError("The bytes of the packet weren't requested.")
        return sources[0].data

    def __dir__(self) -> list[str]:
        names = [layer.layer_name for layer in self.layers]
        return [*super().__dir__(), *filter(str.isidentifier, names)]

    def __repr__(self) -> str:
        if not len(self.nodes):
            columns = "".join(f" {text}" for text in self.columns.values())
            return f"<Packet {self.number}{columns}>"
        text = tree_text(self.nodes, 0, len(self.nodes))
        return f"Packet {self.number}, {self.length} bytes\n{text}"

    def _repr_html_(self) -> str:
        return packet_html(self)
