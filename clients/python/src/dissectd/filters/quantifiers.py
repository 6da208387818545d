# SPDX-License-Identifier: Apache-2.0
"""Tests of any or all occurrences of a field in a frame."""

from __future__ import annotations

from collections.abc import Iterable

from dissectd.filters.expressions import Filter, Raw
from dissectd.filters.operands import Equatable, Operand, Ordered, V
from dissectd.filters.sequences import Matchable, Searchable
from dissectd.filters.sets import Between, Choosable


class Quantified(Searchable[V], Choosable[V], Matchable):
    """A value whose occurrences are tested, all of them or any.

    It can do in a test what the value itself can.
    """

    def __init__(self, word: str, value: Equatable[V]) -> None:
        if not isinstance(value, Equatable) or isinstance(value, Quantified):
            raise TypeError(f"{word}(): {value!r} has no value to test.")
        super().__init__(f"{word} {value._within()}", value._kind)
        self._value = value

    def _literal(self, value: object) -> str:
        return self._value._literal(value)

    def _comparable(self, other: Operand) -> bool:
        return self._value._comparable(other)

    def _relation(self, sign: str, value: object) -> Filter:
        if sign not in {"==", "!="} and not isinstance(self._value, Ordered):
            raise TypeError(self._unable(sign))
        return super()._relation(sign, value)

    def _content(self, other: object) -> str:
        if not isinstance(self._value, Searchable):
            raise TypeError(self._unable("contains"))
        return self._value._content(other)

    def matches(self, pattern: str) -> Filter:
        if not isinstance(self._value, Matchable):
            raise TypeError(self._unable("matches"))
        return super().matches(pattern)

    def isin(
        self, values: Iterable[V | Between[V] | Operand | Raw | range]
    ) -> Filter:
        if not isinstance(self._value, Choosable):
            raise TypeError(self._unable("isin"))
        return super().isin(values)

    def _unable(self, operator: str) -> str:
        return f"{self._value} ({self._kind.name}) has no {operator!r}."


def any(value: Equatable[V]) -> Quantified[V]:
    """Returns a value of which one occurrence must pass the test.

    That is the rule for all operators but `!=`, where all must pass.
    """
    return Quantified("any", value)


def all(value: Equatable[V]) -> Quantified[V]:
    """Returns a value of which all occurrences must pass the test."""
    return Quantified("all", value)
