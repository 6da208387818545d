# SPDX-License-Identifier: Apache-2.0
"""Files of this machine that take their place once they are whole."""

from __future__ import annotations

import contextlib
import errno
import os
import pathlib
import secrets
import shutil
from collections.abc import Iterator
from typing import BinaryIO


@contextlib.contextmanager
def replacing(path: str | os.PathLike[str]) -> Iterator[BinaryIO]:
    """Opens a file that replaces another one at the end.

    After an error, the other one is still there, and nothing beside it.
    """
    # What a symbolic link leads to is replaced, and not the link.
    target = pathlib.Path(os.path.realpath(path))
    if target.exists() and not target.is_file() and not target.is_dir():
        # A device or a pipe takes what comes, and is never replaced.
        with target.open("wb") as file:
            yield file
        return
    _check_writable(target)
    temporary = target.with_name(f".dissectd-{secrets.token_hex(8)}")
    try:
        with temporary.open("xb") as file:
            yield file
        if target.exists():
            shutil.copymode(target, temporary)
        temporary.replace(target)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise


def _check_writable(target: pathlib.Path) -> None:
    """Raises the error that opening the file to write it would raise."""
    if target.is_dir():
        number = errno.EISDIR
    elif target.exists() and not os.access(target, os.W_OK):
        number = errno.EACCES
    elif not target.parent.exists():
        number = errno.ENOENT
    else:
        return
    raise OSError(number, os.strerror(number), str(target))
