# SPDX-License-Identifier: Apache-2.0
"""Streams of packets: of files, of running captures, and of sessions."""

from __future__ import annotations

import asyncio
import time
import warnings
from collections.abc import AsyncGenerator, AsyncIterator, Sequence
from typing import BinaryIO

from dissectd.aio.sources import Source, locate
from dissectd.aio.transport import Transport
from dissectd.decoding import Batch, Stream
from dissectd.errors import (
    ConnectionFailed,
    CrashWarning,
    DissectdError,
    LostWarning,
    TryAgainError,
    from_failure,
)
from dissectd.packet import Packet
from dissectd.progress import Progress
from dissectd.v1 import dissection_pb2 as pb

_PIPE_BYTES = 1 << 18
_FIRST_PAUSE = 0.2
_LONGEST_PAUSE = 5.0


class Packets:
    """The packets of a capture, which are requested when they are iterated.

    Each iteration makes a call of its own. Nothing that was yielded is kept.
    """

    def __init__(
        self,
        transport: Transport,
        source: Source,
        request: pb.DissectRequest,
        *,
        column_names: Sequence[str] = (),
        progress: Progress | None = None,
        patience: float = 0,
    ) -> None:
        self._transport = transport
        self._source = source
        self._request = request
        self._column_names = tuple(column_names)
        self._progress = progress
        self._patience = patience
        # What the last message of the stream said.
        self.end: pb.StreamEnd | None = None
        # Information about the capture file, once the stream has begun.
        self.header = pb.StreamHeader()

    async def __aiter__(self) -> AsyncGenerator[Packet, None]:
        async for batch in self._batches():
            for frame in batch.message.frames:
                yield Packet(batch, frame)

    async def _batches(self) -> AsyncGenerator[Batch, None]:
        stream = Stream()
        responses = self._responses()
        try:
            async for response in responses:
                kind = response.WhichOneof("kind")
                if kind == "batch":
                    yield Batch(response.batch, stream)
                elif kind == "header":
                    stream = Stream()
                    stream.header = self.header = response.header
                    stream.column_names = self._names(response.header)
                else:
                    self._note(kind, response)
        finally:
            await responses.aclose()

    def _names(self, header: pb.StreamHeader) -> tuple[str, ...]:
        if self._column_names:
            return self._column_names
        return tuple(column.title for column in header.columns)

    def _note(self, kind: str | None, response: pb.DissectResponse) -> None:
        if kind == "crash":
            crash = response.crash
            text = (
                f"Frame {crash.frame_number} is missing: the dissector of "
                f"{crash.protocol or 'an unknown protocol'} crashed."
            )
            warnings.warn(text, CrashWarning, stacklevel=4)
        elif kind == "lost":
            lost = response.lost
            text = (
                f"Frames {lost.first_frame} to {lost.last_frame} are missing: "
                "their file was deleted before they were read."
            )
            warnings.warn(text, LostWarning, stacklevel=4)
        elif kind == "end":
            self.end = response.end
            if response.end.HasField("read_error"):
                raise from_failure(response.end.read_error)

    async def _responses(self) -> AsyncGenerator[pb.DissectResponse, None]:
        located = await locate(self._transport, self._source, self._progress)
        request = located.of_dissection()
        request.MergeFrom(self._request)
        method = self._transport.dissection
        if located.pipe is not None:
            requests = _pipe_requests(located.pipe, request)
            async for response in self._transport.exchange(
                method.DissectPipe, requests
            ):
                yield response
        elif located.capture and self._patience > 0:
            async for response in _resumed(
                self._transport, request, self._patience
            ):
                yield response
        else:
            responses = self._transport.stream(method.Dissect, request)
            try:
                async for response in responses:
                    yield response
            finally:
                await responses.aclose()


async def _pipe_requests(
    pipe: BinaryIO, request: pb.DissectRequest
) -> AsyncIterator[pb.DissectPipeRequest]:
    yield pb.DissectPipeRequest(request=request)
    # A buffered reader would wait for all the bytes.
    read = getattr(pipe, "read1", pipe.read)
    while data := await asyncio.to_thread(read, _PIPE_BYTES):
        yield pb.DissectPipeRequest(data=data)


async def _resumed(
    transport: Transport, request: pb.DissectRequest, patience: float
) -> AsyncGenerator[pb.DissectResponse, None]:
    """Yields the messages of a running capture, also if the connection breaks.

    The next call begins after the last frame that came, so that none is lost
    and none comes twice. `patience` is for how many seconds to try.
    """
    place = request.view.range
    had_limit = place.limit > 0
    pause, deadline = _FIRST_PAUSE, time.monotonic() + patience
    while True:
        responses = transport.stream(transport.dissection.Dissect, request)
        try:
            async for response in responses:
                if response.WhichOneof("kind") == "batch":
                    frames = response.batch.frames
                    place.first_frame = frames[-1].number + 1
                    place.limit -= len(frames) if had_limit else 0
                pause, deadline = _FIRST_PAUSE, time.monotonic() + patience
                yield response
            return
        except (ConnectionFailed, TryAgainError) as error:
            if had_limit and place.limit == 0:
                # All frames came; only the last message is lost.
                return
            await _pause(error, pause, deadline)
            pause = min(2 * pause, _LONGEST_PAUSE)
        finally:
            await responses.aclose()


async def _pause(error: DissectdError, pause: float, deadline: float) -> None:
    """Waits before the next attempt; raises if there is no time for one."""
    seconds = max(pause, error.retry_after or 0)
    if time.monotonic() + seconds > deadline:
        raise error
    await asyncio.sleep(seconds)
