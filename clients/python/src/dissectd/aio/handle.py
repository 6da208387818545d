# SPDX-License-Identifier: Apache-2.0
"""A capture to ask questions about: a file, or a session."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Sequence
from typing import TYPE_CHECKING

from dissectd.aio.analysis import Analysis
from dissectd.aio.reading import Dissected, Packets
from dissectd.columnar import OCCURRENCES, FieldTable, Occurrence
from dissectd.errors import NotFound
from dissectd.options import (
    column_names,
    columnar_view,
    dissect_request,
    view,
)
from dissectd.packet import Packet
from dissectd.progress import Progress

if TYPE_CHECKING:
    from typing_extensions import Unpack

    from dissectd.options import ReadArguments


class CaptureHandle(Analysis):
    """A capture to ask questions about."""

    def read(
        self,
        filter: object = "",
        *,
        fields: Sequence[str] | None = None,
        columns: Sequence[str] | None = None,
        tree: bool | Sequence[str] | None = None,
        labels: bool = True,
        bytes: bool | str = False,
        progress: Progress | None = None,
        **how: Unpack[ReadArguments],
    ) -> Packets:
        """Returns the packets that pass a display filter.

        They have their whole tree; with `fields` or `columns` only those, which
        is faster. `tree` names the protocols whose details are of interest.
        """
        parts = view(
            filter,
            fields=fields,
            column_names=columns,
            tree=tree,
            labels=labels,
            bytes=bytes,
        )
        packets = Packets(
            self.transport,
            self.source,
            dissect_request(how, parts),
            progress=progress,
            patience=self.patience,
        )
        packets.column_names = tuple(columns or ())
        return packets

    async def rows(
        self,
        *columns: str | Sequence[str],
        filter: object = "",
        progress: Progress | None = None,
        **how: Unpack[ReadArguments],
    ) -> AsyncGenerator[dict[str, str], None]:
        """Yields columns of the packet list as dicts.

        A column is a word such as `info` or `protocol`, a format such as `%t`,
        or the name of a field. Without any there are those of the profile.
        """
        names = column_names(columns)
        packets = self.read(filter, columns=names, progress=progress, **how)
        if not names:
            packets.request.view.columns.use_profile_columns = True
        async for packet in packets:
            yield packet.columns

    async def frame(self, number: int, **how: Unpack[ReadArguments]) -> Packet:
        """Returns one packet with its tree."""
        # To the daemon, 0 stands for the beginning.
        if number > 0:
            how["first"] = how["last"] = number
            async for packet in self.read("", bytes=True, **how):
                return packet
        raise NotFound(
            f"The capture has no frame {number}.", reason="FRAME_NOT_FOUND"
        )

    async def fields(
        self,
        fields: Sequence[str],
        filter: object = "",
        *,
        columns: Sequence[str] = (),
        occurrence: Occurrence = "first",
        progress: Progress | None = None,
        **how: Unpack[ReadArguments],
    ) -> FieldTable:
        """Returns the values of fields as a table.

        `occurrence` says which value of each frame to take: the first one, the
        last one, or all, as a list.
        """
        whole = FieldTable(fields, columns, occurrence)
        async for table in self.field_batches(
            fields,
            filter,
            columns=columns,
            occurrence=occurrence,
            progress=progress,
            **how,
        ):
            whole.batches.extend(table.batches)
        return whole

    async def field_batches(
        self,
        fields: Sequence[str],
        filter: object = "",
        *,
        columns: Sequence[str] = (),
        occurrence: Occurrence = "first",
        progress: Progress | None = None,
        **how: Unpack[ReadArguments],
    ) -> AsyncGenerator[FieldTable, None]:
        """Yields the table of `fields` in parts, so that memory stays small."""
        if occurrence not in OCCURRENCES:
            raise ValueError(f'"{occurrence}" isn\'t first, last or all.')
        request = dissect_request(how, columnar_view(filter, fields, columns))
        dissected = Dissected(
            self.transport, self.source, request, progress=progress
        )
        messages = dissected.messages()
        try:
            async for message in messages:
                if message.HasField("column_batch"):
                    table = FieldTable(fields, columns, occurrence)
                    table.batches.append(message.column_batch)
                    yield table
        finally:
            await messages.aclose()


class FileHandle(CaptureHandle):
    """A file of the store or of this machine, or a running capture."""

    def __repr__(self) -> str:
        return f"<capture {self.source!r}>"
