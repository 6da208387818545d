# SPDX-License-Identifier: GPL-2.0-or-later
"""Runs programs in terminals, types for the user, and reads their screens."""

import fcntl
import os
import pty
import select
import signal
import struct
import termios
import time

import pyte

ROWS = 40
COLUMNS = 140
_STOP_SECONDS = 10
_READ_BYTES = 65536


class Terminal:
    """A program in a terminal of its own."""

    def __init__(self, command: list[str], environment: dict[str, str]) -> None:
        self._screen = pyte.Screen(COLUMNS, ROWS)
        self._stream = pyte.ByteStream(self._screen)
        self._pid, self._terminal = pty.fork()
        if self._pid == 0:
            try:
                os.execvpe(command[0], command, environment)
            finally:
                os._exit(127)
        size = struct.pack("HHHH", ROWS, COLUMNS, 0, 0)
        fcntl.ioctl(self._terminal, termios.TIOCSWINSZ, size)

    def type(self, keys: str) -> None:
        os.write(self._terminal, keys.encode())

    def read(self, seconds: float) -> None:
        """Shows what the program prints within this time."""
        deadline = time.monotonic() + seconds
        while (left := deadline - time.monotonic()) > 0:
            if not select.select([self._terminal], [], [], left)[0]:
                return
            try:
                text = os.read(self._terminal, _READ_BYTES)
            except OSError:  # The program has ended.
                return
            if not text:
                return
            self._stream.feed(text)

    def text(self) -> str:
        """Returns the lines of the screen."""
        lines = [line.rstrip() for line in self._screen.display]
        return "\n".join(lines).rstrip() + "\n"

    def close(self) -> None:
        """Ends the program."""
        os.kill(self._pid, signal.SIGTERM)
        deadline = time.monotonic() + _STOP_SECONDS
        while os.waitpid(self._pid, os.WNOHANG)[0] == 0:
            if time.monotonic() > deadline:
                os.kill(self._pid, signal.SIGKILL)
            self.read(0.1)
        os.close(self._terminal)
