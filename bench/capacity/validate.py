# SPDX-License-Identifier: GPL-2.0-or-later
"""Runs loads that weren't used to measure, for `simulate --validation`.

    run.sh validate FOLDER [--rounds=N] [--json=FILE]

The loads are five daemons behind a fleet, a dumpcap that is stopped for a
while, and three daemons behind Envoy.
"""

import argparse
import json
import os
import pathlib
import signal
import tempfile
import time
import typing

import calls
import processes
from api import dissection
from cluster import METADATA, Cluster
from edge_figures import NAMES
from lab import Lab, Node, say, settle
from live_figures import Dumpcap
from load import Load
from measure import read_traffic

DAEMONS = 5
# Packets a second and node.
RATES = (300, 1500)
PACKETS = 10_000
FILTER = "tcp"
FORM = "list"
LOAD_SECONDS = 15
STALL_RATE = 20_000
STALL_SECONDS = 1.0
STALL_RUN_SECONDS = 4.0

Run = dict[str, typing.Any]


def parse_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("folder", metavar="FOLDER", type=pathlib.Path)
    parser.add_argument("--rounds", type=int, default=1, metavar="N")
    parser.add_argument("--json", type=pathlib.Path, metavar="FILE")
    return parser.parse_args()


def machine() -> dict[str, float]:
    return {"cores": 2, "memory_gib": 8, "network_gbit_per_second": 10}


def scenario(
    rate: float, mean_bytes: float, followers: list[dict[str, typing.Any]]
) -> dict[str, typing.Any]:
    return {
        "title": "a run",
        "nodes": DAEMONS,
        "traffic": {"packets_per_second": rate, "mean_bytes": mean_bytes},
        "node_machine": machine(),
        "followers": followers,
    }


def times_of(nodes: list[Node]) -> processes.DaemonTimes:
    return sum((node.times() for node in nodes), processes.DaemonTimes(0, 0, 0))


def run_fleet(lab: Lab, rate: float, mean_bytes: float) -> Run:
    """Merges frames of five daemons that pass a filter."""
    say(f"a fleet, {rate} packets/s and node")
    with lab.fleet(DAEMONS, DAEMONS) as fleet:
        nodes = [lab.node(number) for number in range(DAEMONS)]
        captures = [calls.Capture(node.channel, node.tap) for node in nodes]
        request = calls.fleet.DissectNodesRequest(view=calls.view(FORM, FILTER))
        request.captures.names.extend(
            f"nodes/{name}/{capture.name}"
            for name, capture in zip(fleet.names, captures, strict=True)
        )
        stream = calls.Stream(fleet.channel, calls.DISSECT_NODES, request)
        stream.wait_for_messages(2 * DAEMONS)
        fleet_before = settle(lambda: processes.seconds_of(fleet.pid))
        threads = processes.seconds_of_threads(fleet.pid)
        before = times_of(nodes)
        carried, first = processes.loopback_bytes(), stream.messages
        for sender in [lab.send(n.number, PACKETS, rate) for n in nodes]:
            sender.finish()
        for capture in captures:
            capture.wait_for_packets(PACKETS)
        settle(lambda: processes.seconds_of(fleet.pid), 1)
        frames = stream.messages - first
        carried = processes.loopback_bytes() - carried
        fleet_spent = processes.seconds_of(fleet.pid) - fleet_before
        busiest = processes.busiest_thread(fleet.pid, threads)
        running = times_of(nodes) - before
        for capture in captures:
            capture.stop()
        stream.finish()
        for node in nodes:
            node.wait_until_idle()
        spent = times_of(nodes) - before
        for capture in captures:
            capture.delete()
    followers = [
        {
            "form": FORM,
            "clients": 1,
            "passing_share": frames / PACKETS / DAEMONS,
            "via": "fleet",
        }
    ]
    return {
        "title": f"{DAEMONS} daemons behind a fleet, {rate} packets/s each",
        "kind": "fleet",
        "load": {
            "scenario": scenario(rate, mean_bytes, followers),
            "packets_per_node": PACKETS,
        },
        "measured": {
            "dumpcap, s": running.dumpcap,
            "workers, s": spent.workers,
            "dissectd, s": running.daemon,
            "fleet, s": fleet_spent,
            "fleet, its loop, s": busiest,
            "nodes to fleet, MB": carried / 1e6,
        },
    }


