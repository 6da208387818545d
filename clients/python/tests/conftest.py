# SPDX-License-Identifier: Apache-2.0
"""Daemons on copies of the project's captures."""

import os
import pathlib
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from concurrent import futures

import grpc
import pytest

import dissectd

ROOT = pathlib.Path(__file__).resolve().parents[3]
CAPTURES = ROOT / "tests" / "captures"
sys.path[:0] = [
    str(ROOT / "tests" / "running"),
    str(pathlib.Path(__file__).parent),
]

from daemon import Daemon, clean_environment  # noqa: E402

StartDaemon = Callable[..., Daemon]


def make_store(folder: pathlib.Path) -> pathlib.Path:
    for capture in CAPTURES.glob("*.pcap*"):
        shutil.copy(capture, folder)
    return folder


def start(
    store: pathlib.Path, work: pathlib.Path, *options: str, token: str = ""
) -> Daemon:
    environment = clean_environment(work / "home")
    if token:
        environment["DISSECTD_TOKEN"] = token
    return Daemon(
        os.environ["DISSECTD"],
        os.environ["DISSECTCTL"],
        store,
        work,
        environment,
        list(options),
    )


def token_for(tokens: pathlib.Path, name: str, expires: str) -> str:
    run = subprocess.run(
        [
            os.environ["DISSECTCTL"],
            "token",
            "create",
            name,
            f"--expires={expires}",
            f"--append={tokens}",
        ],
        capture_output=True,
        check=True,
        text=True,
    )
    return run.stdout.strip()


@pytest.fixture(scope="session")
def store(tmp_path_factory: pytest.TempPathFactory) -> pathlib.Path:
    return make_store(tmp_path_factory.mktemp("store"))


@pytest.fixture(scope="session")
def daemon(
    store: pathlib.Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Daemon]:
    running = start(store, tmp_path_factory.mktemp("daemon"))
    yield running
    running.stop()


@pytest.fixture
def start_daemon(tmp_path: pathlib.Path) -> Iterator[StartDaemon]:
    """Starts daemons that belong to a test, all on one store and socket."""
    folder = tmp_path / "store"
    folder.mkdir()
    make_store(folder)
    started: list[Daemon] = []

    def start_another(*options: str, token: str = "") -> Daemon:
        work = tmp_path / "daemon"
        started.append(start(folder, work, *options, token=token))
        return started[-1]

    yield start_another
    for each in started:
        each.kill()


@pytest.fixture
def tokens(tmp_path: pathlib.Path) -> pathlib.Path:
    """A file for tokens, which only its owner may read."""
    file = tmp_path / "tokens"
    file.touch(mode=0o600)
    return file


@pytest.fixture
def tls_port(tmp_path: pathlib.Path) -> Iterator[int]:
    """The port of a server without methods, named lab in certificate.pem."""
    certificate, key = tmp_path / "certificate.pem", tmp_path / "key.pem"
    subprocess.run(
        [
            *("openssl", "req", "-x509", "-nodes", "-newkey", "rsa:2048"),
            *("-subj", "/CN=lab", "-addext", "subjectAltName=DNS:lab"),
            *("-keyout", key, "-out", certificate),
        ],
        check=True,
        capture_output=True,
    )
    server = grpc.server(futures.ThreadPoolExecutor(1))
    credentials = grpc.ssl_server_credentials(
        [(key.read_bytes(), certificate.read_bytes())]
    )
    port = server.add_secure_port("localhost:0", credentials)
    server.start()
    yield port
    server.stop(None)


@pytest.fixture
def w(daemon: Daemon) -> Iterator[dissectd.Client]:
    with dissectd.connect(daemon.address) as client:
        yield client
