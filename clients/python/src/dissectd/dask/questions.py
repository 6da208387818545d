# SPDX-License-Identifier: Apache-2.0
"""What to ask about each capture, and the types of the answers."""

from __future__ import annotations

import dataclasses
import struct
from collections.abc import Sequence

import pandas as pd
import pyarrow as pa

from dissectd.arrow import arrow_table
from dissectd.columnar import OCCURRENCES, FieldTable, Occurrence
from dissectd.dask.pool import Daemons
from dissectd.errors import FieldError
from dissectd.options import ReadArguments, columnar_view, dissect_request
from dissectd.sync.client import Client
from dissectd.sync.reading import Dissected
from dissectd.v1 import dissection_pb2 as pb

FILE_COLUMN = "file"
FILE_TYPE = pa.dictionary(pa.int32(), pa.string())

_PACKET = bytes(60)
# A capture with one packet of Ethernet.
_PROBE = (
    struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 262144, 1)
    + struct.pack("<IIII", 0, 0, len(_PACKET), len(_PACKET))
    + _PACKET
)


@dataclasses.dataclass(frozen=True)
class Question:
    """The fields, the filter, and how to dissect."""

    fields: tuple[str, ...]
    columns: tuple[str, ...]
    occurrence: Occurrence
    # A DissectRequest without a source, as a message.
    encoded_request: bytes

    def request(self) -> pb.DissectRequest:
        return pb.DissectRequest.FromString(self.encoded_request)

    def table(self, batch: pb.ColumnBatch) -> pa.Table:
        """Returns the rows of a batch as the daemon sends it."""
        fields = FieldTable(self.fields, self.columns, self.occurrence)
        fields.batches.append(batch)
        return arrow_table(fields)


def make_question(
    fields: Sequence[str],
    filter: object,
    columns: Sequence[str],
    occurrence: Occurrence,
    how: ReadArguments,
) -> Question:
    if occurrence not in OCCURRENCES:
        raise ValueError(f'"{occurrence}" isn\'t first, last or all.')
    request = dissect_request(how, columnar_view(filter, fields, columns))
    for name in (*fields, *columns):
        if name == FILE_COLUMN or [*fields, *columns].count(name) > 1:
            raise FieldError(f'There can be one column "{name}" only.')
    return Question(
        tuple(fields), tuple(columns), occurrence, request.SerializeToString()
    )


def _types(client: Client, question: Question) -> pa.Schema:
    request = question.request()
    client.check(request.view.display_filter)
    request.view.ClearField("display_filter")
    request.view.ClearField("range")
    # The read filter wouldn't let the packet pass, and needs two passes.
    request.options.ClearField("read_filter")
    request.options.two_pass = False
    probe = Dissected(client.transport, _PROBE, request)
    for message in probe.messages():
        if message.HasField("column_batch"):
            schema: pa.Schema = question.table(message.column_batch).schema
            return schema
    raise AssertionError("The daemon has left out the only packet.")


def column_types(question: Question, daemons: Daemons) -> pa.Schema:
    """Returns the columns of all answers, by asking about a known packet.

    A filter or a field that is wrong raises its error here.
    """
    return daemons.ask(lambda client: _types(client, question))


def filter_fields(question: Question, daemons: Daemons) -> list[str]:
    """Returns the fields that the question's display filter refers to."""
    text = question.request().view.display_filter
    compiled = daemons.ask(lambda client: client.compile(text))
    return [field.name for field in compiled.fields]


def data_frame(table: pa.Table) -> pd.DataFrame:
    """Returns a data frame whose columns stay Arrow's."""
    return table.to_pandas(types_mapper=pd.ArrowDtype)


def with_file(table: pa.Table, name: str) -> pa.Table:
    indexes = pa.repeat(pa.scalar(0, pa.int32()), len(table))
    names = pa.DictionaryArray.from_arrays(indexes, pa.array([name]))
    return table.append_column(FILE_COLUMN, names)
