#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Lets a real Prometheus read the metrics with the project's configuration."""

import contextlib
import json
import os
import pathlib
import re
import subprocess
import sys
import unittest
import urllib.error
import urllib.parse
import urllib.request
from typing import Any

sys.path.insert(0, os.environ["TEST_SRCDIR"] + "/dissectd/tests/metrics")

import exposition
import moves
import place

API = "http://127.0.0.1:9090/api/v1"
DEPLOY = place.RUNFILES / "deploy"


def ask(path: str, **parameters: str) -> Any:
    """Asks Prometheus, and returns the data of its answer."""
    url = f"{API}/{path}?{urllib.parse.urlencode(parameters)}"
    with urllib.request.urlopen(url, timeout=60) as answer:
        return json.load(answer)["data"]


def value(query: str) -> float | None:
    """Returns the value of a query's only result; None if there is none."""
    try:
        results = ask("query", query=query)["result"]
    except urllib.error.URLError:
        return None
    return float(results[0]["value"][1]) if len(results) == 1 else None


def start_prometheus(folder: pathlib.Path) -> subprocess.Popen[bytes]:
    """Starts Prometheus, which looks every second, to be quick."""
    folder.mkdir()
    for name in ("prometheus.yml", "alerts.yml"):
        text = (DEPLOY / "prometheus" / name).read_text()
        (folder / name).write_text(
            re.sub(r"_interval: 15s", "_interval: 1s", text)
        )
    return subprocess.Popen(
        [
            "prometheus",
            f"--config.file={folder}/prometheus.yml",
            f"--storage.tsdb.path={folder}/data",
            "--web.listen-address=127.0.0.1:9090",
        ],
        stdout=(folder / "log").open("wb"),
        stderr=subprocess.STDOUT,
    )


class PrometheusTest(unittest.TestCase):
    """One daemon and one Prometheus."""

    def test_prometheus_reads_the_daemon(self) -> None:
        with place.new_place() as there:
            busy = moves.Moves(there)
            prometheus = start_prometheus(there.folder / "prometheus")
            try:
                self.check_values(busy)
                self.check_dashboards()
                self.check_alerts(busy)
            finally:
                prometheus.kill()
                prometheus.wait()
                busy.end()

    def check_values(self, busy: moves.Moves) -> None:
        moves.wait_for("the daemon to be up", lambda: value("up") == 1)
        busy.make_calls()
        calls = 'sum(dissectd_calls_total{method=~".*/Dissect"})'
        moves.wait_for("the calls to be seen", lambda: value(calls) == 3)
        self.assertEqual(value("dissectd_engine_ready"), 1)
        moves.wait_for(
            "the times of calls to be seen",
            lambda: (
                (
                    value(
                        "histogram_quantile(0.5, sum by (le) "
                        "(dissectd_call_duration_seconds_bucket))"
                    )
                    or 0
                )
                > 0
            ),
        )

    def check_dashboards(self) -> None:
        """Asks what the panels ask."""
        queries = {
            expression.replace("$instance", ".*").replace(
                "$__rate_interval", "1m"
            )
            for dashboard in (DEPLOY / "grafana/dashboards").glob("*.json")
            for expression in exposition.expressions(dashboard)
            if not expression.startswith("label_values(")
        }
        # Usually, there is nothing that these show.
        queries = {query for query in queries if not query.endswith(" > 0")}

        def silent() -> set[str]:
            return {q for q in queries if not ask("query", query=q)["result"]}

        # A rate needs two values.
        with contextlib.suppress(TimeoutError):
            moves.wait_for("the dashboards have results", lambda: not silent())
        self.assertEqual(silent(), set())

    def check_alerts(self, busy: moves.Moves) -> None:
        groups = ask("rules")["groups"]
        self.assertEqual(
            {group["name"] for group in groups}, {"dissectd", "dissectd-fleet"}
        )
        moves.wait_for(
            "the rules to be evaluated",
            lambda: all(
                rule["health"] == "ok"
                for group in ask("rules")["groups"]
                for rule in group["rules"]
            ),
        )
        # It becomes firing after a minute, as promtool's tests show.
        busy.daemon.stop()
        moves.wait_for(
            "the end of the daemon to be seen",
            lambda: any(
                alert["labels"]["alertname"] == "DissectdDown"
                for alert in ask("alerts")["alerts"]
            ),
        )


if __name__ == "__main__":
    place.enter_namespace()
    unittest.main(argv=[sys.argv[0]])
