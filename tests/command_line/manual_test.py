#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Checks the manual pages: that they have no faults, and what the help has."""

import os
import pathlib
import re
import subprocess
import tempfile
import unittest
from typing import ClassVar

RUNFILES = pathlib.Path(os.environ["TEST_SRCDIR"]) / "dissectd"
PROGRAMS = {
    "dissectctl": RUNFILES / "clients/cli/dissectctl",
    "dissectd": RUNFILES / "server/dissectd",
    "dissectd-fleet": RUNFILES / "server/fleet/dissectd-fleet",
}


def printed_by(command: list[str]) -> str:
    """Returns the output of a command that must not complain."""
    run = subprocess.run(command, capture_output=True, text=True, check=False)
    if run.returncode != 0 or run.stderr:
        raise AssertionError(f"{command}: {run.stdout}{run.stderr}")
    return run.stdout


def names_in(part: str, text: str) -> list[str]:
    """Returns the first words of the entries of a part of a help text."""
    _, _, entries = text.partition(f"\n{part}:\n")
    return re.findall(r"^  (\S+)", entries.split("\n\n")[0], re.MULTILINE)


def options_in(text: str) -> set[str]:
    options = set()
    for names in re.findall(r"^  (-\S+)", text, re.MULTILINE):
        for name in names.split(","):
            options.add(re.sub(r"[{\[].*", "", name))
    return options


class ManualTest(unittest.TestCase):
    """Writes the pages once for all tests."""

    folder: ClassVar[pathlib.Path]

    @classmethod
    def setUpClass(cls) -> None:
        name = cls.enterClassContext(tempfile.TemporaryDirectory())
        cls.folder = pathlib.Path(name)
        writer = RUNFILES / "tools/manual/write_man_pages"
        printed_by([str(writer), name, "2026-01-31"])

    def test_mandoc_has_nothing_against_the_pages(self) -> None:
        pages = [str(path) for path in self.folder.iterdir()]
        self.assertGreater(len(pages), 40)
        lint = subprocess.run(
            ["mandoc", "-T", "lint", "-W", "all", *pages],
            capture_output=True,
            text=True,
            check=False,
        )
        self.assertEqual(lint.stdout + lint.stderr, "")

    def check_page(self, words: list[str], section: int) -> None:
        """Compares a page with the help, and those of commands below it."""
        program = str(PROGRAMS[words[0]])
        text = printed_by([program, *words[1:], "--help"])
        path = self.folder / f"{'-'.join(words)}.{section}"
        page = printed_by(["mandoc", "-T", "utf8", "-O", "width=78", str(path)])
        page = re.sub(".\b", "", page).replace("\u2010", "-")
        self.assertIn(f"{'-'.join(words).upper()}({section})", page)
        for name in sorted(options_in(text)):
            self.assertRegex(page, rf"(?m)^ +(-.*, )?{name}\b", path.name)
        for name in names_in("Operands", text):
            self.assertRegex(page, rf"(?m)^       {name}", path.name)
        examples = text.partition("\nExamples:\n")[2].splitlines()
        self.assertGreater(len(examples), 0)
        for line in examples:
            self.assertIn(line.strip(), page)
        commands = names_in("Subcommands", text)
        for command in commands:
            self.assertIn(f"{'-'.join(words)}-{command}({section})", page)
            # Its options are those of another program.
            if command != "tshark":
                self.check_page([*words, command], section)

    def test_pages_have_what_the_help_has(self) -> None:
        self.check_page(["dissectctl"], 1)
        self.check_page(["dissectd"], 8)
        self.check_page(["dissectd-fleet"], 8)

    def test_groff_formats_the_pages(self) -> None:
        for path in self.folder.iterdir():
            printed_by(
                ["groff", "-man", "-T", "utf8", "-w", "all", "-z", str(path)]
            )


if __name__ == "__main__":
    unittest.main()
