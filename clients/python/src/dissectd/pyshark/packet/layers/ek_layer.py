# SPDX-License-Identifier: Apache-2.0
"""Layers with typed values, as in tshark's JSON for Elasticsearch."""

from __future__ import annotations

import os
from typing import Any, TextIO

from dissectd.pyshark.packet.common import colored
from dissectd.pyshark.packet.layers.base import BaseLayer


def _as_list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


class EkLayer(BaseLayer):
    """A layer whose fields are numbers, bytes, texts, or have fields below."""

    __slots__ = ("_fields_dict",)

    def __init__(self, layer_name: str, layer_dict: Any) -> None:
        super().__init__(layer_name)
        self._fields_dict = layer_dict

    def _prefixes(self) -> tuple[str, str]:
        """Returns what the names of fields begin with, the longer first."""
        name = self._layer_name
        return f"{name}_{name}", name

    def get_field(self, name: str) -> Any:
        """Returns a field by its name, with periods or underscores."""
        name = name.replace(".", "_")
        if name in self._fields_dict:
            return self._fields_dict[name]
        for prefix in self._prefixes():
            field = self._nested(f"{prefix}_{name}", name)
            if field is not None:
                return field
        return None

    def _nested(self, whole: str, name: str) -> Any:
        has_fields = any(
            each.startswith(f"{whole}_") for each in self._fields_dict
        )
        if whole not in self._fields_dict:
            return EkMultiField(self, name, None) if has_fields else None
        value = self._fields_dict[whole]
        return EkMultiField(self, name, value) if has_fields else value

    def get_field_as_list(self, name: str) -> list[Any]:
        """Returns the values of a field, also if there is only one."""
        return _as_list(self.get_field(name))

    def has_field(self, name: str) -> bool:
        return name in self.field_names or name in self.all_field_names

    @property
    def field_names(self) -> list[str]:
        """The first words of the names of fields."""
        words = (name.split("_", 1)[0] for name in self.all_field_names)
        return list(dict.fromkeys(words))

    @property
    def all_field_names(self) -> list[str]:
        """The names of all fields, also of those below others."""
        names = []
        for whole in self._fields_dict:
            for prefix in self._prefixes():
                if whole.startswith(prefix):
                    names.append(whole[len(prefix) + 1 :])
                    break
        return list(dict.fromkeys(names))

    def _print_fields(self, writer: TextIO) -> None:
        for name in self.field_names:
            self._print_field(name, self.get_field(name), writer, "\t")

    def _print_field(
        self, name: str, field: Any, writer: TextIO, indent: str
    ) -> None:
        writer.write(colored(f"{indent}{name}: ", "green"))
        if not isinstance(field, EkMultiField):
            writer.write(f"{field}{os.linesep}")
            return
        if field.value is not None:
            writer.write(str(field.value))
        writer.write(os.linesep)
        for below in field.subfields:
            inner = field.get_field(below)
            self._print_field(below, inner, writer, f"{indent}\t")


class EkMultiField:
    """A field with fields below, which are its attributes."""

    __slots__ = ("_containing_layer", "_full_name", "value")

    def __init__(self, layer: EkLayer, full_name: str, value: Any) -> None:
        self._containing_layer = layer
        self._full_name = full_name
        self.value = value

    def get_field(self, field_name: str) -> Any:
        """Returns a field below."""
        return self._containing_layer.get_field(
            f"{self._full_name}_{field_name}"
        )

    def get_field_as_list(self, name: str) -> list[Any]:
        """Returns the values of a field below, also if there is only one."""
        return _as_list(self.get_field(name))

    @property
    def subfields(self) -> list[str]:
        """The names of the fields directly below."""
        prefix = f"{self._full_name}_"
        names = (
            name.removeprefix(prefix).split("_")[0]
            for name in self._containing_layer.all_field_names
            if name.startswith(prefix)
        )
        return list(dict.fromkeys(names))

    @property
    def field_name(self) -> str:
        """The last word of the name."""
        return self._full_name.rsplit("_", 1)[-1]

    def __getattr__(self, name: str) -> Any:
        value = None if name.startswith("_") else self.get_field(name)
        if value is None:
            raise AttributeError(f"Subfield {name} not found")
        return value

    def __getstate__(self) -> tuple[Any, ...]:
        return (self._containing_layer, self._full_name, self.value)

    def __setstate__(self, state: tuple[Any, ...]) -> None:
        self._containing_layer, self._full_name, self.value = state

    def __repr__(self) -> str:
        value = f": {self.value}" if self.value else ""
        return f"<EkMultiField {self.field_name}{value}>"

    def __dir__(self) -> list[str]:
        return [*super().__dir__(), *self.subfields]
