#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Prints the SBOM of programs, with those Debian packages that they use."""

import argparse
import datetime
import os
import pathlib

from debian_packages import canonical, installed_packages, libraries_of, owners
from spdx import programs_document


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("dissectd", type=pathlib.Path, help="the daemon")
    parser.add_argument("others", type=pathlib.Path, nargs="*", help="programs")
    arguments = parser.parse_args()
    owner_of = owners(installed_packages())
    packages = {
        owner_of[canonical(library)]
        for program in (arguments.dissectd, *arguments.others)
        for library in libraries_of(program)
    }
    created = datetime.datetime.fromtimestamp(
        int(os.environ.get("SOURCE_DATE_EPOCH", "0")), datetime.UTC
    )
    document = programs_document(arguments.dissectd, packages, created)
    print(document, end="")


if __name__ == "__main__":
    main()
