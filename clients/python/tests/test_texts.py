# SPDX-License-Identifier: Apache-2.0
"""What notebooks and consoles show of the answers."""

import pathlib

import dissectd


def test_the_daemon_shows_its_version(w: dissectd.Client) -> None:
    text = repr(w.info())
    assert text.startswith("<ServerInfo dissectd ")
    assert "with wireshark-4.0.17" in text
    assert "\n" not in text
    assert w.info().limits.max_request_bytes > 0


def test_files_are_a_line_each(w: dissectd.Client, store: pathlib.Path) -> None:
    (file,) = w.files("dns.p")
    status = (store / "dns.pcap").stat()
    assert file.modify_time.epoch_ns == status.st_mtime_ns
    assert file.size_bytes == status.st_size
    moment = f"{file.modify_time:%Y-%m-%d %H:%M:%S}Z"
    assert repr(w.files("dns.p")) == (
        f"[<FileInfo files/dns.pcap, {status.st_size} bytes, {moment}>]"
    )
    assert file.summary is None
    assert w.stored(file.name).info(summary=True).summary is not None
    assert len(list(w.read(file))) == 26


def test_long_lists_show_their_beginning(w: dissectd.Client) -> None:
    every = w.files()
    lines = repr(every).splitlines()
    assert len(lines) == 21
    assert lines[0] == f"[{every[0]!r},"
    assert lines[-1] == f" ... and {len(every) - 20} more]"
    assert repr(w.files("none")) == "[]"


def test_interfaces_show_their_addresses(w: dissectd.Client) -> None:
    (loopback,) = [i for i in w.interfaces() if i.name == "lo"]
    assert repr(loopback).startswith("<Interface lo Loopback 127.0.0.1")
    assert loopback.type == "wired"


def test_streams_and_objects_are_short(w: dissectd.Client) -> None:
    file = w.file("http1.pcap.gz")
    followed = file.follow("tcp", 1)
    text = repr(followed)
    assert text.startswith("<Followed tcp.stream eq 1: client 192.0.2.")
    assert f"sent {len(followed.client)} bytes" in text
    assert len(text) < 200
    assert max(len(repr(chunk)) for chunk in followed.chunks) < 250
    objects = {o.file_name: o for o in file.objects("http")}
    assert repr(objects["large.txt"]) == (
        "<ExportedObject large.txt, text/plain, 9000 bytes>"
    )
