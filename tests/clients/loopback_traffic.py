# SPDX-License-Identifier: GPL-2.0-or-later
"""Packets on the loopback interface."""

import socket
import threading

_HOST = "127.0.0.1"
_SECONDS_BETWEEN = 0.02


def port_of(bound: socket.socket) -> int:
    _, port = bound.getsockname()
    return int(port)


class LoopbackTraffic:
    """Sends UDP packets to two ports, in turn, until it is stopped."""

    def __init__(self) -> None:
        self._receivers = [self._bound() for _ in range(2)]
        self.ports = [port_of(receiver) for receiver in self._receivers]
        self._sender = self._bound()
        self.source = port_of(self._sender)
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._send)
        self._thread.start()

    @staticmethod
    def _bound() -> socket.socket:
        bound = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        bound.bind((_HOST, 0))
        return bound

    def _send(self) -> None:
        while not self._ended.wait(_SECONDS_BETWEEN):
            for receiver in self._receivers:
                self._sender.sendto(b"hello", receiver.getsockname())

    def stop(self) -> None:
        self._ended.set()
        self._thread.join()
        for bound in (*self._receivers, self._sender):
            bound.close()
