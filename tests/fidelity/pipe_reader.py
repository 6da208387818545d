# SPDX-License-Identifier: GPL-2.0-or-later
"""Runs a program that reads a capture from a pipe, which the test writes."""

import collections.abc
import errno
import os
import pathlib
import select
import subprocess
import time

import programs
from waiting import WaitError

# The time limit of all waits for a program.
PATIENCE_SECONDS = 60
_POLL_SECONDS = 0.01


class PipeReader:
    """A program that reads standard input or a named pipe.

    All methods are bounded by PATIENCE_SECONDS, and read the program's output
    while they wait, so that it never waits for the test. A context manager,
    which kills the program at its end.
    """

    def __init__(
        self,
        command: list[str],
        environment: dict[str, str],
        folder: pathlib.Path,
        fifo: bool,
    ) -> None:
        """Starts the program with `-r -`, or with the path of a named pipe.

        Makes `folder`, in which the program runs, for that pipe.
        """
        self.received = b""
        folder.mkdir()
        self._fifo = folder / "fifo" if fifo else None
        if self._fifo is not None:
            os.mkfifo(self._fifo)
        self._errors = folder / "stderr"
        with open(self._errors, "wb") as errors:
            self._process = subprocess.Popen(
                [*command, "-r", "fifo" if fifo else "-"],
                stdin=subprocess.DEVNULL if fifo else subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=errors,
                env=environment,
                cwd=folder,
            )
        assert self._process.stdout is not None
        self._output: int | None = os.dup(self._process.stdout.fileno())
        self._process.stdout.close()
        self._input: int | None = self._open_input()

    def __enter__(self) -> "PipeReader":
        return self

    def __exit__(self, *_: object) -> None:
        self._process.kill()
        self._process.wait()
        self.end_input()
        self.close_output()

    def write(self, data: bytes) -> None:
        """Writes to the pipe. Raises BrokenPipeError if nothing reads it."""
        deadline = time.monotonic() + PATIENCE_SECONDS
        while data and self._input is not None:
            if self._wait([self._input], deadline - time.monotonic()):
                data = data[os.write(self._input, data) :]
            elif time.monotonic() > deadline:
                raise WaitError("the program doesn't read its input")

    def end_input(self) -> None:
        if self._input is not None:
            os.close(self._input)
            self._input = None

    def close_output(self) -> None:
        """Reads no more of the program's output."""
        if self._output is not None:
            os.close(self._output)
            self._output = None

    def read_until(self, moment: float) -> None:
        """Reads what is printed until a time of the monotonic clock."""
        while (rest := moment - time.monotonic()) > 0:
            self._wait([], rest)

    def await_lines(self, count: int) -> None:
        """Waits until so many lines have been printed, and no more."""
        deadline = time.monotonic() + PATIENCE_SECONDS
        while (lines := self.received.count(b"\n")) < count:
            if self._output is None or time.monotonic() > deadline:
                raise WaitError(f"{lines} lines came, and not {count}")
            self._wait([], deadline - time.monotonic())
        if lines > count:
            raise WaitError(f"{lines} lines came, and not only {count}")

    def finish(self) -> tuple[int, bytes, bytes]:
        """Ends the input, and returns the exit status, output and messages."""
        self.end_input()
        deadline = time.monotonic() + PATIENCE_SECONDS
        while self._output is not None:
            if time.monotonic() > deadline:
                raise WaitError("the output doesn't end")
            self._wait([], deadline - time.monotonic())
        return self.await_end()

    def await_end(self) -> tuple[int, bytes, bytes]:
        """Waits for the program's end, though its input goes on."""
        try:
            status = self._process.wait(PATIENCE_SECONDS)
        except subprocess.TimeoutExpired:
            raise WaitError("the program doesn't end") from None
        errors = programs.TSHARK_ONLY.sub(b"", self._errors.read_bytes())
        return status, self.received, errors

    def _open_input(self) -> int | None:
        """Returns the end of the pipe; None if the program ends before."""
        if self._fifo is None:
            assert self._process.stdin is not None
            end = os.dup(self._process.stdin.fileno())
            self._process.stdin.close()
            os.set_blocking(end, False)
            return end
        deadline = time.monotonic() + PATIENCE_SECONDS
        while time.monotonic() < deadline and self._process.poll() is None:
            try:
                return os.open(self._fifo, os.O_WRONLY | os.O_NONBLOCK)
            except OSError as error:
                # Until somebody reads.
                if error.errno != errno.ENXIO:
                    raise
            time.sleep(_POLL_SECONDS)
        return None

    def _wait(
        self, writable: collections.abc.Sequence[int], seconds: float
    ) -> bool:
        """Reads output, and returns whether one of `writable` can be written.

        Returns when either happens or the time is up.
        """
        readable = [] if self._output is None else [self._output]
        came, free, _ = select.select(readable, writable, [], max(seconds, 0))
        if came and self._output is not None:
            data = os.read(self._output, 1 << 16)
            self.received += data
            if not data:
                self.close_output()
        return bool(free)
