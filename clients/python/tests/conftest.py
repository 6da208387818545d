# SPDX-License-Identifier: Apache-2.0
"""A daemon on a copy of the project's captures."""

import os
import pathlib
import shutil
import sys
from collections.abc import Iterator

import pytest

import dissectd

ROOT = pathlib.Path(__file__).resolve().parents[3]
CAPTURES = ROOT / "tests" / "captures"
sys.path.insert(0, str(ROOT / "tests" / "running"))

from daemon import Daemon, clean_environment  # noqa: E402


@pytest.fixture(scope="session")
def store(tmp_path_factory: pytest.TempPathFactory) -> pathlib.Path:
    folder = tmp_path_factory.mktemp("store")
    for capture in CAPTURES.glob("*.pcap*"):
        shutil.copy(capture, folder)
    return folder


@pytest.fixture(scope="session")
def daemon(
    store: pathlib.Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Daemon]:
    work = tmp_path_factory.mktemp("daemon")
    running = Daemon(
        os.environ["DISSECTD"],
        os.environ["DISSECTCTL"],
        store,
        work,
        clean_environment(work / "home"),
        [],
    )
    yield running
    running.stop()


@pytest.fixture
def w(daemon: Daemon) -> Iterator[dissectd.Client]:
    with dissectd.connect(daemon.address) as client:
        yield client
