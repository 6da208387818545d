# SPDX-License-Identifier: GPL-2.0-or-later
"""Reads the API with its comments from .proto files."""

import dataclasses
import pathlib
import tempfile
from collections.abc import Iterator

import grpc_tools
from google.protobuf import descriptor_pb2
from grpc_tools import protoc

_Field = descriptor_pb2.FieldDescriptorProto
_File = descriptor_pb2.FileDescriptorProto

# The numbers of fields of descriptors, of which paths to elements consist.
_FILE_MESSAGE = _File.MESSAGE_TYPE_FIELD_NUMBER
_FILE_ENUM = _File.ENUM_TYPE_FIELD_NUMBER
_FILE_SERVICE = _File.SERVICE_FIELD_NUMBER
_MESSAGE_FIELD = descriptor_pb2.DescriptorProto.FIELD_FIELD_NUMBER
_MESSAGE_MESSAGE = descriptor_pb2.DescriptorProto.NESTED_TYPE_FIELD_NUMBER
_MESSAGE_ENUM = descriptor_pb2.DescriptorProto.ENUM_TYPE_FIELD_NUMBER
_ENUM_VALUE = descriptor_pb2.EnumDescriptorProto.VALUE_FIELD_NUMBER
_SERVICE_METHOD = descriptor_pb2.ServiceDescriptorProto.METHOD_FIELD_NUMBER
_FILE_SYNTAX = _File.SYNTAX_FIELD_NUMBER


@dataclasses.dataclass
class Element:
    """A service, rpc, message, field, enumeration or value of one."""

    kind: str
    # The name with the names of what it is in, such as `View.filter`.
    name: str
    comment: str
    # The number of a field or a value.
    number: int = 0
    # What stands before the type of a field or of an rpc's messages, such as
    # `repeated`; the type of a field, or an rpc's request and response.
    labels: list[str] = dataclasses.field(default_factory=list)
    types: list[str] = dataclasses.field(default_factory=list)
    members: list["Element"] = dataclasses.field(default_factory=list)

    @property
    def short_name(self) -> str:
        return self.name.rpartition(".")[2]


@dataclasses.dataclass
class File:
    # Without the ending.
    name: str
    comment: str
    elements: list[Element]


class _Reader:
    """Reads one file."""

    def __init__(self, file: descriptor_pb2.FileDescriptorProto) -> None:
        self._file = file
        self._comments = {
            tuple(location.path): location.leading_comments
            for location in file.source_code_info.location
        }
        self._detached = {
            tuple(location.path): location.leading_detached_comments
            for location in file.source_code_info.location
        }

    def _comment(self, path: tuple[int, ...]) -> str:
        lines = self._comments.get(path, "").splitlines()
        return "\n".join(line.removeprefix(" ") for line in lines).strip()

    def read(self) -> File:
        elements = [
            self._service(service, (_FILE_SERVICE, index))
            for index, service in enumerate(self._file.service)
        ]
        for index, message in enumerate(self._file.message_type):
            elements += self._messages(message, "", (_FILE_MESSAGE, index))
        for index, enum in enumerate(self._file.enum_type):
            elements.append(self._enum(enum, "", (_FILE_ENUM, index)))
        name = pathlib.PurePath(self._file.name).stem
        return File(name, self._comment((_FILE_SYNTAX,)), elements)

    def _type(self, name: str) -> str:
        return name.removeprefix(f".{self._file.package}.").removeprefix(".")

    def _service(
        self,
        service: descriptor_pb2.ServiceDescriptorProto,
        path: tuple[int, ...],
    ) -> Element:
        element = Element("service", service.name, self._comment(path))
        for index, method in enumerate(service.method):
            element.members.append(
                Element(
                    "rpc",
                    f"{service.name}.{method.name}",
                    self._comment((*path, _SERVICE_METHOD, index)),
                    labels=[
                        "stream" if method.client_streaming else "",
                        "stream" if method.server_streaming else "",
                    ],
                    types=[
                        self._type(method.input_type),
                        self._type(method.output_type),
                    ],
                )
            )
        return element

    def _messages(
        self,
        message: descriptor_pb2.DescriptorProto,
        prefix: str,
        path: tuple[int, ...],
    ) -> Iterator[Element]:
        """Yields a message, and those that are defined in it."""
        name = prefix + message.name
        element = Element("message", name, self._comment(path))
        maps = {
            nested.name: nested
            for nested in message.nested_type
            if nested.options.map_entry
        }
        for index, field in enumerate(message.field):
            entry = maps.get(field.type_name.rpartition(".")[2])
            labels, type_name = self._field_type(message, field, entry)
            element.members.append(
                Element(
                    "field",
                    f"{name}.{field.name}",
                    self._comment((*path, _MESSAGE_FIELD, index)),
                    field.number,
                    labels,
                    [type_name],
                )
            )
        yield element
        for index, nested in enumerate(message.nested_type):
            if not nested.options.map_entry:
                yield from self._messages(
                    nested, f"{name}.", (*path, _MESSAGE_MESSAGE, index)
                )
        for index, enum in enumerate(message.enum_type):
            yield self._enum(enum, f"{name}.", (*path, _MESSAGE_ENUM, index))

    def _field_type(
        self,
        message: descriptor_pb2.DescriptorProto,
        field: descriptor_pb2.FieldDescriptorProto,
        entry: descriptor_pb2.DescriptorProto | None,
    ) -> tuple[list[str], str]:
        if entry is not None:
            key, value = (self._plain_type(part) for part in entry.field)
            return [f"map from {key} to"], value
        if field.label == _Field.LABEL_REPEATED:
            return ["repeated"], self._plain_type(field)
        if field.proto3_optional:
            return ["optional"], self._plain_type(field)
        if field.HasField("oneof_index"):
            group = message.oneof_decl[field.oneof_index].name
            return [f"one of {group}:"], self._plain_type(field)
        return [], self._plain_type(field)

    def _plain_type(self, field: descriptor_pb2.FieldDescriptorProto) -> str:
        if field.type_name:
            return self._type(field.type_name)
        name: str = _Field.Type.Name(field.type)
        return name.removeprefix("TYPE_").lower()

    def _enum(
        self,
        enum: descriptor_pb2.EnumDescriptorProto,
        prefix: str,
        path: tuple[int, ...],
    ) -> Element:
        name = prefix + enum.name
        element = Element("enum", name, self._comment(path))
        for index, value in enumerate(enum.value):
            element.members.append(
                Element(
                    "value",
                    f"{name}.{value.name}",
                    self._comment((*path, _ENUM_VALUE, index)),
                    value.number,
                )
            )
        return element


def read_api(root: pathlib.Path) -> list[File]:
    """Returns the files of the API below `root`, sorted by name."""
    sources = sorted(root.glob("dissectd/v1/*.proto"))
    names = [str(path.relative_to(root)) for path in sources]
    well_known = pathlib.Path(grpc_tools.__file__).parent / "_proto"
    with tempfile.NamedTemporaryFile() as output:
        status = protoc.main(
            [
                "protoc",
                f"--proto_path={root}",
                f"--proto_path={well_known}",
                f"--descriptor_set_out={output.name}",
                "--include_source_info",
                *names,
            ]
        )
        if status != 0:
            raise RuntimeError("protoc refuses the .proto files")
        api = descriptor_pb2.FileDescriptorSet.FromString(output.read())
    return [_Reader(file).read() for file in api.file]
