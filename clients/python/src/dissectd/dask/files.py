# SPDX-License-Identifier: Apache-2.0
"""Finds captures by fsspec: local ones, and those of S3 and other stores."""

from __future__ import annotations

import dataclasses
import os
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, TypeAlias

import fsspec
from fsspec.core import url_to_fs
from fsspec.implementations.local import LocalFileSystem
from fsspec.utils import stringify_path

StorageOptions: TypeAlias = Mapping[str, Any]
Place: TypeAlias = str | os.PathLike[str]

_MAGIC = frozenset("*?[")


@dataclasses.dataclass(frozen=True)
class CaptureFile:
    """A capture, with the name that data frames and reports have for it."""

    name: str
    size: int


def _name(system: fsspec.AbstractFileSystem, path: str) -> str:
    if isinstance(system, LocalFileSystem):
        return path
    url: str = system.unstrip_protocol(path)
    return url


def _matches(
    system: fsspec.AbstractFileSystem, path: str
) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yields files by their paths: a folder has all those below it."""
    if _MAGIC.isdisjoint(path):
        info = system.info(path)
        if info["type"] == "directory":
            yield from system.find(path, detail=True).items()
        else:
            yield path, info
        return
    for found, info in sorted(system.glob(path, detail=True).items()):
        if info["type"] != "directory":
            yield found, info


def find_captures(
    places: Place | Sequence[Place], storage_options: StorageOptions
) -> list[CaptureFile]:
    """Returns the files of some URLs, each once, in the order of the URLs."""
    if isinstance(places, str | os.PathLike):
        places = [places]
    found: dict[str, CaptureFile] = {}
    for place in places:
        system, path = url_to_fs(stringify_path(place), **storage_options)
        before = len(found)
        for match, info in _matches(system, path):
            name = _name(system, match)
            found[name] = CaptureFile(name, info["size"])
        if len(found) == before and not _MAGIC.isdisjoint(path):
            raise FileNotFoundError(f'No file matches "{place}".')
    if not found:
        raise FileNotFoundError("There are no captures to read.")
    return list(found.values())
