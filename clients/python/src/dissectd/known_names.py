# SPDX-License-Identifier: Apache-2.0
"""Errors about reports, followers and types of objects that don't exist."""

from __future__ import annotations

from collections.abc import Iterable

from dissectd.errors import InvalidRequest
from dissectd.v1 import analysis_pb2 as analysis

_FOLLOWER = "FOLLOWER_UNKNOWN"
_OBJECTS = "OBJECT_TYPE_UNKNOWN"
_REPORT = "REPORT_UNKNOWN"
UNKNOWN_NAMES = (_FOLLOWER, _OBJECTS, _REPORT)
# The reports that have methods of their own, and what those return.
_METHODS = {"conv": "conversations", "endpoints": "endpoints"}


def with_known_names(
    error: InvalidRequest, known: analysis.ListReportsResponse
) -> InvalidRequest:
    """Returns an error that tells which names can be given."""
    return InvalidRequest(
        _message(error, known),
        reason=error.reason,
        code=error.code,
        metadata=error.metadata,
    )


def _message(error: InvalidRequest, known: analysis.ListReportsResponse) -> str:
    if error.reason == _FOLLOWER:
        name = error.metadata.get("follower", "")
        names: Iterable[str] = map(str.lower, known.followers)
        return _text(f'No streams of "{name}" can be followed', names)
    if error.reason == _OBJECTS:
        name = error.metadata.get("type", "")
        return _text(f'There are no objects of "{name}"', known.object_types)
    report = error.metadata.get("report", "")
    kind, _, rest = report.partition(",")
    name = rest.partition(",")[0]
    if kind in _METHODS:
        prefix = f"{kind},"
        names = [
            each.name.removeprefix(prefix)
            for each in known.reports
            if each.name.startswith(prefix)
        ]
        return _text(f'There are no {_METHODS[kind]} of "{name}"', names)
    return f'There is no report "{report}": the client\'s reports() lists all.'


def _text(fault: str, names: Iterable[str]) -> str:
    return f"{fault}, only those of {', '.join(names)}."
