#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Shows parts of programs in the documentation, as they are in the programs.

    fill_examples.py [--check] PAGE.md...

A part of a program stands between lines with the comments `[job NAME]` and
`[end]`. In a page, the comment `<!-- PATH: NAME -->`, with the program's path
from the project's root, is followed by a code block with that part. This fills
in the code blocks; --check only compares them. It is an error if a page shows
some parts of a program, but not all. Exit status: 1 if there are findings.
"""

import argparse
import pathlib
import re
import sys
import textwrap

_ROOT = pathlib.Path(__file__).resolve().parents[2]

_BEGIN = re.compile(r"^\s*(?://|#)\s*\[job ([\w-]+)\]$")
_END = re.compile(r"^\s*(?://|#)\s*\[end\]$")
_SHOWN = re.compile(
    r"^<!-- (?P<path>\S+): (?P<name>[\w-]+) -->\n"
    r"(?P<block>```.*?^```\n)?",
    re.MULTILINE | re.DOTALL,
)

_LANGUAGES = {
    ".cc": "cpp",
    ".go": "go",
    ".java": "java",
    ".py": "python",
    ".rs": "rust",
    ".ts": "typescript",
}


class ExampleError(Exception):
    """A program or a page isn't as it must be."""


def parts_of(program: str, path: str) -> dict[str, str]:
    """Returns the parts of a program by their names."""
    parts: dict[str, str] = {}
    name = ""
    lines: list[str] = []
    for number, line in enumerate(program.splitlines(), 1):
        begin = _BEGIN.match(line)
        is_end = _END.match(line) is not None
        if begin and name:
            raise ExampleError(f"{path}:{number}: job {name} has no end")
        if is_end and not name:
            raise ExampleError(f"{path}:{number}: this ends no job")
        if begin:
            name, lines = begin[1], []
        elif is_end:
            if name in parts:
                raise ExampleError(f"{path}:{number}: job {name} is twice")
            parts[name] = textwrap.dedent("\n".join(lines)).strip("\n")
            name = ""
        elif name:
            lines.append(line)
    if name:
        raise ExampleError(f"{path}: job {name} has no end")
    return parts


class Programs:
    """The programs below a folder, read once each."""

    def __init__(self, root: pathlib.Path) -> None:
        self._root = root
        self._parts: dict[str, dict[str, str]] = {}

    def parts(self, path: str) -> dict[str, str]:
        if path not in self._parts:
            program = self._root / path
            if not program.is_file():
                raise ExampleError(f"{path} doesn't exist")
            self._parts[path] = parts_of(program.read_text(), path)
        return self._parts[path]


def filled(page: str, programs: Programs) -> str:
    """Returns a page with the parts that it shows."""
    shown: dict[str, list[str]] = {}

    def replace(match: re.Match[str]) -> str:
        path, name = match["path"], match["name"]
        parts = programs.parts(path)
        if name not in parts:
            raise ExampleError(f"{path} has no job {name}")
        shown.setdefault(path, []).append(name)
        language = _LANGUAGES.get(pathlib.PurePath(path).suffix, "")
        return f"<!-- {path}: {name} -->\n```{language}\n{parts[name]}\n```\n"

    result = _SHOWN.sub(replace, page)
    for path, names in shown.items():
        missing = programs.parts(path).keys() - set(names)
        if missing:
            raise ExampleError(f"{path}: {sorted(missing)} isn't shown")
    return result


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--check", action="store_true")
    parser.add_argument("pages", nargs="+", type=pathlib.Path)
    arguments = parser.parse_args()
    programs = Programs(_ROOT)
    found = False
    for path in arguments.pages:
        page = path.read_text()
        try:
            right = filled(page, programs)
        except ExampleError as error:
            print(f"{path}: {error}")
            found = True
            continue
        if right == page:
            continue
        if arguments.check:
            print(f"{path} is stale: tools/dev/fill_examples.py {path}")
            found = True
        else:
            path.write_text(right)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
