# SPDX-License-Identifier: GPL-2.0-or-later
"""Runs the container of the fleet as its manifest says, with an agent."""

import unittest

import cluster
import rendering
from cluster import HOST, Cluster, Container
from waiting import wait_for


class FleetTest(unittest.TestCase):
    """One fleet that finds one agent."""

    def test_clients_reach_a_fleet_that_finds_the_agent(self) -> None:
        there = Cluster(rendering.VARIANTS["the base"])
        self.addCleanup(there.close)
        node = there.pod("DaemonSet", "dissectd-agent")
        agent = Container(node, "agent")
        self.addCleanup(agent.end)
        agent.wait_until_ready()
        pod = there.pod("Deployment", "dissectd-fleet", network=node)
        fleet = Container(pod, "fleet")
        self.addCleanup(fleet.end)
        fleet.wait_until_ready()
        client = (
            str(cluster.DISSECTCTL),
            "--server=127.0.0.1:50052",
            f"--tls-ca={there.made}/certificate.pem",
            f"--tls-server-name=fleet.{HOST}",
        )
        health = pod.in_network(*client, "health")
        self.assertEqual(health.stdout, "SERVING\n", health.stderr)
        token = f"--token-file={there.admin_token}"
        list_nodes = (*client, token, "fleet", "nodes", "--no-headers")
        wait_for(
            "a node that answers",
            lambda: "  ready  " in pod.in_network(*list_nodes).stdout,
        )
        read = pod.in_network(*client, token, "fleet", "captures")
        self.assertEqual(read.returncode, 0, read.stderr)
        connected = "dissectd_fleet_nodes"
        wait_for(
            "the metrics to tell of the connection",
            lambda: (
                cluster.metrics_of(pod).value(connected, state="connected") == 1
            ),
        )


if __name__ == "__main__":
    unittest.main()
