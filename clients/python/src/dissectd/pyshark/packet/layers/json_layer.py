# SPDX-License-Identifier: Apache-2.0
"""Layers that are trees, as in tshark's JSON."""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import Any, TextIO

from dissectd.pyshark.packet.fields import LayerField, LayerFieldsContainer
from dissectd.pyshark.packet.layers.base import BaseLayer

_TREE = "_tree"


class JsonLayer(BaseLayer):
    """A layer, or a field with fields below. Its members are made lazily."""

    __slots__ = (
        "_all_fields",
        "_full_name",
        "_is_intermediate",
        "_named",
        "_wrapped_fields",
        "duplicate_layers",
        "value",
    )

    def __init__(
        self,
        layer_name: str,
        layer_dict: Any,
        full_name: str | None = None,
        is_intermediate: bool = False,
    ) -> None:
        super().__init__(layer_name)
        self.duplicate_layers: list[JsonLayer] = []
        self._full_name = full_name or layer_name
        self._is_intermediate = is_intermediate
        self._wrapped_fields: dict[str, Any] = {}
        self._named = False
        if isinstance(layer_dict, list):
            layer_dict, *others = layer_dict
            self.duplicate_layers = [
                JsonLayer(layer_name, other, full_name, is_intermediate)
                for other in others
            ]
        self._all_fields: dict[str, Any] = {}
        if isinstance(layer_dict, dict):
            self._all_fields = layer_dict
        else:
            self.value = layer_dict

    def __getstate__(self) -> dict[str, Any]:
        # A layer that has fields has no value.
        missing = object()
        slots = (*self.__slots__, "_layer_name")
        state = {slot: _slot(self, slot, missing) for slot in slots}
        return {k: value for k, value in state.items() if value is not missing}

    def get_field(self, name: str) -> Any:
        """Returns a field by its whole name, or by the end of it."""
        known = self._wrapped_fields.get(name)
        if known is not None:
            return known
        found = self._find(name)
        is_group = False
        if found is None:
            # A part of longer names that isn't a field itself.
            prefix = f"{self._full_name}.{name}."
            is_group = any(key.startswith(prefix) for key in self._members())
            if not is_group:
                raise AttributeError(f"No such field {name}")
        field = self._wrap(name, found, is_group)
        self._wrapped_fields[name] = field
        return field

    def _members(self) -> dict[str, Any]:
        """Returns the members, of which those named by labels get names."""
        fields = self._all_fields
        if not self._named:
            self._named = True
            for key in [key for key in fields if ":" in key]:
                member = fields.pop(key)
                if isinstance(member, dict):
                    member["showname"] = key
                label = key.split(":", 1)[0].lower().replace(" ", "_")
                fields[f"{self._full_name}.{label}"] = member
        return fields

    def _find(self, name: str) -> Any:
        members = self._members()
        found = members.get(name, members.get(f"{self._full_name}.{name}"))
        if found is not None:
            return found
        ending = f".{name}"
        ends = (members[key] for key in members if key.endswith(ending))
        return next(ends, None)

    def _wrap(
        self,
        name: str,
        field: Any,
        is_group: bool = False,
        full_name: str | None = None,
    ) -> Any:
        """Returns a member as a layer, a list, or a field with a value."""
        full_name = full_name or f"{self._full_name}.{name}"
        if is_group:
            field = {
                key: member
                for key, member in self._all_fields.items()
                if key.startswith(full_name)
            }
        if isinstance(field, dict):
            if name.endswith(_TREE):
                name = name.replace(_TREE, "")
                full_name = f"{self._full_name}.{name}"
            return JsonLayer(name, field, full_name, is_group)
        if isinstance(field, list):
            # The parts of a list are named as if they were of the protocol.
            owner = self._full_name.split(".")[0]
            return [self._wrap(name, part, full_name=owner) for part in field]
        return LayerFieldsContainer(LayerField(name=name, value=field))

    @property
    def field_names(self) -> list[str]:
        members = self._members()
        own = [
            self._short(name)
            for name in members
            if name.startswith(self._full_name)
        ]
        ends = [name.rsplit(".", 1)[1] for name in members if "." in name]
        return list(dict.fromkeys(own + ends))

    def has_field(self, dotted_name: str) -> bool:
        """Returns whether there is a field, for example `flags_tree.qr`."""
        layer: Any = self
        for part in dotted_name.split("."):
            if part not in layer.field_names:
                return False
            layer = layer.get_field(part)
        return True

    def _short(self, name: str) -> str:
        return name.replace(f"{self._full_name}.", "")

    def _print_fields(self, writer: TextIO) -> None:
        for line in self._lines():
            self._print_line(line, writer)

    def _lines(self) -> Iterator[str]:
        for name in self.field_names:
            yield from self._lines_of(self.get_field(name))

    def _lines_of(self, field: Any) -> Iterator[str]:
        if isinstance(field, JsonLayer):
            yield f"\t{field.layer_name}:{os.linesep}"
            for line in field._lines():
                yield f"\t{line}"
        elif isinstance(field, list):
            for part in field:
                yield from self._lines_of(part)
        else:
            yield f"\t{self._short(field.name)}: {field.raw_value}{os.linesep}"


def _slot(layer: JsonLayer, name: str, default: object) -> Any:
    try:
        return object.__getattribute__(layer, name)
    except AttributeError:
        return default
