# SPDX-License-Identifier: Apache-2.0
"""Tables of pyarrow from the columnar form."""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from dissectd.columnar import (
    FieldTable,
    byte_offsets,
    chosen,
    numbers,
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


def _number_array(column: pb.FieldColumn) -> pa.Array:
    code, kind = _CODES[column.value_kind]
    data = array(code, numbers(column))
    return pa.Array.from_buffers(kind, len(data), [None, pa.py_buffer(data)])


def _indexes(values: Sequence[int]) -> pa.Array:
    data = array("i", values)
    buffers = [None, pa.py_buffer(data)]
    return pa.Array.from_buffers(pa.int32(), len(data), buffers)


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
    if kind is pa.string():
        made = list(map(text, made))
    return pa.array(made, kind).take(encoded.indices)


def _values(column: pb.FieldColumn, strings: pa.Array) -> pa.Array:
    """Returns the values of all frames of a batch, one after the other."""
    kind = column.value_kind
    if kind == _KIND.COLUMN_VALUE_KIND_UNSPECIFIED:
        return pa.array([True] * sum(column.counts), pa.bool_())
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
    values = _values(column, strings)
    starts = offsets(column)
    if starts is None and len(values) < rows:
        # A protocol that is in each frame once has neither counts nor values.
        values = pa.array([True] * rows, pa.bool_())
    if occurrence == "all":
        bounds = starts if starts is not None else range(len(values) + 1)
        return pa.ListArray.from_arrays(_indexes(bounds), values)
    if starts is None:
        return values
    return values.take(pa.array(chosen(starts, occurrence), pa.int32()))


def _batch_arrays(table: FieldTable, batch: pb.ColumnBatch) -> list[pa.Array]:
    strings = pa.array(list(batch.strings), pa.string())
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
