# SPDX-License-Identifier: Apache-2.0
"""A relay between a client and a daemon, whose connections break or stall."""

import contextlib
import pathlib
import socket
import threading


class Relay:
    """Listens on a Unix socket, and passes bytes on to another one."""

    def __init__(self, path: pathlib.Path, target: str) -> None:
        self.address = f"unix:{path}"
        self._target = target.removeprefix("unix:")
        self._flows = threading.Event()
        self._flows.set()
        self._connections: list[socket.socket] = []
        self._listener = socket.socket(socket.AF_UNIX)
        self._listener.bind(str(path))
        self._listener.listen()
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                client, _ = self._listener.accept()
                server = socket.socket(socket.AF_UNIX)
                server.connect(self._target)
                self._connections += [client, server]
                for ends in ((client, server), (server, client)):
                    threading.Thread(
                        target=self._pass_on, args=ends, daemon=True
                    ).start()

    def _pass_on(self, source: socket.socket, target: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while data := source.recv(1 << 16):
                self._flows.wait()
                target.sendall(data)

    def cut(self) -> None:
        """Breaks all connections; new ones can be made."""
        connections, self._connections = self._connections, []
        for connection in connections:
            with contextlib.suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)
            connection.close()

    def stall(self) -> None:
        """Lets nothing through any more."""
        self._flows.clear()

    def close(self) -> None:
        self._flows.set()
        self._listener.close()
        self.cut()
