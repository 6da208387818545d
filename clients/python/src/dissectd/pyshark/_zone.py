# SPDX-License-Identifier: Apache-2.0
"""The time zone of this machine, which times in labels have."""

from __future__ import annotations

import os
import pathlib

_FOLDER = "/zoneinfo/"
_LOCAL = "/etc/localtime"
_NAME = "/etc/timezone"


def _of_file(path: str) -> str:
    """Returns the zone that a file describes, by its place among zones."""
    for name in (os.path.realpath(path), path):
        _, found, zone = name.rpartition(_FOLDER)
        if found:
            return zone
    return ""


def local_time_zone() -> str:
    """Returns the name or the rule of the zone; empty if it is unknown."""
    zone = os.environ.get("TZ", "").removeprefix(":")
    if zone:
        return (_of_file(zone) if zone.startswith("/") else "") or zone
    zone = _of_file(_LOCAL)
    if zone:
        return zone
    try:
        return pathlib.Path(_NAME).read_text().strip()
    except OSError:
        return ""
