# SPDX-License-Identifier: Apache-2.0
"""Packets: attributes, items, types and labels."""

import datetime
import ipaddress
import pathlib
import pickle
import weakref

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


def test_a_layer_can_be_there_twice(w: dissectd.Client) -> None:
    packet = next(iter(w.read("vxlan.pcap", "vxlan && icmp")))
    names = [layer.layer_name for layer in packet.layers]
    assert names.count("eth") == names.count("ip") == 2
    outer, inner = packet.layers_of("ip")
    assert packet.ip.src == outer.src != inner.src
    assert packet.all("ip.src") == [outer.src, inner.src]
    (chosen,) = w.read(
        "vxlan.pcap", "vxlan && icmp", fields=["ip.src"], limit=1
    )
    assert [layer.src for layer in chosen.layers_of("ip")] == [
        outer.src,
        inner.src,
    ]


def test_fields_tell_their_labels_and_places(w: dissectd.Client) -> None:
    (packet,) = w.read("dns.pcap", "dns.a", bytes=True, limit=1)
    field = packet.field("dns.a")
    assert field.label == "Address: 192.0.2.80"
    assert field.text == "192.0.2.80"
    assert field.display_name == "Address"
    assert (field.pos, field.size) == (87, 4)
    assert field.bytes == bytes([192, 0, 2, 80])
    assert field.raw_value == bytes([192, 0, 2, 80])
    assert bytes(packet)[field.pos :][: field.size] == field.bytes
    assert packet.udp.field("port").hidden
    answers = next(f for f in packet.dns if f.label == "Answers")
    (answer_field,) = answers.children()
    assert "type A" in answer_field.label
    assert "dns.a" in [child.name for child in answer_field.children()]


def test_bytes_that_were_not_requested_are_an_error(
    w: dissectd.Client,
) -> None:
    with pytest.raises(ValueError, match="weren't requested"):
        bytes(answer(w))


def test_editors_can_complete_names(w: dissectd.Client) -> None:
    packet = answer(w)
    assert {"dns", "ip", "number", "layers"} <= set(dir(packet))
    assert {"qry_name", "flags_response", "id"} <= set(dir(packet.dns))


def test_times_keep_their_nanoseconds(w: dissectd.Client) -> None:
    packet = next(iter(w.read("nanoseconds.pcap")))
    assert packet.time.nanosecond % 1000 != 0
    assert packet.time.epoch_text().endswith(f"{packet.time.nanosecond:09}")
    assert pickle.loads(pickle.dumps(packet.time)) == packet.time
    later = packet.time + datetime.timedelta(seconds=1)
    assert later.epoch_ns // 1000 == packet.time.epoch_ns // 1000 + 1_000_000


def test_the_tree_of_chosen_protocols(w: dissectd.Client) -> None:
    (packet,) = w.read("dns.pcap", "dns.a", tree=["ip"], limit=1)
    assert packet.ip.ttl == 64
    assert "dns" in packet
    assert "dns.a" not in packet


def test_a_batch_is_let_go_when_its_packets_are(w: dissectd.Client) -> None:
    batches = weakref.WeakSet[object]()
    for packet in w.read("redis.pcap", bytes=True):
        batches.add(packet.nodes.batch)
        assert len(batches) <= 2


def test_no_filter_is_all_packets(w: dissectd.Client) -> None:
    assert len(list(w.read("dns.pcap", filter=None))) == 26
    with w.open("dns.pcap") as session:
        assert len(session.frames(None)) == 26
        assert len(session.conversations("udp", None)) > 0


def test_wrong_arguments_say_what_is_right(w: dissectd.Client) -> None:
    with pytest.raises(ValueError, match='"frame" or "all"'):
        w.read("dns.pcap", bytes="yes")
    for number in (0, -1):
        with pytest.raises(dissectd.NotFound, match=f"no frame {number}"):
            w.file("dns.pcap").frame(number)


def test_python_can_suggest_names(w: dissectd.Client) -> None:
    packet = w.file("dns.pcap").frame(1)
    with pytest.raises(AttributeError) as wrong:
        _ = packet.udb
    assert (wrong.value.name, wrong.value.obj) == ("udb", packet)
    with pytest.raises(AttributeError) as wrong:
        _ = packet.udp.srcprot
    assert wrong.value.name == "srcprot"
