# SPDX-License-Identifier: GPL-2.0-or-later
"""What the benchmarks of many captures share."""

import os
import pathlib
import sys
from collections.abc import Iterator

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "tests" / "running"), str(ROOT / "tests/captures")]

from daemon import Daemon, clean_environment  # noqa: E402
from datagram_captures import datagram_capture  # noqa: E402

FIELDS = ["frame.number", "frame.time", "ip.src", "tcp.len", "dns.qry.name"]


def captures(folder: pathlib.Path, count: int) -> list[str]:
    """Returns the paths of the first captures of a folder."""
    files = sorted(p for p in folder.rglob("*.pcap*") if p.is_file())
    return [str(path) for path in files[:count]]


def start_daemons(folder: pathlib.Path, count: int) -> Iterator[Daemon]:
    """Starts daemons with stores and sockets of their own in a folder."""
    for number in range(count):
        store = folder / f"store{number}"
        store.mkdir()
        yield Daemon(
            os.environ["DISSECTD"],
            os.environ["DISSECTCTL"],
            store,
            folder / str(number),
            clean_environment(folder / "home"),
            [],
        )


def large_capture(path: pathlib.Path, frames: int) -> None:
    """Writes a capture of small datagrams."""
    datagram_capture(path, frames, payload_bytes=60)
