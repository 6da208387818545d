#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Compares how `dissectctl`, called by the name `tshark`, and tshark read pipes.

Both read standard input (`-r -`) and a named pipe (`-r FIFO`) while a writer
fills it: record by record, a thousand records a second, up to the middle of a
record, and without a reader of their output.
"""

import os
import pathlib
import select
import subprocess
import sys
import tempfile
import time
import unittest

sys.path.insert(0, os.environ["TEST_SRCDIR"] + "/dissectd/tests/running")
sys.path.insert(0, os.environ["TEST_SRCDIR"] + "/dissectd/tests/fidelity")

import daemon
import programs

RUNFILES = pathlib.Path(os.environ["TEST_SRCDIR"]) / "dissectd"
CAPTURES = RUNFILES / "tests/captures"
PATIENCE_SECONDS = 60

# A pcap file of small frames: its header, and the records' lengths.
_HEADER_BYTES = 24
_RECORD_HEADER_BYTES = 16


def records_of(path: pathlib.Path) -> tuple[bytes, list[bytes]]:
    """Returns the header and the records of a pcap file."""
    data = path.read_bytes()
    records = []
    at = _HEADER_BYTES
    while at < len(data):
        length = int.from_bytes(data[at + 8 : at + 12], "little")
        end = at + _RECORD_HEADER_BYTES + length
        records.append(data[at:end])
        at = end
    return data[:_HEADER_BYTES], records


class Reader:
    """A program that reads a pipe which the test writes."""

    def __init__(
        self,
        program: str,
        arguments: list[str],
        environment: dict[str, str],
        fifo: pathlib.Path | None,
    ) -> None:
        self._process = subprocess.Popen(
            [program, *arguments, "-r", str(fifo) if fifo else "-"],
            stdin=subprocess.DEVNULL if fifo else subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env=environment,
        )
        assert self._process.stdout is not None
        self._output = self._process.stdout
        if fifo:
            self._input = open(fifo, "wb", buffering=0)
        else:
            assert self._process.stdin is not None
            self._input = self._process.stdin
        self._received = b""

    def write(self, data: bytes) -> None:
        self._input.write(data)
        self._input.flush()

    def end_input(self) -> None:
        self._input.close()

    def lines_once(self, count: int) -> int:
        """Returns the number of lines; waits until there are `count`."""
        end = time.monotonic() + PATIENCE_SECONDS
        while self._received.count(b"\n") < count:
            wait = end - time.monotonic()
            if wait < 0 or not select.select([self._output], [], [], wait)[0]:
                break
            data = os.read(self._output.fileno(), 1 << 16)
            if not data:
                break
            self._received += data
        return self._received.count(b"\n")

    def close_output(self) -> None:
        self._output.close()

    def finish(self) -> tuple[int, bytes, bytes]:
        """Returns the exit status, standard output and standard error."""
        if not self._input.closed:
            self._input.close()
        # communicate would try to close it again.
        self._process.stdin = None
        output, errors = b"", b""
        if self._output.closed:
            self._process.stdout = None
        output, errors = self._process.communicate(timeout=PATIENCE_SECONDS)
        return (
            self._process.returncode,
            self._received + (output or b""),
            programs.TSHARK_ONLY.sub(b"", errors),
        )


class PipeTest(unittest.TestCase):
    """Each test asks both programs."""

    server: daemon.Daemon
    folder: pathlib.Path
    environment: dict[str, str]
    _temporary: tempfile.TemporaryDirectory[str]

    @classmethod
    def setUpClass(cls) -> None:
        # The name is short because socket paths are limited to about 100 bytes.
        cls._temporary = tempfile.TemporaryDirectory(prefix="pipe.")
        cls.folder = pathlib.Path(cls._temporary.name)
        dissectctl = RUNFILES / "clients/cli/dissectctl"
        (cls.folder / "bin").mkdir()
        (cls.folder / "bin/tshark").symlink_to(dissectctl.resolve())
        (cls.folder / "store").mkdir()
        environment = programs.environment_of_both(cls.folder / "home")
        cls.server = daemon.Daemon(
            str(RUNFILES / "server/dissectd"),
            str(dissectctl),
            cls.folder / "store",
            cls.folder / "daemon",
            environment,
            [],
        )
        cls.environment = {
            **environment,
            "DISSECTD_SERVER": cls.server.address,
        }

    @classmethod
    def tearDownClass(cls) -> None:
        cls.server.stop()
        cls._temporary.cleanup()

    def read(
        self, program: str, arguments: list[str], fifo: bool = False
    ) -> Reader:
        path = self.folder / "fifo" if fifo else None
        if path:
            path.unlink(missing_ok=True)
            os.mkfifo(path)
        return Reader(program, arguments, self.environment, path)

    @property
    def programs(self) -> list[str]:
        return ["tshark", str(self.folder / "bin/tshark")]

    def same_answers(
        self, data: bytes, arguments: list[str], fifo: bool = False
    ) -> tuple[int, bytes, bytes]:
        """Returns the answer to a whole input, which must be the same."""
        answers = []
        for program in self.programs:
            reader = self.read(program, arguments, fifo)
            try:
                reader.write(data)
            except BrokenPipeError:
                pass  # The program has seen enough.
            answers.append(reader.finish())
        self.assertEqual(answers[0], answers[1])
        return answers[0]

    def test_whole_captures(self) -> None:
        for name in (
            "dns.pcap",
            "http1.pcap.gz",
            "interfaces-comments.pcapng",
            "http2-tls-dsb.pcapng",
            "cut-short.pcap",
            "empty.pcap",
            "BUILD.bazel",
        ):
            path = CAPTURES / name
            data = path.read_bytes() if path.exists() else b"some text"
            for arguments in (
                [],
                ["-V"],
                ["-T", "json"],
                ["-T", "fields", "-e", "frame.number", "-e", "ip.src"],
                ["-c", "3"],
                ["-Y", "frame.number > 2"],
            ):
                for fifo in (False, True):
                    with self.subTest(name, arguments=arguments, fifo=fifo):
                        self.same_answers(data, arguments, fifo)

    def test_empty_input(self) -> None:
        self.same_answers(b"", [])
        self.same_answers(b"", [], fifo=True)

    def test_two_passes(self) -> None:
        data = (CAPTURES / "dns.pcap").read_bytes()
        for fifo in (False, True):
            with self.subTest(fifo=fifo):
                status, _, _ = self.same_answers(data, ["-2"], fifo)
                self.assertEqual(status, 2)

    def test_wrong_filter(self) -> None:
        data = (CAPTURES / "dns.pcap").read_bytes()
        for program in self.programs:
            with self.subTest(program):
                reader = self.read(program, ["-Y", "ip.adr"])
                try:
                    reader.write(data)
                except BrokenPipeError:
                    pass
                self.assertEqual(reader.finish()[0], 2)

    def test_end_in_a_record(self) -> None:
        header, records = records_of(CAPTURES / "dns.pcap")
        data = header + b"".join(records[:5]) + records[5][:30]
        for fifo in (False, True):
            with self.subTest(fifo=fifo):
                status, output, errors = self.same_answers(data, [], fifo)
                self.assertEqual(status, 2)
                self.assertEqual(output.count(b"\n"), 5)
                self.assertIn(b"cut short in the middle of a packet", errors)

    def test_each_record_is_printed_before_the_next_is_written(self) -> None:
        header, records = records_of(CAPTURES / "dns.pcap")
        for program in self.programs:
            for fifo in (False, True):
                with self.subTest(program, fifo=fifo):
                    reader = self.read(program, ["-l"], fifo)
                    reader.write(header)
                    for number, record in enumerate(records, start=1):
                        reader.write(record)
                        self.assertEqual(reader.lines_once(number), number)
                    self.assertEqual(reader.finish()[0], 0)

    def test_a_thousand_records_a_second(self) -> None:
        header, records = records_of(CAPTURES / "dns.pcap")
        answers = []
        for program in self.programs:
            reader = self.read(program, ["-l"], fifo=True)
            reader.write(header)
            begin = time.monotonic()
            for number in range(3000):
                reader.write(records[number % len(records)])
                pause = begin + number / 1000 - time.monotonic()
                if pause > 0:
                    time.sleep(pause)
                if number == 2000:
                    # The first half arrives while the rest is written.
                    self.assertGreaterEqual(reader.lines_once(1000), 1000)
            answers.append(reader.finish())
        self.assertEqual(answers[0], answers[1])
        self.assertEqual(answers[0][1].count(b"\n"), 3000)

    def test_output_without_a_reader(self) -> None:
        header, records = records_of(CAPTURES / "dns.pcap")
        for program in self.programs:
            with self.subTest(program):
                reader = self.read(program, ["-l"])
                reader.write(header + records[0])
                self.assertEqual(reader.lines_once(1), 1)
                reader.close_output()
                end = time.monotonic() + PATIENCE_SECONDS
                with self.assertRaises(BrokenPipeError):
                    while time.monotonic() < end:
                        reader.write(records[1])
                        time.sleep(0.001)
                self.assertNotEqual(reader.finish()[0], 0)

    def test_nothing_is_stored(self) -> None:
        reader = self.read(self.programs[1], ["-l"])
        header, records = records_of(CAPTURES / "dns.pcap")
        reader.write(header + records[0])
        self.assertEqual(reader.lines_once(1), 1)
        stored = [path for path in (self.folder / "store").rglob("*.*")]
        self.assertEqual(stored, [])
        self.assertEqual(reader.finish()[0], 0)


if __name__ == "__main__":
    unittest.main()
