# SPDX-License-Identifier: GPL-2.0-or-later
"""Pods of the chart, their Secrets, and what runs in them."""

from __future__ import annotations

import importlib.util
import os
import pathlib
import shutil
import signal
import struct
import subprocess
import tempfile
from typing import Any

import rendering
import yaml
from exposition import Exposition
from pod import Pod, data_of
from waiting import wait_for

Object = dict[str, Any]

DISSECTD = pathlib.Path(os.environ["DISSECTD"]).resolve()
DISSECTCTL = pathlib.Path(os.environ["DISSECTCTL"]).resolve()
# The folder that has all programs of dissectd: that of Bazel, or of an
# installation.
PROGRAMS = pathlib.Path(os.path.commonpath([DISSECTD, DISSECTCTL]))
if PROGRAMS.name == "bin" and (PROGRAMS.parent / "libexec").exists():
    PROGRAMS = PROGRAMS.parent
FLEET = pathlib.Path(os.environ["DISSECTD_FLEET"]).resolve()
HOST = "lab.example"
# The port of metrics in all pods.
METRICS_PORT = 9464
_READ_METRICS = f"""
import urllib.request
url = "http://127.0.0.1:{METRICS_PORT}/metrics"
print(urllib.request.urlopen(url).read().decode())
"""
# Names of Services, which a cluster's DNS resolves.
HOSTS = (
    f"127.0.0.1 localhost {HOST} dissectd-0.dissectd-replicas"
    " dissectd-agents.dissectd-agents\n"
)

# The capability bits of dumpcap's file in the image: cap_net_raw and
# cap_net_admin, effective, inheritable and permitted.
_NET = 1 << 12 | 1 << 13
_CAPABILITIES = struct.pack("<5I", 0x02000001, _NET, _NET, 0, 0)


def _envoy() -> pathlib.Path:
    spec = importlib.util.find_spec("envoy")
    assert spec and spec.origin
    return pathlib.Path(spec.origin).with_name("_bin") / "envoy"


# The programs of the images, by the workloads that have them, and by their
# paths in pods. Daemons also need what is next to them.
_DAEMON = {
    "/opt/dissectd": PROGRAMS,
    "/opt/bin/dissectctl": DISSECTCTL,
}
_SYSTEM = {
    "dissectd": _DAEMON,
    "dissectd-agent": _DAEMON,
    "dissectd-fleet": {
        "/opt/bin/dissectd-fleet": FLEET,
        "/opt/bin/dissectctl": DISSECTCTL,
    },
    "dissectd-edge": {"/opt/bin/envoy": _envoy()},
}
# The entry points of images whose containers name no command.
_ENTRY_POINTS = {
    "agent": [f"/opt/dissectd/{DISSECTD.relative_to(PROGRAMS)}"],
    "dissectd": [f"/opt/dissectd/{DISSECTD.relative_to(PROGRAMS)}"],
    "envoy": ["envoy"],
}


def privileged_dumpcap(folder: pathlib.Path) -> pathlib.Path:
    """Returns a dumpcap like that of the image, with capabilities."""
    path = folder / "dumpcap"
    shutil.copy("/usr/bin/dumpcap", path)
    path.chmod(0o755)
    os.setxattr(path, "security.capability", _CAPABILITIES)
    return path


class Cluster:
    """The objects of the chart, and Secrets of secrets.sh for them."""

    def __init__(self, values: tuple[str, ...]) -> None:
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="cluster-"))
        self.objects = rendering.rendered(values)
        self.made = self.folder / "secrets"
        self.secrets = self.make_secrets("secrets")
        self.admin_token = self.made / "admin.token"
        self._pods: list[Pod] = []

    def make_secrets(self, folder: str, *options: str) -> list[Object]:
        """Makes Secrets in a folder, and returns them."""
        made = self.folder / folder
        subprocess.run(
            [rendering.KUBERNETES / "secrets.sh", *options, HOST, made],
            check=True,
            stdout=subprocess.DEVNULL,
        )
        text = (made / "secrets.yaml").read_text()
        return list(yaml.safe_load_all(text))

    def hop_files(self) -> pathlib.Path:
        """Returns a folder with the edge's files for the hop."""
        folder = self.folder / "hop"
        folder.mkdir()
        data = data_of(self.secrets)["Secret", "dissectd-edge-hop-tls"]
        for name, content in data.items():
            (folder / name).write_bytes(content)
        return folder

    def pod(
        self,
        kind: str,
        name: str,
        network: Pod | None = None,
        overlays: dict[str, pathlib.Path] | None = None,
    ) -> Pod:
        """Makes the first pod of a workload."""
        (key,) = (
            key for key in self.objects if key[0] == kind and key[2] == name
        )
        namespace = key[1]
        in_namespace = [
            found
            for found in [*self.objects.values(), *self.secrets]
            if found["metadata"].get("namespace") == namespace
        ]
        made = Pod(
            self.objects[key]["spec"]["template"],
            data_of(in_namespace),
            name=f"{name}-0",
            namespace=namespace,
            system={**_SYSTEM[name], **(overlays or {})},
            network=network,
            hosts=HOSTS,
        )
        self._pods.append(made)
        return made

    def close(self) -> None:
        for pod in reversed(self._pods):
            pod.close()
        shutil.rmtree(self.folder)


