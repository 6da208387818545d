# SPDX-License-Identifier: Apache-2.0
"""What captures do that scripts which print the same can't show."""

import asyncio
import copy
import os
import pathlib
import pickle
import subprocess
import time
from typing import Any

import facts
import pyshark as theirs
import pytest
from daemon import Daemon
from loopback_traffic import LoopbackTraffic

import dissectd
from dissectd import pyshark
from dissectd.pyshark._command import UnsupportedParameter
from dissectd.pyshark.capture.capture import TSharkCrashException
from dissectd.pyshark.tshark import tshark
from dissectd.v1 import capture_pb2 as capture_api

# pyshark doesn't end its programs in time.
pytestmark = pytest.mark.filterwarnings(
    "ignore::pytest.PytestUnraisableExceptionWarning"
)

CAPTURES = pathlib.Path(__file__).resolve().parents[4] / "tests" / "captures"
DNS = str(CAPTURES / "dns.pcap")
DNS_PACKETS = 26
LONG = 60


def frames_of(path: str) -> list[bytes]:
    data = pathlib.Path(path).read_bytes()
    frames, at = [], 24
    while at < len(data):
        length = int.from_bytes(data[at + 8 : at + 12], "little")
        frames.append(data[at + 16 : at + 16 + length])
        at += 16 + length
    return frames


def tshark_numbers(path: pathlib.Path) -> list[str]:
    return subprocess.run(
        ["/usr/bin/tshark", "-r", path, "-T", "fields", "-e", "frame.number"],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        check=True,
        text=True,
    ).stdout.split()


def running_captures(server: str) -> list[str]:
    with dissectd.connect(server) as client:
        transport = client.transport
        answer = transport.call(
            transport.captures.ListCaptures, capture_api.ListCapturesRequest()
        )
        return [each.name for each in answer.captures]


def test_a_wrong_filter_raises_with_the_reason() -> None:
    with (
        pyshark.FileCapture(DNS, display_filter="ip.adr == 1") as capture,
        pytest.raises(TSharkCrashException, match=r"retcode: 2.*\n.*ip\.adr"),
    ):
        list(capture)


def test_a_damaged_file_gives_its_packets_and_raises() -> None:
    found = []
    path = str(CAPTURES / "cut-short.pcap")
    with (
        pyshark.FileCapture(path) as capture,
        pytest.raises(TSharkCrashException, match="cut short"),
    ):
        found.extend(capture)
    assert len(found) == DNS_PACKETS - 1


def test_a_missing_daemon_is_named() -> None:
    capture = pyshark.FileCapture(DNS, server="unix:/no/such/socket")
    with pytest.raises(tshark.TSharkNotFoundException, match="/no/such/socket"):
        capture.next()


@pytest.mark.parametrize(
    "parameters", [["-z", "io,stat,1"], ["-T", "fields", "-e", "ip.src"]]
)
def test_parameters_that_cant_be_done_are_refused(parameters: Any) -> None:
    capture = pyshark.FileCapture(DNS, custom_parameters=parameters)
    with pytest.raises(UnsupportedParameter, match="parameter"):
        list(capture)


def test_stored_packets_of_all_kinds_come_back() -> None:
    for options, layer_facts in (
        ({}, facts.xml_layer_facts),
        ({"use_json": True}, facts.json_facts),
        ({"use_ek": True}, facts.ek_facts),
    ):
        with pyshark.FileCapture(DNS, **options) as capture:
            packet = capture[3]
        stored = pickle.loads(pickle.dumps(capture[2]))
        expected = facts.packet_facts(capture[2], layer_facts)
        assert facts.packet_facts(stored, layer_facts) == expected
        copied = facts.packet_facts(copy.deepcopy(packet), layer_facts)
        assert copied == facts.packet_facts(packet, layer_facts)


def test_packets_of_a_closed_capture_can_be_read() -> None:
    with pyshark.FileCapture(DNS) as capture:
        packets = list(capture)
    assert packets[0].dns.qry_name == "www.example.org"


def test_a_file_is_written_with_the_packets_that_pass(
    tmp_path: pathlib.Path,
) -> None:
    written = tmp_path / "written.pcapng"
    with pyshark.FileCapture(
        DNS, display_filter="frame.number > 20", output_file=str(written)
    ) as capture:
        passed = len(list(capture))
    assert passed == DNS_PACKETS - 20
    assert len(tshark_numbers(written)) == passed


