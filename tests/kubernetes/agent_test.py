# SPDX-License-Identifier: GPL-2.0-or-later
"""Runs the container of an agent as its manifest says, and captures."""

import pathlib
import subprocess
import unittest

import cluster
import rendering
from cluster import Cluster, Container
from pod import Pod
from waiting import wait_for


def comments_of(path: pathlib.Path) -> list[str]:
    """Returns the comments of a capture file, as capinfos reads them."""
    told = subprocess.run(
        ["capinfos", "-k", path], check=True, capture_output=True, text=True
    )
    return [
        line.split(":", 1)[1].strip()
        for line in told.stdout.splitlines()
        if line.startswith("Capture comment:")
    ]


class AgentTest(unittest.TestCase):
    """An agent, in whose network there is traffic."""

    cluster: Cluster
    pod: Pod
    agent: Container

    @classmethod
    def setUpClass(cls) -> None:
        cls.cluster = Cluster(rendering.VARIANTS["the base"])
        cls.addClassCleanup(cls.cluster.close)
        dumpcap = cluster.privileged_dumpcap(cls.cluster.folder)
        cls.pod = cls.cluster.pod(
            "DaemonSet",
            "dissectd-agent",
            overlays={"/usr/bin/dumpcap": dumpcap},
        )
        cls.agent = Container(cls.pod, "agent")
        cls.addClassCleanup(cls.agent.end)
        cls.agent.wait_until_ready()

    def call(self, *command: str) -> str:
        answer = self.pod.in_network(
            str(cluster.DISSECTCTL),
            f"--server=unix:{self.pod.volume('run')}/socket",
            f"--token-file={self.cluster.admin_token}",
            *command,
        )
        self.assertEqual(answer.returncode, 0, answer.stderr)
        return answer.stdout

    def test_captures_have_comments_with_node_and_pod(self) -> None:
        self.call(
            *("capture", "--detach", "-i", "lo", "-c", "3"),
            *("--capture-comment", "mine"),
        )
        self.pod.in_network("ping", "-c", "3", "-i", "0.2", "127.0.0.1")
        files = list(self.pod.volume("store").glob("captures/**/*.pcapng"))
        (path,) = files
        wait_for("the comments", lambda: len(comments_of(path)) == 2)
        self.assertEqual(
            comments_of(path),
            [
                "mine",
                "node=node-7 namespace=dissectd-agents pod=dissectd-agent-0"
                " container=agent",
            ],
        )

    def test_the_node_serves_who_has_a_certificate_of_the_hop(self) -> None:
        hop = self.cluster.hop_files()
        server = (
            "--server=127.0.0.1:50061",
            f"--tls-ca={hop / 'ca.crt'}",
            "--tls-server-name=dissectd",
        )
        own = (
            f"--tls-certificate={hop / 'tls.crt'}",
            f"--tls-key={hop / 'tls.key'}",
        )
        program = str(cluster.DISSECTCTL)
        known = self.pod.in_network(program, *server, *own, "health")
        self.assertEqual(known.stdout, "SERVING\n", known.stderr)
        unknown = self.pod.in_network(program, *server, "health")
        self.assertEqual(unknown.returncode, 1)

    def test_an_agent_has_dumpcaps_capabilities_to_give_only(self) -> None:
        status = self.agent.run("cat", "/proc/self/status").stdout
        net_admin_and_raw = 1 << 12 | 1 << 13
        for line in (
            f"CapBnd:\t{net_admin_and_raw:016x}",
            f"CapEff:\t{0:016x}",
            f"CapAmb:\t{0:016x}",
            "NoNewPrivs:\t0",
        ):
            self.assertIn(line, status)


if __name__ == "__main__":
    unittest.main()
