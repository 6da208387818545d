# SPDX-License-Identifier: Apache-2.0
"""Reads the registry of a daemon into the form of the file."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterable, Iterator
from typing import Any

from dissectd.protocols import _data
from dissectd.sync.client import Client
from dissectd.v1 import common_pb2 as common
from dissectd.v1 import registry_pb2 as pb
from dissectd.v1 import server_pb2

_USED_KINDS = {
    common.NAMED_VALUE_KIND_VALUES,
    common.NAMED_VALUE_KIND_VALUES64,
    common.NAMED_VALUE_KIND_RANGES,
}


@dataclasses.dataclass
class _Name:
    """All that the registry has for a name; several fields can have it."""

    type: int = 0
    title: str = ""
    values: dict[_data.Value, None] = dataclasses.field(default_factory=dict)


def _parts(client: Client) -> Iterator[pb.ReadRegistryResponse]:
    yield from client.transport.stream(
        client.transport.registry.ReadRegistry,
        pb.ReadRegistryRequest(named_values=True),
    )


def _names(parts: Iterable[pb.ReadRegistryResponse]) -> dict[str, _Name]:
    names: dict[str, _Name] = {}
    by_id: dict[int, _Name] = {}
    for part in parts:
        for protocol in part.protocols:
            name = names.setdefault(protocol.filter_name, _Name())
            name.type = common.FIELD_TYPE_PROTOCOL
            name.title = protocol.name
        for field in part.fields:
            name = names.setdefault(field.name, _Name())
            # libwireshark reads values as those of the last field with a name.
            if not field.next_same_name_id:
                name.type = field.type
                name.title = field.display_name
            if field.named_value_kind in _USED_KINDS:
                by_id[field.registry_id] = name
        for named in part.named_values:
            if named.registry_id in by_id:
                values = by_id[named.registry_id].values
                for value in named.named_values:
                    key = (value.value, value.last_value, value.name)
                    values.setdefault(key)
    return names


_SEPARATORS = re.compile(r"[\W_]+")


def _says_more(title: str, path: str) -> bool:
    def words(text: str) -> str:
        return _SEPARATORS.sub("", text).lower()

    return words(title) not in {words(path), words(path.rpartition(".")[2])}


class _Tree:
    """The entries of all names, and the lists of values that they share."""

    def __init__(self) -> None:
        self.fields: dict[str, list[Any]] = {}
        self.lists: dict[tuple[_data.Value, ...], int] = {}

    def add(self, path: str, name: _Name) -> None:
        namespace, *rest = path.split(".")
        entry = self.fields.setdefault(namespace, [0, 0, {}, ""])
        for part in rest:
            entry = entry[2].setdefault(part, [0, 0, {}, ""])
        entry[0] = name.type
        if name.values:
            values = tuple(name.values)
            entry[1] = self.lists.setdefault(values, len(self.lists) + 1)
        if _says_more(name.title, path):
            entry[3] = name.title


def _trimmed(entry: list[Any]) -> _data.Entry:
    children = {name: _trimmed(child) for name, child in entry[2].items()}
    short = [entry[0], entry[1], children]
    while short and not short[-1]:
        short.pop()
    return short


def _titles(entry: list[Any]) -> Iterator[str]:
    yield entry[3]
    for child in entry[2].values():
        yield from _titles(child)


def wireshark_version(client: Client) -> str:
    """Returns the version of the Wireshark that a daemon dissects with."""
    info = client.transport.call(
        client.transport.server.GetServerInfo,
        server_pb2.GetServerInfoRequest(),
    )
    return info.engines[0].wireshark_version


def read(client: Client) -> dict[str, Any]:
    """Returns the contents of the file for the registry of a daemon."""
    names = _names(_parts(client))
    tree = _Tree()
    for path in sorted(names):
        tree.add(path, names[path])
    fields = tree.fields
    return _data.members(
        {"wireshark": wireshark_version(client)},
        {name: _trimmed(entry) for name, entry in fields.items()},
        {name: list(_titles(entry)) for name, entry in fields.items()},
        [_data.packed(values) for values in tree.lists],
    )
