# SPDX-License-Identifier: Apache-2.0
"""Requests: what to dissect, how, and which parts of frames to send."""

from __future__ import annotations

import datetime
import os
import pathlib
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, TypedDict

from dissectd.errors import InvalidRequest
from dissectd.v1 import capture_pb2 as capture
from dissectd.v1 import common_pb2 as common
from dissectd.v1 import dissection_pb2 as pb
from dissectd.values import NANOS_PER_SECOND, Timestamp

KeyLog = str | os.PathLike[str] | bytes
Time = datetime.datetime | int | float | str

# The formats of columns by names that are words; tshark's `-G column-formats`.
COLUMN_FORMATS = {
    "number": "%m",
    "time": "%t",
    "src": "%s",
    "source": "%s",
    "dst": "%d",
    "destination": "%d",
    "protocol": "%p",
    "length": "%L",
    "info": "%i",
    "srcport": "%S",
    "dstport": "%D",
}
_BYTES = {
    False: pb.ByteDetail.BYTE_DETAIL_NONE,
    True: pb.ByteDetail.BYTE_DETAIL_ALL_SOURCES,
    "frame": pb.ByteDetail.BYTE_DETAIL_FRAME,
    "all": pb.ByteDetail.BYTE_DETAIL_ALL_SOURCES,
}


class Dissection(TypedDict, total=False):
    """How to dissect. The names are those of DissectionOptions."""

    two_pass: bool
    read_filter: str
    preferences: Mapping[str, object]
    decode_as: Mapping[str, str] | Sequence[str]
    disabled_protocols: Sequence[str]
    enabled_protocols: Sequence[str]
    disabled_heuristics: Sequence[str]
    enabled_heuristics: Sequence[str]
    name_resolution: str
    tls_key_log: KeyLog
    ssh_key_log: KeyLog
    wireguard_key_log: KeyLog
    hosts: KeyLog
    time_zone: str
    profile: str
    default_decode_as: bool
    options: pb.DissectionOptions


class Range(TypedDict, total=False):
    """Which frames to send, by number and time."""

    first: int
    last: int
    limit: int
    from_time: Time
    until_time: Time


class ReadArguments(Dissection, Range, total=False):
    """How to dissect, and which frames to send."""


class CaptureArguments(TypedDict, total=False):
    """How to capture. `options` has what the others don't."""

    packets: int
    seconds: float
    snapshot_length: int
    promiscuous: bool | None
    monitor_mode: bool
    buffer_mib: int
    link_type: str
    file_name: str
    ring_files: int
    ring_file_kb: int
    options: capture.CaptureOptions


def time_value(time: Time) -> common.TimeValue:
    """Returns a time of the API for a datetime, seconds, or ISO 8601."""
    if isinstance(time, str):
        time = datetime.datetime.fromisoformat(time.replace("Z", "+00:00"))
    if isinstance(time, Timestamp):
        nanos = time.epoch_ns
    elif isinstance(time, datetime.datetime):
        epoch = datetime.datetime(1970, 1, 1, tzinfo=datetime.timezone.utc)
        passed = time.astimezone(datetime.timezone.utc) - epoch
        nanos = passed // datetime.timedelta(microseconds=1) * 1000
    elif isinstance(time, int):
        nanos = time * NANOS_PER_SECOND
    else:
        nanos = round(time * NANOS_PER_SECOND)
    seconds, rest = divmod(nanos, NANOS_PER_SECOND)
    return common.TimeValue(seconds=seconds, nanos=rest)


def offset_value(seconds: float) -> common.TimeValue:
    """Returns a duration of the API, whose parts have the same sign."""
    nanos = round(seconds * NANOS_PER_SECOND)
    whole, rest = divmod(abs(nanos), NANOS_PER_SECOND)
    sign = -1 if nanos < 0 else 1
    return common.TimeValue(seconds=sign * whole, nanos=sign * rest)


