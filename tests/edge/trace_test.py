# SPDX-License-Identifier: GPL-2.0-or-later
"""The edge and the daemon are parts of the same traces.

Envoy is a real one with its OpenTelemetry tracer. The collector only keeps the
spans that Envoy sends.
"""

import concurrent.futures
import re
import threading
import typing

import grpc
from case import EdgeCase, bearer
from opentelemetry.proto.collector.trace.v1 import (
    trace_service_pb2,
    trace_service_pb2_grpc,
)
from waiting import wait_for

TRACE = "4bf92f3577b34da6a3ce929d0e0e4736"
CLIENT_SPAN = "00f067aa0ba902b7"
_CALL = re.compile(
    r"trace_id=(?P<trace>\w+) span_id=\w+(?: parent_span_id=(?P<parent>\w+))?"
)


class Collector:
    """Keeps spans, by the request ids of their calls."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._spans: dict[str, typing.Any] = {}
        pool = concurrent.futures.ThreadPoolExecutor()
        self._server = grpc.server(pool)
        trace_service_pb2_grpc.add_TraceServiceServicer_to_server(
            self, self._server
        )
        self.port = self._server.add_insecure_port("127.0.0.1:0")
        self._server.start()

    # The name is that of OpenTelemetry's method.
    def Export(  # noqa: N802
        self, request: typing.Any, _context: grpc.ServicerContext
    ) -> typing.Any:
        for resource in request.resource_spans:
            for scope in resource.scope_spans:
                for span in scope.spans:
                    self._keep(span)
        return trace_service_pb2.ExportTraceServiceResponse()

    def _keep(self, span: typing.Any) -> None:
        for attribute in span.attributes:
            if attribute.key == "guid:x-request-id":
                with self._lock:
                    self._spans[attribute.value.string_value] = span

    def find(self, request_id: str) -> typing.Any:
        """Returns the span of a call, or None if it hasn't come."""
        with self._lock:
            return self._spans.get(request_id)

    def close(self) -> None:
        self._server.stop(None).wait()


class TraceTest(EdgeCase):
    """An edge that sends its spans to a collector."""

    collector: typing.ClassVar[Collector]

    @classmethod
    def options(cls) -> dict[str, typing.Any]:
        return {"derive": (f"--collector=127.0.0.1:{cls.collector.port}",)}

    @classmethod
    def setUpClass(cls) -> None:
        cls.collector = Collector()
        cls.addClassCleanup(cls.collector.close)
        super().setUpClass()

    def call(self, request_id: str, traceparent: str = "") -> re.Match[str]:
        """Makes a call, and returns what the daemon's log has of its trace."""
        metadata = (
            *bearer(self.edge.issuer.sign(sub="alice")),
            ("x-request-id", request_id),
        )
        if traceparent:
            metadata = (*metadata, ("traceparent", traceparent))
        self.info(metadata)
        wanted = f" request_id={request_id} "
        wait_for(
            f"the daemon's line about {request_id}",
            lambda: wanted in self.edge.daemon_log(),
        )
        (line,) = [
            line
            for line in self.edge.daemon_log().splitlines()
            if wanted in line
        ]
        found = _CALL.search(line)
        assert found is not None, line
        return found

    def span_of(self, request_id: str) -> typing.Any:
        wait_for(
            f"the span of {request_id}",
            lambda: self.collector.find(request_id) is not None,
        )
        return self.collector.find(request_id)

    def test_a_trace_of_the_client_goes_through_the_edge(self) -> None:
        logged = self.call("of/client", f"00-{TRACE}-{CLIENT_SPAN}-01")
        span = self.span_of("of/client")
        self.assertEqual(logged["trace"], TRACE)
        self.assertEqual(span.trace_id.hex(), TRACE)
        # The client called the edge, and the edge called the daemon.
        self.assertEqual(span.parent_span_id.hex(), CLIENT_SPAN)
        self.assertEqual(logged["parent"], span.span_id.hex())

    def test_the_edge_begins_a_trace_for_other_calls(self) -> None:
        logged = self.call("of/edge")
        span = self.span_of("of/edge")
        self.assertEqual(logged["trace"], span.trace_id.hex())
        self.assertEqual(logged["parent"], span.span_id.hex())
        self.assertEqual(span.parent_span_id, b"")
        (line,) = self.edge.access_lines("of/edge")
        self.assertIn(f"-{span.trace_id.hex()}-", line["traceparent"])

    def test_a_client_can_keep_a_trace_from_the_collector(self) -> None:
        logged = self.call("of/silent", f"00-{TRACE}-{CLIENT_SPAN}-00")
        self.assertEqual(logged["trace"], TRACE)
        # Spans are sent in the order of the calls.
        self.call("of/next")
        self.span_of("of/next")
        self.assertIsNone(self.collector.find("of/silent"))
        self.assertNotEqual(logged["parent"], None)

    def test_spans_have_no_tokens(self) -> None:
        token = self.edge.issuer.sign(sub="alice")
        self.info((*bearer(token), ("x-request-id", "of/token")))
        self.assertNotIn(token, str(self.span_of("of/token")))


class NoCollectorTest(EdgeCase):
    """An edge whose collector isn't there."""

    @classmethod
    def options(cls) -> dict[str, typing.Any]:
        return {"derive": ("--collector=127.0.0.1:1",)}

    def test_calls_go_on(self) -> None:
        info = self.info(bearer(self.edge.issuer.sign(sub="alice")))
        self.assertEqual(info.caller.principal, "proxy:jwt:alice")
