# SPDX-License-Identifier: GPL-2.0-or-later
"""Waits for what other programs do, in tests and benchmarks."""

import time
from collections.abc import Callable

PATIENCE_SECONDS = 60
_POLL_SECONDS = 0.01


class WaitError(Exception):
    """Something that must happen didn't happen in time."""


def wait_for(
    what: str,
    condition: Callable[[], bool],
    patience_seconds: float = PATIENCE_SECONDS,
) -> None:
    """Waits until a condition is true.

    Raises WaitError, which names `what`: a noun, such as "the first frame".
    """
    deadline = time.monotonic() + patience_seconds
    while not condition():
        if time.monotonic() > deadline:
            raise WaitError(f"waited in vain for {what}")
        time.sleep(_POLL_SECONDS)
