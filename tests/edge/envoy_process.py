# SPDX-License-Identifier: GPL-2.0-or-later
"""Runs Envoy with the project's configuration."""

import json
import pathlib
import re
import shutil
import socket
import ssl
import subprocess
import sys
import tempfile
import typing
import urllib.error
import urllib.request

import grpc
from api import ROOT
from authority import Authority, Identity, TokenIssuer
from waiting import wait_for

DERIVE = ROOT / "deploy/envoy/derive.py"
ENVOY = pathlib.Path(sys.executable).with_name("envoy")
POLICY = ROOT / "deploy/policy/everyone.json"

Line = dict[str, typing.Any]

# The hash that `printf secret | sha256sum` prints.
TOKEN = "secret"
TOKEN_LINE = (
    "carol sha256:"
    "2bb80d537b1da3e38bd30361aa855686bde0eacd7162fef6a25fe97bf527a25b\n"
)


def free_port() -> int:
    with socket.socket() as bound:
        bound.bind(("127.0.0.1", 0))
        return int(bound.getsockname()[1])


def make_descriptors(path: pathlib.Path) -> None:
    """Does what deploy/README.md says, with the protoc of grpcio-tools."""
    subprocess.run(
        [
            *(sys.executable, "-m", "grpc_tools.protoc"),
            "--include_imports",
            "--include_source_info",
            f"--descriptor_set_out={path}",
            f"-I{ROOT}/proto",
            *sorted((ROOT / "proto/dissectd/v1").glob("*.proto")),
        ],
        check=True,
    )


class Envoy:
    """Envoy, the files that it and daemons behind it need, and its clients."""

    def __init__(self) -> None:
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="edge-"))
        self.clients = Authority()
        self.issuer = TokenIssuer()
        self.port = free_port()
        self._servers = Authority()
        self._process: subprocess.Popen[bytes] | None = None
        shutil.copytree(ROOT / "tests/captures", self.folder / "store")
        self._write_files()

    def _write_files(self) -> None:
        for name, content in {
            "client-ca.pem": self.clients.root,
            "server-ca.pem": self._servers.root,
            "jwks.json": self.issuer.key_set().encode(),
            "tokens": TOKEN_LINE.encode(),
        }.items():
            (self.folder / name).write_bytes(content)
        for name, identity in {
            "": self._servers.issue(hosts=("localhost",)),
            "probe-": self.clients.issue("probe"),
        }.items():
            identity.write(
                self.folder, f"{name}certificate.pem", f"{name}key.pem"
            )
        self._issue_for_hop()

    def _issue_for_hop(self) -> None:
        """Runs the commands of deploy/README.md."""
        text = (ROOT / "deploy/README.md").read_text(encoding="utf-8")
        (commands,) = re.findall(
            r"^```\n(new=.*?)^```$", text, re.MULTILINE | re.DOTALL
        )
        subprocess.run(
            ["bash", "-euc", commands],
            cwd=self.folder,
            check=True,
            capture_output=True,
        )
        for old, new in {
            "edge.example.pem": "hop-certificate.pem",
            "edge.example-key.pem": "hop-key.pem",
        }.items():
            (self.folder / old).rename(self.folder / new)

    def configure(self, *options: str) -> None:
        """Writes the configuration that derive.py makes with the options."""
        command: list[str | pathlib.Path] = [
            DERIVE,
            f"--listen=127.0.0.1:{self.port}",
            f"--files={self.folder}",
            *options,
        ]
        config = subprocess.run(command, check=True, capture_output=True)
        (self.folder / "envoy.yaml").write_bytes(config.stdout)

    def daemon_identity(self) -> list[str]:
        """Returns a daemon's options for the hop with TLS."""
        return [
            f"--tls-certificate={self.folder}/dissectd.pem",
            f"--tls-key={self.folder}/dissectd-key.pem",
            f"--tls-client-ca={self.folder}/hop-ca.pem",
            "--identify-certificates",
            "--trusted-proxy=certificate:edge.example",
        ]

    def callers(self) -> list[str]:
        """Returns a daemon's options for those who may call it."""
        return [
            "--identify-unix-users",
            f"--token-file={self.folder}/tokens",
            f"--policy={POLICY}",
        ]

    def start_envoy(self) -> None:
        command: list[str | pathlib.Path] = [
            ENVOY,
            *("--config-path", self.folder / "envoy.yaml"),
            *("--log-level", "warning"),
            *("--concurrency", "2"),
            *("--file-flush-interval-msec", "50"),
            "--use-dynamic-base-id",
        ]
        with (
            open(self.folder / "access.log", "ab") as access_log,
            open(self.folder / "envoy.log", "ab") as log,
        ):
            self._process = subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=access_log,
                stderr=log,
            )
        wait_for("the edge's answer", self.is_ready)

    @property
    def envoy_pid(self) -> int:
        """The process id of Envoy, once it was started."""
        if not self._process:
            raise ChildProcessError("Envoy doesn't run")
        return self._process.pid

    def is_ready(self) -> bool:
        """Returns whether the edge says that the daemon is ready."""
        if self._process and self._process.poll() is not None:
            raise ChildProcessError((self.folder / "envoy.log").read_text())
        context = ssl.create_default_context(
            cafile=self.folder / "server-ca.pem"
        )
        context.load_cert_chain(
            self.folder / "probe-certificate.pem", self.folder / "probe-key.pem"
        )
        url = f"https://localhost:{self.port}/healthz"
        try:
            with urllib.request.urlopen(url, context=context, timeout=5):
                return True
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            return False

    def channel(self, identity: Identity | None = None) -> grpc.Channel:
        """Returns a channel of a client, which may have a certificate."""
        certificate, key = identity or (None, None)
        credentials = grpc.ssl_channel_credentials(
            self._servers.root, key, certificate
        )
        return grpc.secure_channel(
            f"localhost:{self.port}",
            credentials,
            [("grpc.use_local_subchannel_pool", 1)],
        )

    def access_lines(self, request_id: str) -> list[Line]:
        """Waits for lines of the access log, and returns those of a call."""

        def lines() -> list[Line]:
            with open(self.folder / "access.log", encoding="utf-8") as log:
                every = [json.loads(line) for line in log if line[-1] == "\n"]
            return [line for line in every if line["request_id"] == request_id]

        wait_for(f"a line about {request_id}", lambda: bool(lines()))
        return lines()

    def peak_bytes(self) -> int:
        """Returns the most memory that Envoy has had."""
        if not self._process:
            return 0
        status = pathlib.Path(f"/proc/{self._process.pid}/status").read_text()
        (peak,) = re.findall(r"^VmHWM:\s+(\d+) kB$", status, re.MULTILINE)
        return int(peak) * 1024

    def close_envoy(self) -> None:
        """Ends Envoy."""
        if self._process:
            self._process.terminate()
            self._process.wait()

    def delete_folder(self) -> None:
        """Deletes all files, once nobody needs them any more."""
        shutil.rmtree(self.folder)
