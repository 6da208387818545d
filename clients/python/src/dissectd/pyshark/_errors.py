# SPDX-License-Identifier: Apache-2.0
"""pyshark's exceptions, and when they are raised."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator

import dissectd
from dissectd.pyshark.tshark.tshark import TSharkNotFoundException


class TSharkCrashException(Exception):
    """The daemon refused a request, or couldn't read a capture to its end."""


class UnknownEncyptionStandardException(Exception):
    """There is no such kind of encryption. The name is pyshark's."""


class RawMustUseJsonException(Exception):
    """Only packets from JSON have bytes."""


class StopCapture(Exception):
    """Ends the reading of packets when a callback raises it."""


@contextlib.contextmanager
def pyshark_errors() -> Iterator[None]:
    """Raises pyshark's exceptions for those of this package."""
    try:
        yield
    except dissectd.ConnectionFailed as error:
        raise TSharkNotFoundException(str(error)) from error
    except dissectd.DissectdError as error:
        raise TSharkCrashException(
            f"The daemon failed (retcode: 2).\nLast error line: {error}"
        ) from error
