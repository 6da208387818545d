# SPDX-License-Identifier: GPL-2.0-or-later
"""What the edge logs about calls, and tells the daemon about them."""

import http.client
import ssl
import typing

from api import server, server_service
from case import CALL_SECONDS, EdgeCase, bearer
from waiting import wait_for

TRACE = "4bf92f3577b34da6a3ce929d0e0e4736"
TRACEPARENT = f"00-{TRACE}-00f067aa0ba902b7-01"
PATH = "/dissectd.v1.ServerService/GetServerInfo"
EMPTY_MESSAGE = bytes(5)
ORIGIN = "https://lab.example"


class LogTest(EdgeCase):
    """One line for each call, with the id that the daemon's log has."""

    def assert_daemon_knows(self, request_id: str) -> None:
        wait_for(
            f"the daemon's line about {request_id}",
            lambda: f"request_id={request_id} " in self.edge.daemon_log(),
        )

    def test_a_call_has_one_line_with_its_id(self) -> None:
        token = self.edge.issuer.sign(sub="alice")
        self.info(
            (
                *bearer(token),
                ("x-request-id", "mine/1"),
                ("traceparent", TRACEPARENT),
            )
        )
        (line,) = self.edge.access_lines("mine/1")
        for key, value in {
            "caller": "jwt:alice",
            "traceparent": TRACEPARENT,
            "protocol": "HTTP/2",
            "method": "POST",
            "path": PATH,
            "status": 200,
            "grpc_status": 0,
            "attempts": 1,
            "bytes_received": 5,
        }.items():
            self.assertEqual(line[key], value, key)
        self.assertGreater(line["bytes_sent"], 0)
        self.assertGreaterEqual(line["duration_ms"], 0)
        self.assertTrue(line["peer"].startswith("127.0.0.1:"))
        self.assertNotIn(token, str(line))
        self.assert_daemon_knows("mine/1")
        self.assertIn(f"trace_id={TRACE}", self.edge.daemon_log())

    def test_a_call_without_an_id_gets_one(self) -> None:
        stub = server_service.ServerServiceStub(self.channel())
        _, call = stub.GetServerInfo.with_call(
            server.GetServerInfoRequest(),
            metadata=bearer(self.edge.issuer.sign(sub="alice")),
            timeout=CALL_SECONDS,
        )
        request_id = dict(call.initial_metadata())["x-request-id"]
        (line,) = self.edge.access_lines(request_id)
        self.assertEqual(line["grpc_status"], 0)
        self.assert_daemon_knows(request_id)

    def post(
        self, body: bytes, headers: dict[str, str]
    ) -> http.client.HTTPResponse:
        """Sends a request as a browser does."""
        context = ssl.create_default_context(
            cafile=self.edge.folder / "server-ca.pem"
        )
        connection = http.client.HTTPSConnection(
            "localhost", self.edge.port, context=context, timeout=CALL_SECONDS
        )
        self.addCleanup(connection.close)
        connection.request("POST", PATH, body, headers)
        return connection.getresponse()

    def web_headers(self, request_id: str, **more: str) -> dict[str, str]:
        token = self.edge.issuer.sign(sub="alice")
        return {
            "content-type": "application/grpc-web+proto",
            "origin": ORIGIN,
            "authorization": f"Bearer {token}",
            "x-request-id": request_id,
            **more,
        }

    def assert_served(
        self, request_id: str, body: bytes, header_bytes: int, **more: str
    ) -> None:
        """Sends a request, and looks at the answer and its lines."""
        response = self.post(body, self.web_headers(request_id, **more))
        self.assertEqual(response.status, 200)
        self.assertEqual(
            response.headers["access-control-allow-origin"], ORIGIN
        )
        answer = response.read()
        length = len(answer)
        if header_bytes:
            length = int.from_bytes(answer[1:header_bytes], "big")
        info = server.GetServerInfoResponse.FromString(
            answer[header_bytes : header_bytes + length]
        )
        self.assertEqual(info.caller.principal, "proxy:jwt:alice")
        (line,) = self.edge.access_lines(request_id)
        self.assertEqual(line["caller"], "jwt:alice")
        self.assertEqual(line["protocol"], "HTTP/1.1")
        self.assertEqual(line["grpc_status"], 0)
        self.assert_daemon_knows(request_id)

    def test_grpc_web_has_lines_too(self) -> None:
        self.assert_served("web", EMPTY_MESSAGE, len(EMPTY_MESSAGE))

    def test_connect_has_lines_too(self) -> None:
        self.assert_served(
            "connect",
            b"",
            0,
            **{
                "content-type": "application/proto",
                "connect-protocol-version": "1",
            },
        )

    def test_refused_requests_have_lines(self) -> None:
        for request_id, status, more in (
            ("foreign", 403, {"origin": "https://other.example"}),
            ("spoof", 403, {"x-dissectd-caller": "jwt:bob"}),
        ):
            headers: dict[str, typing.Any] = self.web_headers(
                request_id, **more
            )
            response = self.post(EMPTY_MESSAGE, headers)
            self.assertEqual(response.status, status, request_id)
            (line,) = self.edge.access_lines(request_id)
            self.assertEqual(line["status"], status)
            self.assertIsNone(line["grpc_status"])
        # Its headers aren't even looked at.
        response = self.post(
            EMPTY_MESSAGE,
            self.web_headers("underscores", x_dissectd_caller="jwt:bob"),
        )
        self.assertEqual(response.status, 400)
        # A page can read why its token is refused.
        headers = self.web_headers("token", authorization="Bearer a.b")
        response = self.post(EMPTY_MESSAGE, headers)
        self.assertEqual(response.headers["grpc-status"], "16")
        (line,) = self.edge.access_lines("token")
        self.assertEqual(line["status"], 401)
        self.assertIn("jwt_authn", line["details"])
        self.assertEqual(
            response.headers["access-control-allow-origin"], ORIGIN
        )
