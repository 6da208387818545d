# SPDX-License-Identifier: Apache-2.0
"""Writing packets to files of this machine."""

from __future__ import annotations

import os
import pathlib

from dissectd.pyshark._command import Command
from dissectd.sync.sources import locate
from dissectd.sync.transport import Transport
from dissectd.v1 import export_pb2 as export
from dissectd.v1 import file_pb2 as file


def write_frames(
    transport: Transport, source: os.PathLike[str], command: Command
) -> None:
    """Writes the frames that pass the display filter: tshark's `-w`."""
    located = locate(transport, source)
    request = export.ExportPacketsRequest(
        options=command.request.options,
        read_format=command.request.read_format,
    )
    if located.inline is not None:
        request.inline_capture = located.inline
    else:
        request.file = located.file
    view = command.request.view
    request.selection.display_filter = view.display_filter
    request.selection.range.CopyFrom(view.range)
    request.write.file_type = command.file_type
    responses = transport.stream(transport.exports.ExportPackets, request)
    with open(command.output_file, "wb") as output:
        output.writelines(response.chunk for response in responses)


def copy_file(transport: Transport, name: str, target: str) -> None:
    """Copies a file of the store to this machine."""
    request = file.ReadFileRequest(name=name)
    with pathlib.Path(target).open("wb") as output:
        output.writelines(
            part.data
            for part in transport.stream(transport.files.ReadFile, request)
        )
