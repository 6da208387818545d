# SPDX-License-Identifier: GPL-2.0-or-later
"""Runs commands as users type them, next to a daemon with a store."""

import contextlib
import fcntl
import os
import pathlib
import shutil
import socket
import struct
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator

sys.path.insert(0, os.environ["TEST_SRCDIR"] + "/dissectd/tests/running")

import daemon

RUNFILES = pathlib.Path(os.environ["TEST_SRCDIR"]) / "dissectd"
DISSECTCTL = RUNFILES / "clients/cli/dissectctl"
FLEET = RUNFILES / "server/fleet/dissectd-fleet"

# The time limit of a command.
PATIENCE_SECONDS = 60

_ALONE = ["unshare", "--mount", "--net", "--propagation", "private"]
_IFF_UP = 1


def enter_namespace() -> None:
    """Runs this program again where the ports are free and no name resolves.

    Ends the process if there can't be namespaces.
    """
    if sys.argv[1:] == ["alone"]:
        _set_loopback_up()
        return
    probe = subprocess.run(
        [*_ALONE, "true"], stderr=subprocess.PIPE, check=False, text=True
    )
    if probe.returncode != 0:
        print(f"SKIPPED, as there can't be namespaces: {probe.stderr}")
        sys.exit(0)
    command = [*_ALONE, sys.executable, sys.argv[0], "alone"]
    os.execvp(command[0], command)


def _set_loopback_up() -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as control:
        # Calls SIOCSIFFLAGS with a struct ifreq.
        fcntl.ioctl(control, 0x8914, struct.pack("16sH22x", b"lo", _IFF_UP))


class Place:
    """A folder with `trace.pcap`, and a daemon at its default address.

    The daemon's store has the captures of the project.
    """

    def __init__(self, folder: pathlib.Path) -> None:
        self.folder = folder
        self.store = folder / "store"
        self.current = folder / "current"
        self.current.mkdir()
        shutil.copytree(RUNFILES / "tests/captures", self.store)
        shutil.copy(self.store / "dns.pcap", self.current / "trace.pcap")
        self._environment = daemon.clean_environment(folder / "home")
        self._environment["PATH"] = os.pathsep.join(
            [str(DISSECTCTL.parent), self._environment["PATH"]]
        )
        self.server = self.start_daemon(
            "daemon", self.store, ["--listen=127.0.0.1:50051"]
        )

    def start_daemon(
        self, name: str, store: pathlib.Path, options: list[str]
    ) -> daemon.Daemon:
        """Starts a daemon that the caller stops; `name` is for its folder."""
        return daemon.Daemon(
            str(RUNFILES / "server/dissectd"),
            str(DISSECTCTL),
            store,
            self.folder / name,
            self._environment,
            options,
        )

    @contextlib.contextmanager
    def fleet(
        self, nodes: dict[str, str], *options: str, server: str = ""
    ) -> Iterator[None]:
        """Runs a fleet for nodes and their addresses.

        `server` is where clients find it, if it isn't its default address.
        """
        file = self.folder / "nodes"
        file.write_text(
            "".join(f"{name} {address}\n" for name, address in nodes.items())
        )
        command = [
            str(FLEET),
            f"--nodes={file}",
            "--insecure-plaintext-to-nodes",
            *options,
        ]
        process = subprocess.Popen(command, env=self._environment)
        try:
            client = f"dissectctl --server={server}" if server else "dissectctl"
            for _ in range(PATIENCE_SECONDS * 10):
                listed = self.run(f"{client} fleet nodes --no-headers")
                if len(listed.stdout.splitlines()) == len(nodes):
                    break
                time.sleep(0.1)
            yield
            process.terminate()
            status = process.wait(PATIENCE_SECONDS)
            if status != 0:
                raise daemon.DaemonError(f"the fleet ended with {status}")
        finally:
            process.kill()
            process.wait()

    def run(self, script: str) -> subprocess.CompletedProcess[str]:
        """Runs a script for the shell that stops at the first failure."""
        return subprocess.run(
            ["sh", "-e", "-c", script],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            env=self._environment,
            cwd=self.current,
            check=False,
            text=True,
            errors="surrogateescape",
            timeout=PATIENCE_SECONDS,
        )


@contextlib.contextmanager
def new_place() -> Iterator[Place]:
    """Provides a place. The daemon must not have failed in the end."""
    # The name is short because socket paths are limited to about 100 bytes.
    with tempfile.TemporaryDirectory(prefix="cli.") as folder:
        place = Place(pathlib.Path(folder))
        try:
            yield place
            place.server.stop()
        finally:
            place.server.kill()


@contextlib.contextmanager
def dns_traffic() -> Iterator[None]:
    """Sends DNS queries on the loopback interface meanwhile."""
    query = b"\x12\x34\x01\0\0\1\0\0\0\0\0\0\7example\3org\0\0\1\0\1"
    done = threading.Event()

    def send() -> None:
        with (
            socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as server,
            socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as client,
        ):
            server.bind(("127.0.0.1", 53))
            while not done.wait(0.02):
                client.sendto(query, ("127.0.0.1", 53))

    sender = threading.Thread(target=send)
    sender.start()
    try:
        yield
    finally:
        done.set()
        sender.join()
