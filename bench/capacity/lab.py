# SPDX-License-Identifier: GPL-2.0-or-later
"""Daemons, a fleet, and interfaces with traffic, in a network of their own."""

import contextlib
import os
import pathlib
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence

import calls
import grpc
import memory
import processes
from authority import Authority
from daemon import Daemon, clean_environment
from waiting import wait_for

_TRAFFIC = pathlib.Path(__file__).with_name("traffic.py")
_FIRST_PORT = 51001
_NODES_PER_NETWORK = 250

# A port of the traffic: its sender writes to one end, and dumpcap reads the
# other.
SENDER, TAP = "sender{}", "tap{}"


def _ip(*arguments: str) -> None:
    subprocess.run(["ip", *arguments], check=True)


def add_tap(number: int) -> str:
    """Makes a pair of interfaces, and returns the one to capture from."""
    sender, tap = SENDER.format(number), TAP.format(number)
    _ip("link", "add", sender, "type", "veth", "peer", "name", tap)
    for name in (sender, tap):
        # Nobody but the sender shall send there.
        setting = pathlib.Path(f"/proc/sys/net/ipv6/conf/{name}/disable_ipv6")
        if setting.exists():
            setting.write_text("1")
        _ip("link", "set", name, "arp", "off", "up")
    return tap


class Sender:
    """A process that sends frames of a file to an interface."""

    def __init__(
        self, number: int, file: pathlib.Path, count: int, rate: float
    ) -> None:
        command: list[str | pathlib.Path] = [
            *("/usr/bin/python3", _TRAFFIC, SENDER.format(number)),
            *(file, str(count), str(rate)),
        ]
        self._process = subprocess.Popen(command, stdout=subprocess.PIPE)

    def finish(self) -> float:
        """Waits for the end, and returns the processor time of sending."""
        output, _ = self._process.communicate()
        if self._process.returncode != 0:
            raise RuntimeError("sending has failed")
        return float(output)


class Node:
    """A daemon that captures from an interface of its own."""

    def __init__(self, lab: "Lab", number: int) -> None:
        self.number = number
        self.port = _FIRST_PORT + number
        self._folder = lab.folder / f"node{number}"
        self._folder.mkdir()
        self.store = self._folder / "store"
        self.store.mkdir()
        self.tap = add_tap(number)
        self.daemon = Daemon(
            os.environ["DISSECTD"],
            os.environ["DISSECTCTL"],
            self.store,
            self._folder / "run",
            clean_environment(self._folder / "home"),
            [
                f"--listen=0.0.0.0:{self.port}",
                f"--tls-certificate={lab.folder}/certificate.pem",
                f"--tls-key={lab.folder}/key.pem",
                "--max-workers=1000",
                "--max-workers-per-principal=1000",
                "--max-calls=10000",
                "--max-calls-per-principal=10000",
                "--max-streams-per-connection=1000",
                "--max-sessions=100",
                "--max-sessions-per-principal=100",
                "--max-connections-per-peer=2000",
            ],
        )
        self.channel = calls.connect(self.daemon.address)

    def times(self) -> processes.DaemonTimes:
        return processes.times_of_daemon(self.daemon.pid)

    def memory(self) -> int:
        return processes.memory_of_family(self.daemon.pid)

    def wait_until_idle(self) -> None:
        """Waits until all workers have ended, and count for the engine."""
        (engine,) = processes.children_named(self.daemon.pid, "dissectd-engine")
        wait_for(
            "the end of all workers",
            lambda: not memory.children(engine),
        )

    def close(self) -> None:
        self.channel.close()
        self.daemon.stop()


class Fleet:
    """dissectd-fleet, whose nodes are daemons of the lab under many names."""

    def __init__(self, lab: "Lab", nodes: Sequence[Node], count: int) -> None:
        """Without nodes, DNS tells them: name_server.py must run."""
        self._folder = lab.folder / f"fleet{count}"
        self._folder.mkdir(exist_ok=True)
        self.names = [f"n{number:04}" for number in range(count)]
        source = [f"--nodes={self._folder}/nodes"]
        if nodes:
            self._write_nodes(nodes)
        else:
            source = ["--nodes-dns=agents.test:50051", "--nodes-dns-interval=1"]
        self.address = f"unix:{self._folder}/socket"
        with open(self._folder / "log", "wb") as log:
            self._process = subprocess.Popen(
                [
                    *(() if nodes else self._with_name_server()),
                    os.environ["DISSECTD_FLEET"],
                    f"--listen={self.address}",
                    *source,
                    f"--node-ca={lab.folder}/ca.pem",
                    "--node-server-name=localhost",
                    "--drain-timeout=1",
                ],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                env=clean_environment(self._folder / "home"),
            )
        self.channel = calls.connect(self.address)
        grpc.channel_ready_future(self.channel).result(timeout=60)

    def _write_nodes(self, nodes: Sequence[Node]) -> None:
        lines = [
            f"{name} {_address(number)}:{nodes[number % len(nodes)].port}\n"
            for number, name in enumerate(self.names)
        ]
        (self._folder / "nodes").write_text("".join(lines))
        (self._folder / "nodes").chmod(0o600)

    def _with_name_server(self) -> list[str]:
        """Returns a command that runs another with DNS of this machine."""
        config = self._folder / "resolv.conf"
        config.write_text("nameserver 127.0.0.1\n")
        mount = 'mount --bind "$0" /etc/resolv.conf && exec "$@"'
        return ["unshare", "--mount", "sh", "-c", mount, str(config)]

    @property
    def pid(self) -> int:
        return self._process.pid

    def close(self) -> None:
        self.channel.close()
        self._process.terminate()
        if self._process.wait(60) != 0:
            log = (self._folder / "log").read_text(errors="replace")
            raise RuntimeError(f"dissectd-fleet has failed:\n{log[-2000:]}")


def _address(number: int) -> str:
    """Returns an address of the loopback interface that no other node has."""
    network, host = divmod(number, _NODES_PER_NETWORK)
    return f"127.0.{1 + network}.{1 + host}"


class Lab:
    """A folder with certificates and traffic, and what runs in it."""

    def __init__(self, folder: pathlib.Path, traffic: pathlib.Path) -> None:
        self.folder = folder
        self.traffic = traffic
        authority = Authority()
        self.authority = authority.root
        (folder / "ca.pem").write_bytes(authority.root)
        identity = authority.issue(hosts=("localhost",))
        identity.write(folder, "certificate.pem", "key.pem")
        self.nodes: list[Node] = []

    def node(self, number: int) -> Node:
        """Returns a daemon, which is started if it is the next one."""
        while len(self.nodes) <= number:
            say(f"starting daemon {len(self.nodes) + 1}")
            self.nodes.append(Node(self, len(self.nodes)))
        return self.nodes[number]

    def send(self, number: int, count: int, rate: float) -> Sender:
        return Sender(number, self.traffic, count, rate)

    @contextlib.contextmanager
    def fleet(self, count: int, daemons: int) -> Iterator[Fleet]:
        """Runs a fleet of `count` nodes, which are this number of daemons."""
        nodes = [self.node(number) for number in range(daemons)]
        fleet = Fleet(self, nodes, count)
        try:
            yield fleet
        finally:
            fleet.close()

    def close(self) -> None:
        for node in self.nodes:
            node.close()


def settle(read: Callable[[], float], step: float = 0.3) -> float:
    """Waits until processor time no longer grows by much, and returns it."""
    last = read()
    while True:
        time.sleep(step)
        now = read()
        if now - last <= 0.02:
            return now
        last = now


def say(text: str) -> None:
    print(f"==> {text}", file=sys.stderr, flush=True)
