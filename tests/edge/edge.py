# SPDX-License-Identifier: GPL-2.0-or-later
"""Runs a daemon, and Envoy in front of it with the project's configuration."""

import os
import typing

from daemon import Daemon, clean_environment
from envoy_process import TOKEN, Envoy, free_port
from relay import Relay


class Edge(Envoy):
    """A daemon behind Envoy.

    The hop between is mutual TLS, a Unix socket, or one whose connections can
    be broken.
    """

    def __init__(
        self,
        derive: tuple[str, ...] = (),
        daemon: tuple[str, ...] = (),
        hop: typing.Literal["tls", "unix", "relay"] = "tls",
    ) -> None:
        super().__init__()
        self._hop = hop
        self._daemon_port = free_port()
        self._daemon_options = daemon
        self.relay = Relay(
            self.folder / "relay", f"{self.folder}/daemon/socket"
        )
        self.configure(f"--daemon={self._daemon_address()}", *derive)
        self.start_daemon()
        try:
            self.start_envoy()
        except BaseException:
            self.close()
            raise

    def _daemon_address(self) -> str:
        return {
            "tls": f"127.0.0.1:{self._daemon_port}",
            "unix": f"unix:{self.folder}/daemon/socket",
            "relay": self.relay.address,
        }[self._hop]

    def _options_of_daemon(self) -> list[str]:
        options = [
            *self.callers(),
            "--log-level=debug",
            *self._daemon_options,
        ]
        if self._hop != "tls":
            return [*options, f"--trusted-proxy=unix:{os.getuid()}"]
        return [
            *options,
            f"--listen=127.0.0.1:{self._daemon_port}",
            *self.daemon_identity(),
        ]

    def start_daemon(self) -> None:
        """Starts the daemon, again if it was stopped."""
        environment = clean_environment(self.folder / "home")
        # The user of the Unix socket may be that of the proxy.
        environment["DISSECTD_TOKEN"] = TOKEN
        self.daemon = Daemon(
            os.environ["DISSECTD"],
            os.environ["DISSECTCTL"],
            self.folder / "store",
            self.folder / "daemon",
            environment,
            self._options_of_daemon(),
        )

    def daemon_log(self) -> str:
        """Returns what the daemon has logged since its last start."""
        return (self.folder / "daemon/dissectd.log").read_text()

    def close(self) -> None:
        """Ends Envoy and the daemon."""
        self.close_envoy()
        self.relay.close()
        self.daemon.stop()
        self.delete_folder()
