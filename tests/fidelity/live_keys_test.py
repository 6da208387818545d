#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Compares decryption of live captures with keys with tshark's.

In a network namespace, `dissectctl` by the name `tshark` and tshark capture TLS
on the loopback interface: frames of a capture whose key log exists, and traffic
between Python's own server and client. A capture that is still running is read
with the key log of its traffic.
"""

import collections.abc
import os
import pathlib
import socket
import ssl
import subprocess
import sys
import threading
import time

sys.path.insert(0, os.environ["TEST_SRCDIR"] + "/dissectd/tests/running")
sys.path.insert(0, os.environ["TEST_SRCDIR"] + "/dissectd/tests/fidelity")

import live_programs
import programs
import report
from comparison import Outcome, Result
from key_test_bed import KeyTestBed
from live_programs import LiveProgram
from pcap_records import RECORD_HEADER_BYTES, records_of
from test_bed import CAPTURES
from waiting import WaitError, wait_for

ALONE = ["unshare", "--mount", "--net", "--propagation", "private"]
PORT = 443
FILTER = f"tcp port {PORT}"
PATIENCE_SECONDS = 30
# What only decryption shows.
HTTP = [
    *("-l", "-Y", "http", "-T", "fields"),
    *("-e", "http.request.uri", "-e", "http.response.code"),
]
KEY_LOG = ["-o", "tls.keylog_file:http1-tls.keys"]


def talk(version: ssl.TLSVersion, key_log: pathlib.Path | None) -> None:
    """Asks for a page over TLS on the loopback interface."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = context.maximum_version = version
    # For 1.2, with the key exchange that the server's key decrypts.
    context.set_ciphers("AES128-SHA:@SECLEVEL=0")
    context.load_cert_chain(
        CAPTURES / "tls-rsa-certificate.pem", CAPTURES / "tls-rsa.pem"
    )
    with socket.create_server(("127.0.0.1", PORT)) as listener:
        listener.settimeout(PATIENCE_SECONDS)
        server = threading.Thread(target=_answer, args=(listener, context))
        server.start()
        try:
            _ask(version, key_log)
        finally:
            server.join()


def _answer(listener: socket.socket, context: ssl.SSLContext) -> None:
    plain, _ = listener.accept()
    plain.settimeout(PATIENCE_SECONDS)
    with context.wrap_socket(plain, server_side=True) as connection:
        connection.recv(4096)
        connection.sendall(b"HTTP/1.1 404 Gone\r\nContent-Length: 0\r\n\r\n")
        # Until the client closes.
        connection.recv(4096)


def _ask(version: ssl.TLSVersion, key_log: pathlib.Path | None) -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.minimum_version = context.maximum_version = version
    context.set_ciphers("AES128-SHA:@SECLEVEL=0")
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    if key_log is not None:
        context.keylog_filename = str(key_log)
    with (
        socket.create_connection(
            ("127.0.0.1", PORT), timeout=PATIENCE_SECONDS
        ) as plain,
        context.wrap_socket(plain) as connection,
    ):
        connection.sendall(b"GET /hidden HTTP/1.1\r\nHost: example.org\r\n\r\n")
        connection.recv(4096)


def send_frames() -> None:
    """Sends the frames of a capture to the loopback interface."""
    _, records = records_of(CAPTURES / "http1-tls.pcap")
    with socket.socket(socket.AF_PACKET, socket.SOCK_RAW) as link:
        link.bind(("lo", 0))
        for record in records:
            link.send(record[RECORD_HEADER_BYTES:])


def lines_of(program: LiveProgram) -> int:
    return program.printed().count(b"\n")


class Captures:
    """Starts programs that capture on the loopback interface."""

    def __init__(self, bed: KeyTestBed) -> None:
        self.bed = bed

    def both(self, *options: str) -> tuple[LiveProgram, LiveProgram]:
        """Starts dissectctl and tshark, and waits until both capture."""
        theirs = self.start("tshark", "theirs", *options)
        # Before it captures, tshark causes traffic.
        wait_for("tshark's capture", lambda: theirs.said(b" File: "))
        ours = self.start(self.bed.tshark, "ours", *options)
        wait_for("dissectctl's capture", self.is_running)
        return ours, theirs

    def start(self, program: str, name: str, *options: str) -> LiveProgram:
        return LiveProgram(
            [program, "-i", "lo", "-f", FILTER, *options],
            self.bed.folder / name,
            self.bed.environment,
            self.bed.files,
        )

    def is_running(self) -> bool:
        return b" running " in self.dissectctl("captures")

    def dissectctl(self, *words: str) -> bytes:
        """Returns the output of a command that must not fail."""
        status, output, messages = self.bed.run(self.bed.dissectctl, *words)
        if status != 0:
            raise WaitError(f"dissectctl {words}: {messages!r}")
        return output


