# SPDX-License-Identifier: Apache-2.0
"""Layers whose fields have the attributes of PDML."""

from __future__ import annotations

import functools
import os
from collections.abc import Iterator, Sequence
from typing import Any, Protocol, TextIO

from dissectd.pyshark.packet.fields import LayerField, LayerFieldsContainer
from dissectd.pyshark.packet.layers import base

# tshark's name for the layer around nodes that belong to no protocol.
WRAPPER_NAME = "fake-field-wrapper"


class FieldSource(Protocol):
    """Makes the fields of a layer one by one."""

    def names(self) -> Sequence[str | None]:
        """Returns the name at each place, or nothing if no field is there."""

    def field(self, place: int) -> LayerField:
        """Returns the field at a place."""


@functools.lru_cache(maxsize=1 << 16)
def _attribute_name(layer_name: str, field_name: str) -> str:
    """Returns the name of a field as Python can write it."""
    if layer_name != "geninfo":
        field_name = field_name.replace(f"{layer_name}.", "")
    return field_name.replace(".", "_").replace("-", "_").lower()


class XmlLayer(base.BaseLayer):
    """A layer with texts: the default."""

    __slots__ = (
        "_attributes",
        "_containers",
        "_places",
        "_source",
        "raw_mode",
    )

    def __init__(
        self,
        layer_name: str,
        source: FieldSource | None = None,
        raw_mode: bool = False,
    ) -> None:
        """Makes a layer whose fields are made when somebody asks for them.

        With `raw_mode`, attributes are the bytes of fields in hexadecimal.
        """
        super().__init__(layer_name)
        self.raw_mode = raw_mode
        self._source = source
        self._containers: dict[str, LayerFieldsContainer] = {}
        self._places: dict[str, list[int]] | None = None
        self._attributes: dict[str, str] | None = None

    def _names(self) -> dict[str, list[int]]:
        """Returns the whole names of fields, and where they occur."""
        if self._places is None:
            places: dict[str, list[int]] = {}
            names = self._source.names() if self._source else ()
            for place, name in enumerate(names):
                if name is not None:
                    places.setdefault(name, []).append(place)
            self._places = places
        return self._places

    def _container(self, name: str) -> LayerFieldsContainer:
        """Returns all occurrences of the field with a whole name."""
        known = self._containers.get(name)
        if known is not None or self._source is None:
            return self._containers[name]
        first, *others = map(self._source.field, self._names()[name])
        container = self._containers[name] = LayerFieldsContainer(first)
        container.fields.extend(others)
        return container

    @property
    def _all_fields(self) -> dict[str, LayerFieldsContainer]:
        """The fields by their whole names."""
        return {name: self._container(name) for name in self._names()}

    def __getstate__(self) -> dict[str, Any]:
        return {
            "_layer_name": self._layer_name,
            "raw_mode": self.raw_mode,
            "_containers": self._all_fields,
            "_places": dict.fromkeys(self._names(), ()),
            "_source": None,
            "_attributes": None,
        }

    @property
    def layer_name(self) -> str:
        if self._layer_name == WRAPPER_NAME:
            return base.DATA_LAYER_NAME
        return self._layer_name

    def _attribute_of(self, field_name: str) -> str:
        return _attribute_name(self.layer_name, field_name)

    @property
    def field_names(self) -> list[str]:
        return [self._attribute_of(name) for name in self._names()]

    def get_field(self, name: str) -> LayerFieldsContainer | None:
        """Returns a field by its whole name, or that of its attribute."""
        if name in self._names():
            return self._container(name)
        if self._attributes is None:
            attributes: dict[str, str] = {}
            for whole in self._names():
                attributes.setdefault(self._attribute_of(whole), whole)
            self._attributes = attributes
        whole_name = self._attributes.get(self._attribute_of(name))
        return None if whole_name is None else self._container(whole_name)

    def get_field_value(self, name: str, raw: bool = False) -> Any:
        """Returns a field, or its bytes in hexadecimal; nothing if missing."""
        field = self.get_field(name)
        if field is None or not raw:
            return field
        return field.raw_value

    def get_field_by_showname(self, showname: str | None) -> Any:
        """Returns the first field that Wireshark shows with a name."""
        for field in self._occurrences():
            if field.showname_key == showname:
                return field
        return None

    def __getattr__(self, name: str) -> Any:
        field = super().__getattr__(name)
        return field.raw_value if self.raw_mode else field

    def _occurrences(self) -> Iterator[Any]:
        """Yields all fields, and then their further occurrences."""
        fields = self._all_fields.values()
        yield from fields
        for field in fields:
            yield from field.alternate_fields

    def _text_of(self, field: Any) -> str | None:
        if field.hide:
            return None
        if field.showname or field.show:
            return str(field.showname or field.show)
        if field.raw_value:
            return f"{self._attribute_of(field.name)}: {field.raw_value}"
        return None

    def _print_fields(self, writer: TextIO) -> None:
        for field in self._occurrences():
            text = self._text_of(field)
            if text:
                self._print_line(f"\t{text}{os.linesep}", writer)
