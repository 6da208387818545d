# SPDX-License-Identifier: Apache-2.0
"""Fields and protocols in display filters."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar, overload
from typing import Protocol as Interface

from dissectd.filters import literals
from dissectd.filters.expressions import Filter, Level
from dissectd.filters.kinds import Group, Kind
from dissectd.filters.numbers import (
    Float,
    FloatExpression,
    Integer,
    IntegerExpression,
    Interval,
    IntervalExpression,
    only_numbers,
)
from dissectd.filters.operands import (
    BytesValue,
    DurationValue,
    Equatable,
    GuidValue,
    Ipv4Value,
    Ipv6Value,
    Operand,
    Ordered,
    TimeValue,
    V,
)
from dissectd.filters.sequences import (
    Index,
    Matchable,
    Searchable,
    Slice,
    Sliceable,
    StringValue,
)
from dissectd.filters.sets import Choosable

F = TypeVar("F", bound="Field")


class Members(Interface):
    """What the registry has below a field: fields, and values by name."""

    def attribute(self, name: str) -> Any: ...
    def child(self, name: str) -> Any: ...
    def names(self) -> list[str]: ...
    def number(self, text: str) -> int | None: ...


class Field(Filter, Operand):
    """A field or protocol. As a filter it tests that a frame has it.

    The fields below it are attributes: `tcp.flags.syn`. So are the names of its
    values, in upper case: `ip.proto.TCP`. An item has the exact name:
    `protocol["name-with-dashes"]`.
    """

    def __init__(
        self, name: str, kind: Kind, members: Members | None = None
    ) -> None:
        Operand.__init__(self, name, kind)
        self._level = Level.EXISTENCE
        self._members = members

    # Type checkers know the attributes from the stubs of protocols.
    if not TYPE_CHECKING:

        def __getattr__(self, name: str) -> Any:
            members = self.__dict__.get("_members")
            if members is None or name.startswith("__"):
                raise AttributeError(f"{self} has no {name!r}.")
            return members.attribute(name)

    def __getitem__(self, name: str) -> Any:
        if isinstance(name, str) and self._members is not None:
            return self._members.child(name)
        raise TypeError(f"{self} ({self._kind.name}) has no slices.")

    def __dir__(self) -> list[str]:
        names = self._members.names() if self._members else []
        return [*super().__dir__(), *names]

    def __repr__(self) -> str:
        return f"<Field {self}: {self._kind.name}>"

    def __contains__(self, _value: object) -> bool:
        raise TypeError(f"Use {self}.contains(…) instead of 'in'.")

    def _literal(self, value: object) -> str:
        if isinstance(value, str) and self._members is not None:
            number = self._members.number(value)
            if number is not None:
                value = number
        return Operand._literal(self, value)

    def layer(self: F, *layers: int | range) -> F:
        """Returns the field in some layers only.

        1 is the outermost layer of the field's protocol, -1 the innermost. A
        range has no last number, as always in Python.
        """
        text = layer_text(layers)
        if "#" in str(self):
            raise TypeError(f"{self} has its layers already.")
        return type(self)(f"{self}#{text}", self._kind)


def layer_text(layers: tuple[int | range, ...]) -> str:
    parts = []
    for layer in layers:
        span = layer if isinstance(layer, range) else range(layer, layer + 1)
        if span.step != 1 or not span:
            raise ValueError(f"{layer} is not a range of layers.")
        first, last = span[0], span[-1]
        if (first < 0) != (last < 0) or 0 in {first, last}:
            raise ValueError(f"{layer}: layers begin at 1, or end at -1.")
        if max(abs(first), abs(last)) >= 1 << 31:
            raise ValueError(f"{layer} is not a layer.")
        parts.append(str(first) if first == last else f"{first}-{last}")
    if not parts:
        raise TypeError("A layer is missing.")
    if len(parts) == 1 and parts[0].isdecimal():
        return parts[0]
    return f"[{','.join(parts)}]"


class LabelField(Field):
    """A field without values."""


class _SlicedField(Field, Sliceable):
    @overload
    def __getitem__(self, index: str) -> Any: ...
    @overload
    def __getitem__(self, index: Index | tuple[Index, ...]) -> Slice: ...
    def __getitem__(self, index: Any) -> Any:
        if isinstance(index, str):
            return Field.__getitem__(self, index)
        return Sliceable.__getitem__(self, index)


class Protocol(
    _SlicedField, Choosable[BytesValue], Searchable[BytesValue], Matchable
):
    """A protocol: its value is all of its bytes."""


class BooleanField(Field, Choosable[bool], Equatable[bool]):
    """A truth value."""


class IntegerField(Field, Choosable[int], Integer):
    """An integer."""

    @overload  # type: ignore[override]
    def __and__(self, other: int) -> IntegerExpression: ...
    @overload
    def __and__(self, other: Filter) -> Filter: ...
    def __and__(self, other: int | Filter) -> Filter:
        if isinstance(other, Filter):
            return Filter.__and__(self, other)
        return Integer.__and__(self, other)

    def __neg__(self) -> IntegerExpression:
        return IntegerExpression(f"-{self}", self._kind)

    @only_numbers
    def __rsub__(self, other: int) -> IntegerExpression:
        return -self + other


class CharField(IntegerField):
    """A character, or its number."""


class NumberField(Field, Choosable[int], Ordered[int]):
    """An integer that identifies something, and isn't computed with."""

    def __and__(self, other: Any) -> Any:
        if isinstance(other, Filter):
            return Filter.__and__(self, other)
        return IntegerExpression(f"{self} & {self._literal(other)}", self._kind)


