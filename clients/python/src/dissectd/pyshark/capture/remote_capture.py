# SPDX-License-Identifier: Apache-2.0
"""Packets of the interfaces of another machine."""

from __future__ import annotations

from typing import Any

from dissectd.pyshark.capture.live_capture import LiveCapture

_PORT = 50051


class RemoteCapture(LiveCapture):
    """A live capture of a daemon on another machine.

    pyshark captures from a machine that runs rpcapd. Here it is one that runs
    dissectd, and its port is dissectd's.
    """

    def __init__(
        self,
        remote_host: str,
        remote_interface: str,
        *args: Any,
        remote_port: int = _PORT,
        **options: Any,
    ) -> None:
        """Makes a capture that doesn't run yet. See LiveCapture for options."""
        host = f"[{remote_host}]" if ":" in remote_host else remote_host
        options.setdefault("server", f"{host}:{remote_port}")
        super().__init__(remote_interface, *args, **options)