def frame_range(given: Range) -> pb.FrameRange:
    result = pb.FrameRange(
        first_frame=given.get("first", 0),
        last_frame=given.get("last", 0),
        limit=given.get("limit", 0),
    )
    if "from_time" in given:
        result.from_time.CopyFrom(time_value(given["from_time"]))
    if "until_time" in given:
        result.until_time.CopyFrom(time_value(given["until_time"]))
    return result


def column(name: str) -> pb.Column:
    """Returns a column for a word, a format such as `%t`, or a field."""
    if name in COLUMN_FORMATS:
        return pb.Column(format=COLUMN_FORMATS[name], title=name)
    if name.startswith("%"):
        return pb.Column(format=name, title=name)
    return pb.Column(format="%Cus", title=name, custom_fields=name)


def column_names(given: Iterable[str | Iterable[str]]) -> list[str]:
    """Returns the names of columns, which may be given as a list, too."""
    names: list[str] = []
    for each in given:
        names.extend([each] if isinstance(each, str) else each)
    for name in names:
        if not isinstance(name, str):
            raise TypeError(f"The name of a column is a text, not {name!r}.")
    return names


def columns(names: Iterable[str]) -> pb.ColumnSelection:
    return pb.ColumnSelection(columns=[column(name) for name in names])


def filter_text(filter: object) -> str:
    """Returns a display filter as text; None stands for all packets."""
    return "" if filter is None else str(filter)


def view(
    filter: object = "",
    *,
    fields: Sequence[str] | None = None,
    column_names: Sequence[str] | None = None,
    tree: bool | Sequence[str] | None = None,
    labels: bool = True,
    hidden: bool = True,
    bytes: bool | str = False,
    max_value_bytes: int = 0,
    range: pb.FrameRange | None = None,
) -> pb.View:
    """Returns the parts of frames to send: trees unless others are named."""
    if isinstance(fields, str) or isinstance(column_names, str):
        raise TypeError("Give the names of fields and columns as a list.")
    if bytes not in _BYTES:
        raise ValueError(f'bytes is a bool, "frame" or "all"; not {bytes!r}.')
    result = pb.View(
        display_filter=filter_text(filter),
        fields=fields or (),
        bytes=_BYTES[bytes],
        max_value_bytes=max_value_bytes,
        form=pb.Form.FORM_COMPACT,
        range=range,
    )
    if column_names:
        result.columns.CopyFrom(columns(column_names))
    if tree is None:
        tree = fields is None and column_names is None
    if tree is False:
        return result
    result.labels = labels
    result.include_hidden = hidden
    if tree is True:
        result.tree = pb.TreeDetail.TREE_DETAIL_FULL
    else:
        result.tree = pb.TreeDetail.TREE_DETAIL_SELECTED
        result.tree_protocols.extend(tree)
    return result


def columnar_view(
    filter: object,
    fields: Sequence[str],
    column_names: Sequence[str],
) -> pb.View:
    """Returns a view that sends an array for each field and column."""
    result = view(filter, fields=fields, column_names=column_names, tree=False)
    result.form = pb.Form.FORM_COLUMNAR
    return result


def split_arguments(how: ReadArguments) -> tuple[Dissection, Range]:
    """Returns how to dissect, and which frames."""
    options: Any = {}
    place: Any = {}
    for key, value in how.items():
        (place if key in Range.__annotations__ else options)[key] = value
    return options, place


def dissect_request(how: ReadArguments, parts: pb.View) -> pb.DissectRequest:
    """Returns a request without a source."""
    options, place = split_arguments(how)
    request = pb.DissectRequest(view=parts, options=dissection_options(options))
    if place:
        request.view.range.CopyFrom(frame_range(place))
    return request


def _content(given: KeyLog) -> bytes:
    if isinstance(given, bytes):
        return given
    return pathlib.Path(given).read_bytes()


def preference_value(value: object) -> str:
    """Returns the value of a preference as its file has it."""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    return str(value)


