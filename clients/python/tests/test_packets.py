# SPDX-License-Identifier: Apache-2.0
"""Packets: attributes, items, types and labels."""

import ipaddress
import pathlib

import pytest

import dissectd

SERVER = ipaddress.IPv4Address("192.0.2.2")


def answer(w: dissectd.Client) -> dissectd.Packet:
    (packet,) = w.read("dns.pcap", filter="dns.a", limit=1)
    return packet


def test_values_have_pythons_types(w: dissectd.Client) -> None:
    packet = answer(w)
    assert packet.ip.src == SERVER
    assert packet["ip"].src == SERVER
    assert packet["ip.src"] == SERVER
    assert packet.udp.srcport == 53
    assert packet.dns.flags_response is True
    assert packet.dns["flags.response"] is True
    assert packet.eth.src == dissectd.Mac("02:00:00:00:00:02")
    assert packet.dns.qry_name == "www.example.org"
    assert packet.frame.time_delta.ns == 522_000
    assert packet.time.epoch_ns == 1_795_503_610_590_496_000
    assert packet.frame.time == packet.time


def test_layers_and_fields_can_be_asked_for(w: dissectd.Client) -> None:
    packet = answer(w)
    assert "dns" in packet
    assert "dns.a" in packet
    assert "tcp" not in packet
    assert "qry.name" in packet.dns
    names = [layer.layer_name for layer in packet.layers]
    assert names == ["frame", "eth", "ip", "udp", "dns"]
    assert packet.get("tcp.srcport") is None
    assert packet.get("tcp.srcport", 0) == 0
    with pytest.raises(AttributeError, match="no layer tcp"):
        _ = packet.tcp
    with pytest.raises(AttributeError, match="no field nonsense"):
        _ = packet.dns.nonsense
    with pytest.raises(KeyError):
        _ = packet["dns.nonsense"]


def test_all_occurrences_are_a_list(w: dissectd.Client) -> None:
    packet = answer(w)
    assert packet.all("udp.port") == [53, 48810]
    assert packet.all("ip.addr") == [SERVER, SERVER - 1]
    assert packet.udp.all("port") == [53, 48810]
    assert packet.all("tcp.port") == []


def test_chosen_fields_need_no_tree(w: dissectd.Client) -> None:
    (packet,) = w.read(
        "dns.pcap", "dns.a", fields=["ip.src", "udp.port"], limit=1
    )
    assert packet.ip.src == SERVER
    assert packet.udp.all("port") == [53, 48810]
    assert "dns" not in packet


def test_the_representation_is_the_tree(w: dissectd.Client) -> None:
    text = repr(answer(w))
    assert "\n    Destination Port: 48810\n" in text
    assert "\n    [Time: 0.000522000 seconds]" in text
    assert "udp.port" not in text


def test_a_local_file_is_read_where_it_is(
    w: dissectd.Client, store: pathlib.Path
) -> None:
    path = store / "dns.pcap"
    expected = [packet.number for packet in w.read("dns.pcap")]
    assert [packet.number for packet in w.read(path)] == expected
    with open(path, "rb") as file:
        assert [packet.number for packet in w.read(file)] == expected


def test_a_wrong_filter_shows_its_place(w: dissectd.Client) -> None:
    with pytest.raises(dissectd.DisplayFilterError) as error:
        list(w.read("dns.pcap", "tcp && ip.adr"))
    assert error.value.span == dissectd.Span(7, 6)
    assert str(error.value).endswith("\n    tcp && ip.adr\n           ^~~~~~")
