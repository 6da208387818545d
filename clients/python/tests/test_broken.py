# SPDX-License-Identifier: Apache-2.0
"""What a program sees when daemons, networks and tokens fail."""

import datetime
import itertools
import pathlib
import subprocess
import sys
import threading
import time
from concurrent import futures

import grpc
import pytest
import traffic
from conftest import ROOT, StartDaemon, token_for
from daemon import Daemon
from relay import Relay
from test_capture import number_of

import dissectd

POLICY = f"--policy={ROOT}/deploy/policy/everyone.json"


def repeated(path: pathlib.Path, times: int) -> pathlib.Path:
    """Makes a capture with the packets of another one many times."""
    content = path.read_bytes()
    target = path.with_name("repeated.pcap")
    target.write_bytes(content[:24] + times * content[24:])
    return target


def answers(w: dissectd.Client) -> bool:
    try:
        w.info()
    except dissectd.ConnectionFailed:
        return False
    return True


def test_a_capture_goes_on_after_broken_connections(
    daemon: Daemon, tmp_path: pathlib.Path
) -> None:
    relay = Relay(tmp_path / "relay", daemon.address)
    with traffic.sending() as port, dissectd.connect(relay.address) as w:
        with w.capture("lo", f"udp port {port}", packets=300) as c:
            numbers = []
            for packet in c.packets(fields=["data.data"]):
                numbers.append(number_of(packet))
                if len(numbers) in (20, 90):
                    relay.cut()
            assert numbers == list(range(numbers[0], numbers[0] + 300))
        assert w.captures() == []
    relay.close()


def test_a_limit_holds_across_broken_connections(
    daemon: Daemon, tmp_path: pathlib.Path
) -> None:
    relay = Relay(tmp_path / "relay", daemon.address)
    with (
        traffic.sending() as port,
        dissectd.connect(relay.address) as w,
        w.capture("lo", f"udp port {port}") as c,
    ):
        numbers = []
        for packet in c.packets(fields=["data.data"], limit=60):
            numbers.append(number_of(packet))
            if len(numbers) == 10:
                relay.cut()
        assert numbers == list(range(numbers[0], numbers[0] + 60))
    relay.close()


def test_a_file_stops_with_an_error_if_the_daemon_dies(
    start_daemon: StartDaemon, tmp_path: pathlib.Path
) -> None:
    daemon = start_daemon()
    repeated(tmp_path / "store" / "redis.pcap", 100)
    with dissectd.connect(daemon.address) as w:
        packets = iter(w.read("repeated.pcap"))
        first = [next(packets).number for _ in range(10)]
        assert first == list(range(1, 11))
        daemon.kill()
        with pytest.raises(dissectd.ConnectionFailed, match="broke"):
            list(packets)
        start_daemon()
        deadline = time.monotonic() + 30
        while not answers(w):
            assert time.monotonic() < deadline
            time.sleep(0.05)


def test_packets_before_a_restart_are_not_lost(
    start_daemon: StartDaemon,
) -> None:
    daemon = start_daemon()
    with traffic.sending() as port, dissectd.connect(daemon.address) as w:
        numbers = []
        c = w.capture("lo", f"udp port {port}", keep=True)
        c.start()
        with pytest.raises(dissectd.CaptureError, match="daemon died"):
            for packet in c.packets(fields=["data.data"]):
                numbers.append(number_of(packet))
                if len(numbers) == 50:
                    daemon.kill()
                    start_daemon()
        assert len(numbers) >= 50
        assert numbers == list(range(numbers[0], numbers[0] + len(numbers)))


@pytest.mark.parametrize("how", ["kill", "stop"])
def test_packets_go_on_with_the_next_daemon(
    how: str, start_daemon: StartDaemon
) -> None:
    daemon = start_daemon("--keep-captures=60")
    with (
        traffic.sending() as port,
        dissectd.connect(daemon.address) as w,
        w.capture("lo", f"udp port {port}", packets=300) as c,
    ):
        numbers = []
        for packet in c.packets(fields=["data.data"]):
            numbers.append(number_of(packet))
            if len(numbers) in (20, 90):
                daemon.kill() if how == "kill" else daemon.stop()
                daemon = start_daemon("--keep-captures=60")
        assert numbers == list(range(numbers[0], numbers[0] + 300))


