# SPDX-License-Identifier: GPL-2.0-or-later
"""Runs the containers of a daemon and of Envoy as their manifests say.

The programs are the real ones, with the exact arguments, probes, users,
capabilities and files. deploy/kubernetes/README.md lists what a cluster would
add.
"""

import pathlib
import signal
import subprocess
import unittest

import cluster
import rendering
import yaml
from cluster import HOST, Cluster, Container
from pod import Pod
from waiting import wait_for

# Asks as the kubelet's probe does, which doesn't verify certificates.
_PROBE = """
import http.client, ssl, sys
context = ssl.create_default_context()
context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
address = ("127.0.0.1", int(sys.argv[1]))
probe = http.client.HTTPSConnection(*address, context=context)
probe.request("GET", sys.argv[2])
print(probe.getresponse().status)
"""


class PodsTest(unittest.TestCase):
    """One daemon behind one Envoy."""

    cluster: Cluster
    pod: Pod
    daemon: Container
    edge: Container

    @classmethod
    def setUpClass(cls) -> None:
        cls.cluster = Cluster(rendering.VARIANTS["the base"])
        cls.addClassCleanup(cls.cluster.close)
        cls.pod = cls.cluster.pod("StatefulSet", "dissectd")
        cls.daemon = Container(cls.pod, "dissectd")
        cls.addClassCleanup(cls.daemon.end)
        cls.daemon.wait_until_ready()
        edge = cls.cluster.pod("Deployment", "dissectd-edge", network=cls.pod)
        cls.edge = Container(edge, "envoy")
        cls.addClassCleanup(cls.edge.end)
        wait_for("Envoy's readiness", lambda: cls.healthz() == "200")

    @classmethod
    def healthz(cls) -> str:
        """Returns the status that the readiness probe of Envoy gets."""
        probe = cls.edge.manifest["readinessProbe"]["httpGet"]
        assert probe["scheme"] == "HTTPS"
        (port,) = cls.edge.manifest["ports"]
        assert probe["port"] == port["name"]
        return cls.pod.in_network(
            "python3", "-c", _PROBE, str(port["containerPort"]), probe["path"]
        ).stdout.strip()

    def call(
        self, *command: str, token: pathlib.Path | None = None
    ) -> subprocess.CompletedProcess[str]:
        """Calls the daemon through the edge."""
        return self.pod.in_network(
            str(cluster.DISSECTCTL),
            "--server=127.0.0.1:8443",
            f"--tls-ca={self.cluster.made}/certificate.pem",
            f"--tls-server-name={HOST}",
            *([f"--token-file={token}"] if token else []),
            *command,
        )

    def test_envoy_accepts_its_configuration(self) -> None:
        arguments = self.edge.pod.arguments(self.edge.manifest)
        validated = self.edge.run("envoy", *arguments, "--mode", "validate")
        self.assertEqual(validated.returncode, 0, validated.stderr)

    def test_an_administrator_may_do_everything(self) -> None:
        answer = self.call("policy", "check", token=self.cluster.admin_token)
        self.assertEqual(answer.returncode, 0, answer.stderr)
        allowed = [line.split()[1] for line in answer.stdout.splitlines()[1:]]
        self.assertEqual(set(allowed), {"yes"})

    def test_callers_without_a_token_are_refused(self) -> None:
        answer = self.call("files", "list")
        self.assertNotEqual(answer.returncode, 0)
        # The daemon trusts the edge, and says so.
        self.assertIn("proxy hasn't identified the caller", answer.stderr)

    def test_the_store_can_be_written_and_dissected(self) -> None:
        capture = rendering.ROOT / "tests/captures/dns.pcap"
        token = self.cluster.admin_token
        uploaded = self.call("files", "upload", str(capture), token=token)
        self.assertEqual(uploaded.returncode, 0, uploaded.stderr)
        self.assertIn("dissectd-0~", uploaded.stdout)
        self.assertTrue(list(self.pod.volume("store").glob("uploads/*")))
        read = self.call("read", uploaded.stdout.strip(), token=token)
        self.assertEqual(read.returncode, 0, read.stderr)
        self.assertIn("DNS", read.stdout)

    def test_containers_have_the_rights_of_their_manifests(self) -> None:
        for container in (self.daemon, self.edge):
            status = container.run("cat", "/proc/self/status").stdout
            facts = dict(
                line.split(":\t", 1)
                for line in status.splitlines()
                if ":\t" in line
            )
            self.assertEqual(set(facts["Uid"].split()), {"65532"})
            self.assertEqual(int(facts["CapBnd"], 16), 0)
            self.assertEqual(facts["NoNewPrivs"], "1")
            written = container.run("touch", "/etc/dissectd/new", "/new")
            self.assertEqual(
                written.stderr.count("Read-only"),
                1 + (container is self.daemon),
                written.stderr,
            )

    def test_a_new_secret_is_used_without_a_restart(self) -> None:
        more = self.cluster.make_secrets("more", "--tokens-only")
        token = self.cluster.folder / "more/admin.token"
        refused = self.call("policy", "check", token=token)
        self.assertIn("token is unknown", refused.stderr)
        (volume,) = (
            volume
            for volume in self.pod.spec["volumes"]
            if volume["name"] == "tokens"
        )
        self.pod.replace_files(volume, more)
        wait_for(
            "the new token",
            lambda: self.call("policy", "check", token=token).returncode == 0,
        )
        # The other tests, in any order, have the first one.
        self.pod.replace_files(volume, self.cluster.secrets)
        wait_for(
            "the first token",
            lambda: (
                self.call(
                    "policy", "check", token=self.cluster.admin_token
                ).returncode
                == 0
            ),
        )

    def test_the_adapters_queries_find_what_they_ask_for(self) -> None:
        series = cluster.pod_series(cluster.metrics_of(self.pod))
        path = rendering.KUBERNETES / "prometheus-adapter.yaml"
        rules = yaml.safe_load(path.read_text())["rules"]["custom"]
        for rule in rules:
            name = rule["name"]["as"]
            with self.subTest(name):
                found = cluster.promtool(
                    rule["seriesQuery"], series, self.cluster.folder
                )
                self.assertIn('pod="dissectd-0"', found)
                made = cluster.promtool(
                    cluster.adapted(rule["metricsQuery"]),
                    series,
                    self.cluster.folder,
                )
                self.assertIn('{pod="dissectd-0"}', made)
                wrong = rule["metricsQuery"].replace("dissectd_", "dissect_")
                self.assertNotIn(
                    "dissectd-0",
                    cluster.promtool(
                        cluster.adapted(wrong), series, self.cluster.folder
                    ),
                )


class EndTest(unittest.TestCase):
    """A daemon that is told to end."""

    def test_it_isnt_ready_and_still_takes_calls(self) -> None:
        there = Cluster(rendering.VARIANTS["the base"])
        self.addCleanup(there.close)
        pod = there.pod("StatefulSet", "dissectd")
        daemon = Container(pod, "dissectd")
        self.addCleanup(daemon.end)
        daemon.wait_until_ready()
        daemon.signal(signal.SIGTERM)
        wait_for(
            "NOT_SERVING",
            lambda: daemon.probe("readinessProbe").stdout == "NOT_SERVING\n",
        )
        self.assertEqual(daemon.probe("readinessProbe").returncode, 1)
        answer = pod.in_network(
            str(cluster.DISSECTCTL),
            f"--server=unix:{pod.volume('run')}/socket",
            f"--token-file={there.admin_token}",
            "policy",
            "check",
        )
        self.assertEqual(answer.returncode, 0, answer.stderr)
        grace = pod.spec["terminationGracePeriodSeconds"]
        self.assertEqual(daemon.wait(grace), 0)


if __name__ == "__main__":
    unittest.main()
