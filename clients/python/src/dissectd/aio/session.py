# SPDX-License-Identifier: Apache-2.0
"""Sessions: captures that stay open for many questions."""

from __future__ import annotations

from collections.abc import Sequence
from types import TracebackType
from typing import TYPE_CHECKING

from dissectd.aio.handle import CaptureHandle
from dissectd.aio.sources import Resource, Source, locate
from dissectd.aio.transport import Transport
from dissectd.decoding import Batch, Stream
from dissectd.errors import (
    CrashError,
    InvalidRequest,
    SessionNotFound,
    from_failure,
)
from dissectd.options import columns as column_selection
from dissectd.options import (
    dissection_options,
    filter_text,
    offset_value,
    split_arguments,
    view,
)
from dissectd.packet import Packet
from dissectd.tables import Table
from dissectd.v1 import session_pb2 as pb

if TYPE_CHECKING:
    from typing_extensions import Self, Unpack

    from dissectd.options import ReadArguments

_DEFAULT_COLUMNS = ("time", "source", "destination", "protocol", "info")
_PAGE = 1000


class Session(CaptureHandle):
    """An open capture. How to dissect it is said when it is opened."""

    def __init__(self, transport: Transport, name: str) -> None:
        super().__init__(transport, Resource(name))
        self.name = name

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self.close()

    async def close(self) -> None:
        """Closes the session."""
        request = pb.CloseSessionRequest(name=self.name)
        try:
            method = self.transport.sessions.CloseSession
            await self.transport.call(method, request)
        except SessionNotFound:
            # It was closed for another reason already.
            return

    async def info(self) -> pb.Session:
        """Returns the state of the session, such as its number of frames."""
        request = pb.GetSessionRequest(name=self.name)
        method = self.transport.sessions.GetSession
        return (await self.transport.call(method, request)).session

    async def frame(self, number: int, **how: Unpack[ReadArguments]) -> Packet:
        """Returns one packet with its tree and its bytes."""
        _no_options(how)
        request = pb.GetFrameRequest(
            session=self.name, frame_number=number, view=view(bytes=True)
        )
        method = self.transport.sessions.GetFrame
        response = await self.transport.call(method, request)
        if response.HasField("crash"):
            raise CrashError(
                f"The dissector of {response.crash.protocol} crashed.",
                reason="WORKER_CRASHED",
            )
        stream = Stream()
        stream.header = response.header
        batch = Batch(response.batch, stream)
        return Packet(batch, batch.message.frames[0])

    async def frames(
        self,
        filter: object = "",
        columns: Sequence[str] = _DEFAULT_COLUMNS,
        *,
        offset: int = 0,
        count: int = 0,
        sort_by: str = "",
        descending: bool = False,
    ) -> Table:
        """Returns the packet list as a table, or `count` lines of it."""
        if sort_by and sort_by not in columns:
            raise ValueError(f'"{sort_by}" is none of the columns.')
        request = pb.ListFramesRequest(
            session=self.name,
            display_filter=filter_text(filter),
            columns=column_selection(columns),
            first_position=offset,
            sort_column=columns.index(sort_by) + 1 if sort_by else 0,
            descending=descending,
        )
        found: list[pb.FrameSummary] = []
        method = self.transport.sessions.ListFrames
        while True:
            request.first_position = offset + len(found)
            left = count - len(found) if count else _PAGE
            request.limit = min(left, _PAGE)
            page = await self.transport.call(method, request)
            found.extend(page.frames)
            reached = request.first_position + len(page.frames) >= page.total
            if not page.frames or reached or len(found) == count:
                break
        texts = {
            name: [frame.columns[order] for frame in found]
            for order, name in enumerate(columns)
        }
        return Table({"number": [frame.number for frame in found], **texts})

    async def find(
        self,
        filter: object,
        *,
        after: int = 0,
        backward: bool = False,
    ) -> int | None:
        """Returns the number of the next frame that passes a filter."""
        request = pb.FindFrameRequest(
            session=self.name,
            display_filter=filter_text(filter),
            after_frame=after,
            backward=backward,
        )
        method = self.transport.sessions.FindFrame
        response = await self.transport.call(method, request)
        return response.frame_number or None

    async def edit(self, *edits: pb.SessionEdit) -> pb.Session:
        """Marks, ignores or comments frames, or shifts times."""
        request = pb.EditSessionRequest(name=self.name, edits=edits)
        method = self.transport.sessions.EditSession
        return (await self.transport.call(method, request)).session

    async def mark(self, *frames: int, undo: bool = False) -> None:
        """Marks frames: they pass the filter `frame.marked == 1`."""
        chosen = pb.FrameSet(frame_numbers=frames, undo=undo)
        await self.edit(pb.SessionEdit(mark=chosen))

    async def ignore(self, *frames: int, undo: bool = False) -> None:
        """Leaves frames out of dissection."""
        chosen = pb.FrameSet(frame_numbers=frames, undo=undo)
        await self.edit(pb.SessionEdit(ignore=chosen))

    async def comment(self, frame: int, *comments: str) -> None:
        """Replaces the comments of a frame."""
        texts = pb.FrameComments(frame_number=frame, comments=comments)
        await self.edit(pb.SessionEdit(frame_comments=texts))

    async def shift(self, seconds: float) -> None:
        """Adds seconds to all times."""
        offset = pb.TimeShift(offset=offset_value(seconds))
        await self.edit(pb.SessionEdit(time_shift=offset))

    def __repr__(self) -> str:
        return f"<Session {self.name}>"


def _no_options(how: ReadArguments) -> None:
    if how:
        raise TypeError(f"A session has its own options: {', '.join(how)}.")


async def open_session(
    transport: Transport, source: Source, how: ReadArguments
) -> Session:
    """Opens a session, and returns it once the capture is read."""
    located = await locate(transport, source, inline=False)
    options, place = split_arguments(how)
    if place:
        raise TypeError("A session has all frames: give filters to questions.")
    request = pb.OpenSessionRequest(options=dissection_options(options))
    if located.pipe is not None:
        raise InvalidRequest("A session needs a file, and not a pipe.")
    if located.capture:
        request.capture = located.capture
    else:
        request.file = located.file
    opened = pb.Session()
    async for response in transport.stream(
        transport.sessions.OpenSession, request
    ):
        if response.HasField("session"):
            opened = response.session
    if opened.HasField("failure"):
        raise from_failure(opened.failure)
    return Session(transport, opened.name)
