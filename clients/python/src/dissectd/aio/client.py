# SPDX-License-Identifier: Apache-2.0
"""The client of a daemon."""

from __future__ import annotations

import os
from collections.abc import Sequence
from types import TracebackType
from typing import TYPE_CHECKING

from dissectd.aio.reading import Packets
from dissectd.aio.sources import Source
from dissectd.aio.transport import Transport
from dissectd.options import (
    Dissection,
    Range,
    dissection_options,
    frame_range,
    view,
)
from dissectd.progress import Progress
from dissectd.settings import Settings, endpoint, resolve
from dissectd.v1 import dissection_pb2 as pb

if TYPE_CHECKING:
    from typing_extensions import Self, Unpack


class ReadArguments(Dissection, Range, total=False):
    """How to dissect, and which frames to send."""


class Client:
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

    async def close(self) -> None:
        """Closes the connection, which ends all calls."""
        await self.transport.close()

    def read(
        self,
        source: Source,
        filter: object = "",  # noqa: A002
        *,
        fields: Sequence[str] | None = None,
        columns: Sequence[str] | None = None,
        tree: bool | Sequence[str] | None = None,
        labels: bool = True,
        bytes: bool | str = False,  # noqa: A002
        progress: Progress | None = None,
        **how: Unpack[ReadArguments],
    ) -> Packets:
        """Returns the packets that pass a display filter.

        They have their whole tree; with `fields` or `columns` only those, which
        is faster. `tree` names the protocols whose details are of interest.
        """
        request = read_request(
            how,
            view(
                filter,
                fields=fields,
                column_names=columns,
                tree=tree,
                labels=labels,
                bytes=bytes,
            ),
        )
        return Packets(
            self.transport,
            source,
            request,
            column_names=columns or (),
            progress=progress,
        )


def read_request(how: ReadArguments, parts: pb.View) -> pb.DissectRequest:
    """Returns a request without a source."""
    options: Dissection = {}
    place: Range = {}
    for key, value in how.items():
        target = place if key in Range.__annotations__ else options
        target[key] = value  # type: ignore[literal-required]
    request = pb.DissectRequest(view=parts, options=dissection_options(options))
    if place:
        request.view.range.CopyFrom(frame_range(place))
    return request


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
) -> Client:
    """Returns a client of the daemon at an address, or of a context.

    Without arguments, variables and the current context of dissectctl say where
    the daemon is, and without those it is at localhost:50051.
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
    return Client(Transport(endpoint(resolve(given, context))))
