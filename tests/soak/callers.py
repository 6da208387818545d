# SPDX-License-Identifier: GPL-2.0-or-later
"""Clients that call a daemon until they are told to stop."""

import collections
import contextlib
import hashlib
import random
import re
import socket
import subprocess
import threading
import time
from collections.abc import Callable, Iterator

import judge
import restartable

# dissectctl's exit statuses if the daemon fails or is too busy, and if what was
# asked for can't be read.
_FAILED = 3
_BAD_INPUT = 2
# A capture can't start.
_NO_CAPTURE = 1

_UPLOAD_BYTES = 1 << 20
_LIVE_FRAMES = 20
_LIVE_PORT = 40000

_FIELDS = [
    "frame.number",
    "frame.len",
    "frame.time_epoch",
    "ip.src",
    "udp.srcport",
    "dns.id",
    "dns.qry.name",
]
_READ = ["read", "big.pcap", "-T", "fields", *(f"-e{f}" for f in _FIELDS)]
_READ_TWICE = [*_READ, "-2"]
_READ_SOME = [*_READ, "-Y", "dns.flags.response == 1"]
_LIST = ["files", "list", "names/", "--no-headers"]
_FILTER = ["filter", "dns.id == 1 && ip.addr == 192.0.2.1"]
_WRITE = ["write", "big.pcap", "-Y", "dns", "-F", "pcap", "-w", "-"]
_CAPTURE = [
    *("capture", "-i", "lo", "-f", f"udp port {_LIVE_PORT}"),
    *("-c", str(_LIVE_FRAMES), "-T", "fields"),
    *("-e", "frame.number", "-e", "udp.payload"),
]


_NUMBER = re.compile(r"\d+( \(.+\))?")


class Expected:
    """What an undisturbed daemon answers."""

    def __init__(self, target: restartable.Server) -> None:
        def ask(command: list[str]) -> bytes:
            run = target.run(*command)
            if run.returncode != 0 or not run.stdout:
                raise AssertionError(f"{command} fails: {run.stderr!r}")
            return run.stdout

        self.parts = {
            " ".join(command): split(ask(command))
            for command, split in (
                (_READ, judge.lines_of),
                (_READ_TWICE, judge.lines_of),
                (_READ_SOME, judge.lines_of),
                (_WRITE, judge.records_of),
                (_LIST, lambda output: [(0, output)]),
                (_FILTER, lambda output: [(0, output)]),
            )
        }


class Tally:
    """Counts how calls ended. Any thread may use it."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self.ends: collections.Counter[str] = collections.Counter()
        self.statuses: collections.Counter[str] = collections.Counter()
        self.faults: list[str] = []

    def count(self, end: str) -> None:
        with self._lock:
            self.ends[end] += 1

    def count_status(self, command: str, errors: bytes) -> None:
        lines = errors.decode(errors="replace").splitlines()
        messages = [line for line in lines if line.startswith("dissectctl: ")]
        # The numbers of frames and signals don't matter.
        message = _NUMBER.sub("N", (messages or lines)[-1])
        with self._lock:
            self.statuses[f"{command}: {message}"] += 1

    def add_fault(self, command: str, fault: str) -> None:
        with self._lock:
            self.faults.append(f"{command}: {fault}")


Judge = Callable[[int, bytes, bytes], judge.Verdict]


def accept(status: int, _output: bytes, _errors: bytes) -> judge.Verdict:
    """Judges a call whose output isn't known before."""
    return judge.Verdict(None, status == 0)


