# SPDX-License-Identifier: Apache-2.0
"""Tables of pyarrow from the columnar form."""

from __future__ import annotations

import itertools
from array import array
from collections.abc import Sequence
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from dissectd.columnar import (
    FieldTable,
    byte_offsets,
    numbers,
    occurrences,
    offsets,
)
from dissectd.v1 import common_pb2 as common
from dissectd.v1 import dissection_pb2 as pb
from dissectd.values import converter, text

_KIND = pb.ColumnValueKind
_T = common.FieldType
# The array type of Python with the same layout as Arrow's.
_CODES = {
    int(_KIND.COLUMN_VALUE_KIND_UINT32): ("I", pa.uint32()),
    int(_KIND.COLUMN_VALUE_KIND_UINT64): ("Q", pa.uint64()),
    int(_KIND.COLUMN_VALUE_KIND_SINT32): ("i", pa.int32()),
    int(_KIND.COLUMN_VALUE_KIND_SINT64): ("q", pa.int64()),
    int(_KIND.COLUMN_VALUE_KIND_NANOSECONDS): ("q", pa.int64()),
    int(_KIND.COLUMN_VALUE_KIND_DOUBLE): ("d", pa.float64()),
}
_TYPES = {
    int(_T.FIELD_TYPE_BOOLEAN): pa.bool_(),
    int(_T.FIELD_TYPE_CHAR): pa.uint8(),
    int(_T.FIELD_TYPE_UINT8): pa.uint8(),
    int(_T.FIELD_TYPE_UINT16): pa.uint16(),
    int(_T.FIELD_TYPE_INT8): pa.int8(),
    int(_T.FIELD_TYPE_INT16): pa.int16(),
    int(_T.FIELD_TYPE_FLOAT): pa.float32(),
    int(_T.FIELD_TYPE_ABSOLUTE_TIME): pa.timestamp("ns", tz="UTC"),
    int(_T.FIELD_TYPE_RELATIVE_TIME): pa.duration("ns"),
}
# Numbers that stand for something else.
_CONVERTED = {
    int(_T.FIELD_TYPE_IEEE_11073_SFLOAT): pa.float64(),
    int(_T.FIELD_TYPE_IEEE_11073_FLOAT): pa.float64(),
    int(_T.FIELD_TYPE_EUI64): pa.string(),
}


# pyarrow.array and scalar import pandas if it is installed, which takes longer
# than all the rest.
def _from_array(kind: pa.DataType, data: array[Any]) -> pa.Array:
    return pa.Array.from_buffers(kind, len(data), [None, pa.py_buffer(data)])


def _true(count: int) -> pa.Array:
    ones = _from_array(pa.uint8(), array("B", b"\1" * count))
    return pc.cast(ones, pa.bool_())


def _number_array(column: pb.FieldColumn) -> pa.Array:
    code, kind = _CODES[column.value_kind]
    return _from_array(kind, array(code, numbers(column)))


def _indexes(values: Sequence[int]) -> pa.Array:
    return _from_array(pa.int32(), array("i", values))


def _string_array(strings: Sequence[str]) -> pa.Array:
    encoded = [string.encode() for string in strings]
    bounds = array("i", itertools.accumulate(map(len, encoded), initial=0))
    data = pa.py_buffer(b"".join(encoded))
    buffers = [None, pa.py_buffer(bounds), data]
    return pa.Array.from_buffers(pa.string(), len(encoded), buffers)


def _byte_array(column: pb.FieldColumn) -> pa.Array:
    bounds = array("i", byte_offsets(column))
    buffers = [None, pa.py_buffer(bounds), pa.py_buffer(column.byte_data)]
    return pa.Array.from_buffers(pa.binary(), len(bounds) - 1, buffers)


def _converted(values: pa.Array, field_type: int, kind: Any) -> pa.Array:
    """Converts each distinct value once."""
    convert = converter(field_type)
    assert convert is not None
    encoded = values.dictionary_encode()
    made = [convert(value.as_py()) for value in encoded.dictionary]
    distinct = (
        _string_array(list(map(text, made)))
        if kind is pa.string()
        else _from_array(pa.float64(), array("d", made))
    )
    return distinct.take(encoded.indices)


def _values(column: pb.FieldColumn, strings: pa.Array, rows: int) -> pa.Array:
    """Returns the values of all frames of a batch, one after the other."""
    kind = column.value_kind
    if kind == _KIND.COLUMN_VALUE_KIND_UNSPECIFIED:
        return _true(occurrences(column, rows))
    if kind == _KIND.COLUMN_VALUE_KIND_STRING:
        return strings.take(_indexes(column.string_indexes))
    if kind == _KIND.COLUMN_VALUE_KIND_BYTES:
        values = _byte_array(column)
        if converter(column.type) is None:
            return values
        return _converted(values, column.type, pa.string())
    values = _number_array(column)
    if column.type in _CONVERTED:
        return _converted(values, column.type, _CONVERTED[column.type])
    wanted = _TYPES.get(column.type)
    return values if wanted is None else pc.cast(values, wanted)


def _column(
    column: pb.FieldColumn, strings: pa.Array, occurrence: str, rows: int
) -> pa.Array:
    values = _values(column, strings, rows)
    starts = offsets(column)
    if occurrence == "all":
        bounds = starts if starts is not None else range(len(values) + 1)
        return pa.ListArray.from_arrays(_indexes(bounds), values)
    if starts is None:
        return values
    return values.take(_chosen(column, starts, occurrence))


def _chosen(
    column: pb.FieldColumn, starts: Sequence[int], occurrence: str
) -> pa.Array:
    """Returns the index of one value of each frame, or null."""
    places = starts[:-1]
    if occurrence == "last":
        places = [end - 1 for end in starts[1:]]
    occurs = pc.cast(_indexes(column.counts), pa.bool_())
    buffers = [occurs.buffers()[1], pa.py_buffer(array("i", places))]
    return pa.Array.from_buffers(pa.int32(), len(places), buffers)


def _batch_arrays(table: FieldTable, batch: pb.ColumnBatch) -> list[pa.Array]:
    strings = _string_array(batch.strings)
    texts = [
        strings.take(_indexes(column.string_indexes))
        for column in batch.columns
    ]
    rows = len(batch.frame_numbers)
    fields = [
        _column(column, strings, table.occurrence, rows)
        for column in batch.fields
    ]
    return [*texts, *fields]


def arrow_table(table: FieldTable) -> pa.Table:
    parts = [
        pa.RecordBatch.from_arrays(
            _batch_arrays(table, batch), names=table.column_names
        )
        for batch in table.batches
    ]
    if not parts:
        # Without frames the daemon sends no types.
        return pa.table({name: pa.nulls(0) for name in table.column_names})
    return pa.Table.from_batches(parts)
