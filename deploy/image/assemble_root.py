#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Copies what dissectd needs to run, and nothing else, into the image's root.

Runs in the Dockerfile's build stage, as root. From Debian's packages it takes
the libraries that the loader needs, their data and their licences: there is no
shell, no package manager and no perl in the image. The same packages give the
same bytes.
"""

import argparse
import datetime
import os
import pathlib
import shutil
import stat
import subprocess
import sys
from collections.abc import Iterable, Iterator

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "sbom"))

from debian_packages import (
    Package,
    canonical,
    installed_packages,
    libraries_of,
    owners,
)
from spdx import programs_document

USER = "dissectd"
USER_ID = 65532

# The packages that aren't libraries, or whose programs need libraries.
EXPLICIT_PACKAGES = (
    "base-files",
    "libc-bin",  # the locale C.UTF-8
    "libwireshark-data",
    "libwireshark16",  # has plugins
    "netbase",  # the names of ports and protocols in capture filters
    "tzdata",
    "wireshark-common",
)

# What is copied from Debian's packages, by folder or by file.
WANTED = (
    "etc/debian_version",
    "etc/host.conf",
    "etc/os-release",
    "etc/protocols",
    "etc/services",
    "etc/wireshark",
    "usr/bin/dumpcap",
    "usr/bin/mmdbresolve",
    "usr/lib",
    "usr/lib64",
    "usr/share/common-licenses",
    "usr/share/wireshark",
    "usr/share/zoneinfo",
)

# What is copied from `./dev install`. There is nobody to read manual pages.
WANTED_OF_DISSECTD = ("bin", "libexec", "share/doc", "share/dissectd")

ROOT_LINKS = ("bin", "lib", "lib64", "sbin")
ROOT_FOLDERS = ("dev", "etc", "proc", "run", "sys", "usr/bin", "usr/sbin")


def is_wanted(path: pathlib.Path) -> bool:
    relative = path.relative_to("/")
    return any(relative.is_relative_to(wanted) for wanted in WANTED)


def is_elf(path: pathlib.Path) -> bool:
    if path.is_symlink() or not path.is_file():
        return False
    with path.open("rb") as file:
        return file.read(4) == b"\x7fELF"


class Closure:
    """The packages and libraries that programs need."""

    def __init__(self, programs: Iterable[pathlib.Path]) -> None:
        installed = installed_packages()
        owner_of = owners(installed)
        needed = {name: installed[name] for name in EXPLICIT_PACKAGES}
        elf_files = list(programs)
        for package in needed.values():
            elf_files += [
                path
                for path in package.files()
                if is_wanted(path) and is_elf(path)
            ]
        self._libraries = set()
        for elf_file in elf_files:
            for library in libraries_of(elf_file):
                package = owner_of[canonical(library)]
                needed[package.name] = package
                self._libraries.add(library.resolve())
        self.packages = sorted(needed.values(), key=lambda p: p.name)

    def files(self, package: Package) -> Iterator[pathlib.Path]:
        """Returns what the image gets from a package."""
        for path in package.files():
            if is_wanted(path) and not self._is_unneeded_library(package, path):
                yield path

    def _is_unneeded_library(
        self, package: Package, path: pathlib.Path
    ) -> bool:
        # libc's character sets are loaded by name.
        if package.name in EXPLICIT_PACKAGES or path.parent.name == "gconv":
            return False
        library = path.resolve()
        return is_elf(library) and library not in self._libraries


def copy(source: pathlib.Path, target: pathlib.Path) -> None:
    """Copies a file, link or folder, but not what a folder contains."""
    target.parent.mkdir(parents=True, exist_ok=True)
    if source.is_symlink():
        target.symlink_to(source.readlink())
    elif source.is_dir():
        target.mkdir(exist_ok=True)
        target.chmod(stat.S_IMODE(source.stat().st_mode))
    else:
        shutil.copy2(source, target)


def copy_debian_files(closure: Closure, root: pathlib.Path) -> None:
    for name in ROOT_FOLDERS:
        (root / name).mkdir(parents=True, exist_ok=True)
    for name in ROOT_LINKS:
        (root / name).symlink_to(pathlib.Path("usr") / name)
    for package in closure.packages:
        for path in closure.files(package):
            copy(path, root / path.relative_to("/"))
        licence = pathlib.Path("usr/share/doc") / package.name / "copyright"
        copy(("/" / licence).resolve(), root / licence)


def copy_programs(prefix: pathlib.Path, root: pathlib.Path) -> None:
    local = root / "usr/local"
    for wanted in WANTED_OF_DISSECTD:
        shutil.copytree(prefix / wanted, local / wanted)
    programs = [path for path in local.rglob("*") if is_elf(path)]
    subprocess.run(["strip", "--strip-unneeded", *programs], check=True)


def write_configuration(root: pathlib.Path) -> None:
    etc = root / "etc"
    (etc / "passwd").write_text(
        "root:x:0:0:root:/:/usr/sbin/nologin\n"
        f"{USER}:x:{USER_ID}:{USER_ID}:{USER}:/captures:/usr/sbin/nologin\n"
    )
    (etc / "group").write_text(f"root:x:0:\n{USER}:x:{USER_ID}:\n")
    (etc / "nsswitch.conf").write_text(
        "passwd: files\ngroup: files\nhosts: files dns\n"
        "services: files\nprotocols: files\n"
    )
    temporary = root / "tmp"
    temporary.mkdir()
    temporary.chmod(0o1777)
    captures = root / "captures"
    captures.mkdir(mode=0o750)
    os.chown(captures, USER_ID, USER_ID)


def write_package_list(packages: list[Package], root: pathlib.Path) -> None:
    """Tells scanners what the image has, where they look without a dpkg."""
    folder = root / "var/lib/dpkg/status.d"
    folder.mkdir(parents=True)
    for package in packages:
        (folder / package.name).write_text(package.stanza)


def write_sbom(
    packages: list[Package], root: pathlib.Path, created: datetime.datetime
) -> None:
    document = programs_document(
        root / "usr/local/bin/dissectd", packages, created
    )
    (root / "usr/local/share/doc/dissectd/sbom.spdx.json").write_text(document)


def set_times(root: pathlib.Path, seconds: int) -> None:
    for path in [root, *root.rglob("*")]:
        os.utime(path, (seconds, seconds), follow_symlinks=False)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("prefix", type=pathlib.Path, help="of ./dev install")
    parser.add_argument("root", type=pathlib.Path, help="a new folder")
    arguments = parser.parse_args()
    root: pathlib.Path = arguments.root
    epoch = int(os.environ.get("SOURCE_DATE_EPOCH", "0"))
    os.umask(0o022)
    root.mkdir(mode=0o755)

    copy_programs(arguments.prefix, root)
    programs = [path for path in root.rglob("*") if is_elf(path)]
    closure = Closure(programs)
    copy_debian_files(closure, root)
    write_configuration(root)
    write_package_list(closure.packages, root)
    created = datetime.datetime.fromtimestamp(epoch, datetime.UTC)
    write_sbom(closure.packages, root, created)
    subprocess.run(["ldconfig", "-X", "-r", root], check=True)
    shutil.rmtree(root / "var/cache", ignore_errors=True)
    set_times(root, epoch)
    # Only dumpcap may capture; nothing in the image runs as root.
    subprocess.run(
        ["setcap", "cap_net_raw,cap_net_admin+eip", root / "usr/bin/dumpcap"],
        check=True,
    )


if __name__ == "__main__":
    main()
