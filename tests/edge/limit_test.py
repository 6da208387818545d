# SPDX-License-Identifier: GPL-2.0-or-later
"""The rate of calls that each caller has at the edge."""

import typing

import grpc
from api import server, server_service
from case import CALL_SECONDS, EdgeCase, bearer

CALLS = 30


class LimitTest(EdgeCase):
    """An edge where each caller may begin one call in a second."""

    @classmethod
    def options(cls) -> dict[str, typing.Any]:
        return {"derive": ("--calls-per-second=1",)}

    def test_one_caller_does_not_use_up_the_calls_of_another(self) -> None:
        stub = server_service.ServerServiceStub(self.channel())
        alice = bearer(self.edge.issuer.sign(sub="alice"))
        # All at once: however slow the machine is, some are too many.
        calls = [
            stub.GetServerInfo.future(
                server.GetServerInfoRequest(),
                metadata=(*alice, ("x-request-id", f"alice-{number}")),
                timeout=CALL_SECONDS,
                wait_for_ready=True,
            )
            for number in range(CALLS)
        ]
        codes = [call.exception() and call.code() for call in calls]
        self.assertIn(None, codes)
        self.assertLessEqual(
            set(codes), {None, grpc.StatusCode.RESOURCE_EXHAUSTED}
        )
        refused = codes.index(grpc.StatusCode.RESOURCE_EXHAUSTED)
        (line,) = self.edge.access_lines(f"alice-{refused}")
        self.assertEqual(line["caller"], "jwt:alice")
        self.assertEqual(line["grpc_status"], 8)
        # Others have their own calls, however they are identified.
        self.info(bearer(self.edge.issuer.sign(sub="bob")))
        self.info(identity=self.edge.clients.issue("alice"))