class FloatField(Field, Choosable[float], Float):
    """A floating-point number."""

    def __neg__(self) -> FloatExpression:
        return FloatExpression(f"-{self}", self._kind)

    @only_numbers
    def __rsub__(self, other: float) -> FloatExpression:
        return -self + other


class ScaledField(Field, Ordered[float]):
    """A number of IEEE 11073, which can only be compared with its like."""


class TimeField(Field, Choosable[TimeValue], Ordered[TimeValue]):
    """A point in time."""


class DurationField(Field, Choosable[DurationValue], Interval):
    """A duration."""

    def __neg__(self) -> IntervalExpression:
        return IntervalExpression(f"-{self}", self._kind)

    @only_numbers
    def __rsub__(self, other: DurationValue) -> IntervalExpression:
        return -self + other


class StringField(_SlicedField, Choosable[str], StringValue):
    """A string."""


class BytesField(
    _SlicedField, Choosable[BytesValue], Searchable[BytesValue], Matchable
):
    """Bytes. A text stands for its characters."""


class CountedBytesField(
    _SlicedField, Choosable[BytesValue], Searchable[BytesValue]
):
    """Bytes that are preceded by their number."""


class Masked(Ordered[V], Filter):
    """Some bits of an address. As a filter it tests that one is set."""

    _composite = True


class _AddressField(_SlicedField, Choosable[V], Ordered[V]):
    def __and__(self, other: Any) -> Any:
        if isinstance(other, Filter):
            return Filter.__and__(self, other)
        mask = self._literal(other)
        if "/" in mask:
            raise ValueError(f"{self}: {other!r} is a network, and no mask.")
        return Masked[V](f"{self} & {mask}", self._kind)


class Ipv4Field(_AddressField[Ipv4Value]):
    """An IPv4 address."""


class Ipv6Field(_AddressField[Ipv6Value]):
    """An IPv6 address."""


class MacField(_AddressField[BytesValue], Searchable[BytesValue]):
    """A MAC address, or another that is written as bytes."""

    _addresses = True

    def _content(self, other: object) -> str:
        if isinstance(other, str | bytes):
            data = literals.bytes_of(other)
            if not data:
                raise ValueError(f"{self}: no bytes can't be looked for.")
            return literals.hexadecimal(data)
        return super()._content(other)


class GuidField(Field, Choosable[GuidValue], Ordered[GuidValue]):
    """A globally unique identifier."""


class OidField(_SlicedField, Choosable[str], Searchable[str]):
    """An object identifier of ASN.1."""


_BY_KIND: dict[str, type[Field]] = {
    "char": CharField,
    "ipxnet": NumberField,
    "eui64": NumberField,
    "bytes": BytesField,
    "uint_bytes": CountedBytesField,
    "oid": OidField,
    "rel_oid": OidField,
}
_BY_GROUP: dict[Group, type[Field]] = {
    Group.LABEL: LabelField,
    Group.PROTOCOL: Protocol,
    Group.BOOLEAN: BooleanField,
    Group.INTEGER: IntegerField,
    Group.SHORT_SCALED: ScaledField,
    Group.SCALED: ScaledField,
    Group.FLOAT: FloatField,
    Group.TIME: TimeField,
    Group.DURATION: DurationField,
    Group.STRING: StringField,
    Group.BYTES: MacField,
    Group.IPV4: Ipv4Field,
    Group.IPV6: Ipv6Field,
    Group.GUID: GuidField,
}


def field_class(kind: Kind) -> type[Field]:
    """Returns the class of fields of a type."""
    return _BY_KIND.get(kind.name) or _BY_GROUP[kind.group]
