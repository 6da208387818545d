# SPDX-License-Identifier: Apache-2.0
"""What layers and packets have in common."""

from __future__ import annotations

import sys

_RESET = "\x1b[0m"
_BOLD = "\x1b[1m"
_COLORS = {"yellow": "\x1b[33m", "green": "\x1b[32m"}


def colored(text: str, color: str | None = None) -> str:
    """Returns a text in bold letters if the output is a terminal."""
    try:
        on_terminal = sys.stdout.isatty()
    except (AttributeError, ValueError):
        # There is no standard output, or it is closed.
        return text
    if not on_terminal:
        return text
    return f"{_BOLD}{_COLORS.get(color or '', '')}{text}{_RESET}"
