# SPDX-License-Identifier: Apache-2.0
"""Ten things that people do with dissectd: `jobs.py JOB ARGUMENT...`."""

import itertools
import json
import sys
from collections import Counter

import dissectd


def count(w: dissectd.Client, file: str) -> None:
    # [job count]
    counts = Counter(row["protocol"] for row in w.rows(file, "protocol"))
    for name, frames in sorted(counts.items()):
        print(name, frames)
    # [end]


def dns(w: dissectd.Client, file: str) -> None:
    # [job dns]
    for row in w.rows(file, "src", "dst", "info", filter="dns"):
        print(json.dumps(row, ensure_ascii=False, separators=(",", ":")))
    # [end]


def http(w: dissectd.Client, file: str) -> None:
    # [job http]
    fields = ["http.host", "http.request.uri"]
    for packet in w.read(file, filter="http.request", fields=fields):
        http = packet.http
        print(packet.time.epoch_text(), http.host, http.request_uri)
    # [end]


def tree(w: dissectd.Client, file: str, number: str) -> None:
    # [job tree]
    for field in w.file(file).frame(int(number)).tree:
        print("  " * field.depth + field.label)
    # [end]


def follow(w: dissectd.Client, file: str, protocol: str, stream: str) -> None:
    # [job follow]
    print(w.file(file).follow(protocol, int(stream)).server.hex())
    # [end]


def live(w: dissectd.Client, port: str) -> None:
    # [job live]
    with w.capture("lo", f"udp port {port}", packets=5) as c:
        for packet in c.packets():
            print(packet.udp.srcport, packet.udp.dstport, packet.length)
    print("stopped")
    # [end]


def interfaces(w: dissectd.Client) -> None:
    # [job interfaces]
    for interface in w.interfaces():
        print(interface.name, ",".join(interface.addresses))
    # [end]


def wrong_filter(w: dissectd.Client, text: str) -> None:
    # [job wrong-filter]
    try:
        w.check(text)
    except dissectd.FilterError as error:
        print(error)
        sys.exit(2)
    # [end]


def upload(w: dissectd.Client, path: str, text: str) -> None:
    # [job upload]
    with w.upload(path) as file:
        print(sum(1 for _ in file.read(filter=text, tree=False)))
    # [end]


def rates(w: dissectd.Client, port: str, seconds: str) -> None:
    # [job rates]
    with w.capture("lo", f"udp port {port}") as c:
        for rate in itertools.islice(c.rates(every=1), int(seconds)):
            print(rate.packets, flush=True)
    # [end]


def main() -> None:
    job = globals()[sys.argv[1].replace("-", "_")]
    with dissectd.connect() as w:
        job(w, *sys.argv[2:])


if __name__ == "__main__":
    main()
