# SPDX-License-Identifier: Apache-2.0
"""Data frames of many captures."""

from __future__ import annotations

import dataclasses
import os
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Literal, NamedTuple, overload

import dask
import dask.dataframe as dd
import pandas as pd
import pyarrow as pa
from dask.delayed import Delayed, delayed

from dissectd.columnar import Occurrence
from dissectd.dask.contents import pieces_of
from dissectd.dask.cuts import Piece, count_of_pieces
from dissectd.dask.files import CaptureFile, Place, find_captures
from dissectd.dask.pool import Daemons
from dissectd.dask.questions import (
    column_types,
    data_frame,
    filter_fields,
    make_question,
)
from dissectd.dask.reading import Answer, Failure, Job
from dissectd.dask.stateless import Need, needs
from dissectd.options import ReadArguments

if TYPE_CHECKING:
    from typing_extensions import Unpack

_REPORT = pa.schema(
    [
        ("file", pa.string()),
        ("reason", pa.string()),
        ("message", pa.string()),
        ("frames_read", pa.int64()),
    ]
)
_PIECE_BYTES = 64 << 20
_RETRIES = 5


class CaptureFrames(NamedTuple):
    """The rows of captures, and a report of what is missing of them.

    Both are data frames of Dask that come from the same tasks: compute, persist
    or write them together, or each file is read twice.
    """

    frame: dd.DataFrame
    report: dd.DataFrame

    def compute(self) -> tuple[pd.DataFrame, pd.DataFrame]:
        """Returns the rows and the report."""
        frame, report = dask.compute(self.frame, self.report)
        return frame, report

    def persist(self) -> CaptureFrames:
        """Starts to read the captures into the workers' memory."""
        return CaptureFrames(*dask.persist(self.frame, self.report))


class CaptureArguments(ReadArguments, total=False):
    """The arguments of `read_captures` that don't change what it returns."""

    columns: Sequence[str]
    occurrence: Occurrence
    daemons: Sequence[str]
    daemon: Literal["worker"] | None
    connection: Mapping[str, Any] | None
    store: str | os.PathLike[str]
    retries: int
    split: Literal["stateless"] | None
    split_bytes: int
    storage_options: Mapping[str, Any] | None


@overload
def read_captures(
    places: Place | Sequence[Place],
    fields: Sequence[str],
    filter: object = "",
    *,
    errors: Literal["raise"] = "raise",
    **arguments: Unpack[CaptureArguments],
) -> dd.DataFrame: ...


@overload
def read_captures(
    places: Place | Sequence[Place],
    fields: Sequence[str],
    filter: object = "",
    *,
    errors: Literal["report"],
    **arguments: Unpack[CaptureArguments],
) -> CaptureFrames: ...