def compare(
    captures: Captures,
    traffic: collections.abc.Callable[[], None],
    lines: int,
    *options: str,
) -> list[str]:
    """Compares what both print of some traffic, which must be `lines`."""
    ours, theirs = captures.both(*HTTP, *options)
    try:
        traffic()
        for what, program in (("tshark", theirs), ("dissectctl", ours)):
            wait_for(
                f"{lines} lines of {what}",
                lambda program=program: lines_of(program) >= lines,  # type: ignore[misc]
            )
    finally:
        ours.interrupt()
        theirs.interrupt()
        answers = [program.finish() for program in (ours, theirs)]
    printed = [
        (run.exit_code, run.output.read_bytes(), run.stderr) for run in answers
    ]
    if printed[0] == printed[1]:
        return []
    return [f"dissectctl: {printed[0]!r}", f"tshark: {printed[1]!r}"]


def compare_sent_frames(captures: Captures) -> list[str]:
    return compare(captures, send_frames, 8, *KEY_LOG)


def compare_conversation(captures: Captures) -> list[str]:
    def converse() -> None:
        talk(ssl.TLSVersion.TLSv1_2, None)

    row = 'uat:rsa_keys:"tls-rsa.pem",""'
    return compare(captures, converse, 2, "-o", row)


def compare_sent_capture(captures: Captures) -> list[str]:
    """The client sends the packets of its standard input."""
    bed = captures.bed
    answers = []
    for program in ("tshark", bed.tshark):
        run = LiveProgram(
            [program, "-i", "-", *HTTP, *KEY_LOG],
            bed.folder / "sent",
            bed.environment,
            bed.files,
            (CAPTURES / "http1-tls.pcap").read_bytes(),
        ).finish()
        answers.append((run.exit_code, run.output.read_bytes(), run.stderr))
    found = []
    if answers[0] != answers[1]:
        found.append(f"dissectctl: {answers[1]!r}; tshark: {answers[0]!r}")
    if answers[0][1].count(b"\n") != 8:
        found.append(f"tshark doesn't decrypt: {answers[0]!r}")
    return found


def compare_running_capture(captures: Captures) -> list[str]:
    """Reads a capture that goes on, with the key log of its traffic."""
    bed = captures.bed
    name = captures.dissectctl(
        *("capture", "-i", "lo", "-f", FILTER, "-w", "live.pcapng", "--detach")
    )
    capture = name.decode().strip()
    wait_for("the capture", captures.is_running)
    key_log = bed.files / "live.keys"
    talk(ssl.TLSVersion.TLSv1_3, key_log)
    read = ["read", f"{capture}/live.pcapng", *HTTP]

    def ours(*keys: str) -> bytes:
        return captures.dissectctl(*read, *keys)

    with_keys = ["--tls-keylog", key_log.name]
    wait_for("two lines", lambda: ours(*with_keys).count(b"\n") == 2)
    found = []
    if not captures.is_running():
        found.append("the capture has ended")
    if ours() != b"":
        found.append("the traffic needs no keys")
    file = bed.store / capture / "live.pcapng"
    status, theirs, messages = bed.run(
        *("tshark", "-r", str(file), *HTTP),
        *("-o", f"tls.keylog_file:{key_log.name}"),
    )
    if (status, theirs) != (0, ours(*with_keys)):
        found.append(f"tshark prints {theirs!r}, {messages!r}")
    captures.dissectctl("stop", capture)
    captures.dissectctl("captures", "delete", "--files", capture)
    return found


_CHECKS = (
    compare_sent_frames,
    compare_conversation,
    compare_sent_capture,
    compare_running_capture,
)


def compare_all(captures: Captures, results: report.Report) -> None:
    for check in _CHECKS:
        began = time.monotonic()
        try:
            lines = check(captures)
        except (WaitError, OSError) as error:
            lines = [f"{type(error).__name__}: {error}"]
        results.add(
            Result(
                "live captures",
                check.__name__.replace("_", " "),
                Outcome.DIFFERENT if lines else Outcome.SAME,
                "\n".join(lines),
                time.monotonic() - began,
            )
        )


def main() -> int:
    if sys.argv[1:] != ["alone"]:
        probe = subprocess.run(
            [*ALONE, "true"], stderr=subprocess.PIPE, check=False, text=True
        )
        if probe.returncode != 0:
            print(f"SKIPPED, as there can't be namespaces: {probe.stderr}")
            return 0
        command = [*ALONE, sys.executable, __file__, "alone"]
        os.execvp(command[0], command)
    live_programs.set_interface_up("lo")
    programs.set_time_zone()
    results = report.Report(len(_CHECKS))
    with KeyTestBed("livekeys") as bed:
        bed.start_daemon()
        compare_all(Captures(bed), results)
        # Fails with the reason if the daemon has died.
        bed.server.stop()
    return results.finish("live keys")


if __name__ == "__main__":
    sys.exit(main())
