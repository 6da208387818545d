#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Compares `dissectctl glossary` with `tshark -G`, byte for byte.

The order of some fields differs between runs of tshark itself: fields that come
from elements of DTDs, and those of LLC's protocol identifiers. tshark keeps
both in tables ordered by addresses. Only the order of their lines may differ;
the lines must be at the same places in the report.

The folder of the program is that of the daemon's engine.
"""

import collections.abc
import os
import pathlib
import re
import sys
import tempfile
import time

sys.path.insert(0, os.environ["TEST_SRCDIR"] + "/dissectd/tests/running")
sys.path.insert(0, os.environ["TEST_SRCDIR"] + "/dissectd/tests/fidelity")

import daemon
import programs
import report
from comparison import Outcome, Result

RUNFILES = pathlib.Path(os.environ["TEST_SRCDIR"]) / "dissectd"

DISSECTCTL = str(RUNFILES / "clients/cli/dissectctl")

# The reports, with their options.
REPORTS = (
    "column-formats",
    "decodes",
    "dissector-tables",
    "elastic-mapping",
    "elastic-mapping --elastic-mapping-filter dns,ip",
    "elastic-mapping --elastic-mapping-filter=nosuch",
    "fieldcount",
    "fields",
    "folders",
    "ftypes",
    "heuristic-decodes",
    "plugins",
    "protocols",
    "values",
)

# The name of such a field in a line of a report.
UNORDERED = re.compile(
    rb"^(?:F\t[^\t]*|[VER])\t"
    rb"(?:(?:dc|itunes|list|mscml|poc-settings|presence|reginfo|rss|smil"
    rb"|watcherinfo|xcap-caps|xcap-error|xml)\."
    rb"|(?:llc\.\w+_pid|mausb\.pid|locamation-im\.llc\.pid)\t)"
    rb'|^ +"llc_(?:llc_\w+|mausb|locamation-im_llc)_pid": '
)
PROGRAM = re.compile(rb"^Program: +\t(.*)$", re.MULTILINE)


def in_order(text: bytes) -> bytes:
    """Sorts the lines without a fixed order among their places."""
    lines = text.split(b"\n")
    places = [
        place for place, line in enumerate(lines) if UNORDERED.match(line)
    ]
    for place, line in zip(
        places, sorted(lines[place] for place in places), strict=True
    ):
        lines[place] = line
    return b"\n".join(lines)


def make_settings(folder: pathlib.Path) -> None:
    """Writes a profile with folders of databases: more than tshark splits."""
    folder.mkdir(parents=True)
    for name in ("maxmind_db_paths", "smi_paths"):
        places = [folder / f"{name}.{number}" for number in range(22)]
        for place in places:
            place.mkdir()
        (folder / name).write_text("".join(f'"{place}"\n' for place in places))
    (folder / "preferences").write_text("nameres.load_smi_modules: TRUE\n")


def without_program(folders: bytes) -> bytes:
    """Leaves out the folder of the program, which must have the engine.

    tshark's has tshark.
    """
    match = PROGRAM.search(folders)
    if match is None:
        return folders
    place = pathlib.Path(match[1].decode())
    found = [
        name
        for name in ("dissectd-engine", "tshark")
        if (place / name).exists()
    ]
    return folders.replace(match[0], b"Program" if found else b"No program")


def compare(
    name: str, server: daemon.Daemon, environment: dict[str, str]
) -> Result:
    began = time.monotonic()
    words = name.split()
    theirs = programs.output_of(["tshark", "-G", *words], environment)
    ours = programs.output_of(
        [DISSECTCTL, f"--server={server.address}", "glossary", *words],
        environment,
    )
    if words[0] in ("elastic-mapping", "fields", "values"):
        theirs, ours = in_order(theirs), in_order(ours)
    if name == "folders":
        theirs, ours = without_program(theirs), without_program(ours)
    if ours == theirs and theirs:
        return Result("glossary", name, Outcome.SAME)
    return Result(
        "glossary",
        name,
        Outcome.DIFFERENT,
        first_difference(ours, theirs),
        time.monotonic() - began,
    )


def first_difference(ours: bytes, theirs: bytes) -> str:
    our_lines, their_lines = ours.split(b"\n"), theirs.split(b"\n")
    for number, (our, their) in enumerate(
        zip(our_lines, their_lines, strict=False), 1
    ):
        if our != their:
            return f"line {number}:\ntshark: {their!r}\nours:   {our!r}"
    return f"tshark: {len(their_lines)} lines, ours: {len(our_lines)}"


def compare_all(
    reports: collections.abc.Sequence[str],
    folder: pathlib.Path,
    environment: dict[str, str],
    results: report.Report,
) -> None:
    """Compares reports of a daemon with an empty folder for its files."""
    (folder / "store").mkdir()
    server = daemon.Daemon(
        str(RUNFILES / "server/dissectd"),
        DISSECTCTL,
        folder / "store",
        folder / "daemon",
        environment,
        [],
    )
    try:
        for glossary in reports:
            results.add(compare(glossary, server, environment))
        # Fails with the reason if the daemon has died.
        server.stop()
    finally:
        server.kill()


def main() -> int:
    results = report.Report(len(REPORTS) + 1)
    with tempfile.TemporaryDirectory(prefix="glossary.") as name:
        plain, with_settings = (
            pathlib.Path(name) / "plain",
            pathlib.Path(name) / "settings",
        )
        for folder in (plain, with_settings):
            folder.mkdir()
        environment = programs.environment_of_both(plain / "home")
        compare_all(REPORTS, plain, environment, results)
        # With these, the daemon reads MIBs, which have a protocol of their own.
        # tshark reads them for this report only.
        environment = programs.environment_of_both(with_settings / "home")
        make_settings(
            pathlib.Path(environment["XDG_CONFIG_HOME"]) / "wireshark"
        )
        compare_all(["folders"], with_settings, environment, results)
    return results.finish("glossary")


if __name__ == "__main__":
    sys.exit(main())
