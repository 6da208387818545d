# SPDX-License-Identifier: Apache-2.0
"""Values in display filters, and how they are compared.

The classes here and in the modules that build on this one say what each type
can do in libwireshark 4.0, so that what can be written compiles. Type checkers
see the same.
"""

from __future__ import annotations

import datetime
import decimal
import ipaddress
import uuid
from typing import Generic, TypeAlias, TypeVar

from dissectd.filters import literals
from dissectd.filters.expressions import Filter, Raw, Text
from dissectd.filters.kinds import Kind

# What Python has for the values of a type.
V = TypeVar("V")
BytesValue: TypeAlias = bytes | str
Ipv4Value: TypeAlias = ipaddress.IPv4Address | ipaddress.IPv4Network | str | int
Ipv6Value: TypeAlias = ipaddress.IPv6Address | ipaddress.IPv6Network | str | int
TimeValue: TypeAlias = datetime.datetime | str
DurationValue: TypeAlias = datetime.timedelta | float | decimal.Decimal
GuidValue: TypeAlias = uuid.UUID | str


class Operand(Text):
    """A value of frames: a field, or what is computed from fields."""

    # Whether the text needs braces inside another value.
    _composite = False

    def __init__(self, text: str, kind: Kind) -> None:
        super().__init__(text)
        self._kind = kind

    def _literal(self, value: object) -> str:
        try:
            return literals.literal(self._kind, value)
        except TypeError as error:
            raise TypeError(f"{self}: {error}") from None
        except ValueError as error:
            raise ValueError(f"{self}: {error}") from None

    def _comparable(self, other: Operand) -> bool:
        return self._kind.group is other._kind.group

    def _other(self, value: object) -> str:
        """Returns the text of the right side of a comparison."""
        if isinstance(value, Raw):
            return str(value)
        if isinstance(value, Operand):
            if not self._comparable(value):
                raise TypeError(
                    f"{self} is {self._kind.group.value}, and {value} is "
                    f"{value._kind.group.value}."
                )
            return str(value)
        if isinstance(value, Filter):
            raise TypeError(f"{value} is a filter, and has no value.")
        return self._literal(value)

    def _relation(self, sign: str, value: object) -> Filter:
        return Filter(f"{self} {sign} {self._other(value)}")

    def _within(self) -> str:
        """Returns the text for use inside another value."""
        return f"{{{self}}}" if self._composite else str(self)


class Equatable(Operand, Generic[V]):
    """A value that can be equal to another."""

    __hash__ = Text.__hash__

    def __eq__(  # type: ignore[override]
        self, other: V | Equatable[V] | Raw
    ) -> Filter:
        return self._relation("==", other)

    def __ne__(  # type: ignore[override]
        self, other: V | Equatable[V] | Raw
    ) -> Filter:
        return self._relation("!=", other)


class Ordered(Equatable[V]):
    """A value that can be less than another."""

    def __lt__(self, other: V | Equatable[V] | Raw) -> Filter:
        return self._relation("<", other)

    def __le__(self, other: V | Equatable[V] | Raw) -> Filter:
        return self._relation("<=", other)

    def __gt__(self, other: V | Equatable[V] | Raw) -> Filter:
        return self._relation(">", other)

    def __ge__(self, other: V | Equatable[V] | Raw) -> Filter:
        return self._relation(">=", other)
