# SPDX-License-Identifier: GPL-2.0-or-later
"""Requests frames in the plain form, with the API known by reflection only."""

import sys
from typing import Any

import grpc
from google.protobuf import descriptor_pool, json_format, message_factory
from grpc_reflection.v1alpha import proto_reflection_descriptor_database as db

METHOD = "/dissectd.v1.DissectionService/Dissect"


def frames(address: str, request_json: str) -> list[Any]:
    """Calls Dissect and returns the frames of the stream."""
    channel = grpc.insecure_channel(address)
    pool = descriptor_pool.DescriptorPool(
        db.ProtoReflectionDescriptorDatabase(channel)
    )
    method = pool.FindMethodByName("dissectd.v1.DissectionService.Dissect")
    request_class = message_factory.GetMessageClass(method.input_type)
    response_class = message_factory.GetMessageClass(method.output_type)
    call = channel.unary_stream(
        METHOD,
        request_serializer=request_class.SerializeToString,
        response_deserializer=response_class.FromString,
    )
    request = json_format.Parse(request_json, request_class())
    return [
        frame
        for response in call(request)
        for frame in response.plain_batch.frames
    ]


def main() -> int:
    """Prints the frames as text, one node per line."""
    address, request_json = sys.argv[1:]
    for frame in frames(address, request_json):
        print(f"frame {frame.number}, {frame.time.ToJsonString()}")
        for node in list(frame.fields) + list(frame.tree):
            kind = node.WhichOneof("value")
            value = getattr(node, kind) if kind else ""
            print("  " * node.depth + f"{node.layer} {node.name} {value}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