def test_a_pipe_is_read() -> None:
    read, write = os.pipe()
    with subprocess.Popen(["cat", DNS], stdout=write):
        os.close(write)
        with pyshark.PipeCapture(read) as capture:
            assert len(list(capture)) == DNS_PACKETS


def test_packets_in_memory_have_the_same_values_as_pysharks() -> None:
    frames = frames_of(DNS)[:4]
    times = [1_700_000_000.25 + number for number in range(len(frames))]
    results = []
    for package in (pyshark, theirs):
        with package.InMemCapture() as capture:
            results.append(
                [
                    facts.packet_facts(packet, facts.xml_layer_facts)
                    for packet in capture.parse_packets(frames, times)
                ]
            )
    assert facts.difference(*results) is None


def test_packets_in_memory_can_come_from_json() -> None:
    frames = frames_of(DNS)[:3]
    with pyshark.InMemCapture(use_json=True, include_raw=True) as capture:
        one = capture.parse_packet(frames[0])
        others = capture.parse_packets(frames[1:])
    packets = [one, *others]
    assert [packet.number for packet in packets] == [1, 2, 3]
    assert [packet.get_raw_packet() for packet in packets] == frames


def test_packets_in_memory_that_dont_pass_time_out() -> None:
    with (
        pyshark.InMemCapture(display_filter="tcp") as capture,
        pytest.raises(asyncio.TimeoutError, match="display filters"),
    ):
        capture.parse_packet(frames_of(DNS)[0], timeout=2)


def test_a_live_capture_ends_after_its_time_and_leaves_nothing(
    server: str,
) -> None:
    begin = time.monotonic()
    # Nothing sends to this port.
    capture = pyshark.LiveCapture("lo", bpf_filter="udp port 9")
    capture.sniff(timeout=2)
    assert time.monotonic() - begin < LONG
    assert not capture.loaded
    with pytest.raises(asyncio.TimeoutError):
        capture.apply_on_packets(print, timeout=2)
    assert running_captures(server) == []


def test_packets_that_are_not_displayed_count(
    traffic: LoopbackTraffic,
) -> None:
    port = traffic.ports[0]
    with pyshark.LiveCapture(
        "lo",
        bpf_filter=f"udp dst port {port}",
        display_filter="frame.number in {2..4}",
    ) as capture:
        capture.sniff(packet_count=5, timeout=LONG)
        assert [packet.number for packet in capture] == ["2", "3", "4"]


def test_a_live_capture_is_written_to_a_file(
    traffic: LoopbackTraffic, tmp_path: pathlib.Path
) -> None:
    written = tmp_path / "written.pcapng"
    with pyshark.LiveCapture(
        "lo",
        bpf_filter=f"udp dst port {traffic.ports[0]}",
        output_file=str(written),
    ) as capture:
        capture.sniff(packet_count=4, timeout=LONG)
    assert len(tshark_numbers(written)) >= 4


def test_a_live_capture_ends_with_its_task(
    server: str, traffic: LoopbackTraffic
) -> None:
    port = traffic.ports[0]

    async def some() -> int:
        found: list[Any] = []
        enough = asyncio.Event()

        def keep(packet: Any) -> None:
            found.append(packet)
            if len(found) == 3:
                enough.set()

        async with pyshark.LiveCapture(
            "lo", bpf_filter=f"udp dst port {port}"
        ) as capture:
            task = asyncio.create_task(capture.packets_from_tshark(keep))
            await asyncio.wait_for(enough.wait(), LONG)
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task
        return len(found)

    loop = asyncio.get_event_loop_policy().get_event_loop()
    assert loop.run_until_complete(some()) >= 3
    assert running_captures(server) == []


def test_another_machines_daemon_captures(
    daemon: Daemon, traffic: LoopbackTraffic
) -> None:
    with pyshark.RemoteCapture(
        "192.0.2.1",
        "lo",
        bpf_filter=f"udp dst port {traffic.ports[0]}",
        server=daemon.address,
    ) as capture:
        packets = capture.sniff_continuously(packet_count=2)
        assert [packet.ip.dst for packet in packets] == ["127.0.0.1"] * 2


def test_the_daemons_interfaces_are_listed() -> None:
    assert "lo" in tshark.get_tshark_interfaces()
    assert "Loopback" in tshark.get_all_tshark_interfaces_names()
    assert tshark.get_tshark_version().startswith("4.")
