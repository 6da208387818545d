# SPDX-License-Identifier: Apache-2.0
"""The client of a daemon."""

from __future__ import annotations

import os
from collections.abc import AsyncGenerator, Sequence
from types import TracebackType
from typing import TYPE_CHECKING

from dissectd.aio.capture import Capture
from dissectd.aio.handle import FileHandle
from dissectd.aio.reading import Packets
from dissectd.aio.registry import RegistryCalls
from dissectd.aio.session import Session, open_session
from dissectd.aio.sources import Source
from dissectd.aio.store import StoreCalls
from dissectd.aio.transport import Transport
from dissectd.columnar import FieldTable, Occurrence
from dissectd.errors import BadFilterError
from dissectd.listings import Interface, Listing, interface
from dissectd.options import capture_options
from dissectd.progress import Progress
from dissectd.settings import KEEPALIVE, Settings, endpoint, resolve
from dissectd.v1 import capture_pb2 as capture_pb
from dissectd.v1 import session_pb2 as session_pb

if TYPE_CHECKING:
    from typing_extensions import Self, Unpack

    from dissectd.options import CaptureArguments, ReadArguments


class Client(StoreCalls, RegistryCalls):
    """A connection to a daemon. Use it in a `with` statement, or close it."""

    def __init__(self, transport: Transport) -> None:
        self.transport = transport

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self.close()

    def __repr__(self) -> str:
        return f"<Client of {self.transport.address}>"

    async def close(self) -> None:
        """Closes the connection, which ends all calls."""
        await self.transport.close()

    def file(self, source: Source) -> FileHandle:
        """Returns a capture to ask questions about.

        It is a file of this machine, which is uploaded if it isn't small; a
        file of the store; or a file object.
        """
        return FileHandle(self.transport, source)

    def read(
        self,
        source: Source,
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
        """Returns the packets of a capture that pass a display filter.

        They have their whole tree; with `fields` or `columns` only those, which
        is faster. `tree` names the protocols whose details are of interest.
        """
        return self.file(source).read(
            filter,
            fields=fields,
            columns=columns,
            tree=tree,
            labels=labels,
            bytes=bytes,
            progress=progress,
            **how,
        )

    def rows(
        self,
        source: Source,
        *columns: str | Sequence[str],
        filter: object = "",
        progress: Progress | None = None,
        **how: Unpack[ReadArguments],
    ) -> AsyncGenerator[dict[str, str], None]:
        """Yields columns of a capture's packet list as dicts.

        A column is a word such as `info` or `protocol`, a format such as `%t`,
        or the name of a field. Without any there are those of the profile.
        """
        return self.file(source).rows(
            *columns, filter=filter, progress=progress, **how
        )

    async def fields(
        self,
        source: Source,
        fields: Sequence[str],
        filter: object = "",
        *,
        columns: Sequence[str] = (),
        occurrence: Occurrence = "first",
        progress: Progress | None = None,
        **how: Unpack[ReadArguments],
    ) -> FieldTable:
        """Returns the values of a capture's fields as a table.

        `occurrence` says which value of each frame to take: the first one, the
        last one, or all, as a list.
        """
        return await self.file(source).fields(
            fields,
            filter,
            columns=columns,
            occurrence=occurrence,
            progress=progress,
            **how,
        )

    async def open(
        self, source: Source, **how: Unpack[ReadArguments]
    ) -> Session:
        """Opens a session on a file or a capture."""
        return await open_session(self.transport, source, how)

    def session(self, name: str) -> Session:
        """Returns a session that is open already."""
        return Session(self.transport, name)

    async def sessions(self) -> list[session_pb.Session]:
        """Lists your sessions."""
        return await self.transport.pages(
            self.transport.sessions.ListSessions,
            session_pb.ListSessionsRequest(),
            lambda page: list(page.sessions),
        )

    async def interfaces(self) -> list[Interface]:
        """Lists the interfaces of the daemon's machine."""
        request = capture_pb.ListInterfacesRequest()
        method = self.transport.captures.ListInterfaces
        response = await self.transport.call(method, request)
        return Listing(map(interface, response.interfaces))

    async def interface_capabilities(
        self, interface: str, *, monitor_mode: bool = False
    ) -> capture_pb.GetInterfaceCapabilitiesResponse:
        """Returns the link types and other capabilities of an interface."""
        request = capture_pb.GetInterfaceCapabilitiesRequest(
            interface=interface, monitor_mode=monitor_mode
        )
        method = self.transport.captures.GetInterfaceCapabilities
        return await self.transport.call(method, request)

    def capture(
        self,
        interfaces: str | Sequence[str],
        capture_filter: str = "",
        *,
        keep: bool = False,
        **how: Unpack[CaptureArguments],
    ) -> Capture:
        """Returns a capture, which a `with` statement starts and stops.

        `packets` and `seconds` end it earlier. Its files are deleted at the end
        unless `keep` is set; then it also goes on without this client.
        """
        options = capture_options(interfaces, capture_filter, how)
        return Capture(self.transport, options, keep=keep)

    def attach(self, name: str) -> Capture:
        """Returns a capture that runs already, which isn't stopped here."""
        return Capture(self.transport, name=name, keep=True)

    async def captures(self) -> list[capture_pb.Capture]:
        """Lists the captures of the daemon."""
        return await self.transport.pages(
            self.transport.captures.ListCaptures,
            capture_pb.ListCapturesRequest(),
            lambda page: list(page.captures),
        )

    async def check_capture_filter(
        self, capture_filter: str, interface: str = ""
    ) -> capture_pb.CompileCaptureFilterResponse:
        """Compiles a capture filter; raises an error if it is wrong."""
        request = capture_pb.CompileCaptureFilterRequest(filter=capture_filter)
        if interface:
            request.interface = interface
        method = self.transport.captures.CompileCaptureFilter
        response = await self.transport.call(method, request)
        if not response.valid:
            raise BadFilterError(
                response.message,
                reason="CAPTURE_FILTER_INVALID",
                metadata={"filter": capture_filter},
            )
        return response


def connect(
    server: str | os.PathLike[str] = "",
    *,
    context: str = "",
    tls: bool = False,
    tls_ca: str = "",
    tls_certificate: str = "",
    tls_key: str = "",
    tls_server_name: str = "",
    token: str = "",
    token_file: str = "",
    keepalive: float = KEEPALIVE,
) -> Client:
    """Returns a client of the daemon at an address, or of a context.

    Without arguments, variables and the current context of dissectctl say where
    the daemon is, and without those it is at localhost:50051. A daemon that is
    silent for `keepalive` seconds is asked whether it is there, and has half
    that time to answer.
    """
    given = Settings(
        server=os.fspath(server),
        tls=tls,
        tls_ca=tls_ca,
        tls_certificate=tls_certificate,
        tls_key=tls_key,
        tls_server_name=tls_server_name,
        token=token,
        token_file=token_file,
    )
    return Client(Transport(endpoint(resolve(given, context), keepalive)))
