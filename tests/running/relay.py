# SPDX-License-Identifier: GPL-2.0-or-later
"""A relay between a client and a daemon, whose connections break or stall."""

import contextlib
import pathlib
import socket
import threading


class Relay:
    """Listens on a Unix socket, and passes bytes on to another one."""

    def __init__(self, path: pathlib.Path, target: str) -> None:
        self.address = f"unix:{path}"
        # The bytes that clients have sent through it.
        self.sent = 0
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
                try:
                    server.connect(self._target)
                except OSError:
                    client.close()
                    server.close()
                    continue
                self._connections += [client, server]
                for copy in (self._send, self._return):
                    threading.Thread(
                        target=copy, args=(client, server), daemon=True
                    ).start()

    def _send(self, client: socket.socket, server: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while data := client.recv(1 << 16):
                self._flows.wait()
                self.sent += len(data)
                server.sendall(data)

    def _return(self, client: socket.socket, server: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while data := server.recv(1 << 16):
                self._flows.wait()
                client.sendall(data)

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
