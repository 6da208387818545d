# SPDX-License-Identifier: Apache-2.0
"""Daemons that share the work of a process, and what to do if one fails."""

from __future__ import annotations

import contextlib
import dataclasses
import random
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from typing import Any, TypeVar

import grpc

from dissectd.dask.worker import own_address
from dissectd.errors import ConnectionFailed, DissectdError, TryAgainError
from dissectd.sync.client import Client, connect

Result = TypeVar("Result")

_FIRST_REST = 0.5
_LONGEST_REST = 30.0
_OWN_RETRIES = 2


def portable(error: DissectdError) -> DissectdError:
    """Returns an error without its cause, which only this process can have."""
    error.__cause__ = error.__context__ = None
    return error


def is_transient(error: DissectdError) -> bool:
    """Tells whether the same request may succeed later, or elsewhere."""
    if isinstance(error, ConnectionFailed | TryAgainError):
        return True
    return error.code is grpc.StatusCode.RESOURCE_EXHAUSTED


class _Member:
    """A daemon of a pool."""

    def __init__(self, address: str) -> None:
        self.address = address
        self.calls = 0
        self.rests_until = 0.0
        self._next_rest = _FIRST_REST

    def rest(self, error: DissectdError) -> None:
        """Keeps calls away for a time, which grows with each failure."""
        seconds = max(self._next_rest, error.retry_after or 0)
        self.rests_until = time.monotonic() + seconds
        self._next_rest = min(2 * self._next_rest, _LONGEST_REST)

    def recover(self) -> None:
        self.rests_until = 0.0
        self._next_rest = _FIRST_REST


class Pool:
    """Gives each task the daemon that has the fewest of this process."""

    def __init__(self, addresses: tuple[str, ...]) -> None:
        self._lock = threading.Lock()
        # Processes that began with the same daemon would crowd it.
        shuffled = random.sample(addresses, len(addresses))
        self._members = [_Member(address) for address in shuffled]

    @contextlib.contextmanager
    def member(self) -> Iterator[_Member]:
        chosen = self._choose()
        try:
            yield chosen
        finally:
            with self._lock:
                chosen.calls -= 1

    def _choose(self) -> _Member:
        """Waits, if all daemons rest, for the first one that doesn't."""
        while True:
            with self._lock:
                now = time.monotonic()
                awake = [m for m in self._members if m.rests_until <= now]
                if awake:
                    chosen = min(awake, key=lambda member: member.calls)
                    chosen.calls += 1
                    # The next of those that have equally many is another.
                    self._members.remove(chosen)
                    self._members.append(chosen)
                    return chosen
                until = min(member.rests_until for member in self._members)
            time.sleep(max(until - now, 0))


_pools: dict[tuple[str, ...], Pool] = {}
_pools_lock = threading.Lock()


def _pool(addresses: tuple[str, ...]) -> Pool:
    with _pools_lock:
        return _pools.setdefault(addresses, Pool(addresses))


@dataclasses.dataclass(frozen=True)
class Daemons:
    """Which daemons to ask, and how often to try again.

    Without addresses each process starts a daemon of its own.
    """

    addresses: tuple[str, ...]
    connection: Mapping[str, Any]
    retries: int

    def ask(self, question: Callable[[Client], Result]) -> Result:
        """Returns what a daemon answers.

        Each daemon is tried at least once if those before it can't be reached
        or are busy.
        """
        try:
            return self._ask(question)
        except DissectdError as error:
            portable(error)
            raise

    def _ask(self, question: Callable[[Client], Result]) -> Result:
        addresses = self.addresses or (own_address(),)
        pool = _pool(addresses)
        # A process's own daemon is started again once its end is noticed.
        fewest = len(addresses) - 1 if self.addresses else _OWN_RETRIES
        left = max(self.retries, fewest)
        unreachable: set[str] = set()
        while True:
            with pool.member() as member:
                try:
                    with connect(member.address, **self.connection) as client:
                        result = question(client)
                    member.recover()
                    return result
                except DissectdError as error:
                    if not is_transient(error):
                        raise
                    member.rest(error)
                    if isinstance(error, ConnectionFailed):
                        unreachable.add(member.address)
                    if left == 0:
                        raise _last_error(
                            addresses, unreachable, error
                        ) from None
            left -= 1
            if not self.addresses:
                # The process's own daemon may have been started again.
                addresses = (own_address(),)
                pool = _pool(addresses)


def _last_error(
    addresses: tuple[str, ...], unreachable: set[str], error: DissectdError
) -> DissectdError:
    if len(addresses) == 1 or unreachable != set(addresses):
        return error
    names = ", ".join(addresses)
    return ConnectionFailed(
        f"None of the daemons can be reached: {names}. {error.message}",
        code=error.code,
    )
