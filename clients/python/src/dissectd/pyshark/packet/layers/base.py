# SPDX-License-Identifier: Apache-2.0
"""What layers of all kinds have in common."""

from __future__ import annotations

import io
import os
import sys
from typing import Any, TextIO

from dissectd.pyshark.packet.common import colored

# The name of a layer of bytes that no dissector knows.
DATA_LAYER_NAME = "DATA"


class BaseLayer:
    """A protocol's part of a packet. Its fields are attributes."""

    __slots__ = ("_layer_name",)

    def __init__(self, layer_name: str) -> None:
        self._layer_name = layer_name

    @property
    def layer_name(self) -> str:
        """The protocol's name in display filters."""
        return self._layer_name

    @property
    def field_names(self) -> list[str]:
        """The names of the fields, as attributes have them."""
        raise NotImplementedError

    def get_field(self, name: str) -> Any:
        """Returns a field by its name."""
        raise NotImplementedError

    def has_field(self, name: str) -> bool:
        return name in self.field_names

    def get(self, item: str, default: Any = None) -> Any:
        """Returns a field, or something else if there is none."""
        return getattr(self, item, default)

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        field = self.get_field(name)
        if field is None:
            raise AttributeError(f"{name} does not exist in Layer")
        return field

    def __getstate__(self) -> dict[str, Any]:
        slots = [
            s
            for kind in type(self).__mro__
            for s in getattr(kind, "__slots__", ())
        ]
        return {slot: object.__getattribute__(self, slot) for slot in slots}

    def __setstate__(self, state: dict[str, Any]) -> None:
        for slot, value in state.items():
            object.__setattr__(self, slot, value)

    def __dir__(self) -> list[str]:
        return [*super().__dir__(), *self.field_names]

    def pretty_print(self, writer: TextIO | None = None) -> None:
        """Prints all fields."""
        writer = writer or sys.stdout
        if self.layer_name == DATA_LAYER_NAME:
            writer.write(DATA_LAYER_NAME)
            return
        title = f"Layer {self.layer_name.upper()}{os.linesep}:"
        writer.write(colored(title, "yellow"))
        self._print_fields(writer)

    def _print_fields(self, writer: TextIO) -> None:
        raise NotImplementedError

    @staticmethod
    def _print_line(line: str, writer: TextIO) -> None:
        """Prints a line, with the name of its field in green."""
        name, colon, rest = line.partition(":")
        if colon:
            writer.write(colored(name + colon, "green"))
            writer.write(colored(rest))
        else:
            writer.write(colored(line))

    def __repr__(self) -> str:
        return f"<{self.layer_name.upper()} Layer>"

    def __str__(self) -> str:
        writer = io.StringIO()
        self.pretty_print(writer)
        return writer.getvalue()
