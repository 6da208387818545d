# SPDX-License-Identifier: Apache-2.0
"""Tells which daemon would be used: `python -m dissectd [ADDRESS]`."""

from __future__ import annotations

import sys

import dissectd


def main(arguments: list[str]) -> int:
    if len(arguments) > 1 or (arguments and arguments[0].startswith("-")):
        print("usage: python -m dissectd [ADDRESS]", file=sys.stderr)
        return 1
    try:
        with dissectd.connect(*arguments) as w:
            info = w.info()
            address = w.transport.address
    except dissectd.DissectdError as error:
        print(error, file=sys.stderr)
        return 3
    engines = ", ".join(engine.id for engine in info.engines)
    print(f"dissectd {info.version} at {address}, with {engines}")
    print(f"You are {info.caller.principal or 'not asked who you are'}.")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
