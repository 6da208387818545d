# SPDX-License-Identifier: GPL-2.0-or-later
"""What the tests of the edge have in common."""

import typing
import unittest

import grpc
from api import reason_of, server, server_service
from authority import Identity
from edge import Edge

CALL_SECONDS = 60

Metadata = tuple[tuple[str, str], ...]


def bearer(token: str) -> Metadata:
    return (("authorization", f"Bearer {token}"),)


class EdgeCase(unittest.TestCase):
    """Tests with one daemon and one edge."""

    edge: typing.ClassVar[Edge]

    @classmethod
    def options(cls) -> dict[str, typing.Any]:
        """Returns the arguments of Edge."""
        return {}

    @classmethod
    def setUpClass(cls) -> None:
        cls.edge = Edge(**cls.options())
        cls.addClassCleanup(cls.edge.close)

    def channel(self, identity: Identity | None = None) -> grpc.Channel:
        channel = self.edge.channel(identity)
        self.addCleanup(channel.close)
        return channel

    def info(
        self, metadata: Metadata = (), identity: Identity | None = None
    ) -> typing.Any:
        """Returns what the daemon says about itself and its caller."""
        stub = server_service.ServerServiceStub(self.channel(identity))
        return stub.GetServerInfo(
            server.GetServerInfoRequest(),
            metadata=metadata,
            timeout=CALL_SECONDS,
            wait_for_ready=True,
        )

    def refusal(
        self, metadata: Metadata = (), identity: Identity | None = None
    ) -> tuple[grpc.StatusCode, str, str]:
        """Returns the code, the reason and the message of a refused call."""
        with self.assertRaises(grpc.RpcError) as caught:
            self.info(metadata, identity)
        error = caught.exception
        return error.code(), reason_of(error), error.details()

    def assert_no_connection(self, identity: Identity | None) -> None:
        """Fails if the edge accepts a client."""
        stub = server_service.ServerServiceStub(self.channel(identity))
        with self.assertRaises(grpc.RpcError) as caught:
            stub.GetServerInfo(
                server.GetServerInfoRequest(), timeout=CALL_SECONDS
            )
        error = caught.exception
        self.assertEqual(error.code(), grpc.StatusCode.UNAVAILABLE)
        self.assertEqual(reason_of(error), "")
