# SPDX-License-Identifier: GPL-2.0-or-later
"""Calls as browsers send them."""

import http.client
import ssl
import struct
import typing

from cluster import CALL_SECONDS, METADATA, Cluster
from load import REPLICA

_FRAME = struct.Struct(">BI")
_TRAILERS = 0x80


class Answer(typing.NamedTuple):
    """What a browser gets."""

    status: int
    grpc_status: str
    message: str
    replica: str
    content: bytes


def _post(
    cluster: Cluster, path: str, headers: dict[str, str], body: bytes
) -> tuple[http.client.HTTPResponse, bytes]:
    context = ssl.create_default_context(
        cafile=cluster.folder / "server-ca.pem"
    )
    connection = http.client.HTTPSConnection(
        "localhost", cluster.port, timeout=CALL_SECONDS, context=context
    )
    try:
        connection.request("POST", path, body, {**dict(METADATA), **headers})
        answer = connection.getresponse()
        return answer, answer.read()
    finally:
        connection.close()


def _frames(content: bytes) -> typing.Iterator[tuple[int, bytes]]:
    offset = 0
    while offset < len(content):
        flags, size = _FRAME.unpack_from(content, offset)
        offset += _FRAME.size
        yield flags, content[offset : offset + size]
        offset += size


def call_grpc_web(cluster: Cluster, method: str, request: bytes) -> Answer:
    """Calls a method with gRPC-Web; the content is that of all messages."""
    answer, content = _post(
        cluster,
        f"/dissectd.v1.{method}",
        {
            "content-type": "application/grpc-web+proto",
            "x-grpc-web": "1",
        },
        _FRAME.pack(0, len(request)) + request,
    )
    trailers = dict(answer.headers.items())
    messages = b""
    for flags, part in _frames(content):
        if flags & _TRAILERS:
            for line in part.decode().splitlines():
                name, _, value = line.partition(":")
                trailers[name.strip()] = value.strip()
        else:
            messages += part
    return Answer(
        answer.status,
        trailers.get("grpc-status", ""),
        trailers.get("grpc-message", ""),
        answer.headers.get(REPLICA, ""),
        messages,
    )


def call_connect(cluster: Cluster, method: str, request: bytes) -> Answer:
    """Calls a method that has one answer with the Connect protocol."""
    answer, content = _post(
        cluster,
        f"/dissectd.v1.{method}",
        {
            "content-type": "application/proto",
            "connect-protocol-version": "1",
        },
        request,
    )
    return Answer(
        answer.status, "", "", answer.headers.get(REPLICA, ""), content
    )
