# SPDX-License-Identifier: GPL-2.0-or-later
"""What becomes of calls when the daemon, or the way to it, breaks."""

import contextlib
import os
import signal
import typing
from collections.abc import Iterator

import grpc
from api import (
    capture,
    capture_service,
    dissection,
    dissection_service,
    file,
    file_service,
    reason_of,
)
from case import CALL_SECONDS, EdgeCase, Metadata, bearer
from envoy_process import TOKEN
from waiting import wait_for

# More than anything else that the edge sends at the same time. Twice two such
# requests are less than HTTP/2 lets it send to a daemon that doesn't read.
LARGE = 8_000

UNAVAILABLE = grpc.StatusCode.UNAVAILABLE


class BrokenHopTest(EdgeCase):
    """The connection between edge and daemon breaks during a call."""

    @classmethod
    def options(cls) -> dict[str, typing.Any]:
        return {"hop": "relay"}

    @contextlib.contextmanager
    def silent_daemon(self) -> Iterator[None]:
        """Keeps the daemon from reading what it is sent."""
        os.kill(self.edge.daemon.pid, signal.SIGSTOP)
        try:
            yield
        finally:
            os.kill(self.edge.daemon.pid, signal.SIGCONT)

    def call_and_break(self, method: str, request: typing.Any) -> grpc.RpcError:
        """Breaks the connection of a call while the request is on its way.

        Returns how the call ends. Its id is the name of the method.
        """
        channel = self.channel()
        stub: typing.Any = file_service.FileServiceStub(channel)
        if method == "Dissect":
            stub = dissection_service.DissectionServiceStub(channel)
        sent = self.edge.relay.sent
        with self.silent_daemon():
            # A stream returns at once, a unary call as a future.
            begin = getattr(stub, method)
            begin = getattr(begin, "future", begin)
            call = begin(
                request,
                metadata=(*bearer(TOKEN), ("x-request-id", method)),
                timeout=CALL_SECONDS,
            )
            wait_for(
                "the request on its way",
                lambda: self.edge.relay.sent > sent + LARGE,
            )
            self.edge.relay.cut()
        with self.assertRaises(grpc.RpcError) as caught:
            call.result()
        return caught.exception

    def attempts(self, request_id: str) -> int:
        (line,) = self.edge.access_lines(request_id)
        return int(line["attempts"])

    def test_a_call_that_only_reads_is_sent_again(self) -> None:
        no_capture = b"no" * LARGE
        request = dissection.DissectRequest(inline_capture=no_capture)
        error = self.call_and_break("Dissect", request)
        # The daemon has the request, and says what is wrong with it.
        self.assertEqual(reason_of(error), "FILE_UNKNOWN_FORMAT")
        # Usually two: the daemon may not have taken the second connection yet.
        self.assertGreater(self.attempts("Dissect"), 1)

    def test_another_call_is_not_sent_again(self) -> None:
        request = file.AppendUploadRequest(
            name="uploads/x", data=bytes(2 * LARGE)
        )
        error = self.call_and_break("AppendUpload", request)
        self.assertEqual((error.code(), reason_of(error)), (UNAVAILABLE, ""))
        self.assertEqual(self.attempts("AppendUpload"), 1)
        # What arrived before the break is all that the daemon has heard of it.
        self.assertLessEqual(self.edge.daemon_log().count("AppendUpload:"), 1)


class RestartTest(EdgeCase):
    """The daemon ends during calls, and comes back."""

    @classmethod
    def options(cls) -> dict[str, typing.Any]:
        return {"daemon": ("--drain-timeout=1",)}

    def setUp(self) -> None:
        self.captures = capture_service.CaptureServiceStub(self.channel())
        self.caller: Metadata = bearer(self.edge.issuer.sign(sub="alice"))

    def stream(self) -> typing.Any:
        """Begins a call that doesn't end by itself."""
        stream = self.captures.WatchInterfaceStatistics(
            capture.WatchInterfaceStatisticsRequest(), metadata=self.caller
        )
        next(stream)
        return stream

    def code_at_the_end(self, stream: typing.Any) -> grpc.StatusCode:
        with self.assertRaises(grpc.RpcError) as caught:
            for _ in stream:
                pass
        return caught.exception.code()

    def is_served(self) -> bool:
        """Returns whether calls succeed. The others fail as they should."""
        try:
            self.info(self.caller)
        except grpc.RpcError as error:
            self.assertEqual(error.code(), UNAVAILABLE)
            return False
        return True

    def code_after(self, end: typing.Callable[[], None]) -> grpc.StatusCode:
        """Returns how a stream ends with its daemon, and starts another."""
        stream = self.stream()
        end()
        try:
            code = self.code_at_the_end(stream)
            self.assertFalse(self.is_served())
            wait_for("word that the daemon is gone", self.is_known_to_be_gone)
        finally:
            self.edge.start_daemon()
        wait_for("the daemon's answer", self.is_served)
        wait_for("word that the daemon is back", self.edge.is_ready)
        return code

    def is_known_to_be_gone(self) -> bool:
        return not self.edge.is_ready()

    def test_a_restart_ends_streams_so_that_clients_come_back(self) -> None:
        self.assertEqual(self.code_after(self.edge.daemon.stop), UNAVAILABLE)

    def test_a_crash_cuts_streams_off(self) -> None:
        # There is no other code for a stream whose end is missing.
        self.assertEqual(
            self.code_after(self.edge.daemon.kill), grpc.StatusCode.INTERNAL
        )
