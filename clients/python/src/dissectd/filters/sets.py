# SPDX-License-Identifier: Apache-2.0
"""Sets of values in display filters."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Iterator
from typing import Any, Generic

from dissectd.filters.expressions import Filter, Raw
from dissectd.filters.kinds import Group
from dissectd.filters.operands import Operand, V


@dataclasses.dataclass(frozen=True)
class Between(Generic[V]):
    """All values from one to another, both included."""

    low: V
    high: V


def between(low: V, high: V) -> Between[V]:
    """Returns a range for `isin`: `ip.src.isin([between(first, last)])`.

    Integers can have Python's `range` instead, which has no last number.
    """
    return Between(low, high)


def _element(operand: Operand, value: object) -> str:
    if isinstance(value, Operand) and value._composite:
        raise TypeError(f"{value} can't be in a set: it isn't a field.")
    text = operand._other(value)
    if text.endswith(" - 1") and not isinstance(value, Raw | Operand):
        raise ValueError(
            f"{operand}: {value!r} can't be in a set; compare with == instead."
        )
    return text


def _elements(operand: Operand, value: Any) -> Iterator[str]:
    if isinstance(value, Between):
        low = _element(operand, value.low)
        high = _element(operand, value.high)
        yield f"{low}..{high}"
    elif isinstance(value, range):
        if operand._kind.group is not Group.INTEGER:
            raise TypeError(
                f"{operand}: {value!r} has integers. Use between(low, high)."
            )
        if value.step == 1 and len(value) > 1:
            yield from _elements(operand, Between(value[0], value[-1]))
        else:
            yield from (_element(operand, number) for number in value)
    else:
        yield _element(operand, value)


def membership(operand: Operand, values: Iterable[object]) -> str:
    """Returns the test whether a field has one of some values."""
    if isinstance(values, str | bytes) or not isinstance(values, Iterable):
        raise TypeError(f"{operand}: {values!r} is not a list of values.")
    parts = [
        text
        for value in _ranges_whole(values)
        for text in _elements(operand, value)
    ]
    if not parts:
        raise ValueError(f"{operand}: a set needs at least one value.")
    return f"{operand} in {{{', '.join(parts)}}}"


def _ranges_whole(values: Iterable[object]) -> Iterable[object]:
    return [values] if isinstance(values, range | Between) else values


class Choosable(Operand, Generic[V]):
    """A field that can be looked for in a set."""

    def isin(
        self, values: Iterable[V | Between[V] | Operand | Raw | range]
    ) -> Filter:
        """Tests whether the value is one of some, or in a range.

        `tcp.port.isin([80, 443, range(8000, 8011)])`
        """
        return Filter(membership(self, values))
