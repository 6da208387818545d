# SPDX-License-Identifier: GPL-2.0-or-later
"""The configuration that all others are derived from, and its sections."""

from __future__ import annotations

import re
from pathlib import Path

BASE = Path(__file__).resolve().with_name("envoy.yaml")
_MARK = re.compile(r"^ *# (BEGIN|END) ([a-z-]+)$")


class BaseError(Exception):
    """The base configuration isn't as this program expects it."""


def sections(base: str) -> list[str]:
    """Returns the names of the sections that can be left out."""
    marks = filter(None, map(_MARK.match, base.splitlines()))
    return sorted({mark[2] for mark in marks})


def without(base: str, unwanted: set[str]) -> str:
    """Returns the configuration without some sections, and without marks."""
    kept = []
    open_sections: list[str] = []
    for line in base.splitlines(keepends=True):
        mark = _MARK.match(line)
        if mark and mark[1] == "BEGIN":
            open_sections.append(mark[2])
        elif mark and (not open_sections or open_sections.pop() != mark[2]):
            raise BaseError(f'"END {mark[2]}" has no beginning')
        elif not mark and not unwanted.intersection(open_sections):
            kept.append(line)
    if open_sections:
        raise BaseError(f'"BEGIN {open_sections[0]}" has no end')
    return "".join(kept)


def replace(config: str, old: str, new: str) -> str:
    """Replaces a text that the configuration must have once."""
    if config.count(old) != 1:
        raise BaseError(f"{BASE} doesn't have {old!r} once")
    return config.replace(old, new)
