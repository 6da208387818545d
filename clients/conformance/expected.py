# SPDX-License-Identifier: Apache-2.0
"""Makes the JSON that decoders must arrive at from frames in the plain form."""

import json
import typing

from google.protobuf import json_format, message


def line(value: typing.Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def array(values: list[typing.Any]) -> str:
    """Returns an array with an element in each line."""
    return "[" + ",".join("\n" + line(value) for value in values) + "\n]"


def frames_text(frames: list[message.Message]) -> str:
    """Returns the frames as JSON, as protobuf writes it."""
    return array([json_format.MessageToDict(frame) for frame in frames]) + "\n"


def value_of(node: typing.Any) -> typing.Any:
    """Returns the value of a node; times become nanoseconds."""
    kind = node.WhichOneof("value")
    if kind is None:
        return None
    if kind in {"time_value", "duration_value"}:
        return str(getattr(node, kind).ToNanoseconds())
    # protobuf's own conversion knows how JSON writes bytes and infinities.
    return json_format.MessageToDict(node, preserving_proto_field_name=True)[
        kind
    ]


def field_column(frames: list[typing.Any], name: str) -> dict[str, typing.Any]:
    """Returns the values that a field has in each frame."""
    occurrences = [
        [node for node in frame.fields if node.name == name] for frame in frames
    ]
    nodes = [node for of_frame in occurrences for node in of_frame]
    return {
        "name": name,
        "values": [
            [value_of(node) for node in of_frame] for of_frame in occurrences
        ],
        "truncated": [
            index for index, node in enumerate(nodes) if node.value_cut
        ],
    }


def columns_text(frames: list[typing.Any], fields: list[str]) -> str:
    """Returns the frames as JSON, by field and column.

    A stream without frames names no fields.
    """
    numbers = line([frame.number for frame in frames])
    values = array([field_column(frames, name) for name in fields if frames])
    columns = zip(*(frame.columns for frame in frames), strict=True)
    texts = array([list(column) for column in columns])
    return f'{{"frames":{numbers},\n"fields":{values},\n"columns":{texts}}}\n'
