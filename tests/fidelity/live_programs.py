# SPDX-License-Identifier: GPL-2.0-or-later
"""Runs programs that capture, and provides what they capture from."""

import dataclasses
import errno
import fcntl
import os
import pathlib
import re
import select
import signal
import socket
import struct
import time

import programs
from waiting import WaitError, wait_for

# The time limit of all waits for a program.
PATIENCE_SECONDS = 30

# tshark 4.0 prints an error without a text at the end of every capture.
_NO_ERROR = re.compile(rb"^tshark: \n", re.MULTILINE)

_IFF_UP = 1

# Mounts a folder over another one, for one program.
_ELSEWHERE = 'mount --bind "$1" "$2" && shift 2 && exec "$@"'


class LiveProgram(programs.Program):
    """A program that captures."""

    @property
    def is_running(self) -> bool:
        return self._process.poll() is None

    def said(self, what: bytes) -> bool:
        return what in self._errors.read_bytes()

    def printed(self) -> bytes:
        """Returns the output so far."""
        return self._output.read_bytes()

    def interrupt(self) -> None:
        """Interrupts the capture, as Ctrl-C does."""
        if self.is_running:
            self._process.send_signal(signal.SIGINT)

    def finish(self, seconds: float = PATIENCE_SECONDS) -> programs.Run:
        run = super().finish(seconds)
        return dataclasses.replace(run, stderr=_NO_ERROR.sub(b"", run.stderr))


class TwinPipes:
    """A named pipe for each of two programs, with the same path for both."""

    def __init__(self, folder: pathlib.Path, name: str) -> None:
        self._ours = folder / "pipes"
        self._theirs = folder / "other-pipes"
        self._name = name
        self._ends: list[int] = []
        for place in (self._ours, self._theirs):
            place.mkdir(exist_ok=True)
            os.mkfifo(place / name)

    @property
    def path(self) -> str:
        return str(self._ours / self._name)

    def for_the_other(self, command: list[str]) -> list[str]:
        """Returns a command line that runs `words` with the other pipe."""
        return [
            *("unshare", "--mount", "--propagation", "private"),
            *("sh", "-c", _ELSEWHERE, "sh"),
            *(str(self._theirs), str(self._ours), *command),
        ]

    def open(self, ours: LiveProgram, theirs: LiveProgram) -> bool:
        """Waits until both read or one ends. Returns whether both read."""
        for place, program in ((self._ours, ours), (self._theirs, theirs)):
            end = _open_pipe(place / self._name, program)
            if end is None:
                return False
            self._ends.append(end)
        return True

    def write(self, data: bytes) -> None:
        """Writes the same bytes to both pipes."""
        for end in self._ends:
            _write_pipe(end, data)

    def close(self) -> None:
        while self._ends:
            os.close(self._ends.pop())

    def remove(self) -> None:
        self.close()
        for place in (self._ours, self._theirs):
            (place / self._name).unlink()


def _open_pipe(path: pathlib.Path, reader: LiveProgram) -> int | None:
    found: list[int] = []

    def try_to() -> bool:
        try:
            found.append(os.open(path, os.O_WRONLY | os.O_NONBLOCK))
        except OSError as error:
            if error.errno != errno.ENXIO:
                raise
        return bool(found) or not reader.is_running

    wait_for(f"a reader of {path}", try_to)
    return found[0] if found else None


def _write_pipe(end: int, data: bytes) -> None:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while data:
        if not select.select([], [end], [], deadline - time.monotonic())[1]:
            raise WaitError("a pipe isn't read")
        try:
            data = data[os.write(end, data) :]
        except BrokenPipeError:
            return  # It has all the packets that it wants.


def set_interface_up(name: str) -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as control:
        # Calls SIOCSIFFLAGS with a struct ifreq.
        request = struct.pack("16sH22x", name.encode(), _IFF_UP)
        fcntl.ioctl(control, 0x8914, request)


# The payload of the last datagram of all traffic.
END = b"that is all"


def send_datagrams(count: int) -> None:
    """Sends datagrams of growing sizes to an open socket."""
    with (
        socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as receiver,
        socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sender,
    ):
        receiver.bind(("127.0.0.1", 9999))
        for number in range(count):
            sender.sendto(b"%04d" % number * (number + 1), ("127.0.0.1", 9999))


def is_bound(port: int) -> bool:
    """Returns whether a socket receives the datagrams of a port."""
    sockets = pathlib.Path("/proc/net/udp").read_text(encoding="ascii")
    return any(
        line.split()[1].endswith(f":{port:04X}")
        for line in sockets.splitlines()[1:]
    )


def send_datagram(port: int, payload: bytes) -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sender:
        sender.sendto(payload, ("127.0.0.1", port))


def converse() -> None:
    """Generates traffic of several protocols on the loopback interface."""
    for family, address in (
        (socket.AF_INET, "127.0.0.1"),
        (socket.AF_INET6, "::1"),
    ):
        with (
            socket.create_server((address, 8080), family=family) as server,
            socket.create_connection((address, 8080)) as client,
        ):
            accepted, _ = server.accept()
            with accepted:
                _request_page(client, accepted)
    query = b"\x12\x34\x01\0\0\1\0\0\0\0\0\0\7example\3org\0\0\1\0\1"
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as asker:
        # Nothing listens there, so the kernel answers with ICMP.
        asker.sendto(query, ("127.0.0.1", 53))
    send_datagrams(30)
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as last:
        last.sendto(END, ("127.0.0.1", 7777))


def _request_page(client: socket.socket, server: socket.socket) -> None:
    body = b"x" * 40000
    client.sendall(b"GET /page HTTP/1.1\r\nHost: example.org\r\n\r\n")
    server.recv(4096)
    server.sendall(
        b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%s" % (len(body), body)
    )
    received = 0
    while received < len(body):
        received += len(client.recv(65536))
