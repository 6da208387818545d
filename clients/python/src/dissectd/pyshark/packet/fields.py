# SPDX-License-Identifier: Apache-2.0
"""Fields with the attributes that tshark's PDML has, which are texts."""

from __future__ import annotations

import binascii
from typing import Any

_KEY_END = ": "


class LayerField:
    """One occurrence of a field."""

    __slots__ = (
        "hide",
        "name",
        "pos",
        "raw_value",
        "show",
        "showname",
        "size",
        "unmaskedvalue",
    )

    def __init__(
        self,
        name: str | None = None,
        showname: str | None = None,
        value: Any = None,
        show: str | None = None,
        hide: str | None = None,
        pos: str | None = None,
        size: str | None = None,
        unmaskedvalue: str | None = None,
    ) -> None:
        self.name = name
        self.showname = showname
        self.raw_value = value
        self.show = show
        self.hide = hide == "yes"
        self.pos = pos
        self.size = size
        self.unmaskedvalue = unmaskedvalue

    def __repr__(self) -> str:
        return f"<LayerField {self.name}: {self.get_default_value()}>"

    def get_default_value(self) -> Any:
        """Returns the value as Wireshark shows it, or what comes closest."""
        return self.show or self.raw_value or self.showname

    def _showname_parts(self) -> tuple[str, str] | tuple[None, None]:
        key, found, value = (self.showname or "").partition(_KEY_END)
        return (key, value) if found else (None, None)

    @property
    def showname_value(self) -> str | None:
        """What Wireshark shows after the name of the field."""
        return self._showname_parts()[1]

    @property
    def showname_key(self) -> str | None:
        """The name of the field that Wireshark shows."""
        return self._showname_parts()[0]

    @property
    def binary_value(self) -> bytes:
        """The bytes in the packet."""
        digits = str(self.raw_value)
        return binascii.unhexlify("0" * (len(digits) % 2) + digits)

    @property
    def int_value(self) -> int:
        """The bytes in the packet, written in hexadecimal, read in decimal."""
        return int(self.raw_value)

    @property
    def hex_value(self) -> int:
        """The bytes in the packet as a number."""
        return int(self.raw_value, 16)

    base16_value = hex_value


class LayerFieldsContainer(str):
    """All occurrences of a field in a layer; the text is that of the first.

    It has all attributes of the first occurrence, too.
    """

    fields: list[Any]

    def __new__(cls, main_field: Any) -> LayerFieldsContainer:
        value = main_field
        if isinstance(main_field, LayerField):
            value = main_field.get_default_value()
        container = super().__new__(cls, value)
        container.fields = [main_field]
        return container

    def __getstate__(self) -> dict[str, Any]:
        return self.__dict__

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.__dict__.update(state)

    def __getattr__(self, name: str) -> Any:
        if name == "fields":
            # Only while the object is being copied.
            raise AttributeError(name)
        return getattr(self.fields[0], name)

    def __dir__(self) -> list[str]:
        return [*super().__dir__(), *dir(self.main_field)]

    def add_field(self, field: Any) -> None:
        """Adds an occurrence."""
        self.fields.append(field)

    @property
    def all_fields(self) -> list[Any]:
        """All occurrences, in the order of the packet."""
        return self.fields

    @property
    def main_field(self) -> Any:
        """The first occurrence."""
        return self.fields[0]

    @property
    def alternate_fields(self) -> list[Any]:
        """All other occurrences."""
        return self.fields[1:]
