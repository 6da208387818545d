# SPDX-License-Identifier: GPL-2.0-or-later
"""What the tests of several daemons behind Envoy have in common."""

import typing
import unittest

import grpc
from api import session, session_service
from cluster import CALL_SECONDS, METADATA, Cluster, choosing
from load import Load, replica_of

NAMES = ("a", "b", "c")


class ClusterCase(unittest.TestCase):
    """Tests with three daemons behind one Envoy."""

    cluster: typing.ClassVar[Cluster]
    are_configured: typing.ClassVar[bool] = False

    @classmethod
    def setUpClass(cls) -> None:
        cls.cluster = Cluster(*NAMES, are_configured=cls.are_configured)
        cls.addClassCleanup(cls.cluster.close)
        for name in NAMES:
            cls.cluster.wait_for(name)

    def setUp(self) -> None:
        self.channel = self.cluster.channel()
        self.addCleanup(self.channel.close)
        self.sessions = session_service.SessionServiceStub(self.channel)

    def call(self, method: typing.Any, request: typing.Any) -> typing.Any:
        """Calls a method whose request has one message."""
        return method(request, metadata=METADATA, timeout=CALL_SECONDS)

    def replica_for(self, method: typing.Any, request: typing.Any) -> str:
        """Returns the replica that answers a call."""
        _, call = method.with_call(
            request, metadata=METADATA, timeout=CALL_SECONDS
        )
        return replica_of(call)

    def open_session(self, replica: str = "", **source: str) -> str:
        """Opens a session, on a certain replica if one is named."""
        request = session.OpenSessionRequest(
            **(source or {"file": "files/dns.pcap"})
        )
        stream = self.sessions.OpenSession(
            request,
            metadata=choosing(replica) if replica else METADATA,
            timeout=CALL_SECONDS,
        )
        *_, last = stream
        return str(last.session.name)

    def frames_of(self, name: str) -> int:
        """Returns the number of frames of a session."""
        request = session.GetSessionRequest(name=name)
        found = self.call(self.sessions.GetSession, request)
        return int(found.session.frames)

    def failure(self, method: typing.Any, request: typing.Any) -> grpc.RpcError:
        """Returns the error of a call that must fail."""
        with self.assertRaises(grpc.RpcError) as caught:
            self.call(method, request)
        return caught.exception

    def assert_no_call_was_lost(self, load: Load, cut_off: int = 0) -> None:
        """Fails if a call failed. Prints how many there were.

        At most `cut_off` streams may have ended in their middle.
        """
        print(dict(sorted(load.counts.items())), end=" ", flush=True)
        self.assertEqual(load.failures, [])
        self.assertLessEqual(load.cut_off, cut_off)