def test_a_stalled_network_is_noticed(
    daemon: Daemon, tmp_path: pathlib.Path
) -> None:
    relay = Relay(tmp_path / "relay", daemon.address)
    with dissectd.connect(relay.address, keepalive=10) as w:
        assert w.info().version
        relay.stall()
        began = time.monotonic()
        with pytest.raises(dissectd.ConnectionFailed, match=r"relay.* broke"):
            w.info()
        assert time.monotonic() - began < 50
    relay.close()


def in_seconds(seconds: int) -> str:
    now = datetime.datetime.now(datetime.timezone.utc)
    moment = now + datetime.timedelta(seconds=seconds)
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


def test_a_token_that_expired_can_be_replaced(
    start_daemon: StartDaemon, tmp_path: pathlib.Path, tokens: pathlib.Path
) -> None:
    good = token_for(tokens, "good", "1h")
    soon = token_for(tokens, "soon", in_seconds(10))
    mine = tmp_path / "mine"
    mine.write_text(f"{soon}\n")
    daemon = start_daemon(f"--token-file={tokens}", POLICY, token=good)
    with dissectd.connect(daemon.address, token_file=str(mine)) as w:
        deadline = time.monotonic() + 30
        with pytest.raises(dissectd.TokenExpired) as error:
            while time.monotonic() < deadline:
                w.info()
                time.sleep(0.1)
        assert "Get another token" in str(error.value)
        mine.write_text(f"{good}\n")
        assert w.info().caller.principal == "token:good"


def test_an_unknown_caller_is_told_so(
    start_daemon: StartDaemon, tokens: pathlib.Path
) -> None:
    good = token_for(tokens, "good", "1h")
    daemon = start_daemon(f"--token-file={tokens}", POLICY, token=good)
    with (
        dissectd.connect(daemon.address, token="nonsense") as w,
        pytest.raises(dissectd.AuthenticationError, match="Give a token"),
    ):
        w.info()


def test_an_older_daemon_is_told_from_a_broken_one(
    tmp_path: pathlib.Path,
) -> None:
    server = grpc.server(futures.ThreadPoolExecutor(1))
    address = f"unix:{tmp_path}/old"
    server.add_insecure_port(address)
    server.start()
    with (
        dissectd.connect(address) as w,
        pytest.raises(dissectd.VersionMismatch, match="older than"),
    ):
        w.info()
    server.stop(None)


def test_nobody_there_is_told_with_the_address(tmp_path: pathlib.Path) -> None:
    address = f"unix:{tmp_path}/nobody"
    with (
        dissectd.connect(address) as w,
        pytest.raises(dissectd.ConnectionFailed, match="nobody"),
    ):
        w.info()


def test_an_upload_goes_on_after_a_broken_connection(
    daemon: Daemon, store: pathlib.Path, tmp_path: pathlib.Path
) -> None:
    large = tmp_path / "large.pcap"
    content = (store / "redis.pcap").read_bytes()
    large.write_bytes(content[:24] + 200 * content[24:])
    relay = Relay(tmp_path / "relay", daemon.address)
    cuts = itertools.count()

    def cut_once(done: int, _total: int) -> None:
        if done > 8 << 20 and next(cuts) == 0:
            relay.cut()

    with dissectd.connect(relay.address) as w:
        with w.upload(large, progress=cut_once) as file:
            assert file.info().size_bytes == large.stat().st_size
            target = tmp_path / "again.pcap"
            file.download(target)
            assert target.read_bytes() == large.read_bytes()
        assert next(cuts) > 1
    relay.close()


def test_closing_an_iterator_ends_the_call(w: dissectd.Client) -> None:
    before = threading.active_count()
    for _ in range(20):
        packets = iter(w.read("redis.pcap"))
        next(packets)
        packets.close()
    deadline = time.monotonic() + 30
    while threading.active_count() > before + 5:
        assert time.monotonic() < deadline
        time.sleep(0.05)


def test_a_program_can_end_in_the_middle(
    daemon: Daemon,
) -> None:
    script = (
        "import dissectd\n"
        f"w = dissectd.connect({daemon.address!r})\n"
        "print(next(iter(w.read('redis.pcap'))).number)\n"
    )
    run = subprocess.run(
        [sys.executable, "-c", script],
        capture_output=True,
        check=True,
        text=True,
        timeout=60,
    )
    assert run.stdout == "1\n"
    assert run.stderr == ""
