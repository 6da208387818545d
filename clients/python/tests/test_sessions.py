# SPDX-License-Identifier: Apache-2.0
"""Sessions, and analyses of files."""

import pathlib
import subprocess

import pytest

import dissectd


def tshark(path: pathlib.Path, *options: str) -> str:
    run = subprocess.run(
        ["tshark", "-r", path, *options],
        capture_output=True,
        check=True,
        text=True,
    )
    return run.stdout


def test_a_session_answers_many_questions(
    w: dissectd.Client, store: pathlib.Path
) -> None:
    with w.open("http1.pcap.gz") as s:
        assert s.info().frames == 46
        assert s.frame(4).http.request_uri == "/lines.json"
        assert bytes(s.frame(4))[12:14] == b"\x08\x00"
        table = s.frames("http.request", ["protocol", "info"])
        numbers = tshark(
            store / "http1.pcap.gz",
            *("-Y", "http.request", "-T", "fields", "-e", "frame.number"),
        )
        assert list(map(str, table["number"])) == numbers.split()
        assert set(table["protocol"]) == {"HTTP"}
        page = s.frames("http.request", ["info"], offset=1, count=2)
        assert list(page["info"]) == list(table["info"][1:3])
        longest = s.frames("", ["length"], sort_by="length", descending=True)
        lengths = list(map(int, longest["length"]))
        assert lengths == sorted(lengths, reverse=True)
        assert s.find("http.response") == 6
        assert s.find("arp") is None
        with pytest.raises(dissectd.NotFound):
            s.frame(47)
    assert w.sessions() == []
    with pytest.raises(dissectd.SessionError):
        s.frame(1)


def test_a_session_of_a_local_file(
    w: dissectd.Client, store: pathlib.Path
) -> None:
    with w.open(store / "dns.pcap", two_pass=True) as s:
        assert s.info().frames == 26


def test_edits_show(w: dissectd.Client) -> None:
    with w.open("dns.pcap") as s:
        s.mark(2, 3)
        s.comment(5, "lost here")
        s.ignore(1)
        marked = [packet.number for packet in s.read("frame.marked == 1")]
        assert marked == [2, 3]
        assert s.frame(5)["frame.comment"] == "lost here"
        before = s.frame(7).time.epoch_ns
        s.shift(-0.5)
        assert s.frame(7).time.epoch_ns == before - 500_000_000


def test_analyses_work_without_a_session(w: dissectd.Client) -> None:
    file = w.file("http1.pcap.gz")
    talks = file.conversations("tcp")
    assert sum(talks["frames"]) == 46
    assert list(talks["stream"]) == [0, 1, 3, 2]
    assert len(file.endpoints("ip")) == 2
    hosts = file.endpoints("ip", "tcp.stream == 1")
    assert sum(hosts["frames_sent"]) == 12
    protocols = file.protocols()
    frames = dict(zip(protocols["protocol"], protocols["frames"], strict=True))
    assert frames["eth"] == 46
    assert "chat" in set(file.expert()["severity"])
    assert len(talks.to_pandas()) == 4


def test_a_graph_has_each_interval(w: dissectd.Client) -> None:
    table = w.file("dns.pcap").io_graph(0.05, "udp", "COUNT(dns.a)dns.a")
    assert table.column_names == [
        "start",
        "frames udp",
        "bytes udp",
        "count(dns.a)",
    ]
    assert table["start"][1].ns == 50_000_000
    assert sum(table["frames udp"]) == 16
    assert sum(table["count(dns.a)"]) == 2


def test_a_stream_is_followed(w: dissectd.Client, store: pathlib.Path) -> None:
    followed = w.file("http1.pcap.gz").follow("tcp", 1)
    shown = tshark(
        store / "http1.pcap.gz", "-q", "-z", "follow,tcp,raw,1"
    ).splitlines()
    server = [line.strip() for line in shown if line.startswith("\t")]
    assert followed.server.hex() == "".join(server)
    assert followed.client.startswith(b"GET / HTTP/1.1")
    assert followed.display_filter == "tcp.stream eq 1"


def test_objects_are_exported(w: dissectd.Client) -> None:
    objects = {o.file_name: o for o in w.file("http1.pcap.gz").objects("http")}
    assert len(objects["large.txt"].data) == 9000
    assert objects["lines.json"].content_type == "application/json"


def test_packets_are_exported(
    w: dissectd.Client, tmp_path: pathlib.Path
) -> None:
    target = tmp_path / "dns.pcap"
    frames = w.file("dns.pcap").export(target, "dns.a", file_type="pcap")
    assert frames == 2
    assert len(tshark(target).splitlines()) == 2


def test_reports_have_tsharks_text(
    w: dissectd.Client, store: pathlib.Path
) -> None:
    (result,) = w.file("dns.pcap").statistics("dns,tree", text=True)
    expected = tshark(store / "dns.pcap", "-q", "-z", "dns,tree")
    assert result.text.decode() == expected


def test_options_change_the_dissection(
    w: dissectd.Client, store: pathlib.Path
) -> None:
    plain, changed = (
        next(iter(w.read("http1.pcap.gz", "tcp.stream == 1", **how)))
        for how in (
            {},
            {
                "preferences": {"tcp.relative_sequence_numbers": False},
                "decode_as": {"tcp.port==80": "data"},
            },
        )
    )
    assert plain.tcp.seq == 0
    assert changed.tcp.seq == plain.tcp.seq_raw
    keys = store.parent / "keys"
    source = pathlib.Path(__file__).parents[3] / "tests/captures"
    keys.write_bytes((source / "http1-tls.keys").read_bytes())
    found = list(w.read("http1-tls.pcap", "http", tls_key_log=keys))
    assert found
    assert not list(w.read("http1-tls.pcap", "http"))
    with pytest.raises(dissectd.PreferencesError, match=r"tcp\.nonsense"):
        list(w.read("dns.pcap", preferences={"tcp.nonsense": 1}))
    with pytest.raises(TypeError, match="nonsense"):
        list(w.read("dns.pcap", nonsense=1))  # type: ignore[call-arg]


def test_ranges_choose_frames(w: dissectd.Client) -> None:
    packets = list(w.read("dns.pcap", first=5, last=9, tree=False))
    assert [packet.number for packet in packets] == [5, 6, 7, 8, 9]
    moment = packets[2].time
    later = w.read("dns.pcap", from_time=moment, tree=False)
    assert next(iter(later)).number == 7
    earlier = list(w.read("dns.pcap", until_time=moment, tree=False))
    assert earlier[-1].number == 6
