#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Compares how `dissectctl` by the name `tshark` and tshark read pipes.

Both read standard input (`-r -`) and a named pipe (`-r FIFO`) while a writer
fills it: record by record, a thousand records a second, up to the middle of a
record, and while their output loses its reader.
"""

import collections.abc
import concurrent.futures
import contextlib
import itertools
import os
import re
import sys
import time

sys.path.insert(0, os.environ["TEST_SRCDIR"] + "/dissectd/tests/running")
sys.path.insert(0, os.environ["TEST_SRCDIR"] + "/dissectd/tests/fidelity")

import programs
import report
from comparison import Outcome, Result
from pcap_records import records_of
from pipe_reader import PATIENCE_SECONDS, PipeReader
from test_bed import CAPTURES, Answer, TestBed
from waiting import WaitError

_WHOLE = (
    "dns.pcap",
    "http1.pcap.gz",
    "interfaces-comments.pcapng",
    "http2-tls-dsb.pcapng",
    "cut-short.pcap",
    "empty.pcap",
    # These aren't captures.
    "http1-tls.keys",
    "an empty input",
)
_ARGUMENTS = (
    "",
    "-V",
    "-T json",
    "-T fields -e frame.number -e ip.src",
    "-c 3",
    "-Y frame.number>2",
    # Impossible, as a pipe can't be read twice.
    "-2",
)

# The program that doesn't understand a file is the daemon, and not tshark.
_UNDERSTANDS = re.compile(rb" (dissectd|TShark) understands")

HEADER, RECORDS = records_of(CAPTURES / "dns.pcap")


class PipeTestBed(TestBed):
    """Runs both programs, one after the other, with the same input."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self._numbers = itertools.count()

    def ours(self, fifo: bool, *arguments: str) -> PipeReader:
        return self._start(self.tshark, fifo, arguments)

    def both(
        self, fifo: bool, *arguments: str
    ) -> collections.abc.Iterator[PipeReader]:
        """Starts tshark, and then dissectctl."""
        yield self._start("tshark", fifo, arguments)
        yield self.ours(fifo, *arguments)

    def _start(
        self, program: str, fifo: bool, arguments: collections.abc.Iterable[str]
    ) -> PipeReader:
        return PipeReader(
            [program, *arguments],
            self.environment,
            self.folder / str(next(self._numbers)),
            fifo,
        )


def differences(answers: list[Answer], expected: Answer | None) -> list[str]:
    """Compares the answers of tshark and dissectctl, and what is expected."""
    theirs, ours = (
        (status, output, _UNDERSTANDS.sub(b" PROGRAM understands", messages))
        for status, output, messages in answers
    )
    found = []
    if ours != theirs:
        found.append(f"dissectctl answers {ours!r}, and tshark {theirs!r}")
    if expected is not None and theirs != expected:
        found.append(f"tshark answers {theirs!r}, and not {expected!r}")
    return found


def read_whole(
    bed: PipeTestBed, name: str, words: str, fifo: bool
) -> list[str]:
    path = CAPTURES / name
    data = path.read_bytes() if path.exists() else b""
    answers = []
    for reader in bed.both(fifo, *words.split()):
        with reader:
            # A program may end when it has seen enough.
            with contextlib.suppress(BrokenPipeError):
                reader.write(data)
            answers.append(reader.finish())
    return differences(answers, None)


def read_with_wrong_filter(bed: PipeTestBed, fifo: bool) -> list[str]:
    found = []
    for reader in bed.both(fifo, "-Y", "ip.adr"):
        with reader:
            with contextlib.suppress(BrokenPipeError):
                reader.write(HEADER + b"".join(RECORDS))
            answer = reader.finish()
        if answer[:2] != (2, b"") or b"ip.adr" not in answer[2]:
            found.append(f"the answer is {answer!r}")
    return found


def stop_in_a_record(bed: PipeTestBed, fifo: bool) -> list[str]:
    """Stops for a while in the middle of a record, and then for ever."""
    answers = []
    for reader in bed.both(fifo, "-l"):
        with reader:
            reader.write(HEADER + b"".join(RECORDS[:5]) + RECORDS[5][:30])
            reader.await_lines(5)
            # Nothing more can be printed before the rest of the record.
            reader.read_until(time.monotonic() + 0.3)
            reader.await_lines(5)
            reader.write(RECORDS[5][30:] + RECORDS[6][:30])
            reader.await_lines(6)
            answers.append(reader.finish())
    found = differences(answers, None)
    if answers[0][0] != 2 or b"cut short in the middle" not in answers[0][2]:
        found.append(f"tshark doesn't see the cut: {answers[0]!r}")
    return found