def run_stall(lab: Lab, mean_bytes: float) -> Run:
    """Stops dumpcap for a while, and counts what it has missed."""
    say("a dumpcap that is stopped for a while")
    count = round(STALL_RATE * STALL_RUN_SECONDS)
    node = lab.node(0)
    with Dumpcap(node.number, lab.folder / "stalled.pcapng") as dumpcap:
        sender = lab.send(node.number, count, STALL_RATE)
        time.sleep(STALL_RUN_SECONDS / 3)
        os.kill(dumpcap.pid, signal.SIGSTOP)
        began = time.monotonic()
        time.sleep(STALL_SECONDS)
        stalled = time.monotonic() - began
        os.kill(dumpcap.pid, signal.SIGCONT)
        sender.finish()
        time.sleep(1)
        packets, _ = dumpcap.stop()
    content = scenario(STALL_RATE, mean_bytes, [])
    content["traffic"] |= {
        "burst_seconds": stalled,
        "burst_every_seconds": STALL_RUN_SECONDS,
        "stall_seconds": stalled,
    }
    return {
        "title": f"dumpcap, stopped for {STALL_SECONDS} s at {STALL_RATE} "
        "packets/s",
        "kind": "stall",
        "load": {"scenario": content, "seconds": STALL_RUN_SECONDS},
        "measured": {"lost, packets": count - packets},
    }


def run_edge(cluster: Cluster, mean_bytes: float) -> Run:
    """Has six callers ask three daemons through Envoy."""
    say("three daemons behind Envoy")
    with cluster.channel() as channel:
        request = dissection.DissectRequest(file="files/dns.pcap")
        one = calls.Stream(channel, calls.DISSECT, request, METADATA)
        one.finish()
    pids = [replica.daemon.pid for replica in cluster.replicas.values()]

    def daemons() -> float:
        return sum(processes.times_of_daemon(pid).dissection for pid in pids)

    def envoy() -> float:
        return processes.seconds_of(cluster.envoy_pid)

    envoy_before, before = settle(envoy), settle(daemons)
    load = Load(cluster)
    with load:
        time.sleep(LOAD_SECONDS)
    if load.failures:
        raise RuntimeError(f"calls have failed: {load.failures[:3]}")
    # A third of the calls are dissections; see Load.
    dissections = load.total() / 3
    return {
        "title": "three daemons behind Envoy, six callers",
        "kind": "edge",
        "load": {
            "scenario": scenario(0, mean_bytes, []),
            "calls": load.total() - dissections,
            "dissections": dissections,
            "messages": dissections * one.messages,
            "bytes": dissections * one.bytes,
        },
        "measured": {
            "Envoy, s": settle(envoy) - envoy_before,
            "daemons, s": settle(daemons) - before,
        },
    }


def main() -> None:
    arguments = parse_arguments()
    runs: list[Run] = []
    with tempfile.TemporaryDirectory(prefix="capacity.") as name:
        folder = pathlib.Path(name)
        traffic = folder / "traffic.pcap"
        packets = read_traffic(arguments.folder, traffic)
        mean_bytes = sum(map(len, packets)) / len(packets)
        lab = Lab(folder, traffic)
        try:
            for _ in range(arguments.rounds):
                runs += [run_fleet(lab, rate, mean_bytes) for rate in RATES]
                runs.append(run_stall(lab, mean_bytes))
        finally:
            lab.close()
        cluster = Cluster(*NAMES)
        try:
            for replica in NAMES:
                cluster.wait_for(replica)
            runs += [
                run_edge(cluster, mean_bytes) for _ in range(arguments.rounds)
            ]
        finally:
            cluster.close()
    text = json.dumps({"runs": runs}, indent=1, ensure_ascii=False) + "\n"
    if arguments.json:
        arguments.json.write_text(text, encoding="utf-8")
    else:
        print(text)


if __name__ == "__main__":
    main()
