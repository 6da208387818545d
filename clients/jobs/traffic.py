# SPDX-License-Identifier: Apache-2.0
"""Packets on the loopback interface, with a record of what was sent."""

import bisect
import fcntl
import itertools
import socket
import struct
import threading
import time

_HOST = "127.0.0.1"
_SECONDS_BETWEEN = 0.02
_MOST_PAYLOAD = 97
_IFF_UP = 1
_SIOCSIFFLAGS = 0x8914

# The bytes that Ethernet, IP and UDP put before the payload.
HEADERS = 14 + 20 + 8


def set_loopback_up() -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as control:
        request = struct.pack("16sH22x", b"lo", _IFF_UP)
        fcntl.ioctl(control, _SIOCSIFFLAGS, request)


class Traffic:
    """Sends UDP packets to two ports, in turn, until it is stopped.

    Each packet to `port` is a byte longer than the one before, until they begin
    again with none, so that their lengths tell whether packets are missing.
    """

    def __init__(self) -> None:
        self._sockets = [self._bound() for _ in range(3)]
        self.source, self.port, self._other = (
            bound.getsockname()[1] for bound in self._sockets
        )
        self._times: list[float] = []
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._send)
        self._thread.start()

    @staticmethod
    def _bound() -> socket.socket:
        bound = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        bound.bind((_HOST, 0))
        return bound

    def _send(self) -> None:
        sender = self._sockets[0]
        for size in itertools.cycle(range(_MOST_PAYLOAD)):
            if self._ended.wait(_SECONDS_BETWEEN):
                return
            sender.sendto(bytes(size), (_HOST, self.port))
            self._times.append(time.monotonic())
            sender.sendto(b"other", (_HOST, self._other))

    @staticmethod
    def follows(length: int, previous: int) -> bool:
        """Returns whether a packet of a length comes after another one."""
        payload = previous - HEADERS
        return length == HEADERS + (payload + 1) % _MOST_PAYLOAD

    def counts(self, seconds: float) -> range:
        """Returns the numbers of packets that any time as long as this had."""
        times = list(self._times)
        counts = [
            bisect.bisect_left(times, start + seconds) - first
            for first, start in enumerate(times)
            if start + seconds < times[-1]
        ]
        return range(min(counts), max(counts) + 1)

    def stop(self) -> None:
        self._ended.set()
        self._thread.join()
        for bound in self._sockets:
            bound.close()
