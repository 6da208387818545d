#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Compares display filters of all kinds with tshark.

Each filter of filter_table.py is given to `tshark -Y`, `dissectctl read -Y` and
`dissectctl filter`. Either all refuse it with the same message and the same
marks, or none does and the first two pass the same frames of a merged capture.
The only allowance is CAPTURE_FILTER_NOTE.
"""

import concurrent.futures
import os
import pathlib
import re
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, os.environ["TEST_SRCDIR"] + "/dissectd/tests/running")
sys.path.insert(0, os.environ["TEST_SRCDIR"] + "/dissectd/tests/fidelity")

import comparison
import daemon
import filter_table
import programs
import report
from cases import Case

RUNFILES = pathlib.Path(os.environ["TEST_SRCDIR"]) / "dissectd"

TSHARK = "tshark"
DISSECTCTL = str(RUNFILES / "clients/cli/dissectctl")
CAPTURES = (
    "dns.pcap",
    "http1.pcap.gz",
    "http2-tls-dsb.pcapng",
    "icmp-fragments.pcap",
    "interfaces-comments.pcapng",
    "ipv6.pcap",
    "redis.pcap",
    "vxlan.pcap",
)
MERGED = "merged.pcapng"
NUMBERS = ("-T", "fields", "-e", "frame.number")
PATIENCE_SECONDS = 60

# The exit code of `dissectctl filter` for a filter that doesn't compile.
BAD_FILTER = 4
BAD_FILTER_OF_TSHARK = 2
# The status of a call contains at most this much of a filter, so `dissectctl
# read` shows less of a long filter than `dissectctl filter`.
STATUS_BYTES = 256

# tshark adds this to its message if an invalid filter is valid as a capture
# filter. dissectctl has no libpcap to find out.
CAPTURE_FILTER_NOTE = re.compile(
    rb"^  Note: That read filter code looks like a valid capture filter;\n"
    rb" +maybe you mixed them up\?\n",
    re.MULTILINE,
)


def merge_captures(store: pathlib.Path) -> None:
    """Merges several captures into one, one after the other."""
    sources = [str(RUNFILES / "tests/captures" / name) for name in CAPTURES]
    subprocess.run(
        ["mergecap", "-a", "-w", str(store / MERGED), *sources],
        check=True,
        stderr=subprocess.PIPE,
    )


def write_macros(home: pathlib.Path) -> None:
    """Writes macros into the profiles of tshark and of the daemon."""
    folder = home / "config/wireshark"
    folder.mkdir(parents=True)
    lines = [
        '"{}","{}"\n'.format(name, text.replace('"', r"\x22"))
        for name, text in filter_table.MACROS.items()
    ]
    (folder / "dfilter_macros").write_text("".join(lines))


class Comparer:
    """Runs the programs on one store. Thread-safe."""

    def __init__(self, work: pathlib.Path, store: pathlib.Path) -> None:
        self._work = work
        self._store = store
        self._environment = programs.environment_of_both(work / "home")
        write_macros(work / "home")
        self.server = daemon.Daemon(
            str(RUNFILES / "server/dissectd"),
            DISSECTCTL,
            store,
            work / "daemon",
            self._environment,
            [],
        )

    def compare(self, text: str, number: int) -> comparison.Result:
        began = time.monotonic()
        name = f"{number}: {text[:60]!r}"
        case = Case(name, ("-Y", text, *NUMBERS))
        dissectctl = [DISSECTCTL, f"--server={self.server.address}"]
        theirs, ours, check = (
            self._start(command, f"{number}.{kind}")
            for kind, command in (
                ("tshark", [TSHARK, *case.for_tshark(MERGED)]),
                ("read", [*dissectctl, *case.for_dissectctl(MERGED)]),
                ("filter", [*dissectctl, "filter", "--", text]),
            )
        )
        their_run, our_run, check_run = (
            program.finish(PATIENCE_SECONDS)
            for program in (theirs, ours, check)
        )
        their_run.stderr = CAPTURE_FILTER_NOTE.sub(b"", their_run.stderr)
        # dissectctl escapes control characters, which tshark prints.
        their_run.stderr = their_run.stderr.replace(b"\r", rb"\r")
        if check_run.exit_code == BAD_FILTER:
            check_run.exit_code = BAD_FILTER_OF_TSHARK
        outcome, lines = comparison.judge(case, check_run, their_run)
        if their_run.exit_code == 0:
            outcome, lines = comparison.judge(case, our_run, their_run)
            lines += self._complaints(check_run)
        elif len(text.encode()) <= STATUS_BYTES:
            lines += comparison.compare_runs(case, our_run, their_run)
        if lines and not outcome.failed:
            outcome = comparison.Outcome.DIFFERENT
        for run in (their_run, our_run, check_run):
            run.output.unlink()
        return comparison.Result(
            MERGED, name, outcome, "\n".join(lines), time.monotonic() - began
        )

    @staticmethod
    def _complaints(check: programs.Run) -> list[str]:
        """Returns the output of `dissectctl filter` for a valid filter."""
        printed = check.output.read_bytes() + check.stderr
        if check.exit_code == 0 and printed == b"ok\n":
            return []
        return [f"dissectctl filter: {check.outcome()}, {printed!r}"]

    def _start(self, command: list[str], name: str) -> programs.Program:
        return programs.Program(
            command, self._work / name, self._environment, self._store
        )


def run_all(folder: pathlib.Path, results: report.Report) -> None:
    """Compares all filters, one per core at a time."""
    store = folder / "store"
    store.mkdir()
    merge_captures(store)
    comparer = Comparer(folder, store)
    try:
        with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
            filters = filter_table.all_filters()
            for result in pool.map(
                comparer.compare, filters, range(len(filters))
            ):
                results.add(result)
        # Fails with the reason if the daemon has died.
        comparer.server.stop()
    finally:
        comparer.server.kill()


def main() -> int:
    programs.set_time_zone()
    results = report.Report(len(filter_table.all_filters()))
    # The name is short because socket paths are limited to about 100 bytes.
    with tempfile.TemporaryDirectory(prefix="filter.") as folder:
        run_all(pathlib.Path(folder), results)
    return results.finish("filter")


if __name__ == "__main__":
    sys.exit(main())
