# SPDX-License-Identifier: GPL-2.0-or-later
"""A daemon, and links to dissectctl with the names of Wireshark's programs."""

import os
import pathlib

import daemon


class StandIn:
    """Programs that stand in for tshark and dumpcap."""

    def __init__(self, folder: pathlib.Path) -> None:
        (folder / "store").mkdir()
        (folder / "bin").mkdir()
        for name in ("tshark", "dumpcap"):
            (folder / "bin" / name).symlink_to(os.environ["DISSECTCTL"])
        self.tshark = str(folder / "bin/tshark")
        self.dumpcap = str(folder / "bin/dumpcap")
        self._server = daemon.Daemon(
            os.environ["DISSECTD"],
            os.environ["DISSECTCTL"],
            folder / "store",
            folder / "daemon",
            daemon.clean_environment(folder / "home"),
            [],
        )
        self.address = self._server.address

    def stop(self) -> None:
        """Ends the daemon. Raises DaemonError if it has failed."""
        try:
            self._server.stop()
        finally:
            self._server.kill()
