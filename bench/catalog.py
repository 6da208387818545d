# SPDX-License-Identifier: GPL-2.0-or-later
"""Measures the registry, and completion while a filter is typed."""

import collections.abc
import json
import statistics
import subprocess
import time

from contest import Comparison, Contest, Contestant, Sample, timed
from programs import ProgramError, Starter, digest

# Field names that are typed letter by letter; sharkd completes nothing else.
NAMES = (
    "tcp.analysis.retransmission",
    "http.request.method",
    "dns.qry.name",
    "tls.handshake.extensions_server_name",
    "ip.src",
    "eth.addr",
    "e212.mcc",
    "diameter.Origin-Host",
)

# Filters with names, operators, values and functions.
FILTERS = (
    'tcp.port == 443 && http.request.method == "GET"',
    "eth.type == IPv4 or arp.opcode == reply",
    "dns.qry.type == AAAA and !(ip.addr in {10.0.0.1..10.0.0.9})",
    'lower(http.host) contains "example" || frame.len > 1000',
    "tls.handshake.type == 1 && e212.mcc == Germany",
)

OURS_PRINTED, PEER_PRINTED = "dissectctl glossary fields", "tshark -G fields"
STREAM = "a call"
COMPLETE, PEER_COMPLETE = "CompleteFilter", "sharkd, complete"


class CatalogCases(Starter):
    """Contests that use one daemon and no captures."""

    def all(self) -> list[Contest]:
        return [self._registry(), self._completion()]

    def _registry(self) -> Contest:
        ours = self._command(
            self._programs.dissectctl, self._server, "glossary", "fields"
        )
        peer = self._command(self._programs.tshark, "-G", "fields")

        return Contest(
            [
                Contestant(STREAM, self._stream),
                timed(OURS_PRINTED, ours, digest),
                timed(PEER_PRINTED, peer, digest),
            ],
            [
                Comparison("registry", STREAM, PEER_PRINTED),
                Comparison("registry, printed", OURS_PRINTED, PEER_PRINTED),
            ],
        )

    def _stream(self) -> Sample:
        answer = self._ask_load_client("registry")
        return Sample(answer["seconds"], {"registry, fields": answer["fields"]})

    def _completion(self) -> Contest:
        return Contest(
            [
                Contestant(COMPLETE, self._complete),
                Contestant(PEER_COMPLETE, self._ask_sharkd),
            ],
            [Comparison("completion", COMPLETE, PEER_COMPLETE)],
            "ms",
        )

    def _complete(self) -> Sample:
        names = self._ask_load_client("complete", *NAMES)
        filters = self._ask_load_client("complete", *FILTERS)
        return Sample(
            names["p50_seconds"],
            {
                "completion of names, 99th percentile (ms)": 1000
                * names["p99_seconds"],
                "completion of filters, 50th percentile (ms)": 1000
                * filters["p50_seconds"],
                "completion of filters, 99th percentile (ms)": 1000
                * filters["p99_seconds"],
            },
        )

    def _ask_sharkd(self) -> Sample:
        seconds = []
        with subprocess.Popen(
            [self._programs.sharkd, "-"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=self._environment,
        ) as sharkd:
            # The first request makes sharkd build its list.
            for typed in ["t", *letter_by_letter(NAMES)]:
                began = time.perf_counter()
                ask(sharkd, typed)
                seconds.append(time.perf_counter() - began)
        return Sample(
            statistics.median(seconds[1:]),
            {
                "sharkd, complete, 99th percentile (ms)": 1000
                * statistics.quantiles(seconds[1:], n=100)[98]
            },
        )


def letter_by_letter(
    texts: collections.abc.Iterable[str],
) -> collections.abc.Iterator[str]:
    for whole in texts:
        for length in range(1, len(whole) + 1):
            yield whole[:length]


def ask(sharkd: "subprocess.Popen[bytes]", typed: str) -> None:
    """Asks sharkd to complete a field name, and waits for the answer."""
    assert sharkd.stdin is not None and sharkd.stdout is not None
    question = {
        "jsonrpc": "2.0",
        "id": 1,
        "method": "complete",
        "params": {"field": typed},
    }
    sharkd.stdin.write(json.dumps(question).encode() + b"\n")
    sharkd.stdin.flush()
    answer = sharkd.stdout.readline()
    if b'"result"' not in answer:
        raise ProgramError(f"sharkd: {typed}: {answer!r}")
