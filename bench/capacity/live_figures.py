# SPDX-License-Identifier: GPL-2.0-or-later
"""Measures what captures and those who follow them cost."""

import os
import pathlib
import re
import signal
import subprocess
import time

import calls
import processes
from api import dissection
from figures import Recorder
from lab import TAP, Lab, Node, Sender, say
from waiting import wait_for

# Frames for streams; enough for some seconds of processor time.
FRAMES = 40_000
RATE = 8000
# Frames for streams that send one frame a message. Such streams are for few
# frames, and the fewer there are a second, the fewer messages one system call
# sends.
SINGLE_FRAMES = 15_000
SINGLE_RATE = 1000
# Frames for dumpcap alone, which needs far less time for each.
DUMPED = 200_000
DUMPED_RATE = 100_000
SIZES = (64, 1400)
STREAMS = 10
IDLE_SECONDS = 10
NOTHING = "frame.len == 0"
UNWANTED = "tcp dst port 1"
BUFFER_MIB = 2
_COUNTED = re.compile(rb"Packets captured: (\d+)")


class Dumpcap:
    """dumpcap, which writes what comes to an interface to a file.

    It ends with a `with` block.
    """

    def __init__(
        self, number: int, file: pathlib.Path, capture_filter: str = ""
    ) -> None:
        self._errors = file.with_suffix(".errors")
        with open(self._errors, "wb") as errors:
            self._process = subprocess.Popen(
                [
                    *("dumpcap", "-i", TAP.format(number), "-w", file),
                    *("-f", capture_filter),
                ],
                stdin=subprocess.DEVNULL,
                stderr=errors,
            )
        wait_for("dumpcap's file", lambda: b"File: " in self._text())

    def __enter__(self) -> "Dumpcap":
        return self

    def __exit__(self, *_: object) -> None:
        if self._process.returncode is None:
            self._process.kill()
            self._process.wait()

    def _text(self) -> bytes:
        return self._errors.read_bytes()

    @property
    def pid(self) -> int:
        return self._process.pid

    def stop(self) -> tuple[int, float]:
        """Returns the number of packets, and dumpcap's processor time."""
        self._process.send_signal(signal.SIGINT)
        _, status, usage = os.wait4(self._process.pid, 0)
        self._process.returncode = os.waitstatus_to_exitcode(status)
        counted = _COUNTED.search(self._text())
        if self._process.returncode != 0 or counted is None:
            raise RuntimeError(f"dumpcap has failed: {self._text()!r}")
        return int(counted[1]), usage.ru_utime + usage.ru_stime


class DumpcapFigures:
    """Figures of dumpcap alone, for packets of two sizes."""

    def __init__(
        self,
        lab: Lab,
        number: int,
        recorder: Recorder,
        traffic: dict[int, pathlib.Path],
    ) -> None:
        self._number = number
        self._recorder = recorder
        self._traffic = traffic
        self._file = lab.folder / "dumped.pcapng"

    def measure(self) -> None:
        per_size = {size: self._dump(size) for size in SIZES}
        small, large = SIZES
        byte = (per_size[large] - per_size[small]) / (large - small)
        self._recorder.add(
            "dumpcap.byte",
            max(byte, 0.0),
            "s/byte",
            f"dumpcap, from packets of {small} and {large} bytes",
        )
        self._recorder.add(
            "dumpcap.packet",
            per_size[small] - byte * small,
            "s/packet",
            "dumpcap, without what grows with the size of the packet",
        )
        for size in SIZES:
            self._fill(size)
        self._reject(small)

    def _reject(self, size: int) -> None:
        alone = self._send(size, DUMPED, DUMPED_RATE)
        with Dumpcap(self._number, self._file, UNWANTED) as dumpcap:
            observed = self._send(size, DUMPED, DUMPED_RATE)
            packets, _ = dumpcap.stop()
        self._file.unlink()
        if packets:
            raise RuntimeError(f"{packets} packets pass {UNWANTED}")
        self._recorder.add(
            "kernel.rejected",
            max(observed - alone, 0.0) / DUMPED,
            "s/packet",
            "the kernel, for a packet that a capture filter rejects",
        )

    def _send(self, size: int, count: int, rate: float) -> float:
        return Sender(self._number, self._traffic[size], count, rate).finish()

    def _dump(self, size: int) -> float:
        """Returns the seconds a packet."""
        alone = self._send(size, DUMPED, DUMPED_RATE)
        with Dumpcap(self._number, self._file) as dumpcap:
            observed = self._send(size, DUMPED, DUMPED_RATE)
            time.sleep(1)
            packets, seconds = dumpcap.stop()
        overhead = self._file.stat().st_size / packets - size
        self._file.unlink()
        self._recorder.add(
            f"kernel.packet.{size}",
            max(observed - alone, 0.0) / DUMPED,
            "s/packet",
            f"the kernel, to put a packet of {size} bytes into the buffer of "
            "dumpcap: what sending it takes longer",
        )
        self._recorder.add(
            f"dumpcap.lost.{size}",
            1 - packets / DUMPED,
            "share",
            f"packets of {size} bytes that dumpcap missed at up to "
            f"{DUMPED_RATE}/s on the shared machine",
        )
        self._recorder.add(
            "disk.overhead",
            overhead,
            "bytes/packet",
            "pcapng, beyond the bytes of the packet",
        )
        return seconds / packets

    def _fill(self, size: int) -> None:
        """Measures how many packets the kernel keeps while dumpcap stops."""
        with Dumpcap(self._number, self._file) as dumpcap:
            os.kill(dumpcap.pid, signal.SIGSTOP)
            self._send(size, 40_000, DUMPED_RATE)
            os.kill(dumpcap.pid, signal.SIGCONT)
            time.sleep(1)
            packets, _ = dumpcap.stop()
        self._file.unlink()
        self._recorder.add(
            f"kernel.buffer.{size}",
            packets,
            "packets",
            f"packets of {size} bytes that a buffer of {BUFFER_MIB} MiB holds",
        )


