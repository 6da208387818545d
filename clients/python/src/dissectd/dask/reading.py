# SPDX-License-Identifier: Apache-2.0
"""Asks daemons about captures: what workers do."""

from __future__ import annotations

import contextlib
import dataclasses
import io
import posixpath
import warnings
from typing import BinaryIO

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from dissectd.dask.contents import Content, content_of
from dissectd.dask.cuts import Piece
from dissectd.dask.files import CaptureFile, StorageOptions
from dissectd.dask.pool import Daemons, is_transient, portable
from dissectd.dask.questions import Question, data_frame, with_file
from dissectd.dask.stateless import FRAME_NUMBER
from dissectd.errors import (
    CrashWarning,
    DissectdError,
    FileNotInStore,
    TryAgainError,
)
from dissectd.sync.client import Client
from dissectd.sync.reading import Dissected
from dissectd.sync.sources import MAGICS, Resource, Source
from dissectd.v1 import dissection_pb2 as pb

MISSING_FRAMES = "FRAMES_CRASHED"


@dataclasses.dataclass(frozen=True)
class Failure:
    """What is missing of a capture, and why: a row of the report."""

    file: str
    reason: str
    message: str
    # The last frame that was read before the failure; 0 if there is none.
    frames_read: int


@dataclasses.dataclass(frozen=True)
class Answer:
    """The rows of a capture, or of a piece of one."""

    rows: pd.DataFrame
    failures: list[Failure]


class _Frames(Dissected):
    """A capture whose missing frames are counted."""

    def __init__(
        self, client: Client, source: Source, request: pb.DissectRequest
    ) -> None:
        super().__init__(client.transport, source, request)
        self.crashed: list[int] = []

    def _note(self, kind: str | None, response: pb.DissectResponse) -> None:
        if kind == "crash":
            self.crashed.append(response.crash.frame_number)
        else:
            super()._note(kind, response)


@dataclasses.dataclass
class _Reading:
    """What came of a capture before its end, or before an error."""

    tables: list[pa.Table] = dataclasses.field(default_factory=list)
    crashed: list[int] = dataclasses.field(default_factory=list)
    frames_read: int = 0
    error: DissectdError | None = None


@dataclasses.dataclass(frozen=True)
class Job:
    """What is the same for all captures."""

    question: Question
    schema: pa.Schema
    daemons: Daemons
    storage_options: StorageOptions
    # The folder of the daemons' stores, if they have the captures already.
    store: str
    raises: bool

    def answer(self, file: CaptureFile, piece: Piece | None = None) -> Answer:
        """Returns the rows of a capture, or of a piece of it."""
        reading = self._read(file, piece)
        before = piece.first_frame - 1 if piece else 0
        rows = with_file(_rows(reading, self.schema, before), file.name)
        return Answer(data_frame(rows), self._failures(reading, file, before))

    def nothing(self) -> Answer:
        """Returns the answer for a piece that a capture doesn't have."""
        rows = with_file(self.schema.empty_table(), "")
        return Answer(data_frame(rows), [])

    def _read(self, file: CaptureFile, piece: Piece | None) -> _Reading:
        name = posixpath.basename(file.name)
        try:
            with content_of(
                file, piece, self.storage_options, self.store
            ) as content:
                return self.daemons.ask(
                    lambda client: _ask(client, self.question, content, name)
                )
        except DissectdError as error:
            return _Reading(error=error)

    def _failures(
        self, reading: _Reading, file: CaptureFile, before: int
    ) -> list[Failure]:
        """Returns rows of the report, or raises the error that ended reading.

        `before` is the number of frames before the piece.
        """
        found = []
        error = reading.error
        if error is not None:
            if self.raises:
                error.message = f"{file.name}: {error.message}"
                error.args = (error.message,)
                raise portable(error)
            reason = error.reason or error.code.name
            found.append((reason, error.message, reading.frames_read + before))
        if reading.crashed:
            numbers = ", ".join(str(n + before) for n in reading.crashed)
            text = f"The dissector crashed on these frames: {numbers}."
            if self.raises:
                warnings.warn(
                    f"{file.name}: {text}", CrashWarning, stacklevel=2
                )
            last = reading.frames_read + before
            found.append((MISSING_FRAMES, text, last))
        return [Failure(file.name, *row) for row in found]


def _ask(
    client: Client, question: Question, content: Content, name: str
) -> _Reading:
    if isinstance(content, Resource):
        return _dissect(client, question, content)
    if isinstance(content, bytes):
        if content.startswith(MAGICS):
            return _dissect(client, question, content)
        content = io.BytesIO(content)
    return _dissect_upload(client, question, content, name)


def _dissect_upload(
    client: Client, question: Question, file: BinaryIO, name: str
) -> _Reading:
    """Uploads a capture, and deletes it afterwards if the store lacked it."""
    sent = 0

    def count(done: int, _total: int) -> None:
        nonlocal sent
        sent = done

    stored = client.upload(file, name=name, by_hash=True, progress=count)
    try:
        reading = _dissect(client, question, Resource(stored.name))
    finally:
        if sent:
            with contextlib.suppress(DissectdError):
                stored.delete()
    if isinstance(reading.error, FileNotInStore):
        # Another task with the same content has deleted it.
        raise TryAgainError(reading.error.message, reason=reading.error.reason)
    return reading


def _dissect(client: Client, question: Question, source: Source) -> _Reading:
    frames = _Frames(client, source, question.request())
    reading = _Reading(crashed=frames.crashed)
    try:
        for message in frames.messages():
            if message.HasField("column_batch"):
                batch = message.column_batch
                reading.tables.append(question.table(batch))
                reading.frames_read = batch.frame_numbers[-1]
    except DissectdError as error:
        if is_transient(error):
            raise
        reading.error = error
    if frames.end is not None:
        reading.frames_read = frames.end.frames_read
    return reading


def _rows(reading: _Reading, schema: pa.Schema, before: int) -> pa.Table:
    if not reading.tables:
        return schema.empty_table()
    rows = pa.concat_tables(reading.tables).cast(schema)
    if before and FRAME_NUMBER in schema.names:
        place = schema.get_field_index(FRAME_NUMBER)
        kind = schema.field(place)
        numbers = pc.add(rows.column(place), pa.scalar(before, kind.type))
        rows = rows.set_column(place, kind, numbers)
    return rows
