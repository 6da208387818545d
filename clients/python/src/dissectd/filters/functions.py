# SPDX-License-Identifier: Apache-2.0
"""The functions of display filters.

Some have the names of Python's own functions. Import the module, and not the
names: `from dissectd import filters`, then `filters.len(http.host) > 20`.
"""

from __future__ import annotations

from typing import Any, TypeVar, overload

from dissectd.filters.fields import (
    BooleanField,
    BytesField,
    CharField,
    CountedBytesField,
    DurationField,
    Field,
    Ipv4Field,
    Ipv6Field,
    LabelField,
    Protocol,
    StringField,
    TimeField,
)
from dissectd.filters.kinds import BY_NAME
from dissectd.filters.numbers import (
    Float,
    Integer,
    IntegerExpression,
    Interval,
)
from dissectd.filters.operands import (
    Ipv4Value,
    Ipv6Value,
    Operand,
    Ordered,
    TimeValue,
)
from dissectd.filters.sequences import StringValue

_UINT32 = BY_NAME["uint32"]
_STRING = BY_NAME["string"]
N = TypeVar("N", Integer, Float, Interval)
_NUMBERS = (Integer, Float, Interval)

# libwireshark has no text for values of these types.
_WITHOUT_STRING = (
    BooleanField,
    BytesField,
    CharField,
    CountedBytesField,
    DurationField,
    LabelField,
    Protocol,
    StringField,
    TimeField,
)


def _call(name: str, *arguments: object) -> str:
    return f"{name}({', '.join(map(str, arguments))})"


def _field(name: str, argument: object) -> Field:
    if not isinstance(argument, Field):
        raise TypeError(f"{name}({argument!r}): the argument must be a field.")
    return argument


def upper(field: StringField) -> StringValue:
    """Returns a string in upper case."""
    return _changed_case("upper", field)


def lower(field: StringField) -> StringValue:
    """Returns a string in lower case."""
    return _changed_case("lower", field)


def _changed_case(name: str, field: StringField) -> StringValue:
    if not isinstance(field, StringField):
        raise TypeError(f"{name}({field!r}): the argument must be a string.")
    return StringValue(_call(name, field), _STRING)


def len(field: Field) -> Integer:
    """Returns the length of a field in bytes."""
    return Integer(_call("len", _field("len", field)), _UINT32)


def count(field: Field) -> Integer:
    """Returns how often a frame has a field."""
    return Integer(_call("count", _field("count", field)), _UINT32)


def string(field: Field) -> StringValue:
    """Returns a value as text, for `contains` and `matches`."""
    unfit = isinstance(field, _WITHOUT_STRING)
    if unfit or _field("string", field)._kind.name == "int24":
        raise TypeError(
            f"{field} ({field._kind.name}) can't be converted to a string."
        )
    return StringValue(_call("string", field), _STRING)


def abs(value: N) -> N:
    """Returns a number or duration without its sign."""
    result: Any = _computed("abs", (value,), _NUMBERS)
    return result  # type: ignore[no-any-return]


@overload
def max(*values: N) -> N: ...
@overload
def max(*values: TimeField) -> Ordered[TimeValue]: ...
@overload
def max(*values: Ipv4Field) -> Ordered[Ipv4Value]: ...
@overload
def max(*values: Ipv6Field) -> Ordered[Ipv6Value]: ...
def max(*values: Operand) -> Any:
    """Returns the largest of some values of one type."""
    return _computed("max", values, _COMPARED)


@overload
def min(*values: N) -> N: ...
@overload
def min(*values: TimeField) -> Ordered[TimeValue]: ...
@overload
def min(*values: Ipv4Field) -> Ordered[Ipv4Value]: ...
@overload
def min(*values: Ipv6Field) -> Ordered[Ipv6Value]: ...
def min(*values: Operand) -> Any:
    """Returns the smallest of some values of one type."""
    return _computed("min", values, _COMPARED)


_COMPARED = (*_NUMBERS, TimeField, Ipv4Field, Ipv6Field)


def _computed(
    name: str, values: tuple[Operand, ...], types: tuple[type[Operand], ...]
) -> Operand:
    if not values:
        raise TypeError(f"{name}() needs a value.")
    kind = values[0]._kind if isinstance(values[0], Operand) else None
    for value in values:
        if not isinstance(value, types):
            raise TypeError(f"{name}(): {value!r} is not a fitting value.")
        if value._kind != kind:
            raise TypeError(
                f"{name}(): {values[0]} and {value} have different types."
            )
    result = next(
        (plain for plain in _NUMBERS if isinstance(values[0], plain)), Ordered
    )
    return result(_call(name, *values), values[0]._kind)


def bitwise_and(left: Integer, right: Integer) -> IntegerExpression:
    """Returns the bits that two fields have in common.

    `tcp.flags & 0x02` needs no function; `&` between two fields tests that a
    frame has both.
    """
    if not isinstance(left, Integer) or not isinstance(right, Integer):
        raise TypeError("bitwise_and() takes integers.")
    return Integer.__and__(left, right)  # type: ignore[operator]
