# SPDX-License-Identifier: Apache-2.0
"""The types of fields as pyshark learns them from tshark's elastic-mapping.

Its peculiarities are kept: of a protocol whose fields were registered in
several places, only those of the last place have types. All others are texts.
"""

from __future__ import annotations

import itertools
import threading
from collections.abc import Iterable, Mapping

from dissectd.sync.transport import Transport
from dissectd.v1 import common_pb2 as common
from dissectd.v1 import registry_pb2 as pb

_T = common.FieldType
# Types that the mapping has, too, but that pyshark treats as texts.
_OTHERS = {
    _T.FIELD_TYPE_BOOLEAN,
    _T.FIELD_TYPE_IPV4,
    _T.FIELD_TYPE_IPV6,
}
_PYTHON: dict[int, type[int | float | bytes]] = {
    **dict.fromkeys(
        (
            _T.FIELD_TYPE_UINT8,
            _T.FIELD_TYPE_INT8,
            _T.FIELD_TYPE_UINT16,
            _T.FIELD_TYPE_INT16,
            _T.FIELD_TYPE_UINT24,
            _T.FIELD_TYPE_INT24,
            _T.FIELD_TYPE_UINT32,
            _T.FIELD_TYPE_INT32,
            _T.FIELD_TYPE_UINT40,
            _T.FIELD_TYPE_UINT48,
            _T.FIELD_TYPE_INT48,
            _T.FIELD_TYPE_UINT56,
            _T.FIELD_TYPE_UINT64,
            _T.FIELD_TYPE_INT64,
            _T.FIELD_TYPE_FRAMENUM,
        ),
        int,
    ),
    **dict.fromkeys(
        (
            _T.FIELD_TYPE_FLOAT,
            _T.FIELD_TYPE_DOUBLE,
            _T.FIELD_TYPE_ABSOLUTE_TIME,
            _T.FIELD_TYPE_RELATIVE_TIME,
        ),
        float,
    ),
    _T.FIELD_TYPE_BYTES: bytes,
    _T.FIELD_TYPE_UINT_BYTES: bytes,
}

# For each protocol, the types of its fields by their names.
Types = Mapping[str, Mapping[str, type[int | float | bytes]]]

_known: dict[str, Types] = {}
_lock = threading.Lock()


def of_daemon(transport: Transport) -> Types:
    """Returns the types of a daemon, which are read once."""
    with _lock:
        if transport.address not in _known:
            _known[transport.address] = _read(transport)
        return _known[transport.address]


def _read(transport: Transport) -> Types:
    method = transport.registry.ReadRegistry
    fields = itertools.chain.from_iterable(
        part.fields
        for part in transport.stream(method, pb.ReadRegistryRequest())
    )
    owned = (field for field in fields if field.protocol)
    types: dict[str, Mapping[str, type[int | float | bytes]]] = {}
    for protocol, group in itertools.groupby(owned, lambda f: f.protocol):
        found, typed = _of_group(group)
        if typed or protocol not in types:
            types[protocol] = found
    return types


def _of_group(
    fields: Iterable[common.Field],
) -> tuple[dict[str, type[int | float | bytes]], bool]:
    """Returns the types of fields, and whether any is in the mapping.

    The first of fields that have one name and follow each other counts.
    """
    found: dict[str, type[int | float | bytes]] = {}
    last = None
    for field in fields:
        kind = field.type
        if kind not in _PYTHON and kind not in _OTHERS:
            continue
        name = field.name
        if name == last:
            continue
        last = name
        if kind in _PYTHON:
            found[name] = _PYTHON[kind]
        else:
            found.pop(name, None)
    return found, last is not None
