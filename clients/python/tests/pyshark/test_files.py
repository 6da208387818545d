# SPDX-License-Identifier: Apache-2.0
"""Packets of files have the values that pyshark's have."""

import contextlib
import pathlib
import subprocess
from typing import Any

import facts
import pyshark as theirs
import pytest
from pyshark.tshark.output_parser import tshark_xml

from dissectd import pyshark as ours

# pyshark doesn't end its programs in time.
pytestmark = pytest.mark.filterwarnings(
    "ignore::pytest.PytestUnraisableExceptionWarning"
)

CAPTURES = pathlib.Path(__file__).resolve().parents[4] / "tests" / "captures"
ALL = sorted(path.name for path in CAPTURES.glob("*.pcap*"))
SOME = [
    "dns.pcap",
    "icmp-fragments.pcap",
    "kerberos.pcap",
    "vxlan.pcap",
    "wifi.pcap",
    "zigbee.pcap",
]


def packets_of(
    package: Any, capture: str, layer_facts: Any, **options: Any
) -> list[facts.Facts]:
    found: list[facts.Facts] = []
    # What comes before the end of a damaged file counts. pyshark only raises
    # its exception if tshark ends soon enough.
    with (
        contextlib.suppress(package.capture.capture.TSharkCrashException),
        package.FileCapture(str(CAPTURES / capture), **options) as packets,
    ):
        found.extend(
            facts.packet_facts(packet, layer_facts) for packet in packets
        )
    return found


def compare(capture: str, layer_facts: Any, **options: Any) -> None:
    expected = packets_of(theirs, capture, layer_facts, **options)
    found = packets_of(ours, capture, layer_facts, **options)
    assert expected or capture == "empty.pcap"
    assert facts.difference(found, expected) is None


@pytest.mark.parametrize("capture", ALL)
def test_layers_have_the_same_values(capture: str) -> None:
    # pyshark needs half a minute for what follows.
    wanted = "frame.number < 60" if capture == "redis.pcap" else None
    compare(capture, facts.xml_layer_facts, display_filter=wanted)


@pytest.mark.parametrize("capture", SOME)
def test_layers_from_json_have_the_same_values(capture: str) -> None:
    raw = capture != "dns.pcap"
    compare(capture, facts.json_facts, use_json=True, include_raw=raw)


@pytest.mark.parametrize("capture", SOME)
def test_typed_layers_have_the_same_values(capture: str) -> None:
    raw = capture != "dns.pcap"
    compare(capture, facts.ek_facts, use_ek=True, include_raw=raw)


@pytest.mark.parametrize("capture", ["dns.pcap", "telephony.pcap"])
def test_summaries_have_the_same_values(capture: str) -> None:
    path = str(CAPTURES / capture)
    # pyshark loses nearly all summaries, but its parser can read each.
    psml = subprocess.run(
        ["/usr/bin/tshark", "-n", "-T", "psml", "-r", path],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        check=True,
    ).stdout
    head, _, body = psml.partition(b"</structure>")
    _, _, titles = head.rpartition(b"<structure>")
    structure = tshark_xml.psml_structure_from_xml(
        b"<structure>" + titles + b"</structure>"
    )
    expected = [
        facts.summary_facts(
            tshark_xml.packet_from_xml_packet(
                b"<packet>" + each.partition(b"</packet>")[0] + b"</packet>",
                structure,
            )
        )
        for each in body.split(b"<packet>")[1:]
    ]
    with ours.FileCapture(path, only_summaries=True) as packets:
        found = [facts.summary_facts(packet) for packet in packets]
    assert len(expected) > 20
    assert facts.difference(found, expected) is None
