# SPDX-License-Identifier: GPL-2.0-or-later
"""Compares a run of dissectctl with a run of tshark, byte for byte."""

import dataclasses
import enum
import pathlib
import re
import shlex
import time

import cases
import difference
import programs
import xml_head


class Outcome(enum.Enum):
    """The outcome of a comparison."""

    SAME = "same"
    DIFFERENT = "different"
    TIMEOUT = "TIMEOUT"
    # tshark crashed, so there is nothing to compare with.
    ORACLE_DIED = "ORACLE_DIED"
    ORACLE_TIMEOUT = "ORACLE_TIMEOUT"

    @property
    def failed(self) -> bool:
        return self in (Outcome.DIFFERENT, Outcome.TIMEOUT)


@dataclasses.dataclass(frozen=True)
class Result:
    """The result of a comparison."""

    capture: str
    case: str
    outcome: Outcome
    # Lines that describe the outcome; empty if it is SAME.
    details: str = ""
    seconds: float = 0


def _without_names(text: bytes) -> bytes:
    """Removes the programs' names from messages."""
    text = re.sub(
        rb"^(tshark|capinfos|dissectctl): ", b"", text, flags=re.MULTILINE
    )
    return re.sub(rb"\b(TShark|capinfos|dissectd)\b", b"PROGRAM", text)


def _make_comparable(stream: difference.Stream, run: programs.Run) -> str:
    head = stream.take_head(xml_head.HEAD_BYTES)
    head, wrong = xml_head.remove_time(head, run.started, run.ended)
    stream.put_head(xml_head.remove_creator(head))
    return wrong


def _compare_output(
    case: cases.Case, ours: programs.Run, theirs: programs.Run
) -> list[str]:
    wrong = []
    with open(ours.output, "rb") as our_file, open(theirs.output, "rb") as file:
        our_stream = difference.Stream(our_file)
        their_stream = difference.Stream(file)
        if case.xml:
            for name, stream, run in (
                ("tshark", their_stream, theirs),
                ("dissectctl", our_stream, ours),
            ):
                problem = _make_comparable(stream, run)
                if problem:
                    wrong.append(f"the head of {name} has {problem}")
        found = difference.compare_streams(our_stream, their_stream)
    if found:
        wrong.append(f"stdout differs, {found}")
    return wrong


def _compare_with_statement(
    instead: cases.Instead, ours: programs.Run, theirs: programs.Run
) -> list[str]:
    wrong = []
    expected_code = instead.exit_code
    if expected_code is None:
        expected_code = theirs.exit_code
    if ours.exit_code != expected_code:
        wrong.append(f"{ours.outcome()} instead of {expected_code}")
    stderr = _without_names(ours.stderr)
    expected = _without_names((instead.stderr + "\n").encode())
    if not stderr.startswith(expected):
        wrong.append(f"stderr is {stderr!r} instead of {expected!r}")
    if ours.output.stat().st_size != 0:
        wrong.append("stdout is not empty")
    return wrong


def compare_runs(
    case: cases.Case, ours: programs.Run, theirs: programs.Run
) -> list[str]:
    """Returns a description of what differs."""
    if case.instead is not None:
        return _compare_with_statement(case.instead, ours, theirs)
    wrong = []
    if ours.exit_code != theirs.exit_code:
        wrong.append(f"tshark {theirs.outcome()}, dissectctl {ours.outcome()}")
    found = difference.compare_bytes(
        _without_names(ours.stderr), _without_names(theirs.stderr)
    )
    if found:
        wrong.append(f"stderr differs, {found}")
    return wrong + _compare_output(case, ours, theirs)


def judge(
    case: cases.Case, ours: programs.Run, theirs: programs.Run
) -> tuple[Outcome, list[str]]:
    """Returns the outcome and lines that explain it."""
    both = f"tshark {theirs.outcome()}, dissectctl {ours.outcome()}"
    if theirs.died:
        return Outcome.ORACLE_DIED, [both]
    if theirs.exit_code is None:
        return Outcome.ORACLE_TIMEOUT, [both]
    if ours.exit_code is None:
        return Outcome.TIMEOUT, [both]
    lines = compare_runs(case, ours, theirs)
    return (Outcome.DIFFERENT if lines else Outcome.SAME), lines


@dataclasses.dataclass(frozen=True)
class Comparer:
    """Compares both programs on the captures of one folder. Thread-safe."""

    tshark: str
    dissectctl: str
    # The address of the daemon, whose store is the folder.
    address: str
    store: pathlib.Path
    work: pathlib.Path
    timeout: float

    def compare(self, capture: str, case: cases.Case, number: int) -> Result:
        """Makes a comparison, whose number must be unique."""
        began = time.monotonic()
        # Both run at once and get the same file name.
        theirs = self._start(
            [self.tshark, *case.for_tshark(capture)], f"{number}.tshark", case
        )
        ours = self._start(
            [
                self.dissectctl,
                f"--server={self.address}",
                *case.for_dissectctl(capture),
            ],
            f"{number}.dissectctl",
            case,
        )
        our_run = ours.finish(self.timeout)
        their_run = theirs.finish(self.timeout)
        outcome, lines = judge(case, our_run, their_run)
        our_run.output.unlink()
        their_run.output.unlink()
        details = ""
        if outcome is not Outcome.SAME:
            details = "\n".join(
                [
                    shlex.join(their_run.command),
                    shlex.join(our_run.command),
                    *lines,
                ]
            )
        return Result(
            capture, case.name, outcome, details, time.monotonic() - began
        )

    def _start(
        self, command: list[str], name: str, case: cases.Case
    ) -> programs.Program:
        environment = programs.environment_of_both(self.work / "home")
        if case.time_zone is not None:
            environment["TZ"] = case.time_zone
        return programs.Program(
            command, self.work / name, environment, self.store
        )