class Container:
    """A container that runs."""

    def __init__(self, pod: Pod, name: str) -> None:
        """Starts it."""
        self.pod = pod
        self.manifest = pod.container(name)
        program = self.manifest.get("command") or _ENTRY_POINTS[name]
        self._log = pod.folder / f"{name}.log"
        with self._log.open("wb") as log:
            self._process = subprocess.Popen(
                pod.command(
                    self.manifest, *program, *pod.arguments(self.manifest)
                ),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
            )

    def run(self, *command: str) -> subprocess.CompletedProcess[str]:
        """Runs a command in it, as the probes of the kind "exec" do."""
        return subprocess.run(
            self.pod.command(self.manifest, *command),
            check=False,
            capture_output=True,
            text=True,
        )

    def probe(self, kind: str) -> subprocess.CompletedProcess[str]:
        return self.run(*self.manifest[kind]["exec"]["command"])

    def wait_until_ready(self) -> None:
        """Waits as the startup probe does, then asks the other ones."""

        def has_started() -> bool:
            if self._process.poll() is not None:
                raise AssertionError(self.log()[-4000:])
            return self.probe("startupProbe").returncode == 0

        probe = self.manifest["startupProbe"]
        patience = probe["periodSeconds"] * probe["failureThreshold"]
        wait_for("the startup probe", has_started, patience)
        for kind in ("readinessProbe", "livenessProbe"):
            answer = self.probe(kind)
            assert answer.returncode == 0, answer.stderr

    def log(self) -> str:
        return self._log.read_text(errors="replace")

    def signal(self, number: signal.Signals) -> None:
        # nsenter stays in between, as it has to for a process tree.
        pid = self._process.pid
        children = pathlib.Path(f"/proc/{pid}/task/{pid}/children")
        (child,) = children.read_text().split()
        os.kill(int(child), number)

    def wait(self, seconds: float) -> int:
        return self._process.wait(seconds)

    def end(self) -> None:
        if self._process.poll() is None:
            self.signal(signal.SIGKILL)
            self._process.wait(30)


def metrics_of(pod: Pod) -> Exposition:
    """Reads the metrics of a pod as a Prometheus in its network."""
    return Exposition(pod.in_network("python3", "-c", _READ_METRICS).stdout)


def pod_series(told: Exposition) -> dict[str, float]:
    """Returns series as Prometheus has them, with namespace and pod."""
    series = {}
    for sample in told.samples:
        labels = {
            **sample.labels,
            "namespace": "dissectd",
            "pod": "dissectd-0",
        }
        inside = ",".join(f'{name}="{text}"' for name, text in labels.items())
        series[f"{sample.name}{{{inside}}}"] = sample.value
    return series


def adapted(query: str) -> str:
    """Returns a query as prometheus-adapter completes it for pods."""
    matchers = 'namespace="dissectd",pod=~"dissectd-0"'
    return query.replace("<<.LabelMatchers>>", matchers).replace(
        "<<.GroupBy>>", "pod"
    )


def promtool(query: str, series: dict[str, float], folder: pathlib.Path) -> str:
    """Returns what a query finds, as promtool's complaint tells it.

    promtool compares results with expected ones; these are none.
    """
    test = {
        "evaluation_interval": "1m",
        "tests": [
            {
                "interval": "1m",
                "input_series": [
                    {"series": name, "values": f"{value:g}"}
                    for name, value in series.items()
                ],
                "promql_expr_test": [
                    {"expr": query, "eval_time": "0m", "exp_samples": []}
                ],
            }
        ],
    }
    path = folder / "query.yaml"
    path.write_text(yaml.safe_dump(test))
    told = subprocess.run(
        ["promtool", "test", "rules", path],
        check=False,
        capture_output=True,
        text=True,
    )
    complaint = told.stdout + told.stderr
    if told.returncode == 0:
        return ""
    assert "got:" in complaint, complaint
    return complaint.split("got:", 1)[1]
