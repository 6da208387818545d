#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Makes a fleet's metrics move, and compares what names them with the fleet.

The test of the same name in tests/e2e shows that they are right.
"""

import concurrent.futures
import os
import subprocess
import sys
import time
import unittest
from typing import ClassVar

sys.path.insert(0, os.environ["TEST_SRCDIR"] + "/dissectd/tests/running")
sys.path.insert(0, os.environ["TEST_SRCDIR"] + "/dissectd/tests/command_line")
sys.path.insert(0, os.environ["TEST_SRCDIR"] + "/dissectd/tests/metrics")

import exposition
import place
import waiting

ADDRESS = "127.0.0.1:9465"
METRICS = f"http://{ADDRESS}/metrics"
PAGE = place.RUNFILES / "docs/metrics.md"
ALERTS = place.RUNFILES / "deploy/prometheus/alerts.yml"
NODES = {"roof": "127.0.0.1:50051", "attic": "127.0.0.1:9"}

# Metrics that may stay 0 here, with the reason.
STILL = {
    "dissectd_accept_failures_total": "a machine without descriptors",
    "dissectd_connections_refused_total": "metrics_test has it",
    "dissectd_degraded_total": "fleet_collector_test has it",
    "dissectd_fleet_node_clock_offset_seconds": "the error has either sign",
    "dissectd_fleet_node_late_frames_total": "the test of tests/e2e has it",
    "dissectd_fleet_node_list_read_failures_total": "tests/e2e has it",
    "dissectd_fleet_node_lost_frames_total": "no ring buffer is so small",
    "dissectd_fleet_node_stream_breaks_total": "the test of tests/e2e has it",
    "dissectd_fleet_stream_buffers_used_bytes": "frames wait for moments only",
    "dissectd_log_lines_suppressed_total": "metrics_test has it",
}


class FleetMetricsTest(unittest.TestCase):
    """A fleet of one daemon, and one that isn't there."""

    maxDiff = None

    seen: ClassVar[exposition.Exposition]
    # Metrics that were above 0 at some moment.
    moved: ClassVar[set[str]] = set()

    @classmethod
    def setUpClass(cls) -> None:
        with place.new_place() as here:
            key = here.folder / "key.pem"
            certificate = here.folder / "certificate.pem"
            command = "openssl req -x509 -newkey ec -nodes -subj /CN=lo"
            command += " -pkeyopt ec_paramgen_curve:P-256"
            command += f" -keyout {key} -out {certificate}"
            subprocess.run(command.split(), check=True, capture_output=True)
            key.chmod(0o600)
            server = f"unix:{here.folder}/fleet"
            with here.fleet(
                NODES,
                f"--metrics-listen={ADDRESS}",
                f"--listen={server}",
                "--listen=127.0.0.1:50052",
                f"--tls-certificate={certificate}",
                f"--tls-key={key}",
                server=server,
            ):
                cls.use(here, f"dissectctl --server={server} fleet")

    @classmethod
    def look(cls) -> exposition.Exposition:
        cls.seen = exposition.read(METRICS)
        cls.moved |= cls.seen.moved()
        return cls.seen

    @classmethod
    def use(cls, here: place.Place, client: str) -> None:
        """Makes calls, of which one fails and one captures for a while."""
        refused = here.run(f"{client} nodes --node nowhere")
        assert refused.returncode != 0, refused.stdout
        capture = f"{client} capture --node roof -i lo -f 'udp port 53' -c 100"
        with (
            place.dns_traffic(),
            concurrent.futures.ThreadPoolExecutor() as pool,
        ):
            run = pool.submit(here.run, capture)
            while not run.done():
                cls.look()
                time.sleep(0.05)
        assert run.result().returncode == 0, run.result().stderr
        waiting.wait_for(
            "the end of calls to nodes",
            lambda: cls.look().value("dissectd_fleet_node_calls_running") == 0,
        )

    def test_each_family_has_moved(self) -> None:
        still = self.seen.types.keys() - self.moved
        self.assertEqual(still - STILL.keys(), set())
        self.assertEqual(STILL.keys() - self.seen.types.keys(), set())

    def test_the_node_that_is_not_there_is_told(self) -> None:
        value = self.seen.value
        for node, connected in {"roof": 1, "attic": 0}.items():
            self.assertEqual(
                value("dissectd_fleet_node_connected", node=node), connected
            )
        failures = "dissectd_fleet_node_call_failures_total"
        self.assertEqual(value(failures, node="roof"), 0)
        self.assertGreaterEqual(
            value(failures, node="attic", reason="NODE_UNAVAILABLE"), 1
        )
        self.assertEqual(
            value("dissectd_call_failures_total", reason="NODE_NOT_FOUND"), 1
        )
        self.assertEqual(value("dissectd_fleet_node_frames_total"), 100)

    def test_nodes_are_the_only_names_in_labels(self) -> None:
        for name in ("nowhere", "captures/", "127.0.0.1", "udp port"):
            self.assertNotIn(name, self.seen.text)
        named = {
            sample.labels["node"]
            for sample in self.seen.samples
            if "node" in sample.labels
        }
        self.assertEqual(named, NODES.keys())

    def test_promtool_finds_no_fault(self) -> None:
        exposition.check_by_promtool(self, self.seen)

    def test_the_page_lists_all_metrics(self) -> None:
        self.assertEqual(
            exposition.documented_of_fleet(PAGE), self.seen.families()
        )

    def test_the_page_names_each_degraded_path(self) -> None:
        fleets = PAGE.read_text().split("\n## A fleet\n")[1]
        for sample in self.seen.samples:
            if sample.name == "dissectd_degraded_total":
                self.assertIn(f"`{sample.labels['path']}`", fleets)

    def test_alerts_use_metrics_that_exist(self) -> None:
        names = exposition.names_in(ALERTS.read_text())
        of_fleets = {name for name in names if "_fleet_" in name}
        self.assertNotEqual(of_fleets, set())
        self.assertLessEqual(of_fleets, self.seen.types.keys())


if __name__ == "__main__":
    place.enter_namespace()
    unittest.main(argv=[sys.argv[0]])
