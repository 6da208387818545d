# SPDX-License-Identifier: GPL-2.0-or-later
"""The edge serves a page beside the calls of the page."""

import gzip
import http.client
import pathlib
import ssl
import tempfile
import typing

from case import EdgeCase, bearer

INDEX = b"<!doctype html><title>page</title>"
# More than Envoy accepts by default.
SCRIPT = b"console.log('text that is repeated');\n" * 1000
FILES = {
    "index.html": INDEX,
    "assets/index-AbC_12-x.js": SCRIPT,
    "assets/plain.css": b"a { color: red }",
}


class PageTest(EdgeCase):
    """A page of three files."""

    @classmethod
    def options(cls) -> dict[str, typing.Any]:
        folder = tempfile.TemporaryDirectory(prefix="edge page ")
        cls.addClassCleanup(folder.cleanup)
        for name, content in FILES.items():
            path = pathlib.Path(folder.name, name)
            path.parent.mkdir(exist_ok=True)
            path.write_bytes(content)
        return {"derive": (f"--page={folder.name}", "--origin=none")}

    def ask(
        self, path: str, method: str = "GET", **headers: str
    ) -> tuple[int, http.client.HTTPMessage, bytes]:
        """Returns the status, the headers and the body of an answer."""
        context = ssl.create_default_context(
            cafile=self.edge.folder / "server-ca.pem"
        )
        connection = http.client.HTTPSConnection(
            "localhost", self.edge.port, context=context, timeout=60
        )
        self.addCleanup(connection.close)
        connection.request(method, path, headers=headers)
        answer = connection.getresponse()
        return answer.status, answer.headers, answer.read()

    def test_the_page_may_load_only_its_own_files(self) -> None:
        for path in ("/", "/index.html"):
            status, headers, body = self.ask(path)
            self.assertEqual((status, body), (200, INDEX))
            self.assertEqual(
                headers["content-type"], "text/html; charset=utf-8"
            )
            self.assertEqual(headers["cache-control"], "no-cache")
            self.assertEqual(headers["x-content-type-options"], "nosniff")
            rules = headers["content-security-policy"].split("; ")
            for rule in (
                "default-src 'none'",
                "script-src 'self'",
                "connect-src 'self' https:",
                "frame-ancestors 'none'",
            ):
                self.assertIn(rule, rules)

    def test_files_with_a_hash_in_their_name_are_kept(self) -> None:
        status, headers, body = self.ask("/assets/index-AbC_12-x.js")
        self.assertEqual((status, body), (200, SCRIPT))
        self.assertEqual(
            headers["content-type"], "text/javascript; charset=utf-8"
        )
        self.assertIn("immutable", headers["cache-control"])
        _, headers, _ = self.ask("/assets/plain.css")
        self.assertEqual(headers["cache-control"], "no-cache")

    def test_files_are_compressed_for_who_understands_it(self) -> None:
        _, headers, body = self.ask(
            "/assets/index-AbC_12-x.js", **{"accept-encoding": "gzip"}
        )
        self.assertEqual(headers["content-encoding"], "gzip")
        self.assertLess(len(body), len(SCRIPT) // 10)
        self.assertEqual(gzip.decompress(body), SCRIPT)

    def test_only_files_can_be_read(self) -> None:
        self.assertEqual(self.ask("/", "HEAD")[0], 200)
        self.assertEqual(self.ask("/", "PUT")[0], 403)
        for path in ("/assets/", "/assets/other.js", "/../etc/passwd"):
            self.assertEqual(self.ask(path)[0], 404, path)
        for path in (
            "/dissectd.v1.ServerService/GetServerInfo",
            "/grpc.health.v1.Health/Check",
        ):
            self.assertEqual(self.ask(path)[0], 403, path)

    def test_other_pages_may_not_load_files(self) -> None:
        answer = self.ask("/", origin="https://other.example")
        self.assertEqual(answer[0], 403)

    def test_calls_pass(self) -> None:
        info = self.info(bearer(self.edge.issuer.sign(sub="alice")))
        self.assertEqual(info.caller.principal, "proxy:jwt:alice")
