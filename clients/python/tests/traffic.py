# SPDX-License-Identifier: Apache-2.0
"""Numbered packets on the loopback interface."""

import contextlib
import socket
import threading
from collections.abc import Iterator


class Sender:
    """Sends UDP packets with the numbers 0, 1, 2… until it is stopped."""

    def __init__(self, interval: float) -> None:
        self._receiver = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._receiver.bind(("127.0.0.1", 0))
        self.port: int = self._receiver.getsockname()[1]
        self._interval = interval
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._send)
        self._thread.start()

    def _send(self) -> None:
        number = 0
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sender:
            while not self._ended.wait(self._interval):
                data = number.to_bytes(4, "big")
                sender.sendto(data, ("127.0.0.1", self.port))
                number += 1

    def stop(self) -> None:
        self._ended.set()
        self._thread.join()
        self._receiver.close()


@contextlib.contextmanager
def sending(interval: float = 0.01) -> Iterator[int]:
    """Sends packets, and yields the port that they go to."""
    sender = Sender(interval)
    try:
        yield sender.port
    finally:
        sender.stop()
