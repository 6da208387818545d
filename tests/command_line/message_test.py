#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Makes natural mistakes, and compares the messages and exit statuses."""

import os
import shutil
import sys

sys.path.insert(0, os.environ["TEST_SRCDIR"] + "/dissectd/tests/command_line")

import place
from message_cases import CASES, Case

# Makes a folder without an entry for localhost in /etc/hosts, for one program.
NO_LOCALHOST = (
    ": > hosts; unshare --mount sh -c 'mount --bind hosts /etc/hosts; {}'"
)


def problem_of(here: place.Place, case: Case) -> str:
    script = NO_LOCALHOST if case.without_localhost else "{}"
    result = here.run(script.format(case.command))
    errors = result.stderr.replace(str(here.folder), "FOLDER")
    if (errors, result.returncode) != (case.errors, case.exit_code):
        return (
            f"{case.command}: exit status {result.returncode}\n"
            f"--- it says\n{errors}--- not\n{case.errors}---\n"
        )
    if case.output is not None and result.stdout != case.output:
        return f"{case.command}: it prints\n{result.stdout}"
    return ""


def prepare(here: place.Place) -> None:
    capture = here.store / "dns.pcap"
    shutil.copy(capture, here.current / "local.pcap")
    for name in ("one/once.pcap", "one/twice.pcap", "two/twice.pcap"):
        copy = here.store / name
        copy.parent.mkdir(exist_ok=True)
        shutil.copy(capture, copy)


def main() -> int:
    place.enter_namespace()
    with place.new_place() as here:
        prepare(here)
        problems = [problem_of(here, case) for case in CASES]
    problems = [problem for problem in problems if problem]
    print("\n".join(problems))
    print(f"{len(CASES) - len(problems)} passed, {len(problems)} failed")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
