# SPDX-License-Identifier: GPL-2.0-or-later
"""Network namespaces, one a machine, on a network that they share."""

import pathlib
import subprocess

_NETWORK = "10.99.0"
_SWITCH = "switch"


def _ip(*arguments: str) -> None:
    subprocess.run(["ip", *arguments], check=True)


class Network:
    """The network, in the namespace of this process, which must be its own."""

    def __init__(self) -> None:
        if pathlib.Path(f"/sys/class/net/{_SWITCH}").exists():
            raise RuntimeError("this network namespace has a network already")
        _ip("link", "add", _SWITCH, "type", "bridge")
        _ip("address", "add", f"{_NETWORK}.1/24", "dev", _SWITCH)
        _ip("link", "set", _SWITCH, "up")
        self._machines = 0

    def add_machine(self) -> "Machine":
        """Returns another machine on this network."""
        self._machines += 1
        return Machine(self._machines)

    def close(self) -> None:
        """Removes the network, once its machines are gone."""
        _ip("link", "delete", _SWITCH)


class Machine:
    """A network namespace with an address in the network."""

    def __init__(self, number: int) -> None:
        self.address = f"{_NETWORK}.{10 + number}"
        # The namespace lasts as long as the process that holds it.
        self._holder = subprocess.Popen(
            ["unshare", "--net", "sh", "-c", "echo; exec sleep infinity"],
            stdout=subprocess.PIPE,
        )
        if self._holder.stdout:
            self._holder.stdout.readline()
        pid = str(self._holder.pid)
        port = f"port{number}"
        _ip(
            *("link", "add", port, "type", "veth"),
            *("peer", "name", "eth0", "netns", pid),
        )
        _ip("link", "set", port, "master", _SWITCH, "up")
        self._inside(
            "ip", "address", "add", f"{self.address}/24", "dev", "eth0"
        )
        for name in ("eth0", "lo"):
            self._inside("ip", "link", "set", name, "up")

    def _prefix(self) -> list[str]:
        return ["nsenter", f"--net=/proc/{self._holder.pid}/ns/net"]

    def _inside(self, *command: str) -> None:
        subprocess.run([*self._prefix(), *command], check=True)

    def program(self, path: str, script: pathlib.Path) -> str:
        """Writes a script that runs a program in here, and returns its path.

        The script becomes the program, which so has its process id.
        """
        enter = " ".join(self._prefix())
        script.write_text(f'#!/bin/sh\nexec {enter} "{path}" "$@"\n')
        script.chmod(0o755)
        return str(script)

    def close(self) -> None:
        """Ends the namespace, unless a process still runs in it."""
        self._holder.kill()
        self._holder.communicate()
