# SPDX-License-Identifier: Apache-2.0
"""Captures that run as long as somebody reads their packets."""

from __future__ import annotations

import contextlib
import pathlib
from collections.abc import Callable, Iterator

import dissectd
from dissectd.pyshark import _export
from dissectd.sync.transport import Transport
from dissectd.v1 import capture_pb2 as pb

_IDLE_SECONDS = 60

Connect = Callable[[], dissectd.Client]


@contextlib.contextmanager
def running(
    transport: Transport,
    options: pb.CaptureOptions,
    connect: Connect,
    output: Callable[[Transport, str], None] | None,
) -> Iterator[str]:
    """Starts a capture, and ends it when its packets aren't read any more.

    `output` copies its files before they are deleted.
    """
    request = pb.CreateCaptureRequest(options=options)
    # The capture ends soon after a program that couldn't end it.
    request.idle_timeout.seconds = _IDLE_SECONDS
    created = transport.call(transport.captures.CreateCapture, request)
    name = created.capture.name
    try:
        yield name
    finally:
        # The connection may have been closed to end the reading.
        with connect() as client:
            _end(client.transport, name, output)


def _end(
    transport: Transport,
    name: str,
    output: Callable[[Transport, str], None] | None,
) -> None:
    captures = transport.captures
    transport.call(captures.StopCapture, pb.StopCaptureRequest(name=name))
    try:
        if output is not None:
            output(transport, name)
    finally:
        request = pb.DeleteCaptureRequest(name=name)
        transport.call(captures.DeleteCapture, request)


def _files(transport: Transport, capture: str) -> list[str]:
    found = transport.pages(
        transport.captures.ListCaptureFiles,
        pb.ListCaptureFilesRequest(name=capture),
        lambda page: list(page.files),
    )
    return [each.file for each in found]


def copy_to(path: str) -> Callable[[Transport, str], None]:
    """Returns what copies the file of a capture to this machine."""

    def copy(transport: Transport, capture: str) -> None:
        for name in _files(transport, capture):
            _export.copy_file(transport, name, path)

    return copy


def copy_ring_to(folder: pathlib.Path) -> Callable[[Transport, str], None]:
    """Returns what copies the files of a ring into a folder."""

    def copy(transport: Transport, capture: str) -> None:
        for name in _files(transport, capture):
            target = folder / name.rsplit("/", 1)[-1]
            _export.copy_file(transport, name, str(target))

    return copy
