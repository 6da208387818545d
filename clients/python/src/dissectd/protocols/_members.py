# SPDX-License-Identifier: Apache-2.0
"""Fields and named values of the registry, made when they are looked at."""

from __future__ import annotations

import difflib
import functools
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from dissectd.filters.fields import Field, field_class
from dissectd.filters.kinds import KINDS, Group, Kind
from dissectd.protocols import _names
from dissectd.protocols._data import (
    Data,
    Entry,
    Value,
    entry_children,
    entry_list,
    entry_type,
)


class NamedValue(int):
    """A number that has a name in the registry."""

    text: str

    def __new__(cls, number: int, text: str) -> NamedValue:
        value = super().__new__(cls, number)
        value.text = text
        return value

    def __repr__(self) -> str:
        return f"<{self.text}: {int(self)}>"


class Namespace:
    """Fields whose names begin alike. It is no field itself."""

    def __init__(self, name: str, members: Members) -> None:
        self._name = name
        self._members = members

    if not TYPE_CHECKING:

        def __getattr__(self, name: str) -> Any:
            if name.startswith("__"):
                raise AttributeError(name)
            return self.__dict__["_members"].attribute(name)

    def __getitem__(self, name: str) -> Any:
        return self._members.child(name)

    def __dir__(self) -> list[str]:
        return [*super().__dir__(), *self._members.names()]

    def __repr__(self) -> str:
        return f"<Namespace {self._name}>"


class Members:
    """What is below a field: other fields, and its named values."""

    def __init__(self, data: Data, path: str, entry: Entry) -> None:
        self._data = data
        self._path = path
        self._entry = entry
        self._children: dict[str, Any] = {}

    @functools.cached_property
    def identifiers(self) -> dict[str, str]:
        return _names.identifiers(entry_children(self._entry))

    @functools.cached_property
    def values(self) -> list[tuple[int | range, str]]:
        number = entry_list(self._entry)
        if not number:
            return []
        return fitting(
            self._data.values(number), KINDS[entry_type(self._entry)]
        )

    @functools.cached_property
    def _constants(self) -> dict[str, int | range]:
        return {
            name: value if isinstance(value, range) else NamedValue(value, text)
            for name, value, text in _names.constants(
                self.values, self.identifiers
            )
        }

    @functools.cached_property
    def _numbers(self) -> dict[str, int]:
        return {
            text: value
            for value, text in reversed(self.values)
            if isinstance(value, int)
        }

    def number(self, text: str) -> int | None:
        """Returns the value that has a name."""
        return self._numbers.get(text)

    def names(self) -> list[str]:
        return [*self.identifiers, *self._constants]

    def attribute(self, name: str) -> Any:
        if name in self.identifiers:
            return self.child(self.identifiers[name])
        if name in self._constants:
            return self._constants[name]
        raise AttributeError(self._missing(name))

    def child(self, name: str) -> Any:
        """Returns a field by the rest of its name."""
        first, _, rest = name.partition(".")
        if first not in self._children:
            try:
                entry = entry_children(self._entry)[first]
            except KeyError:
                raise KeyError(self._missing(first)) from None
            self._children[first] = made(
                self._data, f"{self._path}.{first}", entry
            )
        found = self._children[first]
        return found[rest] if rest else found

    def _missing(self, name: str) -> str:
        near = difflib.get_close_matches(name, self.names(), n=3)
        hint = f" Did you mean {' or '.join(near)}?" if near else ""
        return f"{self._path} has no field or value {name!r}.{hint}"


def fitting(
    values: Iterable[Value], kind: Kind
) -> list[tuple[int | range, str]]:
    """Returns the named values that a field of a type can have."""
    if kind.group is not Group.INTEGER:
        return []
    found: list[tuple[int | range, str]] = []
    for low, high, text in values:
        first, last = low, high
        if kind.signed and first > kind.highest:
            # The registry has the bits of negative numbers.
            shift = 1 << (32 if first < 1 << 32 else 64)
            first -= shift
            last -= shift
        if kind.lowest <= first <= last <= kind.highest:
            span = range(first, last + 1) if first != last else first
            found.append((span, text))
    return found


def made(data: Data, path: str, entry: Entry) -> Field | Namespace:
    """Returns the field, protocol or namespace of an entry."""
    members = Members(data, path, entry)
    if not entry_type(entry):
        return Namespace(path, members)
    kind = KINDS[entry_type(entry)]
    return field_class(kind)(path, kind, members)


class Registry:
    """All protocols of a file."""

    def __init__(self, data: Data) -> None:
        self.data = data
        self._made: dict[str, Field | Namespace] = {}

    @functools.cached_property
    def identifiers(self) -> dict[str, str]:
        return _names.identifiers(self.data.namespaces())

    def attribute(self, name: str) -> Field | Namespace:
        """Returns a protocol by its name in Python."""
        if name not in self.identifiers:
            near = difflib.get_close_matches(name, self.identifiers, n=3)
            hint = f" Did you mean {' or '.join(near)}?" if near else ""
            raise AttributeError(f"There is no protocol {name!r}.{hint}")
        return self._namespace(self.identifiers[name])

    def _namespace(self, name: str) -> Field | Namespace:
        if name not in self._made:
            self._made[name] = made(self.data, name, self.data.entry(name))
        return self._made[name]

    def find(self, name: str) -> Any:
        """Returns a protocol or field by its name in Wireshark."""
        first, _, rest = name.partition(".")
        if (
            first not in self.identifiers.values()
            and first not in self.data.namespaces()
        ):
            raise KeyError(f"There is no protocol or field {name!r}.")
        found = self._namespace(first)
        return found[rest] if rest else found
