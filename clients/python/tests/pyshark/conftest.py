# SPDX-License-Identifier: Apache-2.0
"""Scripts and captures for pyshark and for what stands in for it."""

import asyncio
import pathlib
import sys
import warnings
from collections.abc import Iterator

import pytest
from daemon import Daemon

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parents[3]
# At the end, as another folder of tests has a conftest that tests import.
sys.path += [str(HERE), str(ROOT / "tests" / "clients")]

from loopback_traffic import LoopbackTraffic  # noqa: E402


@pytest.fixture(autouse=True)
def server(daemon: Daemon, monkeypatch: pytest.MonkeyPatch) -> str:
    """The daemon is where scripts look for it."""
    # pyshark needs an event loop, and what later versions of Python deprecate.
    asyncio.set_event_loop(asyncio.new_event_loop())
    warnings.simplefilter("ignore", DeprecationWarning)
    monkeypatch.setenv("DISSECTD_SERVER", daemon.address)
    return str(daemon.address)


@pytest.fixture(scope="session")
def traffic() -> Iterator[LoopbackTraffic]:
    running = LoopbackTraffic()
    yield running
    running.stop()
