# SPDX-License-Identifier: GPL-2.0-or-later
"""Parses the heads of PDML and PSML, which name the program and the time."""

import calendar
import re
import time

# The line with the creator is within the first bytes.
HEAD_BYTES = 1 << 13

_CREATOR = re.compile(rb'(<p[ds]ml version="0" creator=")[a-z]+/[^"]*"')
_TIME = re.compile(rb'(<pdml [^>]* time=")([^"]*)"')
# The format of asctime.
_TIME_FORMAT = "%a %b %d %H:%M:%S %Y"


def remove_creator(head: bytes) -> bytes:
    """Removes the program's name and version."""
    return _CREATOR.sub(rb'\1"', head, count=1)


def remove_time(head: bytes, started: float, ended: float) -> tuple[bytes, str]:
    """Removes the time of PDML if the program ran then.

    Returns the head without the time, and a description of what is wrong. The
    program's time zone must be that of this process.
    """
    found = _TIME.search(head)
    if found is None:
        return head, ""
    text = found.group(2).decode(errors="replace")
    try:
        written = time.strptime(text, _TIME_FORMAT)
    except ValueError:
        return head, f"no time: {text}"
    # asctime writes whole seconds.
    first = calendar.timegm(time.localtime(started))
    last = calendar.timegm(time.localtime(ended))
    if not first <= calendar.timegm(written) <= last:
        return head, f"a time when the program didn't run: {text}"
    return _TIME.sub(rb'\1"', head, count=1), ""