def print_each_before_the_next(bed: PipeTestBed, fifo: bool) -> list[str]:
    answers = []
    for reader in bed.both(fifo, "-l"):
        with reader:
            reader.write(HEADER)
            for number, record in enumerate(RECORDS, start=1):
                reader.write(record)
                reader.await_lines(number)
            answers.append(reader.finish())
    return differences(answers, None)


def print_a_thousand_a_second(bed: PipeTestBed, fifo: bool) -> list[str]:
    """Writes three seconds long, and waits for all lines in the middle."""
    count = 3000
    answers = []
    for reader in bed.both(fifo, "-l"):
        with reader:
            reader.write(HEADER)
            begin = time.monotonic()
            for number in range(count):
                reader.write(RECORDS[number % len(RECORDS)])
                reader.read_until(begin + number / 1000)
                if number + 1 == count // 2:
                    reader.await_lines(number + 1)
            reader.await_lines(count)
            answers.append(reader.finish())
    return differences(answers, None)


def lose_the_reader(bed: PipeTestBed, fifo: bool) -> list[str]:
    """Nobody reads the output any more while the input goes on."""
    answers = []
    for reader in bed.both(fifo, "-l"):
        with reader:
            reader.write(HEADER + RECORDS[0])
            reader.await_lines(1)
            reader.close_output()
            deadline = time.monotonic() + PATIENCE_SECONDS
            try:
                while time.monotonic() < deadline:
                    reader.write(RECORDS[1])
                    reader.read_until(time.monotonic() + 0.001)
                raise WaitError("the program goes on without a reader")
            except BrokenPipeError:
                answers.append(reader.await_end())
    return differences(answers, None)


def store_nothing(bed: PipeTestBed, fifo: bool) -> list[str]:
    with bed.ours(fifo, "-l") as reader:
        reader.write(HEADER + RECORDS[0])
        reader.await_lines(1)
        # Names of hidden files are the daemon's own.
        stored = [path for path in bed.store.iterdir() if path.name[0] != "."]
        answer = reader.finish()
    found = [f"{path} is in the store" for path in stored]
    if (answer[0], answer[2]) != (0, b""):
        found.append(f"the answer is {answer!r}")
    return found


_BEHAVIOURS = (
    read_with_wrong_filter,
    stop_in_a_record,
    print_each_before_the_next,
    lose_the_reader,
    store_nothing,
)


def judge(
    what: str,
    fifo: bool,
    check: collections.abc.Callable[..., list[str]],
    *arguments: object,
) -> Result:
    """Calls a check, and makes a result of the problems that it returns."""
    began = time.monotonic()
    try:
        lines = check(*arguments, fifo)
    except (WaitError, OSError) as error:
        lines = [str(error)]
    return Result(
        "-r FIFO" if fifo else "-r -",
        what,
        Outcome.DIFFERENT if lines else Outcome.SAME,
        "\n".join(lines),
        time.monotonic() - began,
    )


def compare_all(bed: PipeTestBed, results: report.Report) -> None:
    # The rate is kept more easily while nothing else runs.
    for fifo in (False, True):
        name = "a thousand records a second"
        results.add(judge(name, fifo, print_a_thousand_a_second, bed))
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        pending = [
            pool.submit(
                judge,
                check.__name__.replace("_", " "),
                fifo,
                check,
                bed,
            )
            for fifo in (False, True)
            for check in _BEHAVIOURS
        ]
        pending += [
            pool.submit(
                judge, f"{name} {words}", fifo, read_whole, bed, name, words
            )
            for fifo in (False, True)
            for name in _WHOLE
            for words in _ARGUMENTS
        ]
        for result in pending:
            results.add(result.result())


def main() -> int:
    programs.set_time_zone()
    checks = 1 + len(_BEHAVIOURS) + len(_WHOLE) * len(_ARGUMENTS)
    results = report.Report(2 * checks)
    with PipeTestBed("pipe") as bed:
        bed.start_daemon()
        compare_all(bed, results)
        # Fails with the reason if the daemon has died.
        bed.server.stop()
    return results.finish("pipes")


if __name__ == "__main__":
    sys.exit(main())
