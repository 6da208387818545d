#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Checks that a file of the client is sent to the daemon only once.

Counts the bytes that dissectctl sends, in a relay between it and the daemon.
"""

import os
import pathlib
import select
import socket
import sys
import threading
import unittest
from typing import ClassVar

sys.path.insert(0, os.environ["TEST_SRCDIR"] + "/dissectd/tests/command_line")

import place

_BIG_BYTES = 20_000_000
# More than all messages of a call without its file.
_SMALL_BYTES = 100_000
_DAEMON = ("127.0.0.1", 50051)


class Relay:
    """Passes connections on to the daemon, and counts what clients send."""

    def __init__(self) -> None:
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.address = f"127.0.0.1:{self._listener.getsockname()[1]}"
        self._lock = threading.Lock()
        self._sent = 0
        threading.Thread(target=self._accept, daemon=True).start()

    def take_count(self) -> int:
        """Returns the bytes sent since the last time."""
        with self._lock:
            count, self._sent = self._sent, 0
            return count

    def _accept(self) -> None:
        while True:
            client, _ = self._listener.accept()
            threading.Thread(
                target=self._pass, args=(client,), daemon=True
            ).start()

    def _pass(self, client: socket.socket) -> None:
        with client, socket.create_connection(_DAEMON) as server:
            while True:
                for end in select.select([client, server], [], [])[0]:
                    try:
                        data = end.recv(1 << 16)
                        if not data:
                            return
                        if end is client:
                            with self._lock:
                                self._sent += len(data)
                            server.sendall(data)
                        else:
                            client.sendall(data)
                    except OSError:
                        return


def make_big(path: pathlib.Path, pattern: pathlib.Path, last: int) -> None:
    """Repeats the packets of a pcap file, but for the last byte."""
    content = pattern.read_bytes()
    # The file's header has 24 bytes.
    packets = content[24:]
    count = _BIG_BYTES // len(packets) + 1
    path.write_bytes(content[:24] + (packets * count)[:-1] + bytes([last]))


class UploadTest(unittest.TestCase):
    """Runs one daemon for all tests."""

    here: ClassVar[place.Place]

    @classmethod
    def setUpClass(cls) -> None:
        cls.here = cls.enterClassContext(place.new_place())

    def setUp(self) -> None:
        self.relay = Relay()

    def make_big(self, name: str, last: int) -> None:
        current = self.here.current
        make_big(current / name, current / "trace.pcap", last)

    def sent_by(self, command: str) -> tuple[int, str]:
        """Returns how many bytes a command sends, and what it prints."""
        run = self.here.run(
            f"export DISSECTD_SERVER={self.relay.address}; {command}"
        )
        self.assertEqual((run.returncode, run.stderr), (0, ""))
        return self.relay.take_count(), run.stdout

    def test_a_file_is_sent_once(self) -> None:
        self.make_big("big.pcap", 1)
        command = "dissectctl read --local big.pcap -c 2"
        sent, first = self.sent_by(command)
        self.assertGreater(sent, _BIG_BYTES)
        self.assertEqual(first.count("\n"), 2)
        for again in (
            command,
            # A file with the same name and content, wherever it is.
            "mkdir copy; cp big.pcap copy; cd copy; " + command,
            "dissectctl tshark -r big.pcap -c 2",
        ):
            with self.subTest(command=again):
                sent, printed = self.sent_by(again)
                self.assertLess(sent, _SMALL_BYTES)
                self.assertEqual(printed, first)

    def stored(self) -> list[pathlib.Path]:
        return sorted((self.here.store / "uploads").rglob("*.pcap"))

    def test_a_small_file_is_not_stored(self) -> None:
        before = self.stored()
        for command in (
            "dissectctl read --local trace.pcap -V",
            "dissectctl tshark -r trace.pcap -V",
        ):
            with self.subTest(command=command):
                # More than the pipe holds is printed, so that dissectctl is
                # killed before it can delete anything.
                run = self.here.run(
                    f"({command} & echo $! > pid; wait) | "
                    "(sleep 1; kill -KILL $(cat pid); wc -c > size)"
                )
                self.assertEqual(run.returncode, 0)
                self.assertEqual(self.stored(), before)

    def test_a_changed_file_is_sent_again(self) -> None:
        for last in (2, 3):
            self.make_big("changed.pcap", last)
            sent, _ = self.sent_by("dissectctl read --local changed.pcap -c 1")
            self.assertGreater(sent, _BIG_BYTES)


if __name__ == "__main__":
    place.enter_namespace()
    unittest.main(argv=sys.argv[:1])
