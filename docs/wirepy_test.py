#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Checks that the tables in wirepy.md name only what the API has.

Each name in the right column must be a service, a method, a message, an enum,
one of their members, or a reason of an error.

Arguments: wirepy.md, errors.md, and all .proto files.
"""

import collections
import pathlib
import re
import sys

_BLOCK = re.compile(r"^(?:service|message|enum) (\w+) \{")
_MEMBER = re.compile(
    r"^ +(?:(?:rpc|oneof) (\w+)\b|(?!//).*?\b(\w+) = -?\d+(?: \[.*\])?;)"
)
_REASON = re.compile(r"^\| `([A-Z0-9_]+)` \|", re.MULTILINE)
_CODE = re.compile(r"`([^`]+)`")
_NAME = re.compile(r"[A-Za-z]\w*(?:\.\w+)?")

# Other names: options, column formats, fields of frames and preferences.
_OTHER = re.compile(r".*[ %*]|(?:frame|gui)\.")


def members_of(protos: list[pathlib.Path]) -> dict[str, set[str]]:
    """Returns the members of each service, message and enum."""
    members: dict[str, set[str]] = collections.defaultdict(set)
    for proto in protos:
        block = ""
        for line in proto.read_text().splitlines():
            if found := _BLOCK.match(line):
                block = found[1]
                members[block] = set()
            elif found := _MEMBER.match(line):
                members[block].add(found[1] or found[2])
    return members


def names_of(table: str) -> list[str]:
    """Returns the names in the right column."""
    cells = [
        line.strip("|").split(" | ")[-1]
        for line in table.splitlines()
        if line.startswith("|")
    ]
    return [code for cell in cells for code in _CODE.findall(cell)]


def is_known(name: str, members: dict[str, set[str]], other: set[str]) -> bool:
    block, dot, member = name.partition(".")
    if dot:
        return member in members.get(block, set())
    return name in members or name in other


def main() -> int:
    wirepy, errors, *protos = map(pathlib.Path, sys.argv[1:])
    members = members_of(protos)
    other = set(_REASON.findall(errors.read_text())).union(*members.values())
    names = [n for n in names_of(wirepy.read_text()) if not _OTHER.match(n)]
    unknown = [
        name
        for name in names
        if not _NAME.fullmatch(name) or not is_known(name, members, other)
    ]
    for name in unknown:
        print(f"{wirepy}: {name}: the API has no such name")
    if len(names) < 100:
        print(f"{wirepy}: only {len(names)} names found")
        return 1
    return 1 if unknown else 0


if __name__ == "__main__":
    sys.exit(main())
