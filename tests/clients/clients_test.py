# SPDX-License-Identifier: GPL-2.0-or-later
"""Calls a daemon as clients in other languages do.

Runs the commands and the program from README.md, and sends the same request
from Python without generated code. run.sh runs these tests, and passes the
paths of the programs in the environment.
"""

import json
import os
import pathlib
import re
import shlex
import shutil
import subprocess
import sys
import tempfile
import typing
import unittest

import daemon
import generic_call
import grpc

ROOT = pathlib.Path(__file__).resolve().parents[2]
CALL_SECONDS = 60

Json = dict[str, typing.Any]


def readme_blocks() -> list[str]:
    """Returns the code blocks of README.md."""
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    return re.findall(r"^```\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)


def readme_block(beginning: str) -> str:
    """Returns the only block that starts with a text."""
    (block,) = [b for b in readme_blocks() if b.startswith(beginning)]
    return block


def readme_command() -> list[str]:
    """Returns the words of the generic call, split like in a shell."""
    block = readme_block("$ npx @bufbuild/buf@").removeprefix("$ ")
    # shlex doesn't join continued lines.
    return shlex.split(block.replace("\\\n", ""))


def readme_request() -> str:
    words = readme_command()
    return words[words.index("-d") + 1]


def readme_answer() -> list[Json]:
    return values_of(readme_block('{"header"'))


def values_of(text: str) -> list[Json]:
    """Parses consecutive JSON values, with or without line breaks."""
    decoder = json.JSONDecoder()
    values = []
    text = text.strip()
    while text:
        value, end = decoder.raw_decode(text)
        values.append(value)
        text = text[end:].lstrip()
    return values


def locked_buf() -> str:
    """Returns buf's npm package with the version that ./dev lint uses."""
    lock = ROOT / "tools" / "lint" / "package.json"
    packages = json.loads(lock.read_text(encoding="utf-8"))["devDependencies"]
    return f"@bufbuild/buf@{packages['@bufbuild/buf']}"


class GenericClientTest(unittest.TestCase):
    """Tests clients of a daemon that serves the project's captures."""

    maxDiff = None
    daemon: daemon.Daemon
    work: tempfile.TemporaryDirectory[str]

    @classmethod
    def setUpClass(cls) -> None:
        cls.work = tempfile.TemporaryDirectory()
        cls.addClassCleanup(cls.work.cleanup)
        work = pathlib.Path(cls.work.name)
        # The captures themselves may be the store of another daemon.
        shutil.copytree(ROOT / "tests" / "captures", work / "store")
        cls.daemon = daemon.Daemon(
            os.environ["DISSECTD"],
            os.environ["DISSECTCTL"],
            work / "store",
            work / "daemon",
            daemon.clean_environment(work / "home"),
            [],
        )
        cls.addClassCleanup(cls.daemon.kill)

    def dissect(self, request: str) -> list[Json]:
        messages = generic_call.dissect(self.daemon.address, request)
        return [json.loads(message) for message in messages]

    def frames(self, view: Json) -> list[Json]:
        """Returns the first frame of a capture, in the plain form."""
        request = {
            "file": "files/dns.pcap",
            "view": {
                "form": "FORM_PLAIN",
                "range": {"lastFrame": 1},
                **view,
            },
        }
        return [
            frame
            for message in self.dissect(json.dumps(request))
            for frame in message.get("plainBatch", {}).get("frames", [])
        ]

    def test_buf_gets_the_answer_of_the_readme(self) -> None:
        npx, package, *words = readme_command()
        self.assertEqual((npx, package), ("npx", locked_buf()))
        socket = self.daemon.address.removeprefix("unix:")
        answer = subprocess.run(
            [os.environ["BUF"], *words, f"--unix-socket={socket}"],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            timeout=CALL_SECONDS,
            check=True,
            text=True,
        )
        self.assertEqual(values_of(answer.stdout), readme_answer())

    def test_python_gets_the_answer_of_the_readme(self) -> None:
        self.assertEqual(self.dissect(readme_request()), readme_answer())

    def test_python_with_generated_code_works_as_in_the_readme(self) -> None:
        block = readme_block("$ python3 -m venv")
        compiler = block.partition("$ venv/bin/")[2]
        program = readme_block("import grpc").replace(
            "localhost:50051", self.daemon.address
        )
        bin_folder = pathlib.Path(sys.executable).parent
        with tempfile.TemporaryDirectory() as folder:
            (pathlib.Path(folder) / "proto").symlink_to(ROOT / "proto")
            subprocess.run(
                ["sh", "-c", f"{bin_folder}/{compiler}"], cwd=folder, check=True
            )
            answer = subprocess.run(
                [sys.executable, "-c", program],
                cwd=folder,
                stdout=subprocess.PIPE,
                timeout=CALL_SECONDS,
                check=True,
                text=True,
            )
        lines = answer.stdout.splitlines()
        self.assertEqual(lines[0], "1 ['www.example.org']")
        self.assertEqual(len(lines), 26)

    def test_fields_have_names_and_values(self) -> None:
        (frame,) = self.frames({"fields": ["dns.qry.name", "udp.port"]})
        fields = frame["fields"]
        self.assertEqual(
            [field["name"] for field in fields],
            ["udp.port", "udp.port", "dns.qry.name"],
        )
        self.assertEqual([field["layer"] for field in fields], [4, 4, 5])
        self.assertEqual(fields[1]["uint32Value"], 53)
        self.assertEqual(fields[2]["stringValue"], "www.example.org")

    def test_trees_can_be_read_without_anything_else(self) -> None:
        (frame,) = self.frames({"tree": "TREE_DETAIL_FULL", "labels": True})
        tree = frame["tree"]
        top = [node["name"] for node in tree if "depth" not in node]
        self.assertEqual(top, ["frame", "eth", "ip", "udp", "dns"])
        (ttl,) = [node for node in tree if node["name"] == "ip.ttl"]
        self.assertEqual(ttl["depth"], 1)
        self.assertEqual(ttl["label"], f"Time to Live: {ttl['uint32Value']}")
        (source,) = [node for node in tree if node["name"] == "ip.src"]
        self.assertEqual(source["addressValue"], "192.0.2.1")

    def test_an_error_says_what_is_wrong(self) -> None:
        with self.assertRaises(grpc.RpcError) as raised:
            self.frames({"fields": ["no.such.field"]})
        self.assertEqual(
            raised.exception.code(),
            grpc.StatusCode.INVALID_ARGUMENT,
        )
        self.assertIn("no.such.field", raised.exception.details())


if __name__ == "__main__":
    unittest.main()