def read_captures(
    places: Place | Sequence[Place],
    fields: Sequence[str],
    filter: object = "",
    *,
    columns: Sequence[str] = (),
    occurrence: Occurrence = "first",
    daemons: Sequence[str] = (),
    daemon: Literal["worker"] | None = None,
    connection: Mapping[str, Any] | None = None,
    store: str | os.PathLike[str] = "",
    errors: Literal["raise", "report"] = "raise",
    retries: int = _RETRIES,
    split: Literal["stateless"] | None = None,
    split_bytes: int = _PIECE_BYTES,
    storage_options: Mapping[str, Any] | None = None,
    **how: Unpack[ReadArguments],
) -> dd.DataFrame | CaptureFrames:
    """Returns the fields of many captures as a data frame of Dask.

    It has a row for each frame that passes the filter: the columns of
    `Client.fields`, and `file`. Each capture is a partition.

    Args:
        places: URLs or paths, with wildcards; folders have all files in them.
        daemons: Addresses of daemons that share the work. By default the one
            that `dissectd.connect()` finds on a worker.
        daemon: `worker` gives each worker a daemon of its own.
        connection: Other arguments of `dissectd.connect`, such as `tls_ca`.
        store: The folder of all the daemons' stores, whose captures aren't
            sent.
        errors: With `raise`, a capture that is damaged or can't be read raises
            its exception. With `report`, what could be read of it is in the
            frame, and a report has the rest.
        retries: How often to ask again if daemons are busy or gone.
        split: `stateless` cuts captures of more than `split_bytes`, if the
            fields can be proven not to depend on earlier frames.
        storage_options: Arguments of fsspec's file system, such as `key`.
        how: How to dissect, as in `Client.fields`.
    """
    if errors not in ("raise", "report"):
        raise ValueError(f'errors="{errors}" is neither raise nor report.')
    if daemon not in (None, "worker") or (daemon and daemons):
        raise ValueError('Give daemons=[...] or daemon="worker".')
    if isinstance(daemons, str):
        raise TypeError(f'Give the addresses as a list: ["{daemons}"].')
    question = make_question(fields, filter, columns, occurrence, how)
    addresses = () if daemon else tuple(daemons) or ("",)
    pool = Daemons(addresses, dict(connection or {}), retries)
    options = dict(storage_options or {})
    files = find_captures(places, options)
    # Workers ask, as they may reach daemons that this machine doesn't.
    at_once = dataclasses.replace(pool, retries=0)
    job = Job(
        question,
        delayed(column_types)(question, at_once).compute(),
        pool,
        options,
        os.fspath(store).rstrip("/"),
        errors == "raise",
    )
    if split is None:
        answers = _answers(job, files)
    elif split == "stateless":
        used = delayed(filter_fields)(question, at_once).compute()
        need = needs(question, used)
        answers = _answers_of_pieces(job, files, split_bytes, need)
    else:
        raise ValueError(f'split="{split}" isn\'t stateless.')
    return _frames(job, answers, errors)


def _answer(job: Job, file: CaptureFile) -> Answer:
    return job.answer(file)


def _answer_of_piece(
    job: Job, file: CaptureFile, pieces: list[Piece | None], number: int
) -> Answer:
    if number >= len(pieces):
        return job.nothing()
    return job.answer(file, pieces[number])


def _answers(job: Job, files: Sequence[CaptureFile]) -> list[Delayed]:
    # One value that all tasks share, instead of a copy in each.
    shared = delayed(job, traverse=False)
    task = delayed(_answer, pure=False)
    return [task(shared, file) for file in files]


def _answers_of_pieces(
    job: Job, files: Sequence[CaptureFile], piece_bytes: int, need: Need
) -> list[Delayed]:
    shared = delayed(job, traverse=False)
    whole = delayed(_answer, pure=False)
    piece = delayed(_answer_of_piece, pure=False)
    cut = delayed(pieces_of, pure=False)
    answers = []
    for file in files:
        count = count_of_pieces(file.size, piece_bytes)
        if count == 1:
            answers.append(whole(shared, file))
            continue
        pieces = cut(file, job.storage_options, piece_bytes, need)
        answers += [piece(shared, file, pieces, n) for n in range(count)]
    return answers


def _rows(answer: Answer) -> pd.DataFrame:
    return answer.rows


def _failures(answer: Answer) -> list[Failure]:
    return answer.failures


def _report(failures: Sequence[Sequence[Failure]]) -> pd.DataFrame:
    rows = [dataclasses.asdict(each) for some in failures for each in some]
    return data_frame(pa.Table.from_pylist(rows, _REPORT))


def _frames(
    job: Job, answers: Sequence[Delayed], errors: str
) -> dd.DataFrame | CaptureFrames:
    rows, failures = delayed(_rows), delayed(_failures)
    frame = dd.from_delayed(
        [rows(answer) for answer in answers],
        meta=job.nothing().rows,
        prefix="captures",
    )
    if errors == "raise":
        return frame
    report = delayed(_report)([failures(answer) for answer in answers])
    meta = _report([])
    return CaptureFrames(frame, dd.from_delayed([report], meta=meta))
