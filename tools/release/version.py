#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Keeps the version of the project, from the file VERSION, the same everywhere.

Programs, manifests of packages and examples contain it, as each language's
tools read their own file. Without an argument, finds those that differ; with
one, writes it everywhere.
"""

import argparse
import dataclasses
import pathlib
import re
import sys

# The form that all languages' packages have in common. Python and npm, for
# example, write pre-releases in different ways.
FORM = re.compile(r"(0|[1-9]\d*)(\.(0|[1-9]\d*)){2}")
_ANY = rf"(?P<version>{FORM.pattern})"


@dataclasses.dataclass(frozen=True)
class Place:
    """Where the version is in a file: each match of `pattern` has it."""

    path: str
    pattern: str
    count: int = 1

    def expression(self) -> re.Pattern[str]:
        return re.compile(self.pattern.replace("VERSION", _ANY), re.MULTILINE)


_CONSTANT = r'kVersion = "VERSION";'
_JSON = r'^  "version": "VERSION"'
_IMAGE = r"localhost/dissectd:VERSION"

PLACES = (
    Place("VERSION", r"\AVERSION\n\Z"),
    Place("server/version.h", _CONSTANT),
    Place("clients/cli/version.h", _CONSTANT),
    Place("clients/python/pyproject.toml", r'^version = "VERSION"'),
    Place(
        "clients/python/src/dissectd/__init__.py", r'^__version__ = "VERSION"'
    ),
    Place("clients/rust/Cargo.toml", r'^version = "VERSION"'),
    Place("clients/rust/Cargo.lock", r'name = "dissectd"\nversion = "VERSION"'),
    Place("clients/java/pom.xml", r"^  <version>VERSION</version>"),
    Place("clients/java/README.md", r"<version>VERSION</version>"),
    Place("clients/typescript/package.json", _JSON),
    # The package is named at the top, and once more in the list of packages.
    Place("clients/typescript/package-lock.json", _JSON),
    Place(
        "clients/typescript/package-lock.json",
        r'"name": "@dissectd/client",\n {6}"version": "VERSION"',
    ),
    Place("clients/web/package.json", _JSON),
    Place("clients/web/package-lock.json", _JSON),
    Place(
        "clients/web/package-lock.json",
        r'"name": "@dissectd/web",\n {6}"version": "VERSION"',
    ),
    Place("deploy/compose.yaml", _IMAGE),
    Place("deploy/README.md", _IMAGE, count=2),
    Place(
        "deploy/kubernetes/chart/Chart.yaml", r"^(?:appV|v)ersion: VERSION", 2
    ),
    Place(
        "deploy/kubernetes/overlays/example/kustomization.yaml",
        "newTag: VERSION",
    ),
    Place(
        "deploy/kubernetes/README.md",
        r"(?:localhost|example)/dissectd:VERSION",
        3,
    ),
    Place("docs/clients.md", r"<version>VERSION</version>"),
)


class WrongTreeError(Exception):
    """A file doesn't contain the version where it should."""


def _matches(root: pathlib.Path, place: Place) -> list[re.Match[str]]:
    text = (root / place.path).read_text()
    found = list(place.expression().finditer(text))
    if len(found) != place.count:
        raise WrongTreeError(
            f"{place.path}: the version should be there {place.count} times, as"
            f" {place.pattern!r}, but is there {len(found)} times"
        )
    return found


def current(root: pathlib.Path) -> str:
    """Returns the version of the project."""
    return _matches(root, PLACES[0])[0]["version"]


def differences(root: pathlib.Path) -> list[str]:
    """Returns what is wrong, a line for each place."""
    wanted = current(root)
    wrong = []
    for place in PLACES:
        try:
            found = _matches(root, place)
        except (OSError, WrongTreeError) as error:
            wrong.append(str(error))
            continue
        wrong += [
            f"{place.path}: has {match['version']}, VERSION has {wanted}"
            for match in found
            if match["version"] != wanted
        ]
    return wrong


def write(root: pathlib.Path, version: str) -> None:
    """Writes a version to all places, or to none if one isn't as expected."""
    texts: dict[str, str] = {}
    for place in PLACES:
        _matches(root, place)
        text = texts.get(place.path, (root / place.path).read_text())
        texts[place.path] = place.expression().sub(
            lambda match: match[0].replace(match["version"], version), text
        )
    for path, text in texts.items():
        (root / path).write_text(text)


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument(
        "version", nargs="?", help="the next version, such as 1.2.3"
    )
    parser.add_argument(
        "--root",
        type=pathlib.Path,
        default=pathlib.Path(__file__).resolve().parent.parent.parent,
        help="the folder of the sources",
    )
    arguments = parser.parse_args()
    try:
        if arguments.version is None:
            wrong = differences(arguments.root)
            print("\n".join(wrong), file=sys.stderr, end="\n" if wrong else "")
            if not wrong:
                print(current(arguments.root))
            return 1 if wrong else 0
        if not FORM.fullmatch(arguments.version):
            parser.error(
                "a version is three numbers such as 1.2.3, not"
                f' "{arguments.version}"'
            )
        write(arguments.root, arguments.version)
    except (OSError, WrongTreeError) as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
