# SPDX-License-Identifier: Apache-2.0
"""What errors say about mistakes that beginners make."""

import pathlib
from collections.abc import Iterator
from concurrent import futures

import grpc
import pytest
from daemon import Daemon

import dissectd


def test_a_closed_client_says_so(daemon: Daemon) -> None:
    with dissectd.connect(daemon.address) as w:
        file = w.file("dns.pcap")
    with pytest.raises(dissectd.ClientClosed, match="is closed: connect"):
        w.info()
    with pytest.raises(dissectd.ClientClosed, match="end of the `with`"):
        list(file.read())
    with pytest.raises(dissectd.ClientClosed):
        w.capture("lo").start()


async def test_a_closed_client_of_coroutines_says_so(daemon: Daemon) -> None:
    async with dissectd.aio.connect(daemon.address) as w:
        pass
    with pytest.raises(dissectd.ClientClosed):
        await w.info()
    with pytest.raises(dissectd.ClientClosed):
        _ = [packet async for packet in w.read("dns.pcap")]


@pytest.fixture
def plain_port() -> Iterator[int]:
    server = grpc.server(futures.ThreadPoolExecutor(1))
    port = server.add_insecure_port("localhost:0")
    server.start()
    yield port
    server.stop(None)


def why_not(port: int, **settings: str | bool) -> str:
    with (
        dissectd.connect(f"localhost:{port}", **settings) as w,  # type: ignore[arg-type]
        pytest.raises(dissectd.ConnectionFailed) as error,
    ):
        w.info()
    return str(error.value)


def test_tls_where_there_is_none_is_named(plain_port: int) -> None:
    text = why_not(plain_port, tls=True)
    assert "It doesn't speak TLS" in text
    assert "leave out tls=True" in text


def test_missing_tls_is_named(tls_port: int) -> None:
    assert "If it speaks TLS, give tls=True" in why_not(tls_port)


def test_distrust_and_wrong_names_are_told_apart(
    tls_port: int, tmp_path: pathlib.Path
) -> None:
    assert "with tls_ca" in why_not(tls_port, tls=True)
    authority = str(tmp_path / "certificate.pem")
    assert "tls_server_name" in why_not(tls_port, tls_ca=authority)


def test_display_filters_without_a_place_are_shown(w: dissectd.Client) -> None:
    with pytest.raises(dissectd.DisplayFilterError) as error:
        list(w.read("dns.pcap", "tcp.port =="))
    assert error.value.span is None
    assert str(error.value).endswith("\n    tcp.port ==")


def test_capture_filters_are_shown(w: dissectd.Client) -> None:
    with pytest.raises(dissectd.BadFilterError) as error:
        w.check_capture_filter("foo bar")
    assert str(error.value).endswith("syntax error\n    foo bar")
    with pytest.raises(dissectd.BadFilterError) as error:
        w.capture(["lo", "any"], "foo bar").start()
    assert str(error.value).endswith("syntax error\n    foo bar")


def test_unknown_protocols_are_told_with_those_there_are(
    w: dissectd.Client,
) -> None:
    file = w.file("redis.pcap")
    with pytest.raises(dissectd.InvalidRequest, match=r'"no".* tcp, .*udp'):
        file.conversations("no", "ip.src == 192.0.2.1")
    with pytest.raises(dissectd.InvalidRequest, match=r"endpoints .*ipv6"):
        file.endpoints("no")
    with pytest.raises(dissectd.InvalidRequest, match=r'"no".* tcp, tls'):
        file.follow("no", 0)
    with pytest.raises(dissectd.InvalidRequest, match=r'"no".* http, '):
        list(file.objects("no"))
    with pytest.raises(dissectd.InvalidRequest, match=r"reports\(\) lists"):
        file.statistics("no")


async def test_coroutines_tell_unknown_protocols(daemon: Daemon) -> None:
    async with dissectd.aio.connect(daemon.address) as w:
        with pytest.raises(dissectd.InvalidRequest, match=r'"no".* tcp, tls'):
            await w.file("redis.pcap").follow("no", 0)


def test_missing_streams_are_told_from_empty_ones(w: dissectd.Client) -> None:
    file = w.file("redis.pcap")
    for protocol in ("tcp", "udp"):
        with pytest.raises(dissectd.NotFound, match=f"99999 of {protocol}"):
            file.follow(protocol, 99999)
    # The first frame begins the stream, and has no payload.
    assert file.follow("tcp", 0, last=1).chunks == []


def test_files_that_go_with_the_request_are_named(
    w: dissectd.Client, store: pathlib.Path, tmp_path: pathlib.Path
) -> None:
    local = tmp_path / "short.pcap"
    local.write_bytes((store / "redis.pcap").read_bytes()[:500])
    file = w.file(local)
    named = r'^The file "short.pcap" appears to have been cut short'
    for ask in (
        lambda: list(file.read()),
        lambda: file.fields(["tcp.len"]),
        lambda: file.conversations("tcp"),
        lambda: file.follow("tcp", 0),
        lambda: file.export(tmp_path / "target.pcap"),
    ):
        with pytest.raises(dissectd.ShortRead, match=named):
            ask()
    with (
        local.open("rb") as opened,
        pytest.raises(dissectd.ShortRead, match=named),
    ):
        list(w.read(opened))
    with pytest.raises(dissectd.ShortRead, match=r"^The capture appears"):
        list(w.read(local.read_bytes()))
