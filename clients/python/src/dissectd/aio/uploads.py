# SPDX-License-Identifier: Apache-2.0
"""Uploads, which continue where a broken call ended."""

from __future__ import annotations

import asyncio
import hashlib
import os
from collections.abc import AsyncGenerator
from typing import BinaryIO

from dissectd.aio.transport import Transport
from dissectd.errors import ConnectionFailed, DissectdError, TryAgainError
from dissectd.progress import Progress, default_progress
from dissectd.v1 import file_pb2 as pb

_CHUNK = 1 << 20
_ATTEMPTS = 5
_FIRST_PAUSE = 0.2
_MISMATCH = "UPLOAD_OFFSET_MISMATCH"


def _sha256(file: BinaryIO) -> bytes:
    digest = hashlib.sha256()
    file.seek(0)
    while chunk := file.read(_CHUNK):
        digest.update(chunk)
    return digest.digest()


async def _chunks(
    upload: pb.Upload, file: BinaryIO, size: int, progress: Progress | None
) -> AsyncGenerator[pb.WriteUploadRequest, None]:
    offset = upload.committed_bytes
    name = upload.name
    file.seek(offset)
    while True:
        # A file that grows while it is read ends where it did.
        data = file.read(min(_CHUNK, size - offset))
        last = offset + len(data) >= size or not data
        yield pb.WriteUploadRequest(
            name=name, offset=offset, data=data, finish=last
        )
        offset += len(data)
        if progress is not None:
            progress(offset, size)
        if last:
            return
        name = ""


def _is_transient(error: DissectdError) -> bool:
    transient = isinstance(error, ConnectionFailed | TryAgainError)
    return transient or error.reason in (_MISMATCH, "UPLOAD_BUSY")


async def _write(
    transport: Transport,
    upload: pb.Upload,
    file: BinaryIO,
    size: int,
    progress: Progress | None,
) -> str:
    attempt, pause = 0, _FIRST_PAUSE
    while True:
        try:
            chunks = _chunks(upload, file, size, progress)
            method = transport.files.WriteUpload
            response = await transport.send(method, chunks)
            return response.upload.file
        except DissectdError as error:
            attempt += 1
            if not _is_transient(error) or attempt >= _ATTEMPTS:
                raise
        await asyncio.sleep(pause)
        pause *= 2
        try:
            request = pb.GetUploadRequest(name=upload.name)
            got = await transport.call(transport.files.GetUpload, request)
        except (ConnectionFailed, TryAgainError):
            continue
        if got.upload.committed_bytes > upload.committed_bytes:
            attempt, pause = 0, _FIRST_PAUSE
        upload = got.upload
        # The last call may have finished although its answer was lost.
        if upload.file:
            return upload.file


async def send_file(
    transport: Transport,
    file: BinaryIO,
    name: str,
    *,
    by_hash: bool,
    progress: Progress | None = None,
) -> str:
    """Uploads a file, and returns its name in the store.

    With `by_hash`, a file that was sent before isn't sent again, and the daemon
    may delete it when nobody has used it for a day.
    """
    size = file.seek(0, os.SEEK_END)
    digest = _sha256(file) if by_hash else b""
    created = await transport.call(
        transport.files.CreateUpload,
        pb.CreateUploadRequest(file_name=name, sha256=digest),
    )
    upload = created.upload
    if upload.file:
        return upload.file
    try:
        return await _write(
            transport,
            upload,
            file,
            size,
            progress or default_progress(f"Uploading {name}"),
        )
    except DissectdError:
        await _abandon(transport, upload.name)
        raise


async def _abandon(transport: Transport, name: str) -> None:
    try:
        request = pb.DeleteUploadRequest(name=name)
        await transport.call(transport.files.DeleteUpload, request, timeout=5)
    except DissectdError:
        # The first error says more; the daemon forgets the upload later.
        return
