# SPDX-License-Identifier: Apache-2.0
"""Filters, and what the daemon's Wireshark knows."""

from __future__ import annotations

from collections.abc import AsyncGenerator

from dissectd.aio.transport import Transport
from dissectd.errors import DisplayFilterError, Span
from dissectd.listings import ServerInfo, server_info
from dissectd.v1 import analysis_pb2 as analysis
from dissectd.v1 import common_pb2 as common
from dissectd.v1 import filter_pb2 as filters
from dissectd.v1 import preference_pb2 as preferences_pb
from dissectd.v1 import registry_pb2 as registry
from dissectd.v1 import server_pb2 as server

_REASON = "DISPLAY_FILTER_INVALID"
_ERROR = filters.FilterSeverity.FILTER_SEVERITY_ERROR


class RegistryCalls:
    """The calls of a client that are about no capture."""

    transport: Transport

    async def compile(
        self,
        filter: object,
        *,
        byte_code: bool = False,
    ) -> filters.CompileFilterResponse:
        """Compiles a display filter. One that is wrong is an answer, too."""
        request = filters.CompileFilterRequest(
            filter=str(filter), with_byte_code=byte_code
        )
        method = self.transport.filters.CompileFilter
        return await self.transport.call(method, request)

    async def check(
        self,
        filter: object,
    ) -> filters.CompileFilterResponse:
        """Compiles a display filter; raises an error that shows its fault."""
        text = str(filter)
        response = await self.compile(text)
        if response.valid:
            return response
        for diagnostic in response.diagnostics:
            if diagnostic.severity == _ERROR:
                span = None
                if diagnostic.HasField("span"):
                    place = diagnostic.span
                    span = Span(place.start, place.length)
                raise DisplayFilterError(
                    diagnostic.message,
                    reason=_REASON,
                    metadata={"filter": text},
                    span=span,
                )
        raise DisplayFilterError(f"{text} is no filter.", reason=_REASON)

    async def complete(
        self,
        filter: str,
        cursor: int | None = None,
        *,
        limit: int = 0,
    ) -> filters.CompleteFilterResponse:
        """Returns what can stand at a place of a display filter."""
        place = filter if cursor is None else filter[:cursor]
        request = filters.CompleteFilterRequest(
            filter=filter, cursor=len(place.encode()), limit=limit
        )
        method = self.transport.filters.CompleteFilter
        return await self.transport.call(method, request)

    async def protocols(self) -> list[registry.Protocol]:
        """Lists the protocols that can be dissected."""
        return await self.transport.pages(
            self.transport.registry.ListProtocols,
            registry.ListProtocolsRequest(),
            lambda page: list(page.protocols),
        )

    async def field_definitions(
        self, protocol: str = "", *, text: str = ""
    ) -> list[common.Field]:
        """Lists fields: of a protocol, or those whose names have a text."""
        return await self.transport.pages(
            self.transport.registry.ListFields,
            registry.ListFieldsRequest(protocol=protocol, text=text),
            lambda page: list(page.fields),
        )

    async def field_definition(self, name: str) -> list[common.Field]:
        """Returns the fields of a name, which several can share."""
        request = registry.LookupFieldsRequest(name=name)
        method = self.transport.registry.LookupFields
        return list((await self.transport.call(method, request)).fields)

    async def named_values(self, field: str) -> list[registry.NamedValue]:
        """Lists the values of a field that have names."""
        return await self.transport.pages(
            self.transport.registry.ListNamedValues,
            registry.ListNamedValuesRequest(field=field),
            lambda page: list(page.named_values),
        )

    async def read_registry(
        self, *, named_values: bool = False
    ) -> AsyncGenerator[registry.ReadRegistryResponse, None]:
        """Yields all protocols and fields in large parts."""
        request = registry.ReadRegistryRequest(named_values=named_values)
        responses = self.transport.stream(
            self.transport.registry.ReadRegistry, request
        )
        try:
            async for response in responses:
                yield response
        finally:
            await responses.aclose()

    async def preferences(
        self, module: str = ""
    ) -> list[preferences_pb.Preference]:
        """Lists preferences: of a module such as `tcp`, or all."""
        return await self.transport.pages(
            self.transport.preferences.ListPreferences,
            preferences_pb.ListPreferencesRequest(module=module),
            lambda page: list(page.preferences),
        )

    async def preference(self, name: str) -> preferences_pb.Preference:
        """Returns a preference, for example `tcp.desegment_tcp_streams`."""
        request = preferences_pb.GetPreferenceRequest(name=name)
        method = self.transport.preferences.GetPreference
        return (await self.transport.call(method, request)).preference

    async def reports(self) -> analysis.ListReportsResponse:
        """Lists reports, followers, and types of objects."""
        request = analysis.ListReportsRequest()
        method = self.transport.analysis.ListReports
        return await self.transport.call(method, request)

    async def info(self) -> ServerInfo:
        """Returns versions, limits, and who the daemon takes you for."""
        request = server.GetServerInfoRequest()
        method = self.transport.server.GetServerInfo
        return server_info(await self.transport.call(method, request))
