# SPDX-License-Identifier: Apache-2.0
"""Calls to a daemon whose failures are this package's exceptions."""

from __future__ import annotations

from collections.abc import AsyncGenerator, AsyncIterable, Callable
from typing import Protocol, TypeVar

import grpc
import grpc.aio

from dissectd.errors import ClientClosed, DissectdError, from_rpc_error
from dissectd.settings import Endpoint
from dissectd.v1.analysis_pb2_grpc import AnalysisServiceStub
from dissectd.v1.capture_pb2_grpc import CaptureServiceStub
from dissectd.v1.dissection_pb2_grpc import DissectionServiceStub
from dissectd.v1.export_pb2_grpc import ExportServiceStub
from dissectd.v1.file_pb2_grpc import FileServiceStub
from dissectd.v1.filter_pb2_grpc import FilterServiceStub
from dissectd.v1.preference_pb2_grpc import PreferenceServiceStub
from dissectd.v1.registry_pb2_grpc import RegistryServiceStub
from dissectd.v1.server_pb2_grpc import ServerServiceStub
from dissectd.v1.session_pb2_grpc import SessionServiceStub

Request = TypeVar("Request")
Response = TypeVar("Response")
Item = TypeVar("Item")
Page = TypeVar("Page")


class Call(Protocol):
    """A call that is running."""

    def cancel(self) -> bool | None: ...


def _channel(endpoint: Endpoint) -> grpc.aio.Channel:
    if endpoint.credentials is None:
        return grpc.aio.insecure_channel(
            endpoint.target, options=endpoint.options
        )
    return grpc.aio.secure_channel(
        endpoint.target, endpoint.credentials, options=endpoint.options
    )


class Transport:
    """A channel to a daemon, with the stubs of all its services."""

    def __init__(self, endpoint: Endpoint) -> None:
        self.address = endpoint.target
        self._tls = endpoint.credentials is not None
        self._token = endpoint.token
        self._closed = False
        self.channel = _channel(endpoint)
        channel = self.channel
        self.analysis = AnalysisServiceStub(channel)
        self.captures = CaptureServiceStub(channel)
        self.dissection = DissectionServiceStub(channel)
        self.exports = ExportServiceStub(channel)
        self.files = FileServiceStub(channel)
        self.filters = FilterServiceStub(channel)
        self.preferences = PreferenceServiceStub(channel)
        self.registry = RegistryServiceStub(channel)
        self.server = ServerServiceStub(channel)
        self.sessions = SessionServiceStub(channel)

    async def close(self) -> None:
        self._closed = True
        await self.channel.close()

    def _metadata(self) -> tuple[tuple[str, str], ...]:
        """Returns what each call says about its client, which must be open."""
        if self._closed:
            raise ClientClosed(
                f"The client of {self.address} is closed: connect again, or "
                "make the call before the end of the `with` statement."
            )
        return self._token.header()

    def _failure(self, error: grpc.RpcError) -> DissectdError:
        return from_rpc_error(error, self.address, tls=self._tls)

    async def call(
        self,
        method: grpc.aio.UnaryUnaryMultiCallable[Request, Response],
        request: Request,
        timeout: float | None = None,
    ) -> Response:
        """Makes a call with one answer."""
        try:
            return await method(
                request, metadata=self._metadata(), timeout=timeout
            )
        except grpc.RpcError as error:
            raise self._failure(error) from None

    async def stream(
        self,
        method: grpc.aio.UnaryStreamMultiCallable[Request, Response],
        request: Request,
        timeout: float | None = None,
    ) -> AsyncGenerator[Response, None]:
        """Makes a call with many answers. Closing the generator cancels it."""
        call = method(request, metadata=self._metadata(), timeout=timeout)
        try:
            async for response in call:
                yield response
        except grpc.RpcError as error:
            raise self._failure(error) from None
        finally:
            call.cancel()

    def begin(
        self,
        method: grpc.aio.UnaryStreamMultiCallable[Request, Response],
        request: Request,
    ) -> Call:
        """Begins a call whose answers aren't of interest."""
        return method(request, metadata=self._metadata())

    async def exchange(
        self,
        method: grpc.aio.StreamStreamMultiCallable[Request, Response],
        requests: AsyncIterable[Request],
    ) -> AsyncGenerator[Response, None]:
        """Makes a call in which both sides send many messages."""
        call = method(
            requests.__aiter__(), metadata=self._metadata(), timeout=None
        )
        try:
            async for response in call:
                yield response
        except grpc.RpcError as error:
            raise self._failure(error) from None
        finally:
            call.cancel()

    async def send(
        self,
        method: grpc.aio.StreamUnaryMultiCallable[Request, Response],
        requests: AsyncIterable[Request],
    ) -> Response:
        """Makes a call in which the client sends many messages."""
        try:
            return await method(requests.__aiter__(), metadata=self._metadata())
        except grpc.RpcError as error:
            raise self._failure(error) from None

    async def pages(
        self,
        method: grpc.aio.UnaryUnaryMultiCallable[Request, Page],
        request: Request,
        items: Callable[[Page], list[Item]],
    ) -> list[Item]:
        """Collects the items of all pages of a list."""
        found: list[Item] = []
        while True:
            page = await self.call(method, request)
            found.extend(items(page))
            token = page.next_page_token  # type: ignore[attr-defined]
            if not token:
                return found
            request.page_token = token  # type: ignore[attr-defined]
