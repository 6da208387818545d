# SPDX-License-Identifier: GPL-2.0-or-later
"""Measures what dissectd, Envoy and dissectd-fleet need on this machine.

    run.sh measure FOLDER [--rounds=N] [--only=PART] [--json=FILE]

The packets are those of Ethernet in a folder of captures. All figures are
processor time, bytes and memory, which other load on the machine changes less
than wall time. docs/capacity.md says what they are used for.
"""

import argparse
import datetime
import os
import pathlib
import platform
import re
import subprocess
import sys
import tempfile
import typing

import captures
import report
from cluster import Cluster
from datagram_captures import datagram
from edge_figures import NAMES, EdgeFigures
from figures import Figures, Recorder, load
from file_figures import FileFigures
from fleet_figures import FleetFigures
from lab import Lab, say
from live_figures import SIZES, DumpcapFigures, LiveFigures
from packet_bytes import write_capture
from traffic import ethernet_frames

PARTS = ("files", "dumpcap", "live", "fleet", "edge")
ROUNDS = 3
MOST_FRAMES = 50_000
ETHERNET = 1
_DATAGRAM_HEADERS = 42


def parse_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("folder", metavar="FOLDER", type=pathlib.Path)
    parser.add_argument("--rounds", type=int, default=ROUNDS, metavar="N")
    parser.add_argument(
        "--only",
        action="append",
        choices=PARTS,
        help="measure this part; may be repeated",
    )
    parser.add_argument(
        "--json",
        type=pathlib.Path,
        metavar="FILE",
        help="write the figures there; those of other parts stay",
    )
    return parser.parse_args()


def read_traffic(source: pathlib.Path, target: pathlib.Path) -> list[bytes]:
    """Returns the packets of a folder of captures; writes them to a file."""
    say(f"reading the captures of {source}")
    found = captures.find_captures(source.resolve())
    packets = list(ethernet_frames(found, MOST_FRAMES))
    if not packets:
        sys.exit(f"{source} has no packets of Ethernet")
    write_capture(target, packets, ETHERNET)
    return packets


def describe_machine(packets: list[bytes]) -> dict[str, typing.Any]:
    memory = pathlib.Path("/proc/meminfo").read_text()
    (total,) = re.findall(r"^MemTotal: +(\d+) kB$", memory, re.MULTILINE)
    version = re.search(
        r"\d+\.\d+\.\d+",
        subprocess.run(
            ["dumpcap", "--version"], capture_output=True, text=True, check=True
        ).stdout,
    )
    return {
        "processor": report.cpu(),
        "cores": os.cpu_count(),
        "memory_bytes": int(total) * 1024,
        "kernel": platform.release(),
        "wireshark": version[0] if version else "unknown",
        "date": datetime.datetime.now(datetime.UTC).date().isoformat(),
        "load_average": round(os.getloadavg()[2], 1),
        "packets": len(packets),
        "mean_packet_bytes": round(sum(map(len, packets)) / len(packets), 1),
    }


def write_datagrams(folder: pathlib.Path) -> dict[int, pathlib.Path]:
    """Writes captures with a packet of each size, headers included."""
    paths = {}
    for size in SIZES:
        paths[size] = folder / f"{size}.pcap"
        packet = datagram(1, size - _DATAGRAM_HEADERS)
        write_capture(paths[size], [packet], ETHERNET)
    return paths


def measure(
    lab: Lab, parts: list[str], rounds: int, recorder: Recorder
) -> None:
    """Measures all parts in turn, so that other load meets each of them."""
    tasks: dict[str, typing.Callable[[], None]] = {}
    node = lab.node(0)
    datagrams = write_datagrams(lab.folder)
    if "files" in parts:
        tasks["files"] = FileFigures(lab, node, recorder).measure
    if "dumpcap" in parts:
        tasks["dumpcap"] = DumpcapFigures(lab, 0, recorder, datagrams).measure
    if "live" in parts:
        tasks["live"] = LiveFigures(lab, node, recorder).measure
    if "fleet" in parts:
        tasks["fleet"] = FleetFigures(lab, recorder).measure
    cluster = None
    if "edge" in parts:
        say("starting Envoy and three daemons")
        cluster = Cluster(*NAMES)
        for name in NAMES:
            cluster.wait_for(name)
        tasks["edge"] = EdgeFigures(lab, cluster, recorder).measure
    try:
        for number in range(rounds):
            for name, task in tasks.items():
                say(f"round {number + 1} of {rounds}: {name}")
                task()
    finally:
        if cluster:
            cluster.close()


def main() -> None:
    arguments = parse_arguments()
    parts = arguments.only or list(PARTS)
    recorder = Recorder()
    with tempfile.TemporaryDirectory(prefix="capacity.") as name:
        folder = pathlib.Path(name)
        traffic = folder / "traffic.pcap"
        packets = read_traffic(arguments.folder, traffic)
        lab = Lab(folder, traffic)
        try:
            measure(lab, parts, arguments.rounds, recorder)
        finally:
            lab.close()
    figures = recorder.figures()
    for key, figure in sorted(figures.items()):
        print(
            f"{key:26} {figure.median:12.4g} {figure.unit:14} "
            f"({min(figure.values):.4g} to {max(figure.values):.4g})"
        )
    if arguments.json:
        if arguments.only and arguments.json.exists():
            figures = {**load(arguments.json).figures, **figures}
        Figures(describe_machine(packets), figures).write(arguments.json)


if __name__ == "__main__":
    main()
