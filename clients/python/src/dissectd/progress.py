# SPDX-License-Identifier: Apache-2.0
"""A progress bar for uploads, on terminals only."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from typing import TypeAlias

# Takes the bytes that are done, and all bytes.
Progress: TypeAlias = Callable[[int, int], None]

_WIDTH = 30
_FIRST_SECONDS = 0.5


class Bar:
    """Draws a bar on standard error if an upload takes a while."""

    def __init__(self, title: str) -> None:
        self._title = title
        self._shown = False
        self._next = time.monotonic() + _FIRST_SECONDS

    def __call__(self, done: int, total: int) -> None:
        finished = done >= total
        now = time.monotonic()
        if not (finished and self._shown) and now < self._next:
            return
        if finished and not self._shown:
            return
        self._next = now + 0.1
        self._shown = not finished
        part = done / total if total else 1.0
        filled = "#" * round(part * _WIDTH)
        end = "\n" if finished else ""
        sys.stderr.write(
            f"\r{self._title} [{filled:{_WIDTH}}] {part:4.0%}{end}"
        )
        sys.stderr.flush()


def default_progress(title: str) -> Progress | None:
    """Returns a bar if standard error is a terminal."""
    return Bar(title) if sys.stderr.isatty() else None
