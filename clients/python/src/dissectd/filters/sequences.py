# SPDX-License-Identifier: Apache-2.0
"""Strings, bytes and addresses in display filters, and their slices."""

from __future__ import annotations

from typing import TypeAlias, overload

from dissectd.filters import literals
from dissectd.filters.expressions import Filter
from dissectd.filters.kinds import SLICE
from dissectd.filters.operands import BytesValue, Operand, Ordered, V

Index: TypeAlias = "int | slice"
_HIGHEST_OFFSET = (1 << 31) - 1


class Searchable(Ordered[V]):
    """A value that can contain another."""

    def contains(self, other: V | Ordered[V] | Slice) -> Filter:
        """Tests whether the value contains a string or bytes."""
        return Filter(f"{self} contains {self._content(other)}")

    def _content(self, other: object) -> str:
        if isinstance(other, Slice):
            return str(other)
        return self._other(other)


class Sliceable(Operand):
    """A value that consists of bytes."""

    # Whether text on the right side is an address, and not characters.
    _addresses = False

    def __getitem__(self, index: Index | tuple[Index, ...]) -> Slice:
        parts = index if isinstance(index, tuple) else (index,)
        text = ",".join(map(_range_text, parts))
        return Slice(f"{self}[{text}]", addresses=self._addresses)

    # Python would count up slices for ever otherwise.
    __iter__: None = None


def _offset(number: object) -> int:
    if isinstance(number, bool) or not isinstance(number, int):
        raise TypeError(f"{number!r} is not an offset in bytes.")
    if abs(number) > _HIGHEST_OFFSET:
        raise ValueError(f"{number} is not an offset in bytes.")
    return number


def _range_text(index: Index) -> str:
    """Returns Python's range, which has no last byte, as libwireshark's."""
    if not isinstance(index, slice):
        return str(_offset(index))
    if index.step is not None:
        raise ValueError("A slice of a field has no step.")
    start = _offset(index.start or 0)
    if index.stop is None:
        return f"{start}:"
    stop = _offset(index.stop)
    if (start < 0) != (stop < 0):
        raise ValueError(
            f"[{start}:{stop}]: both ends of a slice must be counted from the "
            "same end of the value."
        )
    if stop <= start:
        raise ValueError(f"[{start}:{stop}] has no bytes.")
    return f"{start}:{stop - start}"


def _matching(operand: Operand, pattern: str) -> Filter:
    if not isinstance(pattern, str):
        raise TypeError(f"{pattern!r} is not the text of a regular expression.")
    return Filter(f"{operand} matches {literals.quoted(pattern)}")


class Matchable(Operand):
    """A value that regular expressions can be applied to."""

    def matches(self, pattern: str) -> Filter:
        """Tests whether a regular expression of PCRE2 matches.

        Upper and lower case are the same, unless it begins with `(?-i)`. The
        server compiles it.
        """
        return _matching(self, pattern)


class StringValue(Searchable[str], Matchable, Sliceable):
    """A string."""


class _PartOfBytes(Ordered[BytesValue], Filter):
    """Bytes of a value of any type."""

    def __init__(self, text: str, addresses: bool) -> None:
        super().__init__(text, SLICE)
        self._addresses = addresses

    def _literal(self, value: object) -> str:
        if self._addresses:
            value = literals.address_bytes(value)
        return super()._literal(value)


class Slice(_PartOfBytes, Searchable[BytesValue], Matchable, Sliceable):
    """Some bytes of a value. As a filter it tests that the value has them."""

    def _mask(self, mask: BytesValue) -> MaskedBytes:
        data = literals.address_bytes(mask)
        if not data:
            raise ValueError(f"{self}: a mask needs bytes.")
        text = literals.hexadecimal(data)
        return MaskedBytes(f"{self} & {text}", self._addresses)

    @overload  # type: ignore[override]
    def __and__(self, other: BytesValue) -> MaskedBytes: ...
    @overload
    def __and__(self, other: Filter) -> Filter: ...
    def __and__(self, other: BytesValue | Filter) -> Filter:
        if isinstance(other, bytes | str):
            return self._mask(other)
        return super().__and__(other)


class MaskedBytes(_PartOfBytes):
    """Some bits of bytes. As a filter it tests that one is set."""

    _composite = True
