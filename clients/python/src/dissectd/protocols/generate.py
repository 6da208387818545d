# SPDX-License-Identifier: Apache-2.0
"""Makes the protocols of a daemon's Wireshark known to Python.

    python -m dissectd.protocols.generate --server host --output myapp/wire

makes a package `myapp.wire`: `from myapp.wire import ip, tcp`. Without --output
the protocols of the installed `dissectd.protocols` are replaced.
"""

from __future__ import annotations

import argparse
import pathlib
import sys

from dissectd.errors import DissectdError
from dissectd.protocols._data import Data, archive
from dissectd.protocols._package import FILE
from dissectd.protocols._reading import read
from dissectd.protocols._stubs import write
from dissectd.sync.client import connect

_OWN = pathlib.Path(__file__).parent
_PACKAGE = '''"""Protocols and fields of one Wireshark, for filters."""

from dissectd.protocols._package import install

install(__name__)
'''


def _module(folder: pathlib.Path) -> str:
    """Returns the name that a package's folder has for imports."""
    parts = [folder.name]
    while (folder.parent / "__init__.py").exists():
        folder = folder.parent
        parts.insert(0, folder.name)
    return ".".join(parts)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m dissectd.protocols.generate",
        description="Reads protocols, fields and named values.",
    )
    parser.add_argument(
        "--server", default="", help="the daemon's address, as for connect()"
    )
    parser.add_argument(
        "--context", default="", help="a context of dissectctl instead"
    )
    parser.add_argument(
        "--output",
        type=pathlib.Path,
        help="the folder of a package to make; without it, the protocols of "
        "this installation are replaced",
    )
    parser.add_argument(
        "--stubs-only",
        action="store_true",
        help="read no daemon, and write stubs for the protocols that are there",
    )
    parser.add_argument(
        "--no-stubs", action="store_true", help="write no stubs"
    )
    return parser.parse_args()


def generate(
    output: pathlib.Path | None,
    server: str = "",
    context: str = "",
    stubs: bool = True,
    stubs_only: bool = False,
) -> None:
    """Makes a package of the protocols that a daemon knows."""
    package = (output or _OWN).resolve()
    if not stubs_only:
        with connect(server, context=context) as client:
            registry = read(client)
        package.mkdir(parents=True, exist_ok=True)
        (package / FILE).write_bytes(archive(registry))
        if package != _OWN:
            (package / "__init__.py").write_text(_PACKAGE)
    if stubs:
        write(Data(package / FILE), package, _module(package))


def main() -> int:
    arguments = _arguments()
    try:
        generate(
            arguments.output,
            arguments.server,
            arguments.context,
            not arguments.no_stubs,
            arguments.stubs_only,
        )
    except (DissectdError, OSError) as error:
        print(f"generate: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
