#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Chooses one of a daemon's two engines on the command line."""

import dataclasses
import os
import re
import sys

sys.path.insert(0, os.environ["TEST_SRCDIR"] + "/dissectd/tests/command_line")

import place

ENGINE = place.RUNFILES / "core/engine/dissectd-engine"
OTHER_VERSION = place.RUNFILES / "tests/e2e/other_version_library.so"

# The second engine's profile has one column. These tell which one dissects, and
# which one answers without dissecting.
_PREFERENCES = 'gui.column.format: "No.", "%m"\n'
_DISSECT = "dissectctl read dns.pcap -c 1 | awk '{ print (NF > 1) }'"
_ASK = "dissectctl info | grep ^Wireshark"


@dataclasses.dataclass(frozen=True)
class Case:
    """A command for the shell, and what it does; all texts are whole."""

    command: str
    output: str = ""
    error: str = ""
    exit_code: int = 0


def _says(command: str, version: str) -> list[Case]:
    """Expects the engine of both commands, after the words `command`."""
    ask = _ASK.replace("dissectctl", command)
    dissect = _DISSECT.replace("dissectctl", command)
    return [
        Case(ask, f"Wireshark                {version}\n"),
        Case(dissect, "0\n" if version.endswith(".99") else "1\n"),
    ]


def cases(first: str, other: str) -> list[Case]:
    """Returns what to try, for the versions of the engines."""
    both = f"wireshark-{first} wireshark-{other}"
    release = first.rpartition(".")[0]
    unknown = (
        f'dissectctl: This server has no engine "wireshark-9.9"; it has '
        f"{both.replace(' ', ', ')}.\n"
    )
    context = (
        "dissectctl config set-context other --server=127.0.0.1:50051 "
        f"--engine=wireshark-{other} >&2; "
    )
    return [
        Case(
            "dissectctl info | grep ^engines",
            f"engines                  {both}\n",
        ),
        *_says("dissectctl", first),
        *_says(f"dissectctl --engine=wireshark-{release}", first),
        *_says(f"dissectctl --engine=wireshark-{other}", other),
        *_says(f"DISSECTD_ENGINE=wireshark-{other} dissectctl", other),
        *_says(
            f"DISSECTD_ENGINE=wireshark-{other} dissectctl "
            f"--engine=wireshark-{first}",
            first,
        ),
        *_says(context + "dissectctl --context=other", other),
        *_says(f"dissectctl --context=other --engine=wireshark-{first}", first),
        Case(
            f"DISSECTD_ENGINE=wireshark-{other} dissectctl tshark -v "
            "| head -n 1",
            f"TShark (Wireshark) {other}.\n",
        ),
        Case(
            "dissectctl read dns.pcap --engine=wireshark-9.9",
            error=unknown,
            exit_code=2,
        ),
        Case("dissectctl info --engine=wireshark-9.9", "", unknown, 2),
    ]


def problem_of(here: place.Place, case: Case) -> str:
    result = here.run(case.command)
    got = Case(case.command, result.stdout, result.stderr, result.returncode)
    return "" if got == case else f"{got}\ninstead of\n{case}\n"


def main() -> int:
    place.enter_namespace()
    with place.new_place() as here:
        first = here.run(_ASK).stdout.split()[1]
        other = re.sub("[0-9]+$", "99", first)
        program = here.folder / "other-engine"
        program.write_text(
            f'#!/bin/sh\nLD_PRELOAD="{OTHER_VERSION}" '
            f'XDG_CONFIG_HOME="{here.folder}/other" exec "{ENGINE}" "$@"\n'
        )
        profile = here.folder / "other/wireshark"
        profile.mkdir(parents=True)
        (profile / "preferences").write_text(_PREFERENCES)
        program.chmod(0o755)
        here.server.stop()
        here.server = here.start_daemon(
            "daemon",
            here.store,
            [
                "--listen=127.0.0.1:50051",
                f"--engine={ENGINE}",
                f"--engine={program}",
            ],
        )
        to_try = cases(first, other)
        problems = [problem_of(here, case) for case in to_try]
    problems = [problem for problem in problems if problem]
    print("\n".join(problems))
    print(f"{len(to_try)} ways to choose; {len(problems)} problems")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
