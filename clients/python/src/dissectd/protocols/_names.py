# SPDX-License-Identifier: Apache-2.0
"""How names of Wireshark's registry become names of Python.

Letters and digits stay as they are, and other characters become `_`. A name
that begins with a digit has a `_` before it, and a keyword of Python or the
name of a method of fields has one behind it. If two names become the same, the
one that didn't change has it, or else the first of the alphabet; the other is
an item only.
"""

from __future__ import annotations

import collections
import keyword
import re
from collections.abc import Iterable, Iterator

METHODS = frozenset({"contains", "isin", "layer", "matches"})
_OTHER = re.compile(r"[^0-9A-Za-z_]")
_OTHERS = re.compile(r"[^0-9A-Za-z]+")


def identifier(name: str) -> str:
    """Returns the attribute for a part of a field's name."""
    text = _OTHER.sub("_", name)
    if text[:1].isdigit():
        text = f"_{text}"
    if keyword.iskeyword(text) or text in METHODS:
        text += "_"
    return text or "_"


def identifiers(names: Iterable[str]) -> dict[str, str]:
    """Returns the attributes of some names, with the name of each."""
    found: dict[str, str] = {}
    for name in sorted(
        names, key=lambda name: (identifier(name) != name, name)
    ):
        found.setdefault(identifier(name), name)
    return found


def _constant(text: str) -> str:
    name = _OTHERS.sub("_", text).strip("_").upper()
    return f"_{name}" if name[:1].isdigit() else name


def _suffix(value: int | range) -> str:
    number = value.start if isinstance(value, range) else value
    return f"_{number}" if number >= 0 else f"_MINUS_{-number}"


def constants(
    values: list[tuple[int | range, str]], taken: Iterable[str]
) -> Iterator[tuple[str, int | range, str]]:
    """Yields the attribute of each named value of a field.

    It is the name in upper case, without what follows in parentheses unless two
    names differ in that only. Names of several values have the value behind
    them, and names that a field below has, a `_`.
    """
    shorts = [_constant(text.partition(" (")[0]) for _, text in values]
    longs = [_constant(text) for _, text in values]
    often = collections.Counter(shorts), collections.Counter(longs)
    reserved = {*taken, *METHODS}
    used: set[str] = set()
    for (value, text), short, long in zip(values, shorts, longs, strict=True):
        name = short if often[0][short] == 1 else long
        if not name:
            continue
        if often[1][long] > 1 and often[0][short] > 1:
            name += _suffix(value)
        if name in reserved or keyword.iskeyword(name):
            name += "_"
        if name not in used:
            used.add(name)
            yield name, value, text
