# SPDX-License-Identifier: GPL-2.0-or-later
"""Envoy looks at all fields of requests that name a resource of a replica."""

import pathlib
import re
import tempfile
import typing
import unittest
from collections.abc import Iterator

from envoy_process import DERIVE, make_descriptors
from google.protobuf import descriptor_pb2

_RESOURCE = re.compile(r"resource\s+name|`(captures|sessions)/")
# What is a part of a name: its comment has no example of a whole one.
_PARTS = {"FileService.ListFiles": {"prefix"}}
# These methods take requests whose names they refuse.
_WITHOUT_SOURCE = {
    "DissectionService.DissectPipe",
    "DissectionService.DissectPackets",
}
# dissectd-fleet serves these, which is not a replica of a daemon.
_OF_OTHER_PROGRAMS = {"FleetService"}

_Field = descriptor_pb2.FieldDescriptorProto
_LINE = re.compile(
    r"^ *dissectd\.v1\.(\w+\.\w+): (?:&(\w+) )?(?:\*(\w+)|(\{.*\}))$",
    re.MULTILINE,
)
_PATH = re.compile(r"([a-z_.]+): \{\}")


class Api:
    """The methods of the API, and the fields of their requests."""

    def __init__(self, files: typing.Any) -> None:
        self._messages: dict[str, typing.Any] = {}
        self._comments: dict[tuple[str, str], str] = {}
        self._files = files
        for each in files.file:
            if each.package != "dissectd.v1":
                continue
            comments = {
                tuple(place.path): place.leading_comments
                for place in each.source_code_info.location
            }
            for index, message in enumerate(each.message_type):
                self._add(message, comments, (4, index))

    def _add(
        self,
        message: typing.Any,
        comments: dict[tuple[int, ...], str],
        place: tuple[int, ...],
    ) -> None:
        name = f".dissectd.v1.{message.name}"
        self._messages[name] = message
        for index, field in enumerate(message.field):
            comment = comments.get((*place, 2, index), "")
            self._comments[name, field.name] = comment

    def methods(self) -> Iterator[tuple[str, str]]:
        """Yields the name of each method, and that of its request."""
        for each in self._files.file:
            for service in each.service:
                if service.name in _OF_OTHER_PROGRAMS:
                    continue
                for method in service.method:
                    yield f"{service.name}.{method.name}", method.input_type

    def resources(self, message: str) -> Iterator[str]:
        """Yields the paths of fields that name a resource."""
        for field in self._messages[message].field:
            if field.type == _Field.TYPE_STRING:
                if _RESOURCE.search(self._comments[message, field.name]):
                    yield field.name
            elif (
                field.type_name in self._messages
                and field.label != _Field.LABEL_REPEATED
                and field.type_name != message
            ):
                for path in self.resources(field.type_name):
                    yield f"{field.name}.{path}"


def configured() -> dict[str, set[str]]:
    """Returns the fields by method that Envoy looks at."""
    config = DERIVE.with_name("envoy.yaml").read_text(encoding="utf-8")
    anchors: dict[str, set[str]] = {}
    fields = {}
    for method, anchor, alias, paths in _LINE.findall(config):
        found = anchors[alias] if alias else set(_PATH.findall(paths))
        if anchor:
            anchors[anchor] = found
        fields[method] = found
    return fields


class NamesTest(unittest.TestCase):
    """The project's configuration, compared with its API."""

    def test_all_fields_with_names_are_looked_at(self) -> None:
        with tempfile.TemporaryDirectory() as folder:
            path = pathlib.Path(folder) / "dissectd.binpb"
            make_descriptors(path)
            files = descriptor_pb2.FileDescriptorSet.FromString(
                path.read_bytes()
            )
        api = Api(files)
        expected = {}
        for method, request in api.methods():
            fields = set(api.resources(request)) | _PARTS.get(method, set())
            if fields and method not in _WITHOUT_SOURCE:
                expected[method] = fields
        self.assertGreater(len(expected), 20)
        self.assertEqual(configured(), expected)