class LiveFigures:
    """Figures of streams that follow a capture of one daemon."""

    def __init__(self, lab: Lab, node: Node, recorder: Recorder) -> None:
        self._lab = lab
        self._node = node
        self._recorder = recorder
        # A fleet calls its nodes with TLS.
        self._with_tls = calls.connect(f"localhost:{node.port}", lab.authority)

    def measure(self) -> None:
        for form in ("list", "fields", "trees"):
            for batch in ("live", "single"):
                say(f"a live stream: {form}, {batch}")
                self._follow(f"{batch}.{form}", form, batch == "single")
            self._follow(f"skipped.{form}", form, False, NOTHING)
        self._memory()

    def _add(self, name: str, value: float, unit: str, meaning: str) -> None:
        self._recorder.add(name, value, unit, meaning)

    def _stream(
        self, capture: calls.Capture, form: str, single: bool, passes: str
    ) -> calls.Stream:
        request = dissection.DissectRequest(
            capture=capture.name, view=calls.view(form, passes)
        )
        request.batch.max_frames = int(single)
        channel = self._with_tls if single else self._node.channel
        stream = calls.Stream(channel, calls.DISSECT, request)
        stream.wait_for_messages(1)
        return stream

    def _follow(
        self, name: str, form: str, single: bool, passes: str = ""
    ) -> None:
        node = self._node
        node.wait_until_idle()
        capture = calls.Capture(node.channel, node.tap)
        stream = self._stream(capture, form, single, passes)
        before = node.times()
        threads = processes.seconds_of_threads(node.daemon.pid)
        frames = SINGLE_FRAMES if single else FRAMES
        rate = SINGLE_RATE if single else RATE
        self._lab.send(node.number, frames, rate).finish()
        capture.wait_for_packets(frames)
        dumpcap = node.times().dumpcap - before.dumpcap
        capture.stop()
        stream.finish()
        node.wait_until_idle()
        spent = node.times() - before
        busiest = processes.busiest_thread(node.daemon.pid, threads)
        # The end of dumpcap counts for nobody: it was measured before.
        packets = capture.packets()
        capture.delete()
        kind = {
            "live": "a live stream",
            "single": "a live stream with TLS of one frame a message, as a "
            "fleet asks for",
            "skipped": "a live stream whose filter no frame passes",
        }[name.split(".", maxsplit=1)[0]]
        what = f"{kind}, view `{form}`"
        self._add(
            f"{name}.worker",
            spent.workers / packets,
            "s/frame",
            f"its worker in {what}",
        )
        self._add(
            f"{name}.daemon",
            spent.daemon / packets,
            "s/frame",
            f"dissectd itself in {what}",
        )
        self._add(
            f"{name}.thread",
            busiest / packets,
            "s/frame",
            f"the busiest thread of dissectd in {what}",
        )
        if not single:
            self._add(
                "live.dumpcap",
                dumpcap / packets,
                "s/packet",
                f"dumpcap under dissectd, at {RATE} packets/s of mixed sizes",
            )
        if not passes:
            self._add(
                f"{name}.bytes",
                stream.bytes / stream.frames(),
                "bytes/frame",
                f"messages without gRPC's and TLS's headers in {what}",
            )

    def _memory(self) -> None:
        node = self._node
        node.wait_until_idle()
        before = node.memory()
        capture = calls.Capture(node.channel, node.tap)
        captured = node.memory()
        self._add(
            "capture.memory",
            captured - before,
            "bytes",
            "a running capture (PSS)",
        )
        own = [
            # Views with different columns don't share a worker.
            self._own(capture, number)
            for number in range(STREAMS)
        ]
        with_own = node.memory()
        self._add(
            "stream.memory",
            (with_own - captured) / STREAMS,
            "bytes",
            "an idle live stream with a worker of its own (PSS)",
        )
        shared = [
            self._stream(capture, "list", False, "") for _ in range(STREAMS)
        ]
        self._add(
            "stream.memory.shared",
            (node.memory() - with_own) / STREAMS,
            "bytes",
            "an idle live stream that shares a worker (PSS), with that worker",
        )
        self._idle_time()
        capture.stop()
        for stream in own + shared:
            stream.finish()
        capture.delete()

    def _own(self, capture: calls.Capture, number: int) -> calls.Stream:
        request = dissection.DissectRequest(
            capture=capture.name, view=calls.view("fields")
        )
        request.view.columns.columns.add(title=str(number), format="%m")
        stream = calls.Stream(self._node.channel, calls.DISSECT, request)
        stream.wait_for_messages(1)
        return stream

    def _idle_time(self) -> None:
        before = self._node.times()
        time.sleep(IDLE_SECONDS)
        spent = self._node.times() - before
        self._add(
            "stream.idle",
            spent.dissection / IDLE_SECONDS / (2 * STREAMS),
            "s/s",
            "the daemon, for an idle live stream",
        )
        self._add(
            "dumpcap.idle",
            spent.dumpcap / IDLE_SECONDS,
            "s/s",
            "dumpcap, without packets",
        )
