# SPDX-License-Identifier: Apache-2.0
"""The client with coroutines, which has the same names."""

import asyncio
import inspect
import itertools
import pathlib

import pytest
import traffic
from daemon import Daemon

import dissectd
import dissectd.aio
import dissectd.sync

SAME = [
    "Capture",
    "Client",
    "Session",
    "StoredFile",
]


@pytest.mark.parametrize("name", SAME)
def test_both_clients_have_the_same_names(name: str) -> None:
    def signatures(module: object) -> dict[str, list[str]]:
        members = inspect.getmembers(getattr(module, name))
        return {
            member: list(inspect.signature(value).parameters)
            for member, value in members
            if not member.startswith("_") and callable(value)
        }

    assert signatures(dissectd.aio) == signatures(dissectd.sync)


async def test_packets_tables_and_sessions(daemon: Daemon) -> None:
    async with dissectd.aio.connect(daemon.address) as w:
        packets = [packet async for packet in w.read("dns.pcap", "dns.a")]
        assert [packet.number for packet in packets] == [2, 24]
        rows = [row async for row in w.rows("dns.pcap", "protocol")]
        assert len(rows) == 26
        table = await w.fields("dns.pcap", ["dns.a"], "dns.a")
        assert list(map(str, table["dns.a"])) == ["192.0.2.80", "192.0.2.80"]
        async with await w.open("http1.pcap.gz") as s:
            followed = await s.follow("tcp", 0)
            assert followed.server.startswith(b"HTTP/1.1 200 OK")
            assert (await s.frame(4)).http.request_method == "GET"
            assert len(await s.frames("http.request")) == 6
            objects = [found async for found in s.objects("http")]
            assert objects[0].file_name == "lines.json"


async def test_a_wrong_filter(daemon: Daemon) -> None:
    async with dissectd.aio.connect(daemon.address) as w:
        with pytest.raises(dissectd.DisplayFilterError, match=r"ip\.adr"):
            await w.check("ip.adr")
        with pytest.raises(dissectd.DisplayFilterError, match=r"ip\.adr"):
            _ = [packet async for packet in w.read("dns.pcap", "ip.adr")]


async def test_many_calls_at_once(daemon: Daemon) -> None:
    async with dissectd.aio.connect(daemon.address) as w:

        async def count(name: str) -> int:
            return len([None async for _ in w.read(name, tree=False)])

        names = ["dns.pcap", "redis.pcap", "http1.pcap.gz", "ipv6.pcap"]
        counts = await asyncio.gather(*map(count, names))
        assert counts == [await count(name) for name in names]


async def test_a_capture(daemon: Daemon) -> None:
    async with dissectd.aio.connect(daemon.address) as w:
        with traffic.sending() as port:
            async with w.capture("lo", f"udp port {port}", packets=30) as c:
                numbers = [
                    int.from_bytes(packet["data.data"], "big")
                    async for packet in c.packets()
                ]
        first = numbers[0]
        assert numbers == list(range(first, first + 30))
        assert await w.captures() == []


async def test_leaving_early_ends_the_call(daemon: Daemon) -> None:
    async with dissectd.aio.connect(daemon.address) as w:
        with traffic.sending() as port:
            async with w.capture("lo", f"udp port {port}") as c:
                packets = aiter(c.packets())
                await anext(packets)
                await packets.aclose()
        assert await w.captures() == []


async def test_cancelling_a_task_ends_its_call(daemon: Daemon) -> None:
    async with dissectd.aio.connect(daemon.address) as w:
        with traffic.sending() as port:
            async with w.capture("lo", f"udp port {port}") as c:
                begun = asyncio.Event()

                async def watch() -> None:
                    async for _ in c.packets():
                        begun.set()

                task = asyncio.create_task(watch())
                await begun.wait()
                task.cancel()
                with pytest.raises(asyncio.CancelledError):
                    await task
        assert await w.captures() == []


async def test_an_upload(daemon: Daemon, store: pathlib.Path) -> None:
    async with dissectd.aio.connect(daemon.address) as w:
        before = [file.name for file in await w.files()]
        async with await w.upload(store / "dns.pcap") as file:
            assert len([None async for _ in file.read()]) == 26
        assert [file.name for file in await w.files()] == before


async def test_rates(daemon: Daemon) -> None:
    async with dissectd.aio.connect(daemon.address) as w:
        with traffic.sending() as port:
            async with w.capture("lo", f"udp port {port}") as c:
                counts = itertools.count()
                rates = c.rates(every=0.2)
                async for rate in rates:
                    if rate.packets and next(counts) == 2:
                        break
                await rates.aclose()
