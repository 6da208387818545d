# SPDX-License-Identifier: Apache-2.0
"""Files that the client writes: a failure loses nothing."""

import os
import pathlib
import resource
import signal
import subprocess
import threading
import time
from collections.abc import Iterator

import pytest
from conftest import StartDaemon
from daemon import Daemon
from relay import Relay

import dissectd

PRECIOUS = b"precious"


@pytest.fixture
def local(tmp_path: pathlib.Path) -> Iterator[pathlib.Path]:
    """Gives a file that has to stay as it is, with nothing beside it."""
    path = tmp_path / "mine" / "precious.pcap"
    path.parent.mkdir()
    path.write_bytes(PRECIOUS)
    yield path
    assert path.read_bytes() == PRECIOUS
    assert list(path.parent.iterdir()) == [path]


def test_a_missing_file_loses_nothing(
    w: dissectd.Client, local: pathlib.Path
) -> None:
    with pytest.raises(dissectd.FileNotInStore):
        w.stored("no-such.pcap").download(local)
    with pytest.raises(dissectd.FileNotInStore):
        w.file("no-such.pcap").export(local)


def test_a_wrong_filter_loses_nothing(
    w: dissectd.Client, local: pathlib.Path
) -> None:
    with pytest.raises(dissectd.DisplayFilterError):
        w.file("dns.pcap").export(local, "no.such")


async def test_coroutines_lose_nothing(
    daemon: Daemon, local: pathlib.Path
) -> None:
    async with dissectd.aio.connect(daemon.address) as w:
        with pytest.raises(dissectd.DisplayFilterError):
            await w.file("dns.pcap").export(local, "no.such")


def cut_when_it_writes(folder: pathlib.Path, relay: Relay) -> None:
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        if any(p.stat().st_size for p in folder.glob(".dissectd-*")):
            relay.cut()
            return


def test_a_broken_connection_loses_nothing(
    start_daemon: StartDaemon, tmp_path: pathlib.Path, local: pathlib.Path
) -> None:
    daemon = start_daemon()
    with (tmp_path / "store" / "dns.pcap").open("r+b") as file:
        file.truncate(1 << 30)
    relay = Relay(tmp_path / "relay", daemon.address)
    cutter = threading.Thread(
        target=cut_when_it_writes, args=(local.parent, relay)
    )
    with dissectd.connect(relay.address) as w:
        w.info()
        cutter.start()
        with pytest.raises(dissectd.ConnectionFailed):
            w.stored("dns.pcap").download(local)
    cutter.join()
    relay.close()


def test_a_full_disk_loses_nothing(
    w: dissectd.Client, local: pathlib.Path
) -> None:
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    before = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1000, limits[1]))
    try:
        with pytest.raises(OSError, match="too large"):
            w.stored("redis.pcap").download(local)
        with pytest.raises(OSError, match="too large"):
            w.file("redis.pcap").export(local)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
        signal.signal(signal.SIGXFSZ, before)


def test_a_folder_is_no_target(
    w: dissectd.Client, tmp_path: pathlib.Path
) -> None:
    with pytest.raises(IsADirectoryError):
        w.stored("dns.pcap").download(tmp_path)
    with pytest.raises(FileNotFoundError, match="nowhere"):
        w.stored("dns.pcap").download(tmp_path / "nowhere" / "x.pcap")


def test_links_and_modes_stay(
    w: dissectd.Client, store: pathlib.Path, tmp_path: pathlib.Path
) -> None:
    target, link = tmp_path / "target.pcap", tmp_path / "link.pcap"
    target.touch()
    target.chmod(0o640)
    link.symlink_to(target)
    w.stored("dns.pcap").download(link)
    assert link.is_symlink()
    assert target.read_bytes() == (store / "dns.pcap").read_bytes()
    assert target.stat().st_mode & 0o777 == 0o640


def test_pipes_are_written(
    w: dissectd.Client, store: pathlib.Path, tmp_path: pathlib.Path
) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    with subprocess.Popen(["cat", pipe], stdout=subprocess.PIPE) as reader:
        w.stored("dns.pcap").download(pipe)
        shown, _ = reader.communicate(timeout=30)
    assert shown == (store / "dns.pcap").read_bytes()
    assert pipe.is_fifo()


def test_a_damaged_capture_gives_its_good_packets(
    w: dissectd.Client, tmp_path: pathlib.Path
) -> None:
    target = tmp_path / "good.pcap"
    with pytest.raises(dissectd.ShortRead):
        w.file("cut-short.pcap").export(target)
    assert len(list(w.read(target))) > 10
