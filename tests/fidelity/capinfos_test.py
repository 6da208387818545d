#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Compares `dissectctl capinfos` with capinfos.

Uses the captures of the project, odd captures, and files that are no captures.
"""

import dataclasses
import os
import pathlib
import sys
import tempfile

sys.path.insert(0, os.environ["TEST_SRCDIR"] + "/dissectd/tests/running")
sys.path.insert(0, os.environ["TEST_SRCDIR"] + "/dissectd/tests/fidelity")

import capinfos
import fidelity
import fidelity_test
import odd_captures
import test_bed
import wrong_cases
from cases import Instead

# Several captures in one call, some of them bad.
SEVERAL = (
    ("dns.pcap", ("snapped.pcap", "empty.pcap"), ""),
    ("dns.pcap", ("snapped.pcap", "empty.pcap"), "-T"),
    ("dns.pcap", ("folder/cut.pcap", "snapped.pcap"), ""),
    ("dns.pcap", ("folder/cut.pcap", "snapped.pcap"), "-C"),
    ("text.pcap", ("dns.pcap", "snapped.pcap"), "-c"),
    ("text.pcap", ("dns.pcap", "snapped.pcap"), "-C -c"),
    ("dns.pcap", ("text.pcap", "damaged.pcap", "cut-short.pcap"), "-T"),
    ("dns.pcap", ("damaged.pcap", "snapped.pcap"), "-C -T"),
)
# Files for --local, among them some that can't be in the store.
LOCAL = (
    *("dns.pcap", "folder/cut.pcap", "folder/text.pcap", "missing.pcap"),
    *("folder", "http1.pcap.gz", "zero.pcap", "/dev/null"),
)
NOT_THERE = {
    "missing.pcap": 'There is no file "files/missing.pcap".',
    "folder": '"files/folder" is a directory.',
}


def all_work(folder: pathlib.Path, good: list[str]) -> fidelity.Work:
    work: fidelity.Work = [
        (capture, case)
        for capture in fidelity.find_captures(folder, None)
        for case in (
            capinfos.every_way() if capture in good else capinfos.main_ways()
        )
    ]
    for capture, more, options in SEVERAL:
        name = " ".join([options, *more]).strip()
        work.append(
            (
                capture,
                capinfos.CapinfosCase(name, tuple(options.split()), more=more),
            )
        )
    local = capinfos.CapinfosCase("local", dissectctl_options=("--local",))
    work += [(capture, local) for capture in LOCAL]
    for capture, message in NOT_THERE.items():
        instead = Instead("the daemon's own words", message)
        work.append(
            (capture, capinfos.CapinfosCase("missing", instead=instead))
        )
    work.append(
        (
            "dns.pcap",
            dataclasses.replace(
                local,
                name="unknown option",
                options=("-Z",),
                instead=Instead(
                    "the command line is parsed by another library",
                    'There is no option "-Z".\n'
                    'See "dissectctl capinfos --help".',
                ),
            ),
        )
    )
    return work


def main() -> int:
    arguments = [
        f"--dissectd={fidelity_test.runfile('server/dissectd')}",
        f"--dissectctl={fidelity_test.runfile('clients/cli/dissectctl')}",
    ]
    with tempfile.TemporaryDirectory() as scratch:
        store = pathlib.Path(scratch) / "store"
        store.mkdir()
        test_bed.copy_captures(store)
        good = fidelity.find_captures(store, None)
        wrong_cases.make_bad_files(store)
        odd_captures.make(store)
        parsed = capinfos.parse_arguments([*arguments, str(store)])
        return fidelity.run(parsed, {store: all_work(store, good)})


if __name__ == "__main__":
    sys.exit(main())
