# SPDX-License-Identifier: Apache-2.0
"""What the daemon tells about itself, its store and its interfaces."""

from __future__ import annotations

import dataclasses
from typing import TypeVar

from dissectd.v1 import capture_pb2 as capture
from dissectd.v1 import file_pb2 as files
from dissectd.v1 import server_pb2 as server
from dissectd.v1 import wiretap_pb2 as wiretap
from dissectd.values import Timestamp

Item = TypeVar("Item")

_ITEMS_SHOWN = 20


class Listing(list[Item]):
    """A list that shows an item on each line, and of a long one the first."""

    def __repr__(self) -> str:
        lines = [repr(item) for item in self[:_ITEMS_SHOWN]]
        if more := len(self) - len(lines):
            lines.append(f"... and {more} more")
        inner = ",\n ".join(lines)
        return f"[{inner}]"


@dataclasses.dataclass(frozen=True)
class Interface:
    """An interface of the daemon's machine."""

    name: str
    number: int
    type: str
    addresses: list[str]
    loopback: bool
    friendly_name: str
    vendor_name: str
    extcap: str

    def __repr__(self) -> str:
        words = [self.name, self.friendly_name or self.vendor_name]
        return f"<Interface {_joined(*words, *self.addresses)}>"


def interface(message: capture.Interface) -> Interface:
    kind = capture.InterfaceType.Name(message.type)
    return Interface(
        name=message.name,
        number=message.number,
        type=kind.removeprefix("INTERFACE_TYPE_").lower(),
        addresses=list(message.addresses),
        loopback=message.loopback,
        friendly_name=message.friendly_name,
        vendor_name=message.vendor_name,
        extcap=message.extcap,
    )


@dataclasses.dataclass(frozen=True)
class FileInfo:
    """What the store knows about a file; its summary if that was asked for."""

    name: str
    size_bytes: int
    modify_time: Timestamp
    deletable: bool
    owner: str
    readers: list[str]
    summary: wiretap.FileSummary | None

    def __repr__(self) -> str:
        changed = f"{self.modify_time:%Y-%m-%d %H:%M:%S}Z"
        return f"<FileInfo {self.name}, {self.size_bytes} bytes, {changed}>"


def file_info(message: files.File) -> FileInfo:
    time = message.modify_time
    return FileInfo(
        name=message.name,
        size_bytes=message.size_bytes,
        modify_time=Timestamp.from_parts(time.seconds, time.nanos),
        deletable=message.deletable,
        owner=message.owner,
        readers=list(message.readers),
        summary=message.summary if message.HasField("summary") else None,
    )


@dataclasses.dataclass(frozen=True)
class ServerInfo:
    """Versions and limits of the daemon, and who it takes you for."""

    version: str
    engines: list[server.Engine]
    libraries: server.LibraryVersions
    identity: server.ProcessIdentity
    limits: server.ServerLimits
    caller: server.Caller

    def __repr__(self) -> str:
        engines = ", ".join(engine.id for engine in self.engines)
        text = f"<ServerInfo dissectd {self.version} with {engines}"
        if self.caller.principal:
            text += f", you are {self.caller.principal}"
        return text + ">"


def server_info(message: server.GetServerInfoResponse) -> ServerInfo:
    return ServerInfo(
        version=message.version,
        engines=list(message.engines),
        libraries=message.libraries,
        identity=message.identity,
        limits=message.limits,
        caller=message.caller,
    )


def _joined(*words: str) -> str:
    return " ".join(word for word in words if word)
