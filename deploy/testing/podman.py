# SPDX-License-Identifier: GPL-2.0-or-later
"""Runs containers in Podman, in network namespaces that the tests make."""

import contextlib
import json
import os
import pathlib
import subprocess
import time
from collections.abc import Iterator
from typing import Any

# The time limit of a command, and of what a container has to do.
PATIENCE_SECONDS = 120

# runc and cgroupfs work without systemd, and with both versions of cgroups. The
# limits may be no higher than those of the machine.
_CONFIGURATION = """
[engine]
runtime = "runc"
cgroup_manager = "cgroupfs"
[containers]
default_ulimits = ["nofile=4096:4096", "nproc=2000:2000"]
"""

Result = subprocess.CompletedProcess[str]


class Podman:
    """The command `podman`, with a configuration of its own in a folder."""

    def __init__(self, folder: pathlib.Path) -> None:
        configuration = folder / "containers.conf"
        configuration.write_text(_CONFIGURATION)
        self._environment = {
            **os.environ,
            "CONTAINERS_CONF": str(configuration),
        }

    def __call__(self, *arguments: str) -> Result:
        """Runs a command, whose failure is for the caller to notice."""
        return subprocess.run(
            ["podman", *arguments],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            env=self._environment,
            check=False,
            text=True,
            timeout=PATIENCE_SECONDS,
        )

    def output(self, *arguments: str) -> str:
        """Runs a command that must succeed, and returns what it prints."""
        result = self(*arguments)
        if result.returncode != 0:
            raise AssertionError(f"podman {arguments}: {result.stderr}")
        return result.stdout.strip()

    def inspect(self, kind: str, name: str) -> dict[str, Any]:
        described = json.loads(self.output(kind, "inspect", name))
        assert isinstance(described[0], dict)
        return described[0]

    @contextlib.contextmanager
    def mounted(self, image: str) -> Iterator[pathlib.Path]:
        """Provides the root of an image, to look at."""
        try:
            yield pathlib.Path(self.output("image", "mount", image))
        finally:
            self.output("image", "unmount", image)


class Container:
    """A container that runs an image's daemon."""

    def __init__(self, podman: Podman, name: str) -> None:
        self.podman = podman
        self.name = name

    def dissectctl(self, *arguments: str) -> Result:
        return self.podman("exec", self.name, "dissectctl", *arguments)

    def health(self) -> int:
        """Runs the image's own health check."""
        return self.podman("healthcheck", "run", self.name).returncode

    def log(self) -> str:
        result = self.podman("logs", self.name)
        return result.stdout + result.stderr

    def pid(self) -> int:
        state = self.podman.inspect("container", self.name)["State"]
        return int(state["Pid"])

    def status(self) -> dict[str, str]:
        """Returns what the kernel says about the daemon."""
        text = pathlib.Path(f"/proc/{self.pid()}/status").read_text()
        pairs = (line.partition(":") for line in text.splitlines())
        return {name: value.strip() for name, _, value in pairs}

    def processes(self) -> dict[int, str]:
        """Returns the numbers of its processes, and their states' letters."""
        inside = f"/proc/{self.pid()}/ns/pid"
        found = {}
        for folder in pathlib.Path("/proc").glob("[0-9]*"):
            # Processes end meanwhile.
            with contextlib.suppress(OSError):
                if (folder / "ns/pid").samefile(inside):
                    state = (folder / "stat").read_text().rpartition(") ")[2]
                    found[int(folder.name)] = state[0]
        return found

    def wait_until_healthy(self) -> None:
        deadline = time.monotonic() + PATIENCE_SECONDS
        while self.health() != 0:
            state = self.podman.inspect("container", self.name)["State"]
            if not state["Running"] or time.monotonic() > deadline:
                raise AssertionError(f"not healthy:\n{self.log()[-3000:]}")
            time.sleep(0.2)


@contextlib.contextmanager
def container(
    podman: Podman,
    image: str,
    *options: str,
    arguments: tuple[str, ...] = (),
) -> Iterator[Container]:
    """Starts a container with a read-only root, and removes it in the end."""
    # Without systemd, Podman complains that it can't repeat health checks.
    name = podman.output(
        "run", "--detach", "--read-only", "--read-only-tmpfs=false",
        *options, image, *arguments,
    )  # fmt: skip
    try:
        yield Container(podman, name)
    finally:
        podman("rm", "--force", "--time=0", "--volumes", name)


@contextlib.contextmanager
def network() -> Iterator[str]:
    """Makes a network namespace that has a loopback interface only."""
    name = f"dissectd-image-{os.getpid()}"
    subprocess.run(["ip", "netns", "add", name], check=True)
    try:
        subprocess.run(
            ["ip", "-netns", name, "link", "set", "lo", "up"], check=True
        )
        yield name
    finally:
        subprocess.run(["ip", "netns", "delete", name], check=True)


# Sends a DNS query to itself again and again.
_SEND_QUERIES = """
import socket, time
with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as client:
    client.bind(("127.0.0.1", 53))
    while True:
        client.sendto(bytes.fromhex("%s"), ("127.0.0.1", 53))
        time.sleep(0.02)
"""

_QUERY = b"\x12\x34\x01\0\0\1\0\0\0\0\0\0\7example\3org\0\0\1\0\1"


@contextlib.contextmanager
def dns_traffic(namespace: str) -> Iterator[None]:
    """Sends DNS queries in a namespace meanwhile."""
    sender = subprocess.Popen(
        [
            *("ip", "netns", "exec", namespace),
            *("/usr/bin/python3", "-c", _SEND_QUERIES % _QUERY.hex()),
        ]
    )
    try:
        yield
    finally:
        sender.kill()
        sender.wait()
