# SPDX-License-Identifier: Apache-2.0
"""Live captures on the loopback interface."""

import datetime
import itertools
import os
import pathlib
import signal
import subprocess
import sys
import time

import pytest
import traffic
from conftest import StartDaemon
from daemon import Daemon

import dissectd
from dissectd.v1 import capture_pb2


def number_of(packet: dissectd.Packet) -> int:
    """Returns the number that a packet has as its payload."""
    return int.from_bytes(packet["data.data"], "big")


def test_a_capture_ends_by_itself_and_leaves_nothing(
    w: dissectd.Client,
) -> None:
    with (
        traffic.sending() as port,
        w.capture("lo", f"udp port {port}", packets=5) as c,
    ):
        packets = list(c.packets())
        assert [packet.udp.dstport for packet in packets] == 5 * [port]
        numbers = [number_of(packet) for packet in packets]
        assert numbers == list(range(numbers[0], numbers[0] + 5))
        assert len(w.captures()) == 1
    assert w.captures() == []


def test_a_filter_chooses_packets(w: dissectd.Client) -> None:
    with (
        traffic.sending() as port,
        w.capture("lo", f"udp port {port}", packets=40) as c,
    ):
        odd = list(c.packets("data.data[3] & 1", fields=["data.data"]))
        numbers = [number_of(packet) for packet in odd]
        assert numbers == list(range(numbers[0], numbers[0] + 40, 2))
        assert numbers[0] % 2 == 1


def test_leaving_early_stops_a_capture(w: dissectd.Client) -> None:
    with traffic.sending() as port, w.capture("lo", f"udp port {port}") as c:
        assert number_of(next(iter(c.packets()))) >= 0
    assert w.captures() == []


def test_a_kept_capture_stays(w: dissectd.Client) -> None:
    with (
        traffic.sending() as port,
        w.capture("lo", f"udp port {port}", packets=3, keep=True) as c,
    ):
        assert len(list(c.packets())) == 3
    again = w.attach(c.name)
    assert len(list(again.packets())) == 3
    with w.open(c.name) as s:
        assert s.info().frames == 3
    again.delete()


def test_rates_count_packets(w: dissectd.Client) -> None:
    with traffic.sending() as port, w.capture("lo", f"udp port {port}") as c:
        rates = list(itertools.islice(c.rates(every=0.5, top=10), 3))
        assert [rate.seconds for rate in rates] == 3 * [0.5]
        assert all(rate.packets > 0 for rate in rates[1:])
        assert rates[1].bytes == 46 * rates[1].packets
        assert rates[1].packets_per_s == 2 * rates[1].packets
        assert "udp" in {protocol.name for protocol in rates[1].top}


def test_a_wrong_capture_filter_is_an_error(w: dissectd.Client) -> None:
    with (
        pytest.raises(dissectd.BadFilterError, match="syntax error"),
        w.capture("lo", "udp prt 53"),
    ):
        pass
    with (
        pytest.raises(dissectd.CaptureError, match="nowhere"),
        w.capture("nowhere"),
    ):
        pass
    with pytest.raises(dissectd.BadFilterError):
        w.check_capture_filter("udp prt 53")


def test_a_capture_lives_as_long_as_its_client(
    w: dissectd.Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    idle = datetime.timedelta(seconds=1)
    monkeypatch.setattr("dissectd.sync.capture._IDLE", idle)
    running = capture_pb2.CaptureState.CAPTURE_STATE_RUNNING
    with traffic.sending() as port, w.capture("lo", f"udp port {port}") as c:
        first = w.captures()[0].packets_written
        deadline = time.monotonic() + 30
        # The list of captures doesn't count as their use.
        while w.captures()[0].packets_written < first + 400:
            assert w.captures()[0].state == running
            assert time.monotonic() < deadline
            time.sleep(0.1)
        assert len(list(c.packets(tree=False, limit=300))) == 300


def test_what_a_killed_client_leaves_can_be_deleted(
    daemon: Daemon, store: pathlib.Path, w: dissectd.Client
) -> None:
    script = (
        "import datetime, os, signal, dissectd\n"
        "import dissectd.sync.capture as capture\n"
        "capture._IDLE = datetime.timedelta(seconds=1)\n"
        f"with dissectd.connect({daemon.address!r}) as w:\n"
        "    with w.capture('lo', file_name='left.pcapng') as c:\n"
        "        os.kill(os.getpid(), signal.SIGKILL)\n"
    )
    before = set(store.rglob("*"))
    killed = subprocess.run([sys.executable, "-c", script], check=False)
    assert killed.returncode == -signal.SIGKILL
    deadline = time.monotonic() + 30
    idle = capture_pb2.StopReason.STOP_REASON_IDLE
    while (left := w.captures()[0]).stopped.reason != idle:
        assert time.monotonic() < deadline
        time.sleep(0.1)
    assert set(store.rglob("*")) > before
    w.attach(left.name).delete()
    assert w.captures() == []
    assert not [p for p in store.rglob("*") if p.is_file() and p not in before]


def test_a_pipe_may_pause(
    start_daemon: StartDaemon,
    store: pathlib.Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    daemon = start_daemon("--sender-timeout=2")
    monkeypatch.setattr("dissectd.sync.reading._SILENCE", 0.2)
    content = (store / "dns.pcap").read_bytes()
    reading, writing = os.pipe()
    with (
        dissectd.connect(daemon.address) as w,
        os.fdopen(reading, "rb") as pipe,
    ):
        os.write(writing, content[:200])
        packets = iter(w.read(pipe))
        assert next(packets).number == 1
        # The daemon would give up a sender that is silent for so long.
        time.sleep(6)
        os.write(writing, content[200:])
        os.close(writing)
        assert len(list(packets)) == 25


def test_a_capture_may_be_deleted_by_others(w: dissectd.Client) -> None:
    with traffic.sending() as port, w.capture("lo", f"udp port {port}") as c:
        c.stop()
        c.delete()
        with pytest.raises(dissectd.CaptureNotFound):
            c.info()
    assert w.captures() == []


def test_a_capture_that_has_not_started_is_an_error(
    w: dissectd.Client,
) -> None:
    with pytest.raises(dissectd.CaptureError, match="hasn't started"):
        list(w.capture("lo").packets())
    with pytest.raises(dissectd.CaptureError, match="hasn't started"):
        next(w.capture("lo").rates())


def test_unknown_arguments_of_a_capture_are_errors(
    w: dissectd.Client,
) -> None:
    with pytest.raises(TypeError, match="filter"):
        w.capture("lo", filter="dns")  # type: ignore[call-arg]
