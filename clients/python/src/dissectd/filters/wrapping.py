# SPDX-License-Identifier: Apache-2.0
"""Integers of Python that wrap like those of a field."""

from __future__ import annotations

import operator
from collections.abc import Callable
from typing import Any

from dissectd.filters.kinds import Kind
from dissectd.filters.numbers import Integer


class WrappingInt(int):
    """An integer that computes with the bits of a field's type only."""

    kind: Kind

    @classmethod
    def of(cls, kind: Kind, number: int) -> WrappingInt:
        result = cls(kind.wrapped(number))
        result.kind = kind
        return result


def _wrapping(compute: Callable[..., int]) -> Callable[..., Any]:
    def method(self: WrappingInt, *other: object) -> Any:
        if not all(isinstance(number, int) for number in other):
            return NotImplemented
        numbers = [int(number) for number in other]  # type: ignore[call-overload]
        return WrappingInt.of(self.kind, compute(int(self), *numbers))

    return method


def _swapped(compute: Callable[[int, int], int]) -> Callable[[int, int], int]:
    return lambda left, right: compute(right, left)


for _name in ("add", "sub", "mul", "floordiv", "mod", "lshift", "rshift"):
    _compute = getattr(operator, _name)
    setattr(WrappingInt, f"__{_name}__", _wrapping(_compute))
    setattr(WrappingInt, f"__r{_name}__", _wrapping(_swapped(_compute)))
for _name in ("and_", "or_", "xor"):
    _compute = getattr(operator, _name)
    _method = _name.rstrip("_")
    setattr(WrappingInt, f"__{_method}__", _wrapping(_compute))
    setattr(WrappingInt, f"__r{_method}__", _wrapping(_swapped(_compute)))
for _name in ("neg", "invert"):
    setattr(WrappingInt, f"__{_name}__", _wrapping(getattr(operator, _name)))


def wrap(field: Integer, number: int) -> WrappingInt:
    """Returns an integer as the field would hold it, also after arithmetic.

    `wrap(ip.ttl, 250) + 10` is 4.
    """
    if not isinstance(field, Integer):
        raise TypeError(f"{field!r} is not an integer.")
    return WrappingInt.of(field._kind, number)