class Client(threading.Thread):
    """Calls a daemon, and judges each answer."""

    def __init__(
        self,
        target: restartable.Server,
        expected: Expected,
        tally: Tally,
        seed: int,
        *,
        rounds: int | None = None,
    ) -> None:
        """Makes a client that ends after some rounds, or when it is told to."""
        super().__init__(daemon=True)
        # The hashes of what was sent.
        self.sent: set[str] = set()
        self.lost_uploads = 0
        self._target = target
        self._expected = expected
        self._tally = tally
        self._random = random.Random(seed)
        self._rounds = rounds
        self._done = threading.Event()

    def stop(self) -> None:
        self._done.set()

    def run(self) -> None:
        jobs = [
            lambda: self._compare(_READ),
            lambda: self._compare(_READ_TWICE),
            lambda: self._compare(_READ_SOME),
            lambda: self._compare(_LIST),
            lambda: self._compare(_FILTER),
            lambda: self._compare(_WRITE),
            self._capture,
            self._upload,
        ]
        done = 0
        while not self._done.is_set() and done != self._rounds:
            self._random.shuffle(jobs)
            for job in jobs:
                if self._done.is_set():
                    return
                job()
            done += 1

    def _call(
        self,
        command: list[str],
        judge_output: Judge,
        allowed: tuple[int, ...] = (_FAILED,),
    ) -> bytes | None:
        """Returns the output of a call that succeeded."""
        began = time.monotonic()
        name = " ".join(command)
        try:
            run = self._target.run(*command)
        except subprocess.TimeoutExpired as expired:
            self._tally.count("without end")
            self._tally.add_fault(name, f"doesn't end: {expired.stderr!r}")
            return None
        killed = self._target.was_killed_since(began)
        fault, is_whole = judge_output(run.returncode, run.stdout, run.stderr)
        if run.returncode != 0 and fault is None:
            if run.returncode not in allowed:
                fault = "the status isn't one of those for failures"
            elif not run.stderr.strip():
                fault = "no message says why it failed"
            elif not killed and judge.is_unreachable(run.stderr):
                fault = "the daemon lives, but doesn't answer"
        if fault is not None:
            self._tally.count("wrong")
            self._tally.add_fault(
                name, f"{fault}; status {run.returncode}, {run.stderr!r}"
            )
            return None
        if is_whole and judge.crashed_frames(run.stderr):
            self._tally.count("without crashed frames")
            return run.stdout
        if run.returncode == 0:
            self._tally.count("complete")
            return run.stdout
        if killed:
            self._tally.count("lost with the daemon")
            self._target.await_restart()
        else:
            self._tally.count("ended with a status")
            self._tally.count_status(command[0], run.stderr)
        return None

    def _compare(self, command: list[str]) -> None:
        parts = self._expected.parts[" ".join(command)]
        self._call(
            command,
            lambda status, output, errors: judge.judge_parts(
                status, output, errors, parts
            ),
        )

    def _capture(self) -> None:
        self._call(
            _CAPTURE,
            lambda status, output, _: judge.judge_live(
                status, output, _LIVE_FRAMES
            ),
            (_FAILED, _BAD_INPUT, _NO_CAPTURE),
        )

    def _upload(self) -> None:
        content = self._random.randbytes(_UPLOAD_BYTES)
        self.sent.add(hashlib.sha256(content).hexdigest())
        path = self._target.folder / f"{self.name}.bin"
        path.write_bytes(content)
        name = self._call(["files", "upload", path.name], accept)
        if name is None:
            self.lost_uploads += 1
            return
        stored = name.decode().strip()

        def differs(status: int, output: bytes, errors: bytes) -> judge.Verdict:
            return judge.judge_parts(status, output, errors, [(0, content)])

        self._call(["files", "download", stored], differs)
        self._call(["files", "delete", stored], accept)


@contextlib.contextmanager
def numbered_packets() -> Iterator[None]:
    """Sends packets that contain a counter on the loopback interface."""
    done = threading.Event()

    def send() -> None:
        with (
            socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as receiver,
            socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sender,
        ):
            receiver.bind(("127.0.0.1", _LIVE_PORT))
            number = 0
            while not done.wait(0.02):
                number += 1
                packet = f"{number:016}".encode()
                sender.sendto(packet, ("127.0.0.1", _LIVE_PORT))

    thread = threading.Thread(target=send)
    thread.start()
    try:
        yield
    finally:
        done.set()
        thread.join()
