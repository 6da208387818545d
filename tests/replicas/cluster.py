# SPDX-License-Identifier: GPL-2.0-or-later
"""Runs several daemons, each on a machine of its own, behind one Envoy."""

import os
import pathlib
import shutil
import signal
import subprocess
import time

import grpc
from api import ROOT, server, server_service
from daemon import Daemon, clean_environment
from envoy_process import TOKEN, Envoy, make_descriptors
from namespaces import Machine, Network
from waiting import wait_for

PORT = 50051
# Longer than it takes Envoy to see that a daemon is about to end.
LAME_DUCK_SECONDS = 5
METADATA = (("authorization", f"Bearer {TOKEN}"),)
CALL_SECONDS = 60

_REPLICAS = ROOT / "deploy/envoy/replicas.py"


def choosing(replica: str) -> tuple[tuple[str, str], ...]:
    """Returns the metadata of a call that one replica shall answer."""
    return (*METADATA, ("x-dissectd-replica", replica))


class Replica:
    """A daemon on a machine of its own, with its own store."""

    def __init__(self, name: str, envoy: Envoy, machine: Machine) -> None:
        self.name = name
        self.machine = machine
        self._envoy = envoy
        self._work = envoy.folder / name
        self._work.mkdir()
        self.store = self._work / "store"
        shutil.copytree(
            envoy.folder / "store", self.store, copy_function=os.link
        )
        self.start()

    @property
    def description(self) -> str:
        """NAME=IP:PORT."""
        return f"{self.name}={self.machine.address}:{PORT}"

    def start(self) -> None:
        """Starts the daemon, again if it has ended."""
        environment = clean_environment(self._work / "home")
        environment["DISSECTD_TOKEN"] = TOKEN
        self.daemon = Daemon(
            self.machine.program(
                os.environ["DISSECTD"], self._work / "dissectd.sh"
            ),
            os.environ["DISSECTCTL"],
            self.store,
            self._work / "daemon",
            environment,
            [
                f"--replica={self.name}",
                f"--listen={self.machine.address}:{PORT}",
                f"--lame-duck={LAME_DUCK_SECONDS}",
                "--keep-captures=60",
                "--max-sessions=100",
                "--max-sessions-per-principal=100",
                *self._envoy.callers(),
                *self._envoy.daemon_identity(),
            ],
        )

    def own_channel(self) -> grpc.Channel:
        """Returns a channel past Envoy."""
        return grpc.insecure_channel(self.daemon.address)

    def close(self) -> None:
        """Ends the daemon, its captures too, and its machine."""
        os.kill(self.daemon.pid, signal.SIGCONT)
        os.kill(self.daemon.pid, signal.SIGINT)
        self.daemon.stop()
        self.machine.close()


class Cluster(Envoy):
    """Replicas behind Envoy.

    It learns of them from a file or, if they are configured, from that.
    """

    def __init__(self, *names: str, are_configured: bool = False) -> None:
        super().__init__()
        make_descriptors(self.folder / "dissectd.binpb")
        self._network = Network()
        self.replicas = {name: self._new(name) for name in names}
        self.write_replicas()
        replicas = [f"--replicas-file={self._file}"]
        if are_configured:
            replicas = [f"--replica={one}" for one in self._descriptions()]
        self.configure(
            *replicas,
            "--origin=none",
            "--issuer=https://login.example",
            "--calls-per-second=10000",
        )
        self.start_envoy()

    @property
    def _file(self) -> pathlib.Path:
        return self.folder / "replicas.json"

    def _new(self, name: str) -> Replica:
        return Replica(name, self, self._network.add_machine())

    def add(self, name: str) -> Replica:
        """Starts another replica, of which Envoy doesn't know yet."""
        self.replicas[name] = self._new(name)
        return self.replicas[name]

    def remove(self, name: str) -> None:
        """Takes a replica away from Envoy, and ends it."""
        replica = self.replicas.pop(name)
        self.write_replicas()
        replica.close()

    def write_replicas(self) -> None:
        """Tells Envoy of all replicas."""
        described = self._descriptions()
        subprocess.run([_REPLICAS, self._file, *described], check=True)

    def _descriptions(self) -> list[str]:
        return [each.description for each in self.replicas.values()]

    def serves(self, name: str) -> bool:
        """Returns whether calls that choose the replica reach it."""
        with self.channel() as channel:
            stub = server_service.ServerServiceStub(channel)
            try:
                info = stub.GetServerInfo(
                    server.GetServerInfoRequest(),
                    metadata=choosing(name),
                    timeout=5,
                )
            except grpc.RpcError:
                return False
        return str(info.replica) == name

    def wait_for(self, name: str) -> float:
        """Waits until Envoy sends calls to the replica; returns the seconds."""
        began = time.monotonic()
        wait_for(f"calls to {name}", lambda: self.serves(name))
        return time.monotonic() - began

    def wait_without(self, name: str) -> float:
        """Waits until Envoy sends no calls to the replica."""
        began = time.monotonic()
        wait_for(f"the end of calls to {name}", lambda: not self.serves(name))
        return time.monotonic() - began

    def close(self) -> None:
        """Ends everything."""
        self.close_envoy()
        for replica in self.replicas.values():
            replica.close()
        self._network.close()
        self.delete_folder()
