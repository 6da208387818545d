# SPDX-License-Identifier: Apache-2.0
"""Display filters, and how they are combined."""

from __future__ import annotations

import enum
from typing import Any, NoReturn


class Level(enum.IntEnum):
    """How strongly the outermost operator of a filter binds."""

    OR = 0
    AND = 1
    NOT = 2
    RELATION = 3
    EXISTENCE = 4


class Text:
    """A part of a display filter. `str()` gives its text."""

    def __init__(self, text: str) -> None:
        self._text = text

    def __str__(self) -> str:
        return self._text

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self._text}>"

    def __eq__(self, other: object) -> Any:
        raise TypeError(f"{self} has no value that could equal {other!r}.")

    __ne__ = __eq__

    def __hash__(self) -> int:
        return hash(self._text)

    def __bool__(self) -> NoReturn:
        raise TypeError(
            f"{self} is neither true nor false before frames are tested. "
            "Combine filters with &, | and ~ instead of and, or and not, put "
            "comparisons in parentheses, and don't chain them."
        )


class Filter(Text):
    """A display filter: a test that frames pass or fail.

    `&`, `|` and `~` combine filters. Python binds them more strongly than
    comparisons, which therefore need parentheses: `(ip.ttl < 5) & tcp`.
    """

    def __init__(self, text: str, level: Level = Level.RELATION) -> None:
        super().__init__(text)
        self._level = level

    def __and__(self, other: Filter) -> Filter:
        return _joined(self, other, "&&", Level.AND)

    def __or__(self, other: Filter) -> Filter:
        return _joined(self, other, "||", Level.OR)

    def __invert__(self) -> Filter:
        return Filter(f"!{_inside(self, Level.EXISTENCE)}", Level.NOT)


def _inside(part: Filter, level: Level) -> str:
    return str(part) if part._level >= level else f"({part})"


def _joined(left: Filter, right: object, sign: str, level: Level) -> Filter:
    if not isinstance(right, Filter):
        hint = (
            " Put comparisons in parentheses."
            if isinstance(right, bool)
            else " Use raw() for the text of a filter."
            if isinstance(right, str)
            else ""
        )
        raise TypeError(f"{right!r} is not a filter.{hint}")
    return Filter(
        f"{_inside(left, level)} {sign} {_inside(right, level)}", level
    )


class Raw(Filter):
    """A text that is put into a filter as it is."""


def raw(text: str) -> Raw:
    """Returns a text as a part of a filter, without looking at it.

    It can be a filter, or the right side of a comparison:
    `ip.dst == raw("www.example.com")`.
    """
    if not isinstance(text, str) or not text.strip():
        raise TypeError(f"{text!r} is not the text of a filter.")
    return Raw(text, Level.OR)
