# SPDX-License-Identifier: Apache-2.0
"""The line of a packet in Wireshark's list."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

_ATTRIBUTE = str.maketrans("", "", ".,")


class PacketSummary:
    """The columns of a packet; each is an attribute with its title as name."""

    def __init__(
        self, structure: Iterable[object], values: Iterable[object]
    ) -> None:
        self._fields: dict[str, str] = {}
        self._field_order: list[str] = []
        for title, value in zip(structure, values, strict=False):
            name, text = str(title), str(value)
            self._fields[name] = text
            self._field_order.append(name)
            setattr(self, name.lower().translate(_ATTRIBUTE), text)

    def __getattr__(self, name: str) -> Any:
        raise AttributeError(f"The packet has no column {name}.")

    def __repr__(self) -> str:
        protocol, source, destination = (
            self._fields.get(title, "?")
            for title in ("Protocol", "Source", "Destination")
        )
        return f"<PacketSummary {protocol}: {source} to {destination}>"

    def __str__(self) -> str:
        return self.summary_line

    @property
    def summary_line(self) -> str:
        """The columns, separated by blanks."""
        return " ".join(self._fields[title] for title in self._field_order)
