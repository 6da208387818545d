# SPDX-License-Identifier: GPL-2.0-or-later
"""Who the daemon takes callers of the edge for."""

import os
import subprocess
import typing

import grpc
from api import server
from authority import Authority, TokenIssuer
from case import EdgeCase, Metadata, bearer
from daemon import clean_environment
from envoy_process import TOKEN

UNAUTHENTICATED = grpc.StatusCode.UNAUTHENTICATED
PERMISSION_DENIED = grpc.StatusCode.PERMISSION_DENIED


class IdentityTest(EdgeCase):
    """Callers with certificates, with tokens, with both and with neither."""

    def principal(
        self, metadata: Metadata = (), identity: typing.Any = None
    ) -> str:
        return str(self.info(metadata, identity).caller.principal)

    def test_a_certificate_names_the_caller(self) -> None:
        issue = self.edge.clients.issue
        every = issue("alice", ("host.example",), ("spiffe://lab/alice",))
        info = self.info(identity=every)
        self.assertEqual(
            info.caller.principal, "proxy:certificate:spiffe://lab/alice"
        )
        self.assertEqual(
            info.caller.authentication, server.AUTHENTICATION_PROXY
        )
        host = issue("alice", ("host.example", "other.example"))
        self.assertEqual(
            self.principal(identity=host), "proxy:certificate:host.example"
        )
        self.assertEqual(
            self.principal(identity=issue("alice")), "proxy:certificate:alice"
        )

    def test_a_name_that_is_not_plain_is_refused(self) -> None:
        for identity in (
            self.edge.clients.issue("Alice Smith"),
            self.edge.clients.issue("alice,bob"),
            self.edge.clients.issue(uris=("spiffe://a,spiffe://b",)),
        ):
            code, _, message = self.refusal(identity=identity)
            self.assertEqual(code, PERMISSION_DENIED)
            self.assertIn("plain", message)

    def test_a_certificate_of_another_authority_is_refused(self) -> None:
        self.assert_no_connection(Authority().issue("alice"))

    def test_a_token_names_the_caller_and_its_groups(self) -> None:
        token = self.edge.issuer.sign(
            sub="alice", groups=["analysts", "not plain", "a,b", 7, "lab"]
        )
        info = self.info(bearer(token))
        self.assertEqual(info.caller.principal, "proxy:jwt:alice")
        self.assertEqual(list(info.caller.groups), ["analysts", "lab"])
        info = self.info(bearer(self.edge.issuer.sign(sub="bob")))
        self.assertEqual(info.caller.principal, "proxy:jwt:bob")
        self.assertEqual(list(info.caller.groups), [])

    def test_a_token_comes_before_a_certificate(self) -> None:
        alice = self.edge.clients.issue("alice")
        token = self.edge.issuer.sign(sub="bob")
        self.assertEqual(self.principal(bearer(token), alice), "proxy:jwt:bob")

    def test_a_wrong_token_is_refused_at_the_edge(self) -> None:
        issuer = self.edge.issuer
        alice = self.edge.clients.issue("alice")
        for what, token in {
            "Jwt is expired": issuer.sign(seconds=-3600, sub="alice"),
            "Jwt verification fails": TokenIssuer().sign(sub="alice"),
            "Audiences in Jwt are not allowed": issuer.sign(
                sub="alice", aud="others"
            ),
            "Jwt issuer is not configured": issuer.sign(
                sub="alice", iss="https://other.example"
            ),
            "Header.Payload.Signature": "a.b",
        }.items():
            for identity in (None, alice):
                code, reason, message = self.refusal(bearer(token), identity)
                # Envoy calls a token for others forbidden.
                expected = (
                    PERMISSION_DENIED
                    if what.startswith("Audiences")
                    else UNAUTHENTICATED
                )
                self.assertEqual(code, expected, what)
                self.assertIn(what, message)
                self.assertEqual(reason, "")
        without_name = bearer(issuer.sign())
        self.assertEqual(self.refusal(without_name)[0], PERMISSION_DENIED)
        odd_name = bearer(issuer.sign(sub="alice\r\nx-dissectd-groups: lab"))
        self.assertEqual(self.refusal(odd_name)[0], PERMISSION_DENIED)

    def test_a_token_of_the_daemon_passes_the_edge(self) -> None:
        self.assertEqual(self.principal(bearer(TOKEN)), "token:carol")
        alice = self.edge.clients.issue("alice")
        self.assertEqual(self.principal(bearer(TOKEN), alice), "token:carol")
        code, reason, _ = self.refusal(bearer("wrong"), alice)
        self.assertEqual((code, reason), (UNAUTHENTICATED, "UNAUTHENTICATED"))

    def test_a_caller_who_shows_nothing_is_refused(self) -> None:
        code, reason, message = self.refusal()
        self.assertEqual((code, reason), (UNAUTHENTICATED, "UNAUTHENTICATED"))
        self.assertIn("log in at the proxy", message)
        # The edge takes tokens from one place only.
        other_scheme = ("authorization", "Basic YTpi")
        self.assertEqual(self.refusal((other_scheme,))[0], UNAUTHENTICATED)

    def test_a_client_that_names_a_caller_is_refused(self) -> None:
        alice = self.edge.clients.issue("alice")
        for identity in (None, alice):
            for spoof in (
                ("x-dissectd-caller", "jwt:bob"),
                ("x-dissectd-caller", ""),
                ("x-dissectd-groups", "admin"),
            ):
                for metadata in (
                    (spoof,),
                    (spoof, spoof),
                    (spoof, *bearer(TOKEN)),
                ):
                    code, _, _ = self.refusal(metadata, identity)
                    self.assertEqual(code, PERMISSION_DENIED, metadata)
        self.assertNotIn("bob", self.edge.daemon_log())

    def test_other_ways_to_name_a_caller_do_not_count(self) -> None:
        alice = self.edge.clients.issue("alice")
        for spoof in (
            ("x-forwarded-client-cert", "URI=spiffe://lab/admin"),
            ("x-forwarded-for", "192.0.2.1"),
            ("x-envoy-original-path", "/x"),
        ):
            self.assertEqual(
                self.principal((spoof,), alice), "proxy:certificate:alice"
            )

    def test_dissectctl_reaches_the_edge_like_a_daemon(self) -> None:
        folder = self.edge.folder
        token = self.edge.issuer.sign(sub="alice")
        for option, value, caller in (
            ("DISSECTD_TOKEN", token, "proxy:jwt:alice"),
            ("DISSECTD_TOKEN", TOKEN, "token:carol"),
            ("NONE", "", "proxy:certificate:probe"),
        ):
            command = [
                os.environ["DISSECTCTL"],
                f"--server=localhost:{self.edge.port}",
                f"--tls-ca={folder}/server-ca.pem",
                f"--tls-certificate={folder}/probe-certificate.pem",
                f"--tls-key={folder}/probe-key.pem",
                "info",
            ]
            answer = subprocess.run(
                command,
                env={**clean_environment(folder / "home"), option: value},
                capture_output=True,
                text=True,
                check=False,
            )
            self.assertIn(caller, answer.stdout, answer.stderr)


class RequiredCertificateTest(EdgeCase):
    """An edge that serves clients with certificates only."""

    @classmethod
    def options(cls) -> dict[str, typing.Any]:
        return {"derive": ("--require-certificates", "--without=jwt")}

    def test_a_client_needs_a_certificate(self) -> None:
        self.assert_no_connection(None)
        alice = self.edge.clients.issue("alice")
        info = self.info(identity=alice)
        self.assertEqual(info.caller.principal, "proxy:certificate:alice")


class UnixHopTest(EdgeCase):
    """An edge that reaches the daemon over a Unix socket."""

    @classmethod
    def options(cls) -> dict[str, typing.Any]:
        return {"hop": "unix"}

    def test_the_user_of_the_edge_is_trusted(self) -> None:
        token = bearer(self.edge.issuer.sign(sub="alice", groups=["lab"]))
        info = self.info(token)
        self.assertEqual(info.caller.principal, "proxy:jwt:alice")
        self.assertEqual(list(info.caller.groups), ["lab"])
        self.assertEqual(self.refusal()[0], UNAUTHENTICATED)
