# SPDX-License-Identifier: Apache-2.0
"""Finds captures: in the store, on this machine, or in file objects."""

from __future__ import annotations

import asyncio
import dataclasses
import io
import os
import pathlib
from typing import Any, BinaryIO, Protocol, TypeAlias, cast

from dissectd.aio.transport import Transport
from dissectd.aio.uploads import send_file
from dissectd.errors import FileNotInStore, InvalidRequest
from dissectd.progress import Progress
from dissectd.v1 import analysis_pb2 as analysis
from dissectd.v1 import dissection_pb2 as dissection
from dissectd.v1 import file_pb2 as files

INLINE_BYTES = 1 << 20
_RESOURCES = ("files/", "captures/", "sessions/")
# The beginnings of pcap and pcapng files, which need no name to be recognised.
MAGICS = (
    b"\xa1\xb2\xc3\xd4",
    b"\xd4\xc3\xb2\xa1",
    b"\xa1\xb2\x3c\x4d",
    b"\x4d\x3c\xb2\xa1",
    b"\x0a\x0d\x0d\x0a",
)


class Named(Protocol):
    """A file, capture or session of the daemon."""

    @property
    def name(self) -> str: ...


Source: TypeAlias = str | os.PathLike[str] | bytes | BinaryIO | Named


@dataclasses.dataclass(frozen=True)
class Resource:
    """A name that the daemon gave, which no file of this machine hides."""

    name: str


@dataclasses.dataclass
class Located:
    """A capture in the form that requests take."""

    file: str = ""
    capture: str = ""
    session: str = ""
    inline: bytes | None = None
    pipe: BinaryIO | None = None

    def _fill(self, request: Any) -> None:
        if self.inline is not None:
            request.inline_capture = self.inline
        for kind in ("file", "capture", "session"):
            if name := getattr(self, kind):
                setattr(request, kind, name)

    def of_dissection(self) -> dissection.DissectRequest:
        request = dissection.DissectRequest()
        self._fill(request)
        return request

    def of_analysis(self) -> analysis.AnalysisSource:
        if self.capture:
            raise InvalidRequest(
                f"{self.capture} can't be analysed while it runs: open a "
                "session on it."
            )
        if self.pipe is not None:
            raise InvalidRequest(
                "A pipe can't be analysed, only read: write it to a file."
            )
        source = analysis.AnalysisSource()
        self._fill(source)
        return source


def _of_resource(name: str) -> Located | None:
    for kind in _RESOURCES:
        if name.startswith(kind):
            return Located(**{kind[:-2]: name})  # type: ignore[arg-type]
    return None


async def _in_store(transport: Transport, name: str) -> Located:
    """Finds a file of the store, also by the end of its name."""
    wanted = f"files/{name}"
    try:
        request = files.GetFileRequest(name=wanted)
        await transport.call(transport.files.GetFile, request)
        return Located(file=wanted)
    except FileNotInStore:
        pass
    every = await transport.pages(
        transport.files.ListFiles,
        files.ListFilesRequest(),
        lambda page: list(page.files),
    )
    found = [file.name for file in every if file.name.endswith(f"/{name}")]
    if len(found) == 1:
        return Located(file=found[0])
    several = f" It has several: {', '.join(found)}." if found else ""
    raise FileNotInStore(
        f'Neither this machine nor the store has a file "{name}".{several}',
        reason="FILE_NOT_FOUND",
        metadata={"file": wanted},
    )


async def _of_path(
    transport: Transport,
    path: str | os.PathLike[str],
    limit: int,
    progress: Progress | None,
) -> Located:
    local = pathlib.Path(path)
    if not local.exists():
        raise FileNotFoundError(f'The file "{local}" doesn\'t exist.')
    if local.is_fifo():
        pipe = await asyncio.to_thread(open, local, "rb", 0)
        return Located(pipe=pipe)
    with open(local, "rb") as file:
        return await _of_file(transport, file, limit, progress)


async def _of_file(
    transport: Transport, file: BinaryIO, limit: int, progress: Progress | None
) -> Located:
    size = file.seek(0, os.SEEK_END)
    file.seek(0)
    if size <= limit:
        content = file.read()
        if content.startswith(MAGICS):
            return Located(inline=content)
    name = getattr(file, "name", "")
    name = pathlib.Path(name).name if isinstance(name, str) else ""
    sent = await send_file(
        transport, file, name or "capture", by_hash=True, progress=progress
    )
    return Located(file=sent)


def source_name(source: Source) -> str:
    """Returns the name of a file of this machine, as messages have it."""
    if not isinstance(source, str | os.PathLike):
        source = getattr(source, "name", "")
    if not isinstance(source, str | os.PathLike):
        return ""
    return pathlib.Path(source).name


async def locate(
    transport: Transport,
    source: Source,
    progress: Progress | None = None,
    *,
    inline: bool = True,
) -> Located:
    """Returns a capture in the form that requests take.

    Files of this machine are uploaded; small ones go with the request. A text
    is a file of this machine if there is one, and else a file of the store.
    Without `inline`, small files are uploaded, too.
    """
    limit = INLINE_BYTES if inline else -1
    if isinstance(source, bytes):
        source = io.BytesIO(source)
    # A file object has a name, too, but that of a file of this machine.
    if hasattr(source, "seekable"):
        if isinstance(source, io.TextIOBase):
            raise TypeError('Open a capture in binary mode: open(path, "rb").')
        file = cast("BinaryIO", source)
        return await _of_object(transport, file, limit, progress)
    if not isinstance(source, str | os.PathLike):
        name = getattr(source, "name", None)
        if isinstance(name, str) and (resource := _of_resource(name)):
            return resource
    if isinstance(source, str):
        path = pathlib.Path(source)
        if path.is_absolute() or path.exists():
            return await _of_path(transport, source, limit, progress)
        return _of_resource(source) or await _in_store(transport, source)
    if isinstance(source, os.PathLike):
        return await _of_path(transport, source, limit, progress)
    raise TypeError(f"{source!r} is no capture.")


async def _of_object(
    transport: Transport, file: BinaryIO, limit: int, progress: Progress | None
) -> Located:
    if file.seekable():
        return await _of_file(transport, file, limit, progress)
    return Located(pipe=file)
