#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Answers each question to DNS about a host with many addresses.

    name_server.py COUNT

Listens on port 53 of 127.0.0.1. Answers over UDP are cut short, so that all are
asked for again over TCP, as resolvers do for long answers.
"""

import contextlib
import socketserver
import struct
import sys
import threading

_HEADER = struct.Struct("!HHHHHH")
_RESPONSE, _TRUNCATED = 0x8180, 0x0200
_ADDRESS = 1


def answer(question: bytes, count: int, fits: bool) -> bytes:
    """Returns the answer with `count` addresses, or one that is cut short."""
    identity, *_ = _HEADER.unpack_from(question)
    end = question.index(b"\0", _HEADER.size) + 5
    (kind,) = struct.unpack_from("!H", question, end - 4)
    if kind != _ADDRESS:
        count = 0
    flags = _RESPONSE
    if count and not fits:
        flags |= _TRUNCATED
        count = 0
    # Each record refers to the name in the question, and is valid for a second.
    records = b"".join(
        struct.pack("!HHHIHBBBB", 0xC00C, 1, 1, 1, 4, 127, 1, *divmod(n, 256))
        for n in range(count)
    )
    head = _HEADER.pack(identity, flags, 1, count, 0, 0)
    return head + question[_HEADER.size : end] + records


class Datagrams(socketserver.BaseRequestHandler):
    count = 0

    def handle(self) -> None:
        question, opened = self.request
        opened.sendto(
            answer(question, self.count, fits=False), self.client_address
        )


class Connections(socketserver.StreamRequestHandler):
    count = 0

    def handle(self) -> None:
        with contextlib.suppress(ConnectionError):
            while size := self.rfile.read(2):
                question = self.rfile.read(int.from_bytes(size, "big"))
                sent = answer(question, self.count, fits=True)
                self.wfile.write(len(sent).to_bytes(2, "big") + sent)


class Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True


def main() -> None:
    Datagrams.count = Connections.count = int(sys.argv[1])
    place = ("127.0.0.1", 53)
    with (
        Server(place, Connections) as connections,
        socketserver.ThreadingUDPServer(place, Datagrams) as datagrams,
    ):
        threading.Thread(target=connections.serve_forever, daemon=True).start()
        print("ready", flush=True)
        datagrams.serve_forever()


if __name__ == "__main__":
    main()
