# SPDX-License-Identifier: Apache-2.0
"""Layers whose fields have the attributes of PDML."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator
from typing import Any, TextIO

from dissectd.pyshark.packet.fields import LayerField, LayerFieldsContainer
from dissectd.pyshark.packet.layers import base

# tshark's name for the layer around nodes that belong to no protocol.
WRAPPER_NAME = "fake-field-wrapper"


class XmlLayer(base.BaseLayer):
    """A layer with texts: the default."""

    __slots__ = ("_by_attribute", "_containers", "_make_fields", "raw_mode")

    def __init__(
        self,
        layer_name: str,
        make_fields: Callable[[], Iterable[LayerField]] = list,
        raw_mode: bool = False,
    ) -> None:
        """Makes a layer whose fields are made when somebody asks for one.

        With `raw_mode`, attributes are the bytes of fields in hexadecimal.
        """
        super().__init__(layer_name)
        self.raw_mode = raw_mode
        self._make_fields: Callable[[], Iterable[LayerField]] | None = (
            make_fields
        )
        self._containers: dict[str, LayerFieldsContainer] = {}
        self._by_attribute: dict[str, LayerFieldsContainer] | None = None

    @property
    def _all_fields(self) -> dict[str, LayerFieldsContainer]:
        """The fields by their whole names."""
        make, self._make_fields = self._make_fields, None
        containers = self._containers
        for field in make() if make is not None else ():
            known = containers.get(str(field.name))
            if known is None:
                containers[str(field.name)] = LayerFieldsContainer(field)
            else:
                known.fields.append(field)
        return containers

    def __getstate__(self) -> dict[str, Any]:
        self._all_fields  # noqa: B018 (The fields are made.)
        return {**super().__getstate__(), "_by_attribute": None}

    @property
    def layer_name(self) -> str:
        if self._layer_name == WRAPPER_NAME:
            return base.DATA_LAYER_NAME
        return self._layer_name

    def _attribute_of(self, field_name: str) -> str:
        """Returns the name of a field as Python can write it."""
        if self.layer_name != "geninfo":
            field_name = field_name.replace(f"{self.layer_name}.", "")
        return field_name.replace(".", "_").replace("-", "_").lower()

    @property
    def field_names(self) -> list[str]:
        return [self._attribute_of(name) for name in self._all_fields]

    def get_field(self, name: str) -> LayerFieldsContainer | None:
        """Returns a field by its whole name, or that of its attribute."""
        fields = self._all_fields
        if name in fields:
            return fields[name]
        if self._by_attribute is None:
            self._by_attribute = {}
            for whole, field in fields.items():
                self._by_attribute.setdefault(self._attribute_of(whole), field)
        return self._by_attribute.get(self._attribute_of(name))

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
        if name.startswith("__"):
            raise AttributeError(name)
        field = self.get_field(name)
        if field is None:
            raise AttributeError(f"{name} does not exist in Layer")
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
