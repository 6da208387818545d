#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Compares preferences that dissectctl prints with those of tshark.

Compares the reports `defaultprefs` and `currentprefs`, without a profile and
with profiles that set preferences, tables and decode-as entries. The only
allowance: tshark has preferences `extcap.PROGRAM.OPTION` for the options of
extcap programs, which capture in other ways. dissectd captures with dumpcap
only.
"""

import os
import pathlib
import re
import sys
import tempfile

sys.path.insert(0, os.environ["TEST_SRCDIR"] + "/dissectd/tests/running")
sys.path.insert(0, os.environ["TEST_SRCDIR"] + "/dissectd/tests/fidelity")

import daemon
import programs

RUNFILES = pathlib.Path(os.environ["TEST_SRCDIR"]) / "dissectd"

DISSECTD = str(RUNFILES / "server/dissectd")
DISSECTCTL = str(RUNFILES / "clients/cli/dissectctl")
REPORTS = ["defaultprefs", "currentprefs"]
EXTCAP_OPTION = re.compile(rb"(#.*\n)+?#?extcap\.[^.\n]+\.[^:\n]+:.*\n\n")

# Preferences of each type, an older name, an unknown name, an invalid value,
# and bytes that aren't UTF-8.
PREFERENCES = b"""
tcp.desegment_tcp_streams: FALSE
http.tcp.port: 80,8000-8010
nameres.name_resolve_concurrency: 3
nameres.network_name: TRUE
gui.console_open: ALWAYS
gui.active_frame.bg: 00ff00
gui.column.format: "No.", "%m", "Own", "%Cus:udp.port:0:R"
gui.column.hidden: %t
tls.keylog_file: /nowhere/keys
ssl.desegment_ssl_records: FALSE
ip.nosuch: 1
udp.check_checksum: what
gui.window_title: caf\xe9 caf\xc3\xa9
capture.prom_mode: FALSE
"""
FILES = {
    "preferences": PREFERENCES,
    "user_dlts": b'"User 0 (DLT=147)","http","0","","0",""\n',
    "decode_as_entries": b"decode_as_entry: tcp.port,8888,(none),HTTP\n",
    "disabled_protos": b"tls\n",
    "hosts": b"192.0.2.1 one\n",
}


def write_profile(folder: pathlib.Path) -> None:
    """Writes the files of a profile."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in FILES.items():
        (folder / name).write_bytes(content)


def differs(name: str, ours: bytes, theirs: bytes) -> bool:
    """Returns a description of the first difference, if there is one."""
    if ours == theirs and theirs:
        print(f"ok: {name}, {len(theirs)} bytes")
        return False
    pairs = zip(ours.splitlines(), theirs.splitlines(), strict=False)
    first = next((pair for pair in pairs if pair[0] != pair[1]), None)
    print(f"FAIL: {name}: {len(ours)} bytes for {len(theirs)}: {first}")
    return True


def compare(
    scratch: pathlib.Path, home: pathlib.Path, profile: str | None
) -> int:
    """Compares all reports for one profile. Returns the differences."""
    environment = daemon.clean_environment(home)
    options = [f"--profile={profile}"] if profile else []
    of_tshark = ["-C", profile] if profile else []
    name = f"{home.name}, profile {profile}"
    work = scratch / f"{home.name}-{profile}"
    store = work / "store"
    store.mkdir(parents=True)
    server = daemon.Daemon(
        DISSECTD, DISSECTCTL, store, work, environment, options
    )
    try:
        failures = 0
        for report in REPORTS:
            ours = programs.output_of(
                [
                    DISSECTCTL,
                    f"--server={server.address}",
                    "glossary",
                    report,
                ],
                environment,
            )
            theirs = programs.output_of(
                ["tshark", "-G", report, *of_tshark], environment
            )
            theirs = EXTCAP_OPTION.sub(b"", theirs)
            failures += differs(f"{report} of {name}", ours, theirs)
        return failures
    finally:
        server.stop()


def main() -> int:
    with tempfile.TemporaryDirectory() as scratch_name:
        scratch = pathlib.Path(scratch_name)
        # The folder that clean_environment sets for settings.
        settings = scratch / "full/config/wireshark"
        write_profile(settings)
        write_profile(settings / "profiles/office")
        failures = compare(scratch, scratch / "empty", None)
        failures += compare(scratch, scratch / "full", None)
        failures += compare(scratch, scratch / "full", "office")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
