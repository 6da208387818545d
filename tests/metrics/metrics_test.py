#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Makes each metric move, and compares what names metrics with the daemon."""

import os
import pathlib
import sys
import time
import unittest
import urllib.error
import urllib.request

sys.path.insert(0, os.environ["TEST_SRCDIR"] + "/dissectd/tests/metrics")

import exposition
import moves
import place

DEPLOY = place.RUNFILES / "deploy"
PAGE = place.RUNFILES / "docs/metrics.md"
RECIPES = place.RUNFILES / "docs/operations.md"

# Metrics that stay 0 here, with the reason.
STILL = {
    "dissectd_accept_failures_total": "a machine without descriptors",
    "dissectd_dropped_packets_total": "the kernel can't be made to drop some",
    "dissectd_interface_statistics_restarts_total": "a hanging dumpcap",
    "dissectd_queue_running": "nothing is waiting when the metrics are read",
    "dissectd_queue_waiting": "nothing is waiting when the metrics are read",
    "dissectd_capture_most_packets_behind": "the only worker keeps up",
    "dissectd_capture_most_events_behind": "capture_watch_test has it",
    "dissectd_session_checkpoints": "the captures are too short",
    "dissectd_store_unfinished_uploads": "uploads are finished or deleted",
}


class MetricsTest(unittest.TestCase):
    """The daemon does everything once, before the tests."""

    maxDiff = None

    seen: exposition.Exposition
    # Metrics that were above 0 at some moment.
    moved: set[str]

    @classmethod
    def setUpClass(cls) -> None:
        cls.moved = set()
        with place.new_place() as there:
            busy = moves.Moves(there)
            try:
                for move in (
                    busy.replace_daemon,
                    busy.make_calls,
                    busy.use_captures,
                    busy.use_sessions,
                    busy.connect_too_often,
                    busy.move_store,
                    busy.fail_much,
                    busy.fill_audit_log,
                    busy.stop_engine,
                ):
                    move()
                    cls.note(exposition.read(moves.METRICS))
                cls.moved |= busy.moved
                cls.check_other_paths()
                busy.daemon.stop()
            finally:
                busy.end()

    @classmethod
    def note(cls, seen: exposition.Exposition) -> None:
        cls.seen = seen
        cls.moved |= seen.moved()

    @classmethod
    def check_other_paths(cls) -> None:
        for path in ("/", "/etc/passwd", "/metrics/../../etc/passwd"):
            try:
                urllib.request.urlopen(f"http://127.0.0.1:9464{path}")
            except urllib.error.HTTPError as error:
                if error.code == 404:
                    continue
            raise AssertionError(f"{path} is served")

    def test_each_family_has_moved(self) -> None:
        still = self.seen.types.keys() - self.moved
        self.assertEqual(still - STILL.keys(), set())
        self.assertEqual(STILL.keys() - self.seen.types.keys(), set())

    def test_counts_are_right(self) -> None:
        value = self.seen.value
        dissect = "dissectd.v1.DissectionService/Dissect"
        self.assertGreaterEqual(
            value("dissectd_calls_total", method=dissect, status="OK"), 2
        )
        self.assertEqual(
            value("dissectd_calls_total", method=dissect, status="NOT_FOUND"), 1
        )
        self.assertEqual(value("dissectd_calls_running", method=dissect), 0)
        packets = value("dissectd_captured_packets_total")
        self.assertGreaterEqual(packets, 25)
        # Each takes about 100 bytes in the file.
        self.assertGreater(value("dissectd_captured_bytes_total"), packets * 60)
        for outcome in ("running", "ended", "lost"):
            self.assertEqual(
                value("dissectd_captures_inherited_total", outcome=outcome), 1
            )
        left = (
            value("dissectd_tls_certificate_expiry_timestamp_seconds")
            - time.time()
        )
        self.assertAlmostEqual(left / 86400, 30, delta=1)
        self.assertEqual(value("dissectd_dumpcap_unexpected_ends_total"), 2)
        self.assertEqual(value("dissectd_engine_hangs_total"), 1)
        self.assertGreater(
            value("dissectd_worker_processor_seconds_total", kind="dissection"),
            0,
        )
        self.assertGreater(
            value(
                "dissectd_worker_ends_total",
                kind="dissection",
                cause="finished",
            ),
            0,
        )
        self.assertGreater(
            value(
                "dissectd_worker_ends_total", kind="session", cause="crashed"
            ),
            0,
        )

    def test_running_workers_are_those_that_started_and_did_not_end(
        self,
    ) -> None:
        for kind in ("dissection", "live", "session"):
            started = self.seen.value("dissectd_worker_starts_total", kind=kind)
            ended = self.seen.value("dissectd_worker_ends_total", kind=kind)
            self.assertEqual(
                self.seen.value("dissectd_workers_running", kind=kind),
                started - ended,
                kind,
            )
            self.assertEqual(started, ended, kind)

    def test_no_label_names_what_clients_choose(self) -> None:
        for name in ("dns.pcap", "nothing", "trace", "127.0.0.1", "captures/"):
            self.assertNotIn(name, self.seen.text)
        self.assertLess(len(self.seen.samples), 2000)

    def test_promtool_finds_no_fault(self) -> None:
        exposition.check_by_promtool(self, self.seen)

    def test_the_page_lists_all_metrics(self) -> None:
        self.assertEqual(exposition.documented(PAGE), self.seen.families())

    def test_the_page_explains_each_degraded_path(self) -> None:
        page = PAGE.read_text()
        for sample in self.seen.samples:
            if sample.name == "dissectd_degraded_total":
                self.assertIn(f"| `{sample.labels['path']}` |", page)

    def assert_known(self, text: str) -> None:
        for name in exposition.names_in(text):
            self.assertTrue(self.seen.has(name), name)

    def test_alerts_use_metrics_that_exist(self) -> None:
        alerts = (DEPLOY / "prometheus/alerts.yml").read_text()
        names = exposition.names_in(alerts)
        # fleet_metrics_test has those of fleets.
        of_daemons = {name for name in names if "_fleet_" not in name}
        self.assertLess(len(of_daemons), len(names))
        self.assert_known(" ".join(of_daemons))

    def test_dashboards_use_metrics_that_exist(self) -> None:
        dashboards = list((DEPLOY / "grafana/dashboards").glob("*.json"))
        self.assertNotEqual(dashboards, [])
        shown: set[str] = set()
        for dashboard in dashboards:
            for expression in exposition.expressions(dashboard):
                self.assert_known(expression)
                shown |= exposition.names_in(expression)
        hidden = {
            name
            for name in self.seen.types
            if name.startswith("dissectd_")
            and not shown & {name, f"{name}_bucket"}
        }
        # These say nothing that others don't say.
        self.assertEqual(
            hidden,
            {
                "dissectd_calls_started_total",
                "dissectd_interface_statistics_restarts_total",
            },
        )

    def test_each_alert_has_a_recipe(self) -> None:
        alerts = (DEPLOY / "prometheus/alerts.yml").read_text()
        lines = [line.split() for line in alerts.splitlines()]
        names = [line[2] for line in lines if line[:2] == ["-", "alert:"]]
        self.assertNotEqual(names, [])
        recipes = [
            line.removeprefix("### Alert ")
            for line in RECIPES.read_text().splitlines()
            if line.startswith("### Alert ")
        ]
        self.assertEqual(names and sorted(names), sorted(recipes))
        links = [line[1] for line in lines if line[:1] == ["runbook_url:"]]
        self.assertEqual(
            links,
            [f"docs/operations.md#alert-{name.lower()}" for name in names],
        )


if __name__ == "__main__":
    place.enter_namespace()
    unittest.main(argv=[str(pathlib.Path(sys.argv[0]))])
