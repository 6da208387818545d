#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Runs the examples in the help of each command, and checks its layout."""

import os
import re
import sys

sys.path.insert(0, os.environ["TEST_SRCDIR"] + "/dissectd/tests/command_line")

import place

MAX_COLUMNS = 80


def commands_in(help_text: str) -> list[str]:
    """Returns the names in the list of subcommands."""
    _, _, commands = help_text.partition("\nSubcommands:\n")
    names = []
    for line in commands.split("\n\n")[0].splitlines():
        match = re.match(r"  (\S+)", line)
        if match:
            names.append(match[1])
    return names


def examples_in(help_text: str) -> list[str]:
    _, _, examples = help_text.partition("\nExamples:\n")
    return [line.removeprefix("  ") for line in examples.splitlines() if line]


def problems_of(here: place.Place, path: str) -> list[str]:
    """Checks the help of a command, and of those below it."""
    result = here.run(f"dissectctl {path} --help")
    name = f"dissectctl {path}"
    if result.returncode != 0 or result.stderr:
        return [f"{name} --help fails: {result.stderr}"]
    text = result.stdout
    problems = [
        f"{name} --help has a line that is too long: {line}"
        for line in text.splitlines()
        if len(line) > MAX_COLUMNS
    ]
    if re.search(r"\b(TEXT|UINT|INT|FLOAT)\b", text):
        problems.append(f"{name} --help has a type in place of a value's name")
    examples = examples_in(text)
    if not examples:
        problems.append(f"{name} --help has no examples")
    if examples:
        with place.dns_traffic():
            run = here.run("\n".join(examples))
        if run.returncode != 0:
            problems.append(f"{name}: {examples} fail: {run.stderr}")
        elif not run.stdout and "-w" not in " ".join(examples):
            problems.append(f"{name}: {examples} print nothing")
    commands = commands_in(text)
    for command in commands:
        problems += problems_of(here, f"{path} {command}".strip())
    return problems


def main() -> int:
    place.enter_namespace()
    with (
        place.new_place() as here,
        here.fleet({"lab": "127.0.0.1:50051"}),
    ):
        problems = problems_of(here, "")
        found = commands_in(here.run("dissectctl --help").stdout)
    if len(found) < 10:
        problems.append(f"only these commands were found: {found}")
    print("\n".join(problems))
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
