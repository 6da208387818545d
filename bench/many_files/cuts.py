# SPDX-License-Identifier: GPL-2.0-or-later
"""Times ways to read one large capture in parts: pieces, ranges and a session.

    cuts.py [--frames 100000] [--parts 4] [--rounds 2]

Runs in the environment of tests/dask/run.sh, and needs DISSECTD and
DISSECTCTL, the paths of the programs. The capture has small UDP datagrams.
"""

import argparse
import pathlib
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import dask
import dissectd
from dissectd.dask import read_captures
from running import large_capture, start_daemons

FIELDS = ["frame.number", "frame.time", "ip.src", "ip.dst", "udp.srcport"]


def in_parts(read: Callable[[int, int], int], frames: int, parts: int) -> int:
    """Reads ranges of frames at the same time, and returns the rows."""
    bounds = [frames * n // parts for n in range(parts + 1)]
    with ThreadPoolExecutor(parts) as pool:
        counts = pool.map(read, [b + 1 for b in bounds[:-1]], bounds[1:])
        return sum(counts)


def rows_of_dask(path: str, address: str, piece_bytes: int) -> int:
    frame = read_captures(
        path,
        FIELDS,
        daemons=[address],
        split="stateless" if piece_bytes else None,
        split_bytes=piece_bytes or 1,
    )
    return int(frame.shape[0].compute())


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--frames", type=int, default=100_000)
    parser.add_argument("--parts", type=int, default=4)
    parser.add_argument("--rounds", type=int, default=2)
    chosen = parser.parse_args()
    frames, parts = chosen.frames, chosen.parts
    dask.config.set(scheduler="threads", num_workers=parts)
    with tempfile.TemporaryDirectory() as name:
        (daemon,) = start_daemons(pathlib.Path(name), 1)
        address = daemon.address
        path = pathlib.Path(name, "large.pcap")
        large_capture(path, frames)
        piece_bytes = -(-path.stat().st_size // parts)
        with (
            dissectd.connect(address) as client,
            client.upload(path, by_hash=True) as stored,
        ):

            def read_range(first: int, last: int) -> int:
                return len(stored.fields(FIELDS, first=first, last=last))

            def by_session() -> int:
                with client.open(stored.name) as session:

                    def read(first: int, last: int) -> int:
                        return len(
                            session.fields(FIELDS, first=first, last=last)
                        )

                    return in_parts(read, frames, parts)

            ways: dict[str, Callable[[], int]] = {
                "whole": lambda: rows_of_dask(str(path), address, 0),
                f"{parts} pieces": lambda: rows_of_dask(
                    str(path), address, piece_bytes
                ),
                f"{parts} ranges": lambda: in_parts(read_range, frames, parts),
                f"{parts} ranges of a session": by_session,
            }
            for way, read in ways.items():
                times = []
                for _ in range(chosen.rounds):
                    begin = time.perf_counter()
                    found = read()
                    times.append(time.perf_counter() - begin)
                print(f"{way:24} {min(times):6.2f} s, {found} rows", flush=True)
        daemon.stop()


if __name__ == "__main__":
    main()
