# SPDX-License-Identifier: Apache-2.0
"""Live captures, which are the daemon's and go on if the connection breaks."""

from __future__ import annotations

import datetime
import uuid
from collections.abc import AsyncGenerator, Sequence
from types import TracebackType
from typing import TYPE_CHECKING

from dissectd import results
from dissectd.aio.handle import CaptureHandle
from dissectd.aio.reading import Packets, Patience
from dissectd.aio.sources import Resource
from dissectd.aio.transport import Call, Transport
from dissectd.errors import (
    BadFilterError,
    CaptureError,
    CaptureNotFound,
    ConnectionFailed,
    DissectdError,
    TryAgainError,
)
from dissectd.v1 import capture_pb2 as pb

if TYPE_CHECKING:
    from typing_extensions import Self, Unpack

    from dissectd.options import ReadArguments

# How long a capture goes on if its client is gone without stopping it.
_IDLE = datetime.timedelta(seconds=30)
_PATIENCE_SECONDS = 60.0
_NO_EVENTS = (1 << 63) - 1


class Capture:
    """A live capture.

    In a `with` statement it starts at the beginning and stops at the end; then
    its files are deleted unless `keep` is set.
    """

    def __init__(
        self,
        transport: Transport,
        options: pb.CaptureOptions | None = None,
        *,
        name: str = "",
        keep: bool = False,
        patience: float = _PATIENCE_SECONDS,
    ) -> None:
        self.transport = transport
        self.name = name
        self.keep = keep
        self._options = options
        self._patience = patience
        self._request_id = str(uuid.uuid4())
        self._held: Call | None = None

    async def __aenter__(self) -> Self:
        if not self.name:
            await self.start()
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        try:
            await self.close()
        except DissectdError:
            # The first error says more.
            if error is None:
                raise

    async def start(self) -> None:
        """Starts the capture, and returns once it captures."""
        request = pb.CreateCaptureRequest(
            options=self._options, request_id=self._request_id
        )
        if not self.keep:
            request.idle_timeout.FromTimedelta(_IDLE)
        method = self.transport.captures.CreateCapture
        try:
            response = await self.transport.call(method, request)
        except BadFilterError as error:
            self._show_filter(error)
            raise
        self.name = response.capture.name
        if not self.keep:
            self._hold()

    def _show_filter(self, error: BadFilterError) -> None:
        """Adds the filter, of which the daemon tells only the interface."""
        order = int(error.metadata.get("interface_index", 0))
        if self._options and order < len(self._options.interfaces):
            text = self._options.interfaces[order].capture_filter
            error.metadata.setdefault("filter", text)

    def _hold(self) -> None:
        """Keeps a call open, so that the daemon sees that this client lives."""
        # No event has such a high number, so no message has to be read.
        request = pb.WatchCaptureRequest(
            name=self.name, after_sequence=_NO_EVENTS
        )
        method = self.transport.captures.WatchCapture
        self._held = self.transport.begin(method, request)

    def _check_started(self) -> None:
        if not self.name:
            raise CaptureError(
                "The capture hasn't started: use it in a `with` statement, or "
                "call start()."
            )

    def packets(
        self,
        filter: object = "",
        *,
        fields: Sequence[str] | None = None,
        columns: Sequence[str] | None = None,
        tree: bool | Sequence[str] | None = None,
        labels: bool = True,
        bytes: bool | str = False,
        from_now: bool = False,
        **how: Unpack[ReadArguments],
    ) -> Packets:
        """Returns the packets that pass a display filter, until the end.

        If the connection breaks, it is made again, and goes on after the last
        packet. `from_now` leaves out packets that were captured before.
        """
        self._check_started()
        handle = CaptureHandle(
            self.transport, Resource(self.name), self._patience
        )
        packets = handle.read(
            filter,
            fields=fields,
            columns=columns,
            tree=tree,
            labels=labels,
            bytes=bytes,
            **how,
        )
        packets.request.live.from_now = from_now
        return packets

    async def rates(
        self, every: float = 1.0, *, top: int = 0
    ) -> AsyncGenerator[results.Rate, None]:
        """Yields the number of packets in each interval, and of protocols."""
        self._check_started()
        request = pb.WatchCaptureStatisticsRequest(
            name=self.name, top_protocols=top
        )
        request.interval.FromNanoseconds(round(every * 1e9))
        patience = Patience(self._patience)
        while True:
            responses = self.transport.stream(
                self.transport.captures.WatchCaptureStatistics, request
            )
            try:
                async for response in responses:
                    patience.reset()
                    yield results.rate(response)
                return
            except (ConnectionFailed, TryAgainError) as error:
                await patience.wait(error)
            finally:
                await responses.aclose()

    async def info(self) -> pb.Capture:
        """Returns the state of the capture."""
        request = pb.GetCaptureRequest(name=self.name)
        method = self.transport.captures.GetCapture
        return (await self.transport.call(method, request)).capture

    async def stop(self) -> pb.Capture:
        """Stops the capture once all its packets are written."""
        request = pb.StopCaptureRequest(name=self.name)
        method = self.transport.captures.StopCapture
        return (await self.transport.call(method, request)).capture

    async def delete(self) -> None:
        """Deletes the capture, which must have ended, and its files."""
        request = pb.DeleteCaptureRequest(name=self.name, delete_files=True)
        method = self.transport.captures.DeleteCapture
        await self.transport.call(method, request)

    async def close(self) -> None:
        """Stops the capture, and deletes it unless it is to be kept."""
        if not self.name:
            return
        if self._held is not None:
            self._held.cancel()
            self._held = None
        try:
            await self.stop()
            if not self.keep:
                await self.delete()
        except CaptureNotFound:
            # Somebody else has deleted it.
            return

    def __repr__(self) -> str:
        return f"<Capture {self.name or '(not started)'}>"
