#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Compares `dissectctl` called by the name `tshark` with tshark.

Runs the command lines of tshark_cases.py. Standard output, standard error, exit
status and the files written must be the same, but for what docs/tshark.md says
about all commands. For the command lines in its table, dissectctl must do what
the table says, and something must differ from tshark.
"""

import concurrent.futures
import os
import pathlib
import re
import shutil
import sys
import time

sys.path.insert(0, os.environ["TEST_SRCDIR"] + "/dissectd/tests/running")
sys.path.insert(0, os.environ["TEST_SRCDIR"] + "/dissectd/tests/fidelity")

import programs
import protocol_captures
import report
import test_bed
import tshark_cases
import write_cases
import wrong_cases
from comparison import Outcome, Result
from test_bed import PATIENCE_SECONDS, RUNFILES, TestBed

# All that tshark lists.
_EXTCAP = (
    "--extcap=ciscodump,dpauxmon,randpkt,sdjournal,sshdump,udpdump,wifidump"
)

# A row of the table: the arguments, the exit status, what dissectctl says first
# on standard error, and the reason.
_ROW = re.compile(
    r"^\| `([^`]*)` \| (\d+) \| (?:`([^`]*)`|-) \| ", re.MULTILINE
)

# What may differ everywhere: the help texts, the time in PDML, and the error
# without a text at the end of tshark's captures.
_HELP = re.compile(rb"\n*Usage: tshark .*", re.DOTALL)
_TIME = re.compile(rb' time="[^"]*"')
_NO_ERROR = re.compile(rb"^tshark: \n", re.MULTILINE)


class Expected:
    """A row of the table of differences."""

    def __init__(self, exit_code: str, message: str) -> None:
        self.exit_code = int(exit_code)
        self.message = message.encode()

    def problem_of(self, run: "Outputs") -> str:
        first = run.stderr.split(b"\n")[0].removeprefix(b"tshark: ")
        if run.exit_code != self.exit_code:
            return f"it exits with {run.exit_code}, not {self.exit_code}"
        if first != self.message:
            return f"it says {first!r}, not {self.message!r}"
        return ""


class Outputs:
    """What a program left behind."""

    def __init__(
        self, run: programs.Run, folder: pathlib.Path, line: str
    ) -> None:
        self.exit_code = run.exit_code
        self.stderr = _NO_ERROR.sub(b"", _HELP.sub(b"", run.stderr))
        self.stdout = programs.without_tries(
            _TIME.sub(b"", run.output.read_bytes())
        )
        if line.startswith("-G"):
            # The order of some lines differs between runs of tshark itself;
            # glossary_test.py compares the rest of it.
            self.stdout = b"\n".join(sorted(self.stdout.split(b"\n")))
        if self.stdout[:4] == b"\x0a\x0d\x0d\x0a":
            self.stdout = write_cases.with_our_name(self.stdout)
        self.files = {
            path.name: write_cases.with_our_name(path.read_bytes())
            if path.suffix == ".pcapng"
            else path.read_bytes()
            for path in folder.glob("written*")
        }

    def differences(self, theirs: "Outputs") -> list[str]:
        lines = []
        for name in ("exit_code", "stderr", "stdout", "files"):
            mine, other = getattr(self, name), getattr(theirs, name)
            if mine != other:
                lines.append(
                    f"{name}: tshark {other!r:.600}, dissectctl {mine!r:.600}"
                )
        return lines


def _plain(text: str) -> str:
    """Returns a text as it is outside of a table."""
    return text.replace("\\|", "|")


def differences_table() -> dict[str, Expected]:
    text = (RUNFILES / "docs/tshark.md").read_text(encoding="utf-8")
    return {
        _plain(arguments): Expected(exit_code, _plain(message))
        for arguments, exit_code, message in _ROW.findall(text)
    }


def make_files(folder: pathlib.Path) -> None:
    """Makes the files that the programs read."""
    test_bed.copy_captures(folder)
    wrong_cases.make_bad_files(folder)
    protocol_captures.make(folder)
    # The API's names have no control characters.
    shutil.copy(folder / "http1.pcap.gz", folder / "escape\x1b.pcap.gz")


def start(
    bed: TestBed, program: str, line: str, folder: pathlib.Path
) -> programs.Program:
    """Starts a program in a folder with links to all files."""
    folder.mkdir(parents=True)
    for path in bed.files.iterdir():
        (folder / path.name).symlink_to(path)
    source, size, arguments = tshark_cases.input_of(line)
    piped = (bed.files / source).read_bytes()[:size] if source else None
    return programs.Program(
        [program, *tshark_cases.words(arguments)],
        folder / "stdout",
        bed.environment,
        folder,
        piped,
    )


def compare(bed: TestBed, line: str, number: int) -> tuple[Outputs, list[str]]:
    """Returns what dissectctl did, and how that differs from tshark."""
    ours = bed.folder / f"{number}/ours"
    theirs = bed.folder / f"{number}/theirs"
    their_program = start(bed, "tshark", line, theirs)
    our_program = start(bed, bed.tshark, line, ours)
    our = Outputs(our_program.finish(PATIENCE_SECONDS), ours, line)
    other = Outputs(their_program.finish(PATIENCE_SECONDS), theirs, line)
    shutil.rmtree(ours.parent)
    return our, our.differences(other)


def judge(
    bed: TestBed, line: str, number: int, expected: Expected | None
) -> Result:
    began = time.monotonic()
    ours, differences = compare(bed, line, number)
    if expected is None:
        problem = "\n".join(differences)
    elif not differences:
        problem = "nothing differs, although docs/tshark.md says so"
    else:
        problem = expected.problem_of(ours)
    return Result(
        "tshark",
        line,
        Outcome.DIFFERENT if problem else Outcome.SAME,
        problem,
        time.monotonic() - began,
    )


def compare_all(bed: TestBed, results: report.Report) -> None:
    lines = tshark_cases.all_lines()
    table = differences_table()
    for unknown in sorted(set(table) - set(lines)):
        results.add(
            Result("docs/tshark.md", unknown, Outcome.DIFFERENT, "no case")
        )
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        for result in pool.map(
            lambda numbered: judge(
                bed, numbered[1], numbered[0], table.get(numbered[1])
            ),
            enumerate(lines),
        ):
            results.add(result)
    left = [str(path) for path in bed.store.rglob("*") if path.is_file()]
    if left:
        results.add(
            Result("the store", "is empty", Outcome.DIFFERENT, "\n".join(left))
        )


def main() -> int:
    programs.set_time_zone()
    results = report.Report(len(tshark_cases.all_lines()))
    with TestBed("tshark") as bed:
        make_files(bed.files)
        workers = 2 * (os.cpu_count() or 1) + 2
        bed.start_daemon(
            f"--max-workers={workers}",
            f"--max-workers-per-principal={workers}",
            _EXTCAP,
        )
        compare_all(bed, results)
        # Fails with the reason if the daemon has died.
        bed.server.stop()
    return results.finish("tshark")


if __name__ == "__main__":
    sys.exit(main())
