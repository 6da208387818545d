# SPDX-License-Identifier: Apache-2.0
"""Numbers and durations in display filters, and arithmetic with them.

libwireshark computes. A number in arithmetic with an integer field wraps to the
width of the field's type: `ip.ttl + 257` is `ip.ttl + 1`. In comparisons it is
refused instead.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import TypeVar, overload

from dissectd.filters.expressions import Filter, Text
from dissectd.filters.operands import DurationValue, Operand, Ordered, V

R = TypeVar("R", bound=Operand)
S = TypeVar("S")
T = TypeVar("T")


def only_numbers(method: Callable[[S, T], R]) -> Callable[[S, T], R]:
    """Leaves values of frames to the method of the left side.

    It has refused them when Python asks the right side.
    """

    @functools.wraps(method)
    def checked(self: S, other: T) -> R:
        if isinstance(other, Text):
            raise TypeError(f"{other} can't be combined with {self}.")
        return method(self, other)

    return checked


def _computed(result: type[R], left: Operand, sign: str, right: object) -> R:
    return result(f"{left._within()} {sign} {right}", left._kind)


class Number(Ordered[V]):
    """A value to compute with."""

    def _term(self, value: object) -> str:
        """Returns the text of the right side of an operator."""
        if isinstance(value, Number) and self._comparable(value):
            return value._within()
        if isinstance(value, Operand | Filter):
            raise TypeError(f"{self} can't be combined with {value}.")
        return self._literal(value)


class Integer(Number[int]):
    """An integer."""

    def _term(self, value: object) -> str:
        if isinstance(value, Operand | Filter):
            return super()._term(value)
        text = self._literal(self._wrapped(value))
        return f"{{{text}}}" if " " in text else text

    def _wrapped(self, value: object) -> object:
        if isinstance(value, int) and not isinstance(value, bool):
            return self._kind.wrapped(value)
        return value

    def _sum(self, sign: str, other: object) -> IntegerExpression:
        if type(other) is int and other < 0 and not self._kind.signed:
            sign, other = "-" if sign == "+" else "+", -other
        return _computed(IntegerExpression, self, sign, self._term(other))

    def _quotient(self, sign: str, other: object) -> IntegerExpression:
        if self._wrapped(other) == 0 and isinstance(other, int):
            raise ZeroDivisionError(f"{self} {sign} {other}")
        return _computed(IntegerExpression, self, sign, self._term(other))

    def __add__(self, other: int | Integer) -> IntegerExpression:
        return self._sum("+", other)

    def __sub__(self, other: int | Integer) -> IntegerExpression:
        return self._sum("-", other)

    def __mul__(self, other: int | Integer) -> IntegerExpression:
        return _computed(IntegerExpression, self, "*", self._term(other))

    def __floordiv__(self, other: int | Integer) -> IntegerExpression:
        return self._quotient("/", other)

    def __mod__(self, other: int | Integer) -> IntegerExpression:
        return self._quotient("%", other)

    @only_numbers
    def __radd__(self, other: int) -> IntegerExpression:
        return self + other

    @only_numbers
    def __rmul__(self, other: int) -> IntegerExpression:
        return self * other

    def __and__(self, other: int) -> IntegerExpression:
        return _computed(IntegerExpression, self, "&", self._term(other))

    @overload
    def __rand__(self, other: int) -> IntegerExpression: ...
    @overload
    def __rand__(self, other: Filter) -> Filter: ...
    def __rand__(self, other: int | Filter) -> Filter:
        # Python asks the right side first if its class is a subclass.
        if isinstance(other, Filter) and isinstance(self, Filter):
            return Filter.__and__(other, self)
        return Integer.__and__(self, other)  # type: ignore[operator]


class IntegerExpression(Integer, Filter):
    """A computed integer. As a filter it tests that it isn't 0."""

    _composite = True

    @overload  # type: ignore[override]
    def __and__(self, other: int) -> IntegerExpression: ...
    @overload
    def __and__(self, other: Filter) -> Filter: ...
    def __and__(self, other: int | Filter) -> Filter:
        if isinstance(other, Filter):
            return Filter.__and__(self, other)
        return Integer.__and__(self, other)


class Float(Number[float]):
    """A floating-point number."""

    def __add__(self, other: float | Float) -> FloatExpression:
        return _computed(FloatExpression, self, "+", self._term(other))

    def __sub__(self, other: float | Float) -> FloatExpression:
        return _computed(FloatExpression, self, "-", self._term(other))

    def __mul__(self, other: float | Float) -> FloatExpression:
        return _computed(FloatExpression, self, "*", self._term(other))

    def __truediv__(self, other: float | Float) -> FloatExpression:
        if isinstance(other, int | float) and other == 0:
            raise ZeroDivisionError(f"{self} / {other}")
        return _computed(FloatExpression, self, "/", self._term(other))

    @only_numbers
    def __radd__(self, other: float) -> FloatExpression:
        return self + other

    @only_numbers
    def __rmul__(self, other: float) -> FloatExpression:
        return self * other


class FloatExpression(Float, Filter):
    """A computed number. As a filter it tests that it isn't 0."""

    _composite = True


class Interval(Number[DurationValue]):
    """A duration."""

    def __add__(self, other: DurationValue | Interval) -> IntervalExpression:
        return _computed(IntervalExpression, self, "+", self._term(other))

    def __sub__(self, other: DurationValue | Interval) -> IntervalExpression:
        return _computed(IntervalExpression, self, "-", self._term(other))

    @only_numbers
    def __radd__(self, other: DurationValue) -> IntervalExpression:
        return self + other


class IntervalExpression(Interval, Filter):
    """A computed duration. As a filter it tests that it isn't 0."""

    _composite = True
