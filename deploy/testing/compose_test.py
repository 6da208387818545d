#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Checks compose.yaml, and runs its daemon, Envoy and Prometheus together.

No engine can fetch images here, so the daemon runs in Podman, and the others
are those of PyPI and Debian, with the configurations of compose.yaml. Runs as
root, from test_image.sh. The last line has counts.
"""

import argparse
import contextlib
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import time
import unittest
from collections.abc import Iterator
from typing import Any, ClassVar

import yaml
from podman import PATIENCE_SECONDS, Container, Podman, container, network

DEPLOY = pathlib.Path(__file__).resolve().parents[1]
EDGE_NAME = "lab.example"

Service = dict[str, Any]


class Options(argparse.Namespace):
    """The arguments of this program."""

    image: str
    compose: str
    envoy: str


options = Options()


class Place:
    """A copy of deploy/ in which prepare.sh has been run."""

    def __init__(self, folder: pathlib.Path) -> None:
        self.deploy = folder / "deploy"
        self.local = self.deploy / "compose/local"
        shutil.copytree(
            DEPLOY, self.deploy, ignore=shutil.ignore_patterns("local")
        )
        # Other users reach what is theirs.
        folder.chmod(0o755)

    def prepare(self, *arguments: str) -> None:
        subprocess.run(
            [self.deploy / "compose/prepare.sh", EDGE_NAME, *arguments],
            check=True,
            stdout=subprocess.DEVNULL,
        )

    def services(self) -> dict[str, Service]:
        """Returns what the reference implementation of Compose reads."""
        output = subprocess.run(
            [options.compose, "-format=json", "compose.yaml"],
            cwd=self.deploy,
            check=True,
            stdout=subprocess.PIPE,
        ).stdout
        services = json.loads(output)["services"]
        assert isinstance(services, dict)
        return services

    def envoy_configuration(self) -> Any:
        text = (self.local / "envoy/envoy.yaml").read_text()
        return yaml.safe_load(text)


@contextlib.contextmanager
def new_place() -> Iterator[Place]:
    with tempfile.TemporaryDirectory() as folder:
        place = Place(pathlib.Path(folder))
        place.prepare()
        yield place


class FileTest(unittest.TestCase):
    """Compares compose.yaml with the files that it names."""

    place: ClassVar[Place]
    services: ClassVar[dict[str, Service]]

    @classmethod
    def setUpClass(cls) -> None:
        cls.place = cls.enterClassContext(new_place())
        cls.services = cls.place.services()

    def test_services_have_few_rights_and_limits(self) -> None:
        self.assertEqual(
            set(self.services), {"dissectd", "envoy", "grafana", "prometheus"}
        )
        for name, service in self.services.items():
            with self.subTest(name):
                self.assertIs(service["read_only"], True)
                self.assertEqual(service["cap_drop"], ["ALL"])
                self.assertNotIn("cap_add", service)
                self.assertIn("no-new-privileges:true", service["security_opt"])
                for limit in ("mem_limit", "pids_limit"):
                    self.assertIn(limit, service)
                # The health check of dissectd is in its image.
                self.assertEqual("healthcheck" in service, name != "dissectd")

    def test_the_daemon_has_the_time_that_it_needs_to_stop(self) -> None:
        daemon = self.services["dissectd"]
        needed = 40 + sum(
            int(option.partition("=")[2])
            for option in daemon["command"]
            if option.startswith(("--lame-duck=", "--drain-timeout="))
        )
        # The reference implementation writes 90s as 1m30s.
        granted = re.fullmatch(
            r"(?:(\d+)m)?(\d+)s", daemon["stop_grace_period"]
        )
        assert granted is not None
        self.assertGreater(int(granted[1] or 0) * 60 + int(granted[2]), needed)

    def test_images_have_a_version(self) -> None:
        for service in self.services.values():
            self.assertRegex(service["image"], r":v?\d+\.\d+\.\d+$")

    def test_all_mounted_files_exist(self) -> None:
        for service in self.services.values():
            for volume in service["volumes"]:
                if volume["type"] == "bind":
                    source = pathlib.Path(volume["source"])
                    self.assertTrue(source.is_dir(), source)
                    self.assertTrue(volume["read_only"], source)

    def test_secrets_are_for_their_users_only(self) -> None:
        files = [path for path in self.place.local.rglob("*") if path.is_file()]
        self.assertGreater(len(files), 10)
        for path in files:
            self.assertEqual(path.stat().st_mode & 0o077, 0, path)

    def test_what_prepare_has_made_stays(self) -> None:
        kept = ("dissectd/tokens", "envoy/key.pem", "grafana/password")
        before = [(self.place.local / name).read_bytes() for name in kept]
        self.place.prepare()
        after = [(self.place.local / name).read_bytes() for name in kept]
        self.assertEqual(before, after)

    def test_ports_and_names_fit_the_configurations(self) -> None:
        listener = self.place.envoy_configuration()["static_resources"][
            "listeners"
        ][0]
        port = listener["address"]["socket_address"]["port_value"]
        [published] = self.services["envoy"]["ports"]
        self.assertEqual(published["target"], port)
        self.assertIn(
            f"/{port}", self.services["envoy"]["healthcheck"]["test"][-1]
        )

        config = yaml.safe_load(
            (self.place.local / "prometheus/prometheus.yml").read_text()
        )
        [job] = config["scrape_configs"]
        [target] = job["static_configs"][0]["targets"]
        self.assertEqual(target, "dissectd:9464")
        self.assertIn(
            "--metrics-listen=0.0.0.0:9464",
            self.services["dissectd"]["command"],
        )
        sources = "".join(
            path.read_text()
            for path in (self.place.deploy / "grafana").rglob("*.y*ml")
        )
        self.assertIn("url: $PROMETHEUS_URL\n", sources)
        self.assertEqual(
            self.services["grafana"]["environment"]["PROMETHEUS_URL"],
            "http://prometheus:9090",
        )
        folder = "/var/lib/grafana/dashboards"
        self.assertRegex(sources, rf"path: {re.escape(folder)}\b")

    def test_services_that_talk_share_a_network(self) -> None:
        for one, other in (
            ("dissectd", "envoy"),
            ("dissectd", "prometheus"),
            ("grafana", "prometheus"),
        ):
            shared = set(self.services[one]["networks"])
            self.assertTrue(
                shared.intersection(self.services[other]["networks"])
            )
        apart = set(self.services["dissectd"]["networks"])
        self.assertFalse(apart & set(self.services["grafana"]["networks"]))


@contextlib.contextmanager
def program(
    namespace: str, command: list[str], folder: pathlib.Path
) -> Iterator[None]:
    """Runs a program in a network namespace meanwhile."""
    with open(folder / f"{pathlib.Path(command[0]).name}.log", "wb") as log:
        process = subprocess.Popen(
            ["ip", "netns", "exec", namespace, *command],
            stdout=log,
            stderr=subprocess.STDOUT,
        )
    try:
        yield
    finally:
        process.terminate()
        process.wait(PATIENCE_SECONDS)


@contextlib.contextmanager
def host_names(namespace: str, *names: str) -> Iterator[None]:
    """Makes names of services stand for 127.0.0.1 in a namespace."""
    folder = pathlib.Path("/etc/netns") / namespace
    folder.mkdir(parents=True)
    (folder / "hosts").write_text("127.0.0.1 localhost " + " ".join(names))
    try:
        yield
    finally:
        shutil.rmtree(folder)


class TogetherTest(unittest.TestCase):
    """Runs the programs with the configurations of compose.yaml."""

    namespace: ClassVar[str]
    place: ClassVar[Place]
    podman: ClassVar[Podman]
    daemon: ClassVar[Container]
    log: ClassVar[pathlib.Path]

    @classmethod
    def setUpClass(cls) -> None:
        cls.place = cls.enterClassContext(new_place())
        services = cls.place.services()
        cls.log = cls.place.deploy
        cls.podman = Podman(cls.log)
        cls.namespace = cls.enterClassContext(network())
        cls.enterClassContext(host_names(cls.namespace, *services))
        cls.daemon = cls.enterClassContext(cls.start(services["dissectd"]))
        cls.daemon.wait_until_healthy()

        # Here, Envoy has its files elsewhere.
        cls.place.prepare(f"--files={cls.place.local}/envoy")
        command = [
            argument.replace("/etc/envoy", f"{cls.place.local}/envoy")
            for argument in services["envoy"]["command"]
        ]
        cls.enterClassContext(
            program(cls.namespace, [options.envoy, *command], cls.log)
        )
        command = [
            argument.replace("/etc/prometheus", f"{cls.place.local}/prometheus")
            .replace("=/prometheus", f"={cls.log}/prometheus-data")
            for argument in services["prometheus"]["command"]
        ]  # fmt: skip
        cls.enterClassContext(
            program(cls.namespace, ["prometheus", *command], cls.log)
        )

    @classmethod
    def start(cls, service: Service) -> contextlib.AbstractContextManager[
        Container
    ]:  # fmt: skip
        """Starts the daemon as compose.yaml says."""
        mounts = [
            f"--volume={volume['source']}:{volume['target']}:ro"
            for volume in service["volumes"]
            if volume["type"] == "bind"
        ]
        return container(
            cls.podman,
            options.image,
            f"--network=ns:/run/netns/{cls.namespace}",
            *(f"--cap-drop={name}" for name in service["cap_drop"]),
            "--security-opt=no-new-privileges",
            "--init",
            f"--pids-limit={service['pids_limit']}",
            f"--memory={service['mem_limit']}",
            *(f"--tmpfs={tmpfs}" for tmpfs in service["tmpfs"]),
            *(f"--env={k}={v}" for k, v in service["environment"].items()),
            *mounts,
            arguments=tuple(service["command"]),
        )

    def dissectctl(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Runs dissectctl from the image, outside the daemon's container."""
        return self.podman(
            "run", "--rm", "--user=0", "--entrypoint=dissectctl",
            f"--network=ns:/run/netns/{self.namespace}",
            f"--volume={self.place.local}:/local:ro", options.image,
            *arguments,
        )  # fmt: skip

    def through_the_edge(
        self, *arguments: str
    ) -> subprocess.CompletedProcess[str]:
        return self.dissectctl(
            "--server=127.0.0.1:8443",
            "--tls-ca=/local/envoy/certificate.pem",
            f"--tls-server-name={EDGE_NAME}",
            *arguments,
        )

    def wait_for(self, what: str, *command: str) -> None:
        """Waits until a command in the namespace prints something."""
        deadline = time.monotonic() + PATIENCE_SECONDS
        while True:
            output = subprocess.run(
                ["ip", "netns", "exec", self.namespace, *command],
                capture_output=True,
                check=False,
                text=True,
            ).stdout
            if what in output:
                return
            logs = "".join(
                path.read_text(errors="replace")[-3000:]
                for path in self.log.glob("*.log")
            )
            self.assertLess(
                time.monotonic(), deadline, output + self.daemon.log() + logs
            )
            time.sleep(0.2)

    def wait_for_edge(self) -> None:
        self.wait_for(
            "200", "curl", "--silent", "--insecure", "--output", "/dev/null",
            "--write-out", "%{http_code}", "https://127.0.0.1:8443/healthz",
        )  # fmt: skip

    def test_a_token_is_known_behind_the_edge(self) -> None:
        self.wait_for_edge()
        result = self.through_the_edge(
            "--token-file=/local/admin.token", "info"
        )
        self.assertEqual(result.returncode, 0, result.stderr)
        self.assertRegex(result.stdout, r"you are +token:admin\n")

    def test_a_caller_without_a_token_is_refused(self) -> None:
        self.wait_for_edge()
        result = self.through_the_edge("files", "list")
        self.assertEqual((result.returncode, result.stdout), (3, ""))

    def test_health_needs_no_token(self) -> None:
        self.wait_for_edge()
        result = self.through_the_edge("health")
        self.assertEqual(result.stdout, "SERVING\n", result.stderr)

    def test_the_daemon_talks_to_the_edge_only(self) -> None:
        result = self.dissectctl(
            "--server=127.0.0.1:50051",
            "--tls-ca=/local/envoy/hop-ca.pem",
            "--tls-server-name=dissectd",
            "--token-file=/local/admin.token",
            "info",
        )
        self.assertNotEqual(result.returncode, 0)

    def test_prometheus_reads_the_metrics(self) -> None:
        self.wait_for(
            '"1"]', "curl", "--silent", "--get", "--data-urlencode",
            'query=up{job="dissectd"}', "http://127.0.0.1:9090/api/v1/query",
        )  # fmt: skip


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--image", required=True, help="its id")
    parser.add_argument("--compose", required=True, help="compose-go's cmd")
    parser.add_argument("--envoy", required=True, help="the program")
    parser.parse_args(namespace=options)
    os.umask(0o022)
    result = unittest.main(argv=sys.argv[:1], exit=False).result
    bad = len(result.failures) + len(result.errors)
    print(f"{result.testsRun - bad} passed, {bad} failed")
    return 0 if result.wasSuccessful() else 1


if __name__ == "__main__":
    sys.exit(main())
