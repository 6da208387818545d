# SPDX-License-Identifier: Apache-2.0
"""The contents of captures, in a form that can be sent to a daemon."""

from __future__ import annotations

import contextlib
import posixpath
import shutil
import tempfile
from collections.abc import Iterator
from typing import BinaryIO, TypeAlias

import fsspec
from fsspec.core import url_to_fs
from fsspec.implementations.local import LocalFileSystem

from dissectd.dask.cuts import FILE_HEADER, Piece, find_pieces
from dissectd.dask.files import CaptureFile, StorageOptions
from dissectd.dask.stateless import Need
from dissectd.errors import FileError
from dissectd.sync.sources import INLINE_BYTES, Resource

# Bytes that go with the request, a file of this machine, or one of the store.
Content: TypeAlias = bytes | BinaryIO | Resource

_BLOCK = 1 << 20


@contextlib.contextmanager
def content_of(
    file: CaptureFile, piece: Piece | None, options: StorageOptions, store: str
) -> Iterator[Content]:
    """Yields the content of a capture, or of a piece of it.

    Of a large one there is never more than a block in memory: what isn't on
    this machine is copied to a temporary file.
    """
    if store and piece is None and file.name.startswith(f"{store}/"):
        path = posixpath.relpath(file.name, store)
        yield Resource(f"files/{path}")
        return
    with contextlib.ExitStack() as stack:
        try:
            content = _fetch(file, piece, options, stack)
        except Exception as error:
            raise _not_readable(file, error) from error
        yield content


def _not_readable(file: CaptureFile, error: Exception) -> FileError:
    """Returns the failure for any that fsspec raises: stores have their own."""
    return FileError(
        f'The file "{file.name}" can\'t be read: {error or type(error)}',
        reason="FILE_NOT_READABLE",
    )


def _fetch(
    file: CaptureFile,
    piece: Piece | None,
    options: StorageOptions,
    stack: contextlib.ExitStack,
) -> Content:
    system, path = url_to_fs(file.name, **options)
    if piece is None:
        if file.size <= INLINE_BYTES:
            content: bytes = system.cat_file(path)
            return content
        if isinstance(system, LocalFileSystem):
            return stack.enter_context(open(path, "rb"))
    copy: BinaryIO = stack.enter_context(tempfile.TemporaryFile())  # noqa: SIM115
    with system.open(path, "rb") as source:
        if piece is None:
            shutil.copyfileobj(source, copy, _BLOCK)
        else:
            _copy_piece(source, piece, copy)
    copy.seek(0)
    return copy


def _copy_piece(
    source: fsspec.spec.AbstractBufferedFile, piece: Piece, copy: BinaryIO
) -> None:
    copy.write(source.read(FILE_HEADER))
    source.seek(piece.begin)
    left = piece.end - piece.begin
    while left and (data := source.read(min(left, _BLOCK))):
        copy.write(data)
        left -= len(data)


def pieces_of(
    file: CaptureFile, options: StorageOptions, piece_bytes: int, need: Need
) -> list[Piece | None]:
    """Returns where to cut a capture; see `find_pieces`.

    One that can't be read isn't cut: reading it whole tells why.
    """
    try:
        system, path = url_to_fs(file.name, **options)
        with system.open(path, "rb") as stream:
            return find_pieces(stream, file.size, piece_bytes, need)
    except OSError:
        return [None]
