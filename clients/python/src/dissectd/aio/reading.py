# SPDX-License-Identifier: Apache-2.0
"""Streams of frames: of files, of running captures, and of sessions."""

from __future__ import annotations

import asyncio
import time
import warnings
from collections.abc import AsyncGenerator, AsyncIterator, Sequence
from typing import BinaryIO

from dissectd.aio.sources import Source, locate, source_name
from dissectd.aio.transport import Transport
from dissectd.decoding import Batch, Stream
from dissectd.errors import (
    CaptureError,
    CaptureNotFound,
    ConnectionFailed,
    CrashWarning,
    DissectdError,
    LostWarning,
    TryAgainError,
    from_failure,
)
from dissectd.packet import Packet
from dissectd.pipes import PipeReader
from dissectd.progress import Progress
from dissectd.v1 import capture_pb2 as capture
from dissectd.v1 import dissection_pb2 as pb

_ENDED_EARLY = {
    int(capture.StopReason.STOP_REASON_SHUTDOWN): (
        "The capture ended early, as the daemon was shut down."
    ),
    int(capture.StopReason.STOP_REASON_INTERRUPTED): (
        "The capture ended early, as the daemon died."
    ),
    int(capture.StopReason.STOP_REASON_IDLE): (
        "The capture ended early, as no call used it for some time."
    ),
}
# The daemon gives up a sender that is silent for a minute.
_SILENCE = 20.0
_FIRST_PAUSE = 0.2
_LONGEST_PAUSE = 5.0


class Dissected:
    """A capture as the daemon dissects it, when it is asked for.

    Each iteration makes a call of its own, and keeps nothing of what it yields.
    """

    def __init__(
        self,
        transport: Transport,
        source: Source,
        request: pb.DissectRequest,
        *,
        progress: Progress | None = None,
        patience: float = 0,
    ) -> None:
        self._transport = transport
        self._source = source
        self.request = request
        self._progress = progress
        self._patience = patience
        # Information about the capture file, once the stream has begun.
        self.header = pb.StreamHeader()
        # What the last message of the stream said.
        self.end: pb.StreamEnd | None = None

    async def messages(self) -> AsyncGenerator[pb.DissectResponse, None]:
        """Yields the header and the batches; others are noted."""
        responses = self._responses()
        try:
            async for response in responses:
                kind = response.WhichOneof("kind")
                if kind in ("batch", "column_batch"):
                    yield response
                elif kind == "header":
                    self.header = response.header
                    yield response
                else:
                    self._note(kind, response)
        except DissectdError as error:
            error.name_file(source_name(self._source))
            raise
        finally:
            await responses.aclose()

    def _note(self, kind: str | None, response: pb.DissectResponse) -> None:
        if kind == "crash":
            crash = response.crash
            text = (
                f"Frame {crash.frame_number} is missing: the dissector of "
                f"{crash.protocol or 'an unknown protocol'} crashed."
            )
            warnings.warn(text, CrashWarning, stacklevel=2)
        elif kind == "lost":
            lost = response.lost
            text = (
                f"Frames {lost.first_frame} to {lost.last_frame} are missing: "
                "their file was deleted before they were read."
            )
            warnings.warn(text, LostWarning, stacklevel=2)
        elif kind == "end":
            self.end = response.end
            if response.end.HasField("read_error"):
                raise from_failure(response.end.read_error)

    async def _responses(self) -> AsyncGenerator[pb.DissectResponse, None]:
        located = await locate(self._transport, self._source, self._progress)
        request = located.of_dissection()
        request.MergeFrom(self.request)
        stub = self._transport.dissection
        if located.pipe is not None:
            requests = _pipe_requests(located.pipe, request)
            responses = self._transport.exchange(stub.DissectPipe, requests)
        elif located.capture and self._patience > 0:
            responses = _resumed(self._transport, request, self._patience)
        else:
            responses = self._transport.stream(stub.Dissect, request)
        try:
            async for response in responses:
                yield response
        finally:
            await responses.aclose()
        if located.capture:
            await _check_capture(self._transport, located.capture)


class Packets(Dissected):
    """The packets of a capture."""

    # The names of columns, if they aren't the titles that the daemon gives.
    column_names: Sequence[str] = ()

    async def __aiter__(self) -> AsyncGenerator[Packet, None]:
        stream = Stream()
        messages = self.messages()
        try:
            async for message in messages:
                if message.WhichOneof("kind") == "header":
                    stream = self._stream(message.header)
                    continue
                batch = Batch(message.batch, stream)
                for frame in batch.message.frames:
                    yield Packet(batch, frame)
        finally:
            await messages.aclose()

    def _stream(self, header: pb.StreamHeader) -> Stream:
        stream = Stream()
        stream.header = header
        stream.column_names = self.column_names or tuple(
            column.title for column in header.columns
        )
        return stream


async def _pipe_requests(
    pipe: BinaryIO, request: pb.DissectRequest
) -> AsyncIterator[pb.DissectPipeRequest]:
    yield pb.DissectPipeRequest(request=request)
    reader = PipeReader(pipe)
    while (data := await asyncio.to_thread(reader.next, _SILENCE)) != b"":
        # A message without bytes says that this client is still there.
        yield pb.DissectPipeRequest(data=data or b"")


async def _check_capture(transport: Transport, name: str) -> None:
    """Raises the error that ended a capture, if there is one."""
    request = capture.GetCaptureRequest(name=name)
    try:
        got = await transport.call(transport.captures.GetCapture, request)
    except CaptureNotFound:
        # Somebody deleted the capture after its end.
        return
    stopped = got.capture.stopped
    if stopped.reason in _ENDED_EARLY and not stopped.HasField("failure"):
        raise CaptureError(_ENDED_EARLY[stopped.reason])
    if stopped.HasField("failure"):
        error = from_failure(stopped.failure)
        if isinstance(error, CaptureError):
            raise error
        raise CaptureError(
            error.message, reason=error.reason, metadata=error.metadata
        )


class Patience:
    """How long to try again after a connection broke."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self.reset()

    def reset(self) -> None:
        """Begins from the start, because there was an answer."""
        self._pause = _FIRST_PAUSE
        self._deadline = time.monotonic() + self._seconds

    async def wait(self, error: DissectdError) -> None:
        """Waits before the next attempt; raises if there is no time for one."""
        seconds = max(self._pause, error.retry_after or 0)
        if time.monotonic() + seconds > self._deadline:
            raise error
        self._pause = min(2 * self._pause, _LONGEST_PAUSE)
        await asyncio.sleep(seconds)


async def _resumed(
    transport: Transport, request: pb.DissectRequest, seconds: float
) -> AsyncGenerator[pb.DissectResponse, None]:
    """Yields the messages of a running capture, also if the connection breaks.

    The next call begins after the last frame that came, so that none is lost
    and none comes twice.
    """
    place = request.view.range
    had_limit = place.limit > 0
    patience = Patience(seconds)
    while True:
        responses = transport.stream(transport.dissection.Dissect, request)
        try:
            async for response in responses:
                patience.reset()
                frames = response.batch.frames
                if frames:
                    place.first_frame = frames[-1].number + 1
                    place.limit -= len(frames) if had_limit else 0
                    request.live.from_now = False
                yield response
            return
        except (ConnectionFailed, TryAgainError) as error:
            if had_limit and place.limit == 0:
                # All frames came; only the last message is lost.
                return
            await patience.wait(error)
        finally:
            await responses.aclose()
