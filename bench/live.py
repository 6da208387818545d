# SPDX-License-Identifier: GPL-2.0-or-later
"""Measures live captures: loss, latency, and the cost of clients."""

import ctypes
import fcntl
import os
import pathlib
import re
import signal
import socket
import statistics
import struct
import subprocess
import time

from contest import Comparison, Contest, Contestant, Sample
from daemon import Daemon
from memory import family
from programs import Command, ProgramError, Programs, Starter
from waiting import wait_for

PORT = 40001
FILTER = f"udp dst port {PORT}"
PATIENCE_SECONDS = 60

# Datagrams per second.
RATES = (20_000, 100_000, 300_000)
LOAD_SECONDS = 2
# A program has printed everything if it prints nothing for this long.
QUIET_SECONDS = 1.5

SPARSE_COUNT = 150
SPARSE_RATE = 30

CLIENTS = 20
FOLLOWED_COUNT = 60_000
FOLLOWED_RATE = 6000

# Limits the rounds of latency and of clients. Loss is measured in one round.
ROUNDS = 3

OURS, PEER, REFERENCE = "dissectctl -l", "tshark -l", "dumpcap"
CALL = "a call"
MANY, ONE = f"{CLIENTS} clients", "one client"

_DROPPED = re.compile(
    rb"(\d+) packets? dropped from|received/dropped on interface .*: \d+/(\d+)"
)
_COUNTED = re.compile(rb"Packets captured: (\d+)")


def _load(rate: int) -> str:
    return f"live, {rate} packets/s"


COMPARISONS = {
    **{
        _load(rate): [
            Comparison(_load(rate), OURS, peer, None, True)
            for peer in (PEER, REFERENCE)
        ]
        for rate in RATES
    },
    "live latency": [
        Comparison("live latency", ours, PEER) for ours in (CALL, OURS)
    ],
    "live clients, filters": [
        Comparison("live clients, filters", MANY, ONE, 1.5, True)
    ],
    "live clients, same view": [
        Comparison("live clients, same view", MANY, ONE, 1.5, True)
    ],
}


def enter_network() -> None:
    """Moves this process into a new network with a loopback interface."""
    new_network = 0x40000000
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.unshare(new_network) != 0:
        raise ProgramError(
            f"no network namespace: {os.strerror(ctypes.get_errno())}"
        )
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as control:
        # Calls SIOCSIFFLAGS with a struct ifreq whose flags are IFF_UP.
        fcntl.ioctl(control, 0x8914, struct.pack("16sH22x", b"lo", 1))


def cpu_seconds(pids: list[int]) -> float:
    """Returns the processor time of processes and their ended children."""
    ticks = 0
    for pid in pids:
        try:
            stat = pathlib.Path(f"/proc/{pid}/stat").read_text()
        except OSError:
            continue  # It has ended, and is counted with its parent.
        # Fields 11 to 14 after the name are utime, stime, cutime and cstime.
        ticks += sum(map(int, stat.rsplit(") ", 1)[1].split()[11:15]))
    return ticks / os.sysconf("SC_CLK_TCK")


class Capturer:
    """A program that captures and writes its output to files."""

    def __init__(self, command: Command, work: pathlib.Path) -> None:
        self.output = work / "live.output"
        self._errors = work / "live.errors"
        with open(self.output, "wb") as out, open(self._errors, "wb") as err:
            self._process = subprocess.Popen(
                command.words,
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=err,
                env=command.environment,
            )

    def await_begin(self, sign: bytes) -> None:
        wait_for("a capture", lambda: sign in self.errors())

    def errors(self) -> bytes:
        return self._errors.read_bytes()

    def stop(self) -> None:
        self._process.send_signal(signal.SIGINT)
        try:
            self._process.wait(PATIENCE_SECONDS)
        finally:
            self.kill()

    def kill(self) -> None:
        if self._process.poll() is None:
            self._process.kill()
            self._process.wait()


def count_lines(path: pathlib.Path) -> int:
    with open(path, "rb") as file:
        return sum(
            block.count(b"\n")
            for block in iter(lambda: file.read(1 << 20), b"")
        )


