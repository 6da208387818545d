# SPDX-License-Identifier: Apache-2.0
"""Analyses of captures: streams, statistics, objects, and exports."""

from __future__ import annotations

import os
from collections.abc import AsyncGenerator
from typing import TYPE_CHECKING, NoReturn

import grpc
import grpc.aio

from dissectd import results
from dissectd.aio.sources import Source, locate, source_name
from dissectd.aio.transport import Request, Response, Transport
from dissectd.errors import (
    DissectdError,
    InvalidRequest,
    NotFound,
    from_failure,
)
from dissectd.known_names import UNKNOWN_NAMES, with_known_names
from dissectd.options import (
    dissection_options,
    filter_text,
    frame_range,
    split_arguments,
)
from dissectd.tables import Table
from dissectd.v1 import analysis_pb2 as pb
from dissectd.v1 import common_pb2 as common
from dissectd.v1 import export_pb2 as export
from dissectd.writing import replacing

if TYPE_CHECKING:
    from typing_extensions import Unpack

    from dissectd.options import ReadArguments


class Analysis:
    """What can be asked about a capture besides its packets."""

    def __init__(
        self, transport: Transport, source: Source, patience: float = 0
    ) -> None:
        self.transport = transport
        self.source = source
        self.patience = patience

    async def _analysis_source(self, how: ReadArguments) -> pb.AnalysisSource:
        located = await locate(self.transport, self.source)
        source = located.of_analysis()
        options, place = split_arguments(how)
        if (made := dissection_options(options)) is not None:
            source.options.CopyFrom(made)
        if place:
            source.range.CopyFrom(frame_range(place))
        return source

    async def statistics(
        self,
        *reports: str,
        filter: object = "",
        text: bool = False,
        **how: Unpack[ReadArguments],
    ) -> list[pb.ReportResult]:
        """Makes reports, which have the names that `tshark -z` has."""
        request = pb.RunStatisticsRequest(
            source=await self._analysis_source(how),
            reports=[pb.Report(argument=report) for report in reports],
            display_filter=filter_text(filter),
            text=text,
        )
        found = []
        async for response in self._stream(
            self.transport.analysis.RunStatistics, request
        ):
            if response.HasField("result"):
                found.append(response.result)
            elif response.HasField("end"):
                self._check(response.end)
        return found

    async def _stream(
        self,
        method: grpc.aio.UnaryStreamMultiCallable[Request, Response],
        request: Request,
    ) -> AsyncGenerator[Response, None]:
        """Makes a call whose errors say more than the daemon knows."""
        responses = self.transport.stream(method, request)
        try:
            async for response in responses:
                yield response
        except InvalidRequest as error:
            if error.reason not in UNKNOWN_NAMES:
                raise
            raise await self._with_known_names(error) from None
        except DissectdError as error:
            error.name_file(source_name(self.source))
            raise
        finally:
            await responses.aclose()

    async def _with_known_names(self, error: InvalidRequest) -> InvalidRequest:
        asked = pb.ListReportsRequest()
        method = self.transport.analysis.ListReports
        try:
            return with_known_names(
                error, await self.transport.call(method, asked)
            )
        except DissectdError:
            # Not everybody may list them; the first error is still right.
            return error

    def _check(self, end: pb.AnalysisEnd) -> None:
        if end.HasField("read_error"):
            self._fail(end.read_error)

    def _fail(self, failure: common.Failure) -> NoReturn:
        error = from_failure(failure)
        error.name_file(source_name(self.source))
        raise error

    async def conversations(
        self,
        protocol: str,
        filter: object = "",
        **how: Unpack[ReadArguments],
    ) -> Table:
        """Returns who talked to whom with a protocol, such as `tcp`."""
        report = _with_filter(f"conv,{protocol}", filter)
        found = await self.statistics(report, **how)
        return results.conversations(r.conversations for r in found)

    async def endpoints(
        self,
        protocol: str,
        filter: object = "",
        **how: Unpack[ReadArguments],
    ) -> Table:
        """Returns who talked with a protocol, such as `ip`."""
        report = _with_filter(f"endpoints,{protocol}", filter)
        found = await self.statistics(report, **how)
        return results.endpoints(r.endpoints for r in found)

    async def protocols(
        self,
        filter: object = "",
        **how: Unpack[ReadArguments],
    ) -> Table:
        """Returns the protocol hierarchy."""
        report = _with_filter("io,phs", filter)
        found = await self.statistics(report, **how)
        return results.protocols(r.protocol_hierarchy for r in found)

    async def expert(
        self,
        filter: object = "",
        **how: Unpack[ReadArguments],
    ) -> Table:
        """Returns expert information."""
        found = await self.statistics(_with_filter("expert", filter), **how)
        return results.expert(r.expert for r in found)

    async def io_graph(
        self,
        interval: float = 1.0,
        *calculations: str,
        **how: Unpack[ReadArguments],
    ) -> Table:
        """Returns numbers for each interval.

        A calculation is a display filter, or has a form such as
        `SUM(tcp.len)tcp.len`. Without one there are frames and bytes.
        """
        report = ",".join(["io,stat", f"{interval:.9g}", *calculations])
        found = await self.statistics(report, **how)
        return results.io_table(r.io for r in found)

    async def follow(
        self,
        protocol: str,
        stream: int,
        *,
        sub_stream: int | None = None,
        **how: Unpack[ReadArguments],
    ) -> results.Followed:
        """Returns the payload of a stream, such as `tcp` and its number."""
        request = pb.FollowStreamRequest(
            source=await self._analysis_source(how),
            follower=protocol,
            stream=stream,
            sub_stream=sub_stream,
        )
        followed = results.Followed(pb.FollowedStream(), [])
        async for response in self._stream(
            self.transport.analysis.FollowStream, request
        ):
            if response.HasField("header"):
                followed.header = response.header
            elif response.HasField("chunk"):
                followed.chunks.append(results.chunk(response.chunk))
            else:
                self._check(response.end)
        # A stream without a payload has at least the addresses of its ends.
        if not followed.chunks and not followed.header.HasField("client"):
            raise NotFound(f"The capture has no stream {stream} of {protocol}.")
        return followed

    async def objects(
        self, protocol: str, **how: Unpack[ReadArguments]
    ) -> AsyncGenerator[results.ExportedObject, None]:
        """Yields the files that were transferred with a protocol, as `http`."""
        request = pb.ReadExportObjectsRequest(
            source=await self._analysis_source(how), type=protocol
        )
        current: results.ExportedObject | None = None
        async for response in self._stream(
            self.transport.analysis.ReadExportObjects, request
        ):
            if response.HasField("object"):
                if current is not None:
                    yield current
                current = results.ExportedObject(response.object)
            elif response.HasField("chunk") and current is not None:
                current.data += response.chunk
            elif response.HasField("end"):
                if current is not None:
                    yield current
                self._check(response.end)

    async def tls_secrets(self, **how: Unpack[ReadArguments]) -> bytes:
        """Returns the keys of TLS sessions that could be decrypted."""
        request = pb.ExportTlsSecretsRequest(
            source=await self._analysis_source(how)
        )
        method = self.transport.analysis.ExportTlsSecrets
        response = await self.transport.call(method, request)
        self._check(response.end)
        return response.key_log

    async def export(
        self,
        path: str | os.PathLike[str],
        filter: object = "",
        *,
        file_type: str = "",
        **how: Unpack[ReadArguments],
    ) -> int:
        """Writes the packets that pass a filter to a file of this machine.

        Returns their number. The file type is one of `tshark -F`; by default it
        is pcapng. A file that exists is replaced once the new one is whole. If
        the capture is damaged, that has the packets before the damage, and an
        error is raised.
        """
        source = await self._analysis_source(how)
        request = export.ExportPacketsRequest(
            options=source.options if source.HasField("options") else None,
            selection=export.FrameSelection(
                display_filter=filter_text(filter), range=source.range
            ),
            write=export.WriteOptions(file_type=file_type),
        )
        kind = source.WhichOneof("source")
        if kind is not None:
            setattr(request, kind, getattr(source, kind))
        end = export.ExportEnd()
        with replacing(path) as file:
            async for response in self._stream(
                self.transport.exports.ExportPackets, request
            ):
                if response.HasField("chunk"):
                    file.write(response.chunk)
                elif response.HasField("end"):
                    end = response.end
        if end.HasField("read_error"):
            self._fail(end.read_error)
        return end.frames_written


def _with_filter(report: str, filter: object) -> str:
    text = filter_text(filter)
    return f"{report},{text}" if text else report
