# SPDX-License-Identifier: Apache-2.0
"""Finds fields by the names that they have in Wireshark."""

from __future__ import annotations

import importlib
from typing import Any

from dissectd.filters.fields import Protocol


def field(name: str) -> Any:
    """Returns a field or protocol, such as `field("_ws.malformed")`.

    A KeyError says that there is none. `dissectd.protocols[name]` is the same,
    but type checkers don't accept items of modules.
    """
    # The registry is made of fields, and so imports this package.
    protocols: Any = importlib.import_module("dissectd.protocols")
    return protocols[name]


def protocol(name: str) -> Protocol:
    """Returns a protocol, such as `protocol("s7comm")`."""
    found = field(name)
    if not isinstance(found, Protocol):
        raise TypeError(f"{name} is not a protocol.")
    return found
