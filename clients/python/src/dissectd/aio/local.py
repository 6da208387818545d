# SPDX-License-Identifier: Apache-2.0
"""A daemon for the life of the program."""

from __future__ import annotations

import asyncio
import os
import time
from collections.abc import Sequence

from dissectd.aio.client import Client
from dissectd.aio.transport import Transport
from dissectd.daemon import LocalDaemon
from dissectd.errors import ConnectionFailed, DissectdError
from dissectd.settings import Settings, endpoint

_START_SECONDS = 60
_PAUSE = 0.05


async def local(
    store: str | os.PathLike[str] | None = None,
    *,
    program: str = "",
    options: Sequence[str] = (),
) -> Client:
    """Starts a daemon of this machine, and returns a client of it.

    It ends with the program. `store` is the folder of its captures, by default
    a new one; `options` are those of the command line of dissectd.
    """
    return await wait_until_it_answers(LocalDaemon(store, program, options))


async def wait_until_it_answers(daemon: LocalDaemon) -> Client:
    """Returns a client of a daemon, which is stopped if it doesn't start."""
    deadline = time.monotonic() + _START_SECONDS
    try:
        while True:
            client = Client(Transport(endpoint(Settings(daemon.address))))
            try:
                await client.info()
                return client
            except ConnectionFailed:
                await client.close()
                daemon.check()
                if time.monotonic() > deadline:
                    raise
            await asyncio.sleep(_PAUSE)
    except DissectdError:
        daemon.stop()
        raise
