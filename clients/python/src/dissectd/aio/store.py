# SPDX-License-Identifier: Apache-2.0
"""The files of the daemon's store."""

from __future__ import annotations

import os
import pathlib
from collections.abc import Sequence
from types import TracebackType
from typing import TYPE_CHECKING, BinaryIO

from dissectd.aio.handle import FileHandle
from dissectd.aio.sources import Resource
from dissectd.aio.transport import Transport
from dissectd.aio.uploads import send_file
from dissectd.listings import FileInfo, Listing, file_info
from dissectd.progress import Progress
from dissectd.v1 import export_pb2 as export
from dissectd.v1 import file_pb2 as pb
from dissectd.writing import replacing

if TYPE_CHECKING:
    from typing_extensions import Self

_PREFIX = "files/"


class StoredFile(FileHandle):
    """A file of the store. A `with` statement deletes it at its end."""

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
        await self.delete()

    def __repr__(self) -> str:
        return f"<StoredFile {self.name}>"

    async def delete(self) -> None:
        """Deletes the file."""
        request = pb.DeleteFileRequest(name=self.name)
        method = self.transport.files.DeleteFile
        await self.transport.call(method, request)

    async def info(self, *, summary: bool = False) -> FileInfo:
        """Returns the file's size and time; with its summary if asked for."""
        level = pb.FileView.FILE_VIEW_BASIC
        if summary:
            level = pb.FileView.FILE_VIEW_FULL
        request = pb.GetFileRequest(name=self.name, view=level)
        method = self.transport.files.GetFile
        response = await self.transport.call(method, request)
        return file_info(response.file)

    async def download(self, path: str | os.PathLike[str]) -> None:
        """Writes the file to one of this machine, once it is there whole."""
        request = pb.ReadFileRequest(name=self.name)
        with replacing(path) as file:
            async for response in self.transport.stream(
                self.transport.files.ReadFile, request
            ):
                file.write(response.data)

    async def share(self, readers: Sequence[str]) -> FileInfo:
        """Says who may read the file, instead of those who could before."""
        request = pb.ShareFileRequest(name=self.name, readers=readers)
        method = self.transport.files.ShareFile
        response = await self.transport.call(method, request)
        return file_info(response.file)


def resource(name: str) -> str:
    return name if name.startswith(_PREFIX) else _PREFIX + name


class StoreCalls:
    """The calls of a client that are about the store."""

    transport: Transport

    async def files(self, prefix: str = "") -> list[FileInfo]:
        """Lists the files of the store."""
        found = await self.transport.pages(
            self.transport.files.ListFiles,
            pb.ListFilesRequest(prefix=prefix),
            lambda page: list(page.files),
        )
        return Listing(map(file_info, found))

    def stored(self, name: str) -> StoredFile:
        """Returns a file of the store, to download or to delete."""
        return StoredFile(self.transport, resource(name))

    async def upload(
        self,
        source: str | os.PathLike[str] | BinaryIO,
        *,
        name: str = "",
        by_hash: bool = False,
        progress: Progress | None = None,
    ) -> StoredFile:
        """Uploads a file, which stays until it is deleted.

        With `by_hash`, nothing is sent if the store has it already, and the
        daemon may delete it when nobody has used it for a day.
        """
        if isinstance(source, str | os.PathLike):
            path = pathlib.Path(source)
            with open(path, "rb") as file:
                return await self._send(
                    file, name or path.name, by_hash, progress
                )

        return await self._send(source, name or "capture", by_hash, progress)

    async def _send(
        self,
        file: BinaryIO,
        name: str,
        by_hash: bool,
        progress: Progress | None,
    ) -> StoredFile:
        stored = await send_file(
            self.transport, file, name, by_hash=by_hash, progress=progress
        )
        return StoredFile(self.transport, stored)

    async def merge(
        self, names: Sequence[str], target: str, *, overwrite: bool = False
    ) -> StoredFile:
        """Merges files of the store into another one, by time."""
        request = export.MergeFilesRequest(
            files=map(resource, names), name=target, overwrite=overwrite
        )
        method = self.transport.exports.MergeFiles
        response = await self.transport.call(method, request)
        return StoredFile(self.transport, response.file.name)
