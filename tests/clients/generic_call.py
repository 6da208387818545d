# SPDX-License-Identifier: GPL-2.0-or-later
"""Calls DissectionService.Dissect without generated code.

    generic_call.py ADDRESS REQUEST

REQUEST is the request as JSON. Prints each message of the response stream as a
line of JSON. The daemon describes the messages by reflection.
"""

import sys
from collections.abc import Iterator

import grpc
from google.protobuf import descriptor_pool, json_format, message_factory
from grpc_reflection.v1alpha import (
    proto_reflection_descriptor_database as reflection,
)

SERVICE = "dissectd.v1.DissectionService"


def dissect(address: str, request: str) -> Iterator[str]:
    """Yields the messages of the response stream as JSON."""
    with grpc.insecure_channel(address) as channel:
        database = reflection.ProtoReflectionDescriptorDatabase(channel)
        pool = descriptor_pool.DescriptorPool(database)
        method = pool.FindMethodByName(f"{SERVICE}.Dissect")
        request_class = message_factory.GetMessageClass(method.input_type)
        response_class = message_factory.GetMessageClass(method.output_type)
        call = channel.unary_stream(
            f"/{SERVICE}/Dissect",
            request_serializer=request_class.SerializeToString,
            response_deserializer=response_class.FromString,
        )
        for response in call(json_format.Parse(request, request_class())):
            yield json_format.MessageToJson(response, indent=None)


if __name__ == "__main__":
    for message in dissect(*sys.argv[1:]):
        print(message)
