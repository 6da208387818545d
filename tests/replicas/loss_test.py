# SPDX-License-Identifier: GPL-2.0-or-later
"""What is lost when a replica dies, and what isn't."""

import functools
import os
import signal
import typing

import grpc
from api import dissection, dissection_service, session
from cluster import CALL_SECONDS, METADATA, choosing
from cluster_case import NAMES, ClusterCase
from load import CALLERS, CUT_OFF, Load, replica_of
from long_file import FRAMES, NAME, write_long_file
from waiting import wait_for

UNAVAILABLE = grpc.StatusCode.UNAVAILABLE
STREAMS = 6
UNREAD_STREAMS = 12
FRAMES_OF_SESSION = 26


class Reader:
    """A client that reads a long stream, and begins again where it was."""

    def __init__(self, channel: grpc.Channel) -> None:
        self._stub = dissection_service.DissectionServiceStub(channel)
        self.numbers: list[int] = []
        self.codes: list[grpc.StatusCode] = []
        self.replicas: list[str] = []
        self._begin()

    def _begin(self) -> None:
        request = dissection.DissectRequest(file=f"files/{NAME}")
        request.view.bytes = dissection.BYTE_DETAIL_FRAME
        request.view.range.first_frame = len(self.numbers) + 1
        self._stream = self._stub.Dissect(
            request, metadata=METADATA, timeout=CALL_SECONDS
        )
        self._take(next(self._stream))
        self.replicas.append(replica_of(self._stream))

    def _take(self, message: typing.Any) -> None:
        self.numbers += [frame.number for frame in message.batch.frames]

    def read_to_the_end(self) -> None:
        """Reads all frames, in as many calls as that takes."""
        while True:
            try:
                for message in self._stream:
                    self._take(message)
                return
            except grpc.RpcError as error:
                self.codes.append(error.code())
                if error.code() not in CUT_OFF or len(self.codes) > 1:
                    return
                self._begin()


class LossTest(ClusterCase):
    """A replica is killed while others call."""

    @classmethod
    def setUpClass(cls) -> None:
        super().setUpClass()
        for replica in cls.cluster.replicas.values():
            write_long_file(replica.store / NAME)

    def setUp(self) -> None:
        super().setUp()
        self.addCleanup(self.bring_all_back)

    def bring_all_back(self) -> None:
        """Starts what a test has killed."""
        for name, replica in self.cluster.replicas.items():
            if not replica.daemon.is_running():
                replica.start()
            self.cluster.wait_for(name)

    def kill(self, name: str) -> None:
        self.cluster.replicas[name].daemon.kill()

    def test_only_its_own_sessions_are_lost(self) -> None:
        sessions = {name: self.open_session(name) for name in NAMES}
        with Load(self.cluster) as load:
            wait_for("some answers", lambda: load.answers_of("b") > 20)
            self.kill("b")
            request = session.GetSessionRequest(name=sessions["b"])
            at_once = self.failure(self.sessions.GetSession, request)
            self.cluster.wait_without("b")
            later = self.failure(self.sessions.GetSession, request)
            for name in ("a", "c"):
                self.assertEqual(
                    self.frames_of(sessions[name]), FRAMES_OF_SESSION
                )
            total = load.total()
            wait_for("more answers", lambda: load.total() > total + 60)
        for error in (at_once, later):
            self.assertEqual(error.code(), UNAVAILABLE)
            self.assertEqual(
                error.details(),
                'The replica "b" can\'t be reached;'
                " only it has what this call names.",
            )
        self.assertEqual(load.failures, [])
        # At most one stream of each caller had begun.
        self.assertLessEqual(load.cut_off, CALLERS)
        self.bring_all_back()
        gone = self.failure(self.sessions.GetSession, request)
        self.assertEqual(gone.code(), grpc.StatusCode.NOT_FOUND)

    def test_a_replica_that_refuses_calls_costs_none(self) -> None:
        daemon = self.cluster.replicas["b"].daemon
        request = dissection.DissectRequest(file=f"files/{NAME}")
        request.view.bytes = dissection.BYTE_DETAIL_FRAME
        stub = dissection_service.DissectionServiceStub(self.channel)
        unread = stub.Dissect(
            request, metadata=choosing("b"), timeout=CALL_SECONDS
        )
        next(unread)
        with Load(self.cluster) as load:
            wait_for("some answers", lambda: load.answers_of("b") > 20)
            # Not SIGTERM: the daemon says UNAVAILABLE before Envoy can know.
            os.kill(daemon.pid, signal.SIGINT)
            wait_for("its end", lambda: not daemon.is_running())
        unread.cancel()
        self.assert_no_call_was_lost(load)
        log = self.cluster.folder / "b/daemon/dissectd.log"
        self.assertIn("SERVER_STOPPING", log.read_text())

    def test_streams_that_nobody_reads_stop_no_others(self) -> None:
        # All of them share the proxy's connections with the other calls.
        unread = [Reader(self.channel) for _ in range(UNREAD_STREAMS)]
        with Load(self.cluster) as load:
            for name in NAMES:
                has_more = functools.partial(load.has_more_answers, name, 20)
                wait_for(f"answers of {name}", has_more)
        self.assert_no_call_was_lost(load)
        for reader in unread:
            reader.read_to_the_end()
            self.assertEqual(len(reader.numbers), FRAMES, reader.codes)

    def test_streams_that_had_begun_end_and_begin_again(self) -> None:
        readers = [Reader(self.channel) for _ in range(STREAMS)]
        victim = readers[0].replicas[0]
        self.kill(victim)
        for reader in readers:
            reader.read_to_the_end()
            self.assertEqual(len(reader.numbers), FRAMES, reader.codes)
            self.assertEqual(reader.numbers, list(range(1, FRAMES + 1)))
            lost = reader.replicas[0] == victim
            self.assertEqual(len(reader.codes), int(lost), reader.codes)
            self.assertNotIn(victim, reader.replicas[1:])