def _decode_as(rule: str) -> pb.DecodeAs:
    """Parses tshark's `tcp.port==8888,http`."""
    key, comma, protocol = rule.partition(",")
    table, equals, selector = key.partition("==")
    if not comma or not equals:
        raise InvalidRequest(
            f'"{rule}" is no rule of how to decode: write TABLE==KEY,PROTOCOL, '
            "for example tcp.port==8888,http."
        )
    return pb.DecodeAs(table=table, selector=selector, protocol=protocol)


_RESOLUTIONS = {
    "m": "mac",
    "n": "network",
    "t": "transport",
    "d": "captured_dns",
    "N": "external_resolver",
    "v": "vlan",
}
_LISTS = (
    "disabled_protocols",
    "enabled_protocols",
    "disabled_heuristics",
    "enabled_heuristics",
)
_CONTENTS = ("tls_key_log", "ssh_key_log", "wireguard_key_log", "hosts")
_PLAIN = ("two_pass", "time_zone", "profile", "default_decode_as")


def _check_names(given: Mapping[str, object], known: type) -> None:
    unknown = set(given) - set(known.__annotations__)
    if unknown:
        raise TypeError(f"Unknown option: {', '.join(sorted(unknown))}.")


def dissection_options(given: Dissection) -> pb.DissectionOptions | None:
    """Returns the options of dissection; nothing if none is given."""
    if not given:
        return None
    _check_names(given, Dissection)
    result = pb.DissectionOptions()
    if "options" in given:
        result.CopyFrom(given["options"])
    values: dict[str, Any] = dict(given)
    _set_plain(result, values)
    for name, value in values.get("preferences", {}).items():
        result.preferences.add(name=name, value=preference_value(value))
    rules = values.get("decode_as", ())
    if isinstance(rules, Mapping):
        rules = [f"{key},{protocol}" for key, protocol in rules.items()]
    result.decode_as.extend(_decode_as(rule) for rule in rules)
    for letter in values.get("name_resolution", ""):
        if letter not in _RESOLUTIONS:
            raise InvalidRequest(
                f'"{letter}" is no kind of names: give letters of '
                f'"{"".join(_RESOLUTIONS)}".'
            )
        setattr(result.name_resolution, _RESOLUTIONS[letter], True)
    return result


def _set_plain(result: pb.DissectionOptions, values: dict[str, Any]) -> None:
    for name in _PLAIN:
        if name in values:
            setattr(result, name, values[name])
    if "read_filter" in values:
        result.read_filter = str(values["read_filter"])
    for name in _LISTS:
        getattr(result, name).extend(values.get(name, ()))
    for name in _CONTENTS:
        if name in values:
            setattr(result, name, _content(values[name]))


def capture_options(
    interfaces: str | Sequence[str],
    capture_filter: str,
    how: CaptureArguments,
) -> capture.CaptureOptions:
    """Returns how to capture from some interfaces."""
    _check_names(how, CaptureArguments)
    result = capture.CaptureOptions()
    if "options" in how:
        result.CopyFrom(how["options"])
    names = [interfaces] if isinstance(interfaces, str) else interfaces
    for name in names:
        result.interfaces.add(
            name=name,
            capture_filter=capture_filter,
            snapshot_length=how.get("snapshot_length", 0),
            promiscuous=how.get("promiscuous"),
            monitor_mode=how.get("monitor_mode", False),
            buffer_mib=how.get("buffer_mib", 0),
            link_type=how.get("link_type", ""),
        )
    if "packets" in how:
        result.stop.packets = how["packets"]
    if "seconds" in how:
        nanos = round(how["seconds"] * NANOS_PER_SECOND)
        result.stop.duration.FromNanoseconds(nanos)
    if "file_name" in how:
        result.file_name = how["file_name"]
    if "ring_files" in how:
        result.ring.files = how["ring_files"]
    if "ring_file_kb" in how:
        result.ring.file_size_kb = how["ring_file_kb"]
    return result
