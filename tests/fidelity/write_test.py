#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Compares `dissectctl write` with `tshark -w`, byte for byte.

Writes every capture of the project in every file type, with and without
filters. The files must be equal, except that section headers without an
application get the name of the program that writes. If tshark fails,
dissectctl must fail with the same message and exit code. write_cases.py states
the intended differences.
"""

import concurrent.futures
import gzip
import os
import pathlib
import sys
import tempfile
import time

sys.path.insert(0, os.environ["TEST_SRCDIR"] + "/dissectd/tests/running")
sys.path.insert(0, os.environ["TEST_SRCDIR"] + "/dissectd/tests/fidelity")

import daemon
import programs
import report
import test_bed
import write_cases
import wrong_cases
from comparison import Outcome, Result
from test_bed import RUNFILES
from write_cases import WriteCase

DISSECTCTL = str(RUNFILES / "clients/cli/dissectctl")
PATIENCE_SECONDS = 120


class Place:
    """A store, its daemon, and a folder for the files written."""

    def __init__(self, folder: pathlib.Path) -> None:
        self.store = folder / "store"
        self._output = folder / "output"
        self._environment = programs.environment_of_both(folder / "home")
        self.store.mkdir()
        self._output.mkdir()
        test_bed.copy_captures(self.store)
        self.cases = list(write_cases.all_cases(self.store))
        wrong_cases.make_bad_files(self.store)
        self.server = daemon.Daemon(
            str(RUNFILES / "server/dissectd"),
            DISSECTCTL,
            self.store,
            folder / "daemon",
            self._environment,
            [],
        )

    def run(
        self, command: list[str], case: WriteCase, name: str
    ) -> tuple[programs.Run, pathlib.Path]:
        """Runs a program that writes a file. Returns the file's path."""
        written = self._output / f"{name}.written"
        output = self._output / f"{name}.stdout"
        run = programs.Program(
            [*command, "-w", case.output or str(written)],
            output,
            self._environment,
            self.store,
        ).finish(PATIENCE_SECONDS)
        output.unlink()
        return run, written

    def tshark(
        self, case: WriteCase, name: str
    ) -> tuple[programs.Run, pathlib.Path]:
        return self.run(
            ["tshark", "-r", case.capture, *case.options],
            case,
            f"{name}.tshark",
        )

    def dissectctl(
        self, case: WriteCase, name: str, options: tuple[str, ...] = ()
    ) -> tuple[programs.Run, pathlib.Path]:
        return self.run(
            [
                *(DISSECTCTL, f"--server={self.server.address}", "write"),
                *(case.capture, *case.options, *options),
            ],
            case,
            f"{name}.dissectctl",
        )


def words_of(run: programs.Run, program: bytes) -> bytes:
    """Returns the messages of a program, without its name."""
    return run.stderr.replace(program + b": ", b"")


def compare_outcomes(
    case: WriteCase, theirs: programs.Run, ours: programs.Run
) -> str:
    """Compares how both programs ended. Returns the differences."""
    expected = words_of(theirs, b"tshark").replace(b"TShark", b"dissectd")
    expected_code = theirs.exit_code
    if case.instead is not None:
        expected = case.instead.stderr.encode() + b"\n"
        if case.instead.exit_code is not None:
            expected_code = case.instead.exit_code
    said = words_of(ours, b"dissectctl")
    if said == expected and ours.exit_code == expected_code:
        return ""
    return (
        f"tshark: {theirs.outcome()}, {theirs.stderr!r}\n"
        f"dissectctl: {ours.outcome()}, {ours.stderr!r}"
    )


def compare_files(
    case: WriteCase, theirs: pathlib.Path, ours: pathlib.Path
) -> str:
    """Compares two captures. Returns the difference, if any."""
    expected = write_cases.with_our_name(
        write_cases.without_chance(theirs.read_bytes(), case.name)
    )
    written = write_cases.without_chance(ours.read_bytes(), case.name)
    if written == expected:
        return ""
    place = next(
        (
            i
            for i, (a, b) in enumerate(zip(expected, written, strict=False))
            if a != b
        ),
        min(len(expected), len(written)),
    )
    return (
        f"tshark wrote {len(expected)} bytes, dissectctl {len(written)}; they "
        f"differ from byte {place} on: {expected[place : place + 32]!r}, "
        f"{written[place : place + 32]!r}"
    )


def problem_of(place: Place, case: WriteCase, name: str) -> str:
    theirs, their_file = place.tshark(case, name)
    ours, our_file = place.dissectctl(case, name)
    problem = compare_outcomes(case, theirs, ours)
    # If both failed, tshark's incomplete file is not compared.
    if not problem and our_file.exists():
        problem = compare_files(case, their_file, our_file)
    elif not problem and theirs.exit_code == 0:
        problem = "dissectctl wrote nothing"
    for path in (their_file, our_file):
        path.unlink(missing_ok=True)
    return problem


def problem_of_compression(place: Place, case: WriteCase, name: str) -> str:
    """Compares a compressed file with the uncompressed one."""
    plain, plain_file = place.dissectctl(case, f"{name}.plain")
    packed, packed_file = place.dissectctl(case, f"{name}.gz", ("--gzip",))
    if plain.exit_code != 0 or packed.exit_code != 0:
        return f"{plain.stderr!r}, {packed.stderr!r}"
    if packed_file.read_bytes()[:2] != b"\x1f\x8b":
        return "it isn't compressed"
    if gzip.decompress(packed_file.read_bytes()) != plain_file.read_bytes():
        return "it has other content if it is compressed"
    return ""


def judge(place: Place, case: WriteCase, name: str) -> Result:
    began = time.monotonic()
    if case.compressed:
        problem = problem_of_compression(place, case, name)
    else:
        problem = problem_of(place, case, name)
    return Result(
        case.capture,
        case.name,
        Outcome.DIFFERENT if problem else Outcome.SAME,
        problem,
        time.monotonic() - began,
    )


def compare_all(place: Place, results: report.Report) -> None:
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        for result in pool.map(
            lambda numbered: judge(place, numbered[1], str(numbered[0])),
            enumerate(place.cases),
        ):
            results.add(result)


def main() -> int:
    programs.set_time_zone()
    # The name is short because socket paths are limited to about 100 bytes.
    with tempfile.TemporaryDirectory(prefix="write.") as folder:
        place = Place(pathlib.Path(folder))
        results = report.Report(len(place.cases))
        try:
            compare_all(place, results)
            place.server.stop()
        finally:
            place.server.kill()
    return results.finish("write")


if __name__ == "__main__":
    sys.exit(main())
