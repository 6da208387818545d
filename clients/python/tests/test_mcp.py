# SPDX-License-Identifier: Apache-2.0
"""The server for assistants, with the SDK's own client, over stdio."""

import json
import os
import pathlib
import sys
from typing import Any

import pytest
from conftest import StartDaemon, token_for
from mcp import Client, StdioServerParameters

import dissectd
from dissectd.mcp import MAX_CHARACTERS, TOOLS


@pytest.fixture
def server(daemon: Any) -> StdioServerParameters:
    return StdioServerParameters(
        command=sys.executable,
        args=["-m", "dissectd.mcp", f"--server={daemon.address}"],
        env={"PYTHONPATH": os.pathsep.join(sys.path)},
    )


async def ask(assistant: Client, tool: str, **arguments: Any) -> Any:
    answer = await assistant.call_tool(tool, arguments)
    assert not answer.is_error, answer.content
    assert len(answer.model_dump_json()) < 10 * MAX_CHARACTERS
    return answer.structured_content


async def all_items(
    assistant: Client, tool: str, **arguments: Any
) -> list[Any]:
    items, cursor = [], ""
    while True:
        part = await ask(assistant, tool, cursor=cursor, **arguments)
        items += part["items"]
        cursor = part["next_cursor"]
        if not cursor:
            return items


async def test_all_tools_only_read(server: StdioServerParameters) -> None:
    async with Client(server) as assistant:
        tools = (await assistant.list_tools()).tools
        assert [tool.name for tool in tools] == [
            tool.__name__ for tool in TOOLS
        ]
        assert all(
            tool.annotations.read_only_hint
            for tool in tools
            if tool.annotations
        )
        assert all(tool.annotations and tool.description for tool in tools)


async def test_packets_come_in_pages(
    server: StdioServerParameters, w: dissectd.Client
) -> None:
    async with Client(server) as assistant:
        expected = [
            packet.number for packet in w.read("tls-rsa.pcap", columns=["info"])
        ]
        found = await all_items(assistant, "packets", capture="tls-rsa.pcap")
        assert [packet["number"] for packet in found] == expected
        first = await ask(
            assistant,
            "packets",
            capture="tls-rsa.pcap",
            cursor=str(expected[-1]),
        )
        assert [packet["number"] for packet in first["items"]] == expected[-1:]


async def test_questions_about_a_capture(
    server: StdioServerParameters, w: dissectd.Client
) -> None:
    async with Client(server) as assistant:
        names = await all_items(assistant, "captures")
        assert "files/dns.pcap" in [capture["name"] for capture in names]
        tree = await all_items(
            assistant, "packet", capture="dns.pcap", number=1
        )
        assert tree == repr(w.file("files/dns.pcap").frame(1)).splitlines()
        talks = await all_items(
            assistant, "conversations", capture="dns.pcap", protocol="udp"
        )
        table = w.file("files/dns.pcap").conversations("udp")
        assert [talk["frames"] for talk in talks] == list(table["frames"])
        chunks = await all_items(
            assistant,
            "follow",
            capture="http1.pcap.gz",
            protocol="tcp",
            stream=0,
        )
        assert any("HTTP/1.1" in chunk["text"] for chunk in chunks)
        report = await all_items(
            assistant, "statistics", capture="dns.pcap", report="io,phs"
        )
        assert any("dns" in line for line in report)


async def test_a_long_tree_comes_in_pages(
    server: StdioServerParameters, w: dissectd.Client
) -> None:
    async with Client(server) as assistant:
        long = {"capture": "redis.pcap", "number": 101}
        first = await ask(assistant, "packet", **long)
        assert first["next_cursor"] == str(len(first["items"]))
        everything = await all_items(assistant, "packet", **long)
        tree = repr(w.stored("redis.pcap").frame(101)).splitlines()
        assert len(everything) == len(tree) > len(first["items"])
        assert everything[: len(first["items"])] == first["items"]


async def test_filters_are_checked_and_completed(
    server: StdioServerParameters,
) -> None:
    async with Client(server) as assistant:
        good = await ask(assistant, "check_filter", filter="tcp.port == 80")
        assert good["result"] == "The filter is valid."
        items = await all_items_of_completion(assistant, "tcp.dstp")
        assert "tcp.dstport" in items
        bad = await assistant.call_tool(
            "check_filter", {"filter": "ip.adr == 1"}
        )
        assert bad.is_error
        assert "^" in json.dumps(bad.model_dump(mode="json"))


async def all_items_of_completion(assistant: Client, text: str) -> list[str]:
    part = await ask(assistant, "complete_filter", filter=text)
    return [item["text"] for item in part["items"]]


@pytest.mark.parametrize(
    ("tool", "arguments", "message"),
    [
        ("packets", {"capture": "/etc/passwd"}, "/etc/passwd"),
        ("packets", {"capture": "captures/../../etc/passwd"}, "passwd"),
        ("packets", {"capture": "dns.pcap", "cursor": "x"}, "is no cursor"),
        ("packet", {"capture": "dns.pcap", "number": 10**6}, "no frame"),
        ("packets", {"capture": "dns.pcap", "filter": "ip.adr"}, "ip.adr"),
    ],
)
async def test_failures_are_answers(
    server: StdioServerParameters,
    tool: str,
    arguments: dict[str, Any],
    message: str,
) -> None:
    async with Client(server) as assistant:
        answer = await assistant.call_tool(tool, arguments)
        assert answer.is_error
        assert message in answer.model_dump_json()


async def test_the_caller_has_only_its_rights(
    start_daemon: StartDaemon, tmp_path: pathlib.Path, tokens: pathlib.Path
) -> None:
    token = token_for(tokens, "assistant", "1h")
    policy = tmp_path / "policy.json"
    viewer = {
        "permissions": ["server.info", "files.read", "dissect"],
        "paths": ["dns.pcap"],
    }
    binding = {"principals": ["token:assistant"], "roles": ["viewer"]}
    policy.write_text(
        json.dumps({"roles": {"viewer": viewer}, "bindings": [binding]})
    )
    daemon = start_daemon(
        f"--token-file={tokens}", f"--policy={policy}", token=token
    )
    server = StdioServerParameters(
        command=sys.executable,
        args=["-m", "dissectd.mcp", f"--server={daemon.address}"],
        env={
            "PYTHONPATH": os.pathsep.join(sys.path),
            "DISSECTD_TOKEN": token,
        },
    )
    async with Client(server) as assistant:
        names = await all_items(assistant, "captures")
        assert [each["name"] for each in names] == ["files/dns.pcap"]
        part = await ask(assistant, "packet", capture="dns.pcap", number=1)
        assert part["items"]
        for tool, arguments in (
            ("packets", {"capture": "tls-rsa.pcap"}),
            ("check_filter", {"filter": "dns"}),
        ):
            refused = await assistant.call_tool(tool, arguments)
            assert refused.is_error, tool
