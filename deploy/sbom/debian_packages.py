# SPDX-License-Identifier: GPL-2.0-or-later
"""Reads dpkg's database: which package has a file, and what it is."""

import dataclasses
import functools
import pathlib
import subprocess
from collections.abc import Iterator

DATABASE = pathlib.Path("/var/lib/dpkg")


@functools.cache
def _real_folder(folder: pathlib.Path) -> pathlib.Path:
    return folder.resolve()


def canonical(path: pathlib.Path) -> pathlib.Path:
    """Returns the path of a file itself, not of what it links to.

    Packages list /lib/x, though /lib is a link to /usr/lib.
    """
    return _real_folder(path.parent) / path.name


@dataclasses.dataclass(frozen=True)
class Package:
    """An installed package; `stanza` is its entry in dpkg's status file."""

    name: str
    version: str
    architecture: str
    source: str
    maintainer: str
    homepage: str
    stanza: str

    def files(self) -> Iterator[pathlib.Path]:
        for name in (f"{self.name}:{self.architecture}", self.name):
            listing = DATABASE / "info" / f"{name}.list"
            if listing.exists():
                for line in listing.read_text().splitlines():
                    if line != "/.":
                        yield canonical(pathlib.Path(line))
                return
        raise FileNotFoundError(f"dpkg has no list of files of {self.name}")


def _package(stanza: str) -> Package | None:
    fields = {}
    for line in stanza.splitlines():
        name, separator, value = line.partition(": ")
        if separator and not line.startswith(" "):
            fields[name] = value
    if fields.get("Status") != "install ok installed":
        return None
    return Package(
        name=fields["Package"],
        version=fields["Version"],
        architecture=fields["Architecture"],
        # "Source: name (version)" if the versions differ.
        source=fields.get("Source", fields["Package"]),
        maintainer=fields["Maintainer"],
        homepage=fields.get("Homepage", ""),
        stanza=stanza.strip() + "\n",
    )


def installed_packages() -> dict[str, Package]:
    stanzas = (DATABASE / "status").read_text().split("\n\n")
    found = (_package(stanza) for stanza in stanzas if stanza.strip())
    return {package.name: package for package in found if package}


def owners(packages: dict[str, Package]) -> dict[pathlib.Path, Package]:
    """Returns the packages that files belong to."""
    return {
        path: package
        for package in packages.values()
        for path in package.files()
    }


def libraries_of(program: pathlib.Path) -> list[pathlib.Path]:
    """Returns the libraries that the loader loads with a program or library.

    Raises an error if one is missing.
    """
    run = subprocess.run(
        ["ldd", str(program)], capture_output=True, text=True, check=True
    )
    libraries = []
    for line in run.stdout.splitlines():
        words = line.split()
        if "not found" in line:
            raise FileNotFoundError(f"{program} needs {words[0]}")
        paths = [word for word in words if word.startswith("/")]
        libraries += [pathlib.Path(path) for path in paths]
    return libraries
