# SPDX-License-Identifier: Apache-2.0
"""Tables of fields, in the columnar form in which the daemon sends them."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, Literal

from dissectd.tables import Table, need
from dissectd.v1 import common_pb2 as common
from dissectd.v1 import dissection_pb2 as pb
from dissectd.values import NANOS_PER_SECOND, converter

if TYPE_CHECKING:
    import pyarrow as pa

Occurrence = Literal["first", "last", "all"]
OCCURRENCES = ("first", "last", "all")

_KIND = pb.ColumnValueKind
_NONE = _KIND.COLUMN_VALUE_KIND_UNSPECIFIED
_STRING = _KIND.COLUMN_VALUE_KIND_STRING
_BYTES = _KIND.COLUMN_VALUE_KIND_BYTES
_NANOSECONDS = _KIND.COLUMN_VALUE_KIND_NANOSECONDS
_ARRAYS = {
    int(_KIND.COLUMN_VALUE_KIND_UINT32): "uint32_values",
    int(_KIND.COLUMN_VALUE_KIND_UINT64): "uint64_values",
    int(_KIND.COLUMN_VALUE_KIND_SINT32): "sint32_values",
    int(_KIND.COLUMN_VALUE_KIND_SINT64): "sint64_values",
    int(_NANOSECONDS): "sint64_values",
    int(_KIND.COLUMN_VALUE_KIND_DOUBLE): "double_values",
}
_BOOLEAN = common.FieldType.FIELD_TYPE_BOOLEAN


def numbers(column: pb.FieldColumn) -> Sequence[Any]:
    """Returns the array of a column's values, if they are numbers."""
    found: Sequence[Any] = getattr(column, _ARRAYS[column.value_kind])
    return found


def byte_offsets(column: pb.FieldColumn) -> list[int]:
    """Returns where the values of a column of bytes begin, and the end."""
    if column.byte_width:
        return list(range(0, len(column.byte_data) + 1, column.byte_width))
    return list(itertools.accumulate(column.byte_lengths, initial=0))


def offsets(column: pb.FieldColumn) -> list[int] | None:
    """Returns where each frame's values begin, and the end.

    Nothing if each frame has exactly one value.
    """
    if not column.counts:
        return None
    return list(itertools.accumulate(column.counts, initial=0))


def chosen(starts: Sequence[int], occurrence: str) -> list[int | None]:
    """Returns the index of one value of each frame."""
    shift = -1 if occurrence == "last" else 0
    ends = itertools.islice(starts, 1, None)
    return [
        (end - 1 if shift else start) if end > start else None
        for start, end in zip(starts, ends, strict=False)
    ]


def _from_nanoseconds(convert: Callable[..., Any]) -> Callable[[int], Any]:
    return lambda nanos: convert(*divmod(nanos, NANOS_PER_SECOND))


def occurrences(column: pb.FieldColumn, rows: int) -> int:
    """Returns how often a field occurs in a batch with some frames."""
    return sum(column.counts) if column.counts else rows


def _python_values(
    column: pb.FieldColumn, strings: Sequence[str], rows: int
) -> Sequence[Any]:
    kind = column.value_kind
    convert = converter(column.type)
    values: Sequence[Any]
    if kind == _NONE:
        return [True] * occurrences(column, rows)
    if kind == _STRING:
        values = [strings[index] for index in column.string_indexes]
    elif kind == _BYTES:
        data, bounds = column.byte_data, byte_offsets(column)
        values = [data[a:b] for a, b in itertools.pairwise(bounds)]
    else:
        values = numbers(column)
    if convert is None:
        return values
    if kind == _NANOSECONDS:
        convert = _from_nanoseconds(convert)
    made = {value: convert(value) for value in set(values)}
    return [made[value] for value in values]


def _python_column(
    column: pb.FieldColumn, strings: Sequence[str], occurrence: str, rows: int
) -> Sequence[Any]:
    values = _python_values(column, strings, rows)
    starts = offsets(column)
    if occurrence == "all":
        if starts is None:
            return [[value] for value in values]
        pairs = itertools.pairwise(starts)
        return [list(values[begin:end]) for begin, end in pairs]
    if starts is None:
        return values
    picked = chosen(starts, occurrence)
    return [None if index is None else values[index] for index in picked]


class FieldTable(Table):
    """The values of fields, a row for each frame.

    With the occurrence `all`, each cell is a list.
    """

    def __init__(
        self,
        fields: Sequence[str],
        texts: Sequence[str],
        occurrence: Occurrence,
    ) -> None:
        super().__init__({})
        self.fields = list(fields)
        self.texts = list(texts)
        self.occurrence = occurrence
        self.batches: list[pb.ColumnBatch] = []

    @property
    def column_names(self) -> list[str]:
        return [*self.texts, *self.fields]

    @property
    def frame_numbers(self) -> list[int]:
        """The number of each row's frame in the capture."""
        return [n for batch in self.batches for n in batch.frame_numbers]

    def __len__(self) -> int:
        return sum(len(batch.frame_numbers) for batch in self.batches)

    def __getitem__(self, name: str) -> Sequence[Any]:
        values: list[Any] = []
        for batch in self.batches:
            values.extend(self._part(batch, name))
        if not self.batches and name not in self.column_names:
            raise KeyError(name)
        return values

    def _first_rows(self, count: int) -> list[dict[str, Any]]:
        # The values of other batches needn't be made.
        first = FieldTable(self.fields, self.texts, self.occurrence)
        for batch in self.batches:
            if len(first) >= count:
                break
            first.batches.append(batch)
        return list(itertools.islice(first, count))

    def _part(self, batch: pb.ColumnBatch, name: str) -> Sequence[Any]:
        strings = list(batch.strings)
        if name in self.texts:
            indexes = batch.columns[self.texts.index(name)].string_indexes
            return [strings[index] for index in indexes]
        if name not in self.fields:
            raise KeyError(name)
        column = batch.fields[self.fields.index(name)]
        rows = len(batch.frame_numbers)
        return _python_column(column, strings, self.occurrence, rows)

    def to_arrow(self) -> pa.Table:
        """Returns a table of pyarrow, which must be installed.

        Addresses are text. Bytes are not copied.
        """
        need("pyarrow", "arrow")
        from dissectd.arrow import arrow_table  # noqa: PLC0415

        return arrow_table(self)