class LiveCases(Starter):
    """Contests on a loopback interface without other traffic."""

    def __init__(
        self,
        programs: Programs,
        daemon: Daemon,
        work: pathlib.Path,
        environment: dict[str, str],
    ) -> None:
        super().__init__(programs, daemon.address, environment)
        self._daemon = daemon
        self._work = work

    def all(self) -> list[Contest]:
        return [
            *map(self._under_load, RATES),
            self._latency(),
            self._clients("live clients, filters"),
            self._clients("live clients, same view", "--same-view"),
        ]

    def _capture(self, program: str, field: str) -> tuple[Command, bytes]:
        """Returns a command, and the text that it prints once it captures."""
        options = ["-i", "lo", "-f", FILTER]
        fields = ["-l", "-T", "fields", "-e", field]
        if program == OURS:
            words = [self._programs.dissectctl, self._server, "capture"]
            return self._command(*words, *options, *fields), b"Capturing on"
        if program == PEER:
            words = [self._programs.tshark]
            return self._command(*words, *options, *fields), b" File: "
        file = str(self._work / "live.pcapng")
        return self._command("dumpcap", *options, "-w", file), b"File: "

    def _send(self, count: int, rate: float, *more: str) -> Command:
        return self._command(
            self._programs.load_client, "send", *self._load(count, rate), *more
        )

    def _load(self, count: int, rate: float) -> list[str]:
        return [f"--port={PORT}", f"--count={count}", f"--rate={rate}"]

    # Methods that measure loss.

    def _under_load(self, rate: int) -> Contest:
        label = _load(rate)

        def contestant(program: str) -> Contestant:
            return Contestant(
                program, lambda: self._receive(label, program, rate)
            )

        return Contest(
            [contestant(program) for program in (OURS, PEER, REFERENCE)],
            COMPARISONS[label],
            "packets",
            max_rounds=1,
        )

    def _receive(self, label: str, program: str, rate: int) -> Sample:
        command, sign = self._capture(program, "frame.number")
        capturer = Capturer(command, self._work)
        result = capturer.output
        if program == REFERENCE:
            result = self._work / "live.pcapng"
        try:
            capturer.await_begin(sign)
            count = rate * LOAD_SECONDS
            taken = self._send(count, rate).run().seconds
            behind = self._await_quiet(result)
            capturer.stop()
        finally:
            capturer.kill()
        errors = capturer.errors()
        if program == REFERENCE:
            counted = _COUNTED.search(errors)
            if counted is None:
                raise ProgramError("dumpcap told no count of its packets")
            received = int(counted[1])
        else:
            received = count_lines(capturer.output)
        dropped = sum(
            int(by_tshark or by_dumpcap)
            for by_tshark, by_dumpcap in _DROPPED.findall(errors)
        )
        name = f"{label}: {program}"
        return Sample(
            received,
            {
                f"{name}: missing": count - received,
                f"{name}: dropped by dumpcap": dropped,
                f"{name}: sent in (s)": taken,
                f"{name}: last output after the last packet (s)": behind,
            },
        )

    def _await_quiet(self, path: pathlib.Path) -> float:
        """Waits until a file has stopped growing. Returns the time it grew."""
        began = changed = time.monotonic()
        size = path.stat().st_size
        while time.monotonic() - changed < QUIET_SECONDS:
            if time.monotonic() - began > PATIENCE_SECONDS:
                raise ProgramError(f"{path} grows and grows")
            time.sleep(0.02)
            if path.stat().st_size != size:
                size = path.stat().st_size
                changed = time.monotonic()
        return changed - began

    # Methods that measure latency.

    def _latency(self) -> Contest:
        return Contest(
            [
                Contestant(CALL, self._latency_of_call),
                Contestant(OURS, lambda: self._latency_of(OURS)),
                Contestant(PEER, lambda: self._latency_of(PEER)),
            ],
            COMPARISONS["live latency"],
            "ms",
            max_rounds=ROUNDS,
        )

    def _latency_of_call(self) -> Sample:
        answer = self._ask_load_client(
            *("live", "--uneven", *self._load(SPARSE_COUNT, SPARSE_RATE)),
        )
        return self._latency_sample(
            CALL, answer["p50_seconds"], answer["p99_seconds"]
        )

    def _latency_of(self, program: str) -> Sample:
        """Measures the latency of lines of text from a program's output."""
        command, sign = self._capture(program, "data.data")
        errors = self._work / "live.errors"
        with open(errors, "wb") as stderr:
            process = subprocess.Popen(
                command.words,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=stderr,
                env=command.environment,
            )
        try:
            wait_for("a capture", lambda: sign in errors.read_bytes())
            sender = self._send(SPARSE_COUNT, SPARSE_RATE, "--uneven")
            with subprocess.Popen(sender.words, env=sender.environment):
                seconds = self._read_stamps(process)
            process.send_signal(signal.SIGINT)
            process.wait(PATIENCE_SECONDS)
        finally:
            if process.poll() is None:
                process.kill()
            process.communicate()
        cuts = statistics.quantiles(seconds, n=100, method="inclusive")
        return self._latency_sample(program, cuts[49], cuts[98])

    def _read_stamps(self, process: subprocess.Popen[bytes]) -> list[float]:
        assert process.stdout is not None
        seconds: list[float] = []
        while len(seconds) < SPARSE_COUNT:
            line = process.stdout.readline()
            now = time.monotonic_ns()
            if not line:
                raise ProgramError("a capture ends too early")
            sent = int(bytes.fromhex(line.decode())[:20])
            seconds.append((now - sent) / 1e9)
        return seconds

    def _latency_sample(self, name: str, p50: float, p99: float) -> Sample:
        return Sample(
            p50, {f"live latency, 99th percentile, {name} (ms)": 1000 * p99}
        )

    # Methods that measure the cost of clients.

    def _clients(self, label: str, *view: str) -> Contest:
        return Contest(
            [
                Contestant(MANY, lambda: self._follow(label, CLIENTS, *view)),
                Contestant(ONE, lambda: self._follow(label, 1, *view)),
            ],
            COMPARISONS[label],
            "s",
            max_rounds=ROUNDS,
        )

    def _follow(self, label: str, clients: int, *view: str) -> Sample:
        idle = family(self._daemon.pid)
        before = cpu_seconds(idle)
        answer = self._ask_load_client(
            *("follow", f"--clients={clients}", *view),
            *self._load(FOLLOWED_COUNT, FOLLOWED_RATE),
        )
        wait_for(
            "the end of all workers",
            lambda: set(family(self._daemon.pid)) <= set(idle),
        )
        return Sample(
            cpu_seconds(idle) - before,
            {f"{label}: frames sent to {clients}": answer["frames"]},
        )
