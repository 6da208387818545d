#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Starts the daemon with what systemd passes to services."""

import os
import pathlib
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import unittest

sys.path.insert(0, os.environ["TEST_SRCDIR"] + "/dissectd/tests/running")

import daemon

RUNFILES = pathlib.Path(os.environ["TEST_SRCDIR"]) / "dissectd"
DISSECTD = RUNFILES / "server/dissectd"
DISSECTCTL = RUNFILES / "clients/cli/dissectctl"

PATIENCE_SECONDS = 60

# Executes the arguments as systemd does, with descriptor 3.
_PASS_SOCKET = 'export LISTEN_PID=$$; exec "$@" 3<&{}'


class ServiceTest(unittest.TestCase):
    def setUp(self) -> None:
        folder = self.enterContext(tempfile.TemporaryDirectory(prefix="sd."))
        self.folder = pathlib.Path(folder)
        self.store = self.folder / "store"
        shutil.copytree(RUNFILES / "tests/captures", self.store)
        self.log = self.folder / "log"
        self.environment = daemon.clean_environment(self.folder / "home")
        self.manager = self.enterContext(
            socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        )
        self.manager.bind(str(self.folder / "notify"))
        self.manager.settimeout(PATIENCE_SECONDS)
        self.environment["NOTIFY_SOCKET"] = str(self.folder / "notify")

    def start(
        self,
        options: list[str],
        launcher: list[str] | None = None,
        passed: tuple[int, ...] = (),
    ) -> subprocess.Popen[bytes]:
        with self.log.open("wb") as log:
            process = subprocess.Popen(
                [
                    *(launcher or []),
                    str(DISSECTD),
                    f"--store={self.store}",
                    *options,
                ],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                env=self.environment,
                pass_fds=passed,
            )
        self.addCleanup(process.wait)
        self.addCleanup(process.kill)
        return process

    def start_with_socket(
        self, listening: socket.socket, options: list[str]
    ) -> subprocess.Popen[bytes]:
        fd = listening.fileno()
        self.environment["LISTEN_FDS"] = "1"
        launcher = ["bash", "-c", _PASS_SOCKET.format(fd), "bash"]
        return self.start(options, launcher, (fd,))

    def await_fact(self, fact: str) -> list[str]:
        """Returns what the daemon says until it says the fact."""
        said: list[str] = []
        while fact not in said:
            said += self.manager.recv(4096).decode().splitlines()
        return said

    def files(self, address: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [DISSECTCTL, f"--server={address}", "files", "list"],
            capture_output=True,
            check=False,
            env=self.environment,
            text=True,
            timeout=PATIENCE_SECONDS,
        )

    def listen(self, host: str = "127.0.0.1") -> tuple[socket.socket, str]:
        listening = self.enterContext(socket.create_server((host, 0)))
        return listening, f"127.0.0.1:{listening.getsockname()[1]}"

    def error_of(self, process: subprocess.Popen[bytes]) -> str:
        self.assertEqual(process.wait(PATIENCE_SECONDS), 1)
        return self.log.read_text()

    def test_tells_when_it_serves_and_when_it_stops(self) -> None:
        address = f"unix:{self.folder}/socket"
        process = self.start([f"--listen={address}"])
        said = self.await_fact("READY=1")
        self.assertIn("STATUS=Serving", said)
        # It was told after the daemon listened, so this must not fail.
        self.assertIn("dns.pcap", self.files(address).stdout)
        process.send_signal(signal.SIGTERM)
        self.await_fact("STOPPING=1")
        self.assertEqual(process.wait(PATIENCE_SECONDS), 0)

    def test_tells_when_the_engine_is_gone(self) -> None:
        process = self.start([f"--listen=unix:{self.folder}/socket"])
        self.await_fact("READY=1")
        os.kill(self.engine_of(process.pid), signal.SIGKILL)
        self.await_fact("STATUS=Restarting dissectd-engine")
        self.await_fact("STATUS=Serving")

    def test_feeds_the_watchdog(self) -> None:
        self.environment["WATCHDOG_USEC"] = "1000000"
        self.start([f"--listen=unix:{self.folder}/socket"])
        for _ in range(3):
            self.await_fact("WATCHDOG=1")

    def test_serves_on_a_passed_port(self) -> None:
        for options in ([], ["--listen=systemd:"], ["--listen=systemd:api"]):
            with self.subTest(options):
                self.environment["LISTEN_FDNAMES"] = "api"
                listening, address = self.listen()
                process = self.start_with_socket(listening, options)
                # systemd listens, so that nobody is refused meanwhile.
                answer = self.files(address)
                self.assertIn("dns.pcap", answer.stdout, answer.stderr)
                self.assertIn(
                    f"listening on systemd:api ({address})",
                    self.log.read_text(),
                )
                self.assert_private(process.pid)
                process.send_signal(signal.SIGTERM)
                self.assertEqual(process.wait(PATIENCE_SECONDS), 0)

    def assert_private(self, pid: int) -> None:
        """Checks that the engine gets neither sockets nor variables."""
        engine = self.engine_of(pid)
        variables = pathlib.Path(f"/proc/{engine}/environ").read_text()
        self.assertIn("LC_ALL=", variables)
        for name in ("NOTIFY_SOCKET", "LISTEN_", "WATCHDOG_"):
            self.assertNotIn(name, variables)
        sockets = {
            str(path.readlink())
            for path in pathlib.Path(f"/proc/{engine}/fd").iterdir()
        }
        listening = str(pathlib.Path(f"/proc/{pid}/fd/3").readlink())
        self.assertTrue(listening.startswith("socket:"))
        self.assertNotIn(listening, sockets)

    def engine_of(self, pid: int) -> int:
        for task in pathlib.Path(f"/proc/{pid}/task").iterdir():
            for child in (task / "children").read_text().split():
                return int(child)
        raise AssertionError("there is no engine")

    def test_a_passed_unix_socket_stays(self) -> None:
        path = self.folder / "passed"
        with socket.socket(socket.AF_UNIX) as listening:
            listening.bind(str(path))
            listening.listen()
            process = self.start_with_socket(listening, [])
            answer = self.files(f"unix:{path}")
            self.assertIn("dns.pcap", answer.stdout, answer.stderr)
            process.send_signal(signal.SIGTERM)
            self.assertEqual(process.wait(PATIENCE_SECONDS), 0)
            self.assertTrue(path.is_socket())
            # Connections wait for the next daemon.
            self.start_with_socket(listening, [])
            self.assertIn("dns.pcap", self.files(f"unix:{path}").stdout)

    def test_users_of_a_passed_unix_socket_are_identified(self) -> None:
        listening, _ = self.listen()
        error = self.error_of(
            self.start_with_socket(listening, ["--identify-unix-users"])
        )
        self.assertIn("--identify-unix-users needs a Unix socket", error)
        path = self.folder / "passed"
        with socket.socket(socket.AF_UNIX) as passed:
            passed.bind(str(path))
            passed.listen()
            self.start_with_socket(
                passed,
                [
                    "--identify-unix-users",
                    f"--policy={RUNFILES}/deploy/policy/everyone.json",
                ],
            )
            answer = self.files(f"unix:{path}")
            self.assertIn("dns.pcap", answer.stdout, answer.stderr)

    def test_needs_tls_beyond_loopback(self) -> None:
        listening, address = self.listen("0.0.0.0")
        port = address.split(":")[1]
        process = self.start_with_socket(listening, [])
        self.assertIn(
            f"can't listen on systemd:unknown (0.0.0.0:{port}) without TLS",
            self.error_of(process),
        )
        self.start_with_socket(
            listening, ["--insecure-plaintext-from-anywhere"]
        )
        self.assertIn("dns.pcap", self.files(address).stdout)

    def test_refuses_sockets_that_it_should_not_have(self) -> None:
        listening, _ = self.listen()
        other = ["--listen=127.0.0.1:0"]
        error = self.error_of(self.start_with_socket(listening, other))
        self.assertIn("which no address names", error)
        self.environment["LISTEN_FDNAMES"] = "one:two"
        error = self.error_of(self.start_with_socket(listening, []))
        self.assertIn("LISTEN_FDNAMES has 2 names for 1 sockets", error)
        self.environment.pop("LISTEN_FDNAMES")
        datagrams = self.enterContext(
            socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        )
        error = self.error_of(self.start_with_socket(datagrams, []))
        self.assertIn("it doesn't listen for connections", error)

    def test_ignores_the_sockets_of_another_process(self) -> None:
        self.environment |= {"LISTEN_PID": "1", "LISTEN_FDS": "1"}
        address = f"unix:{self.folder}/socket"
        self.start([f"--listen={address}"])
        self.await_fact("READY=1")
        self.assertIn("dns.pcap", self.files(address).stdout)

    def test_is_started_by_its_first_client(self) -> None:
        path = self.folder / "activated"
        launcher = [
            "systemd-socket-activate",
            f"--listen={path}",
            "--fdname=dissectd.socket",
        ]
        self.start(["--listen=systemd:dissectd.socket"], launcher)
        deadline = time.monotonic() + PATIENCE_SECONDS
        while not path.exists() and time.monotonic() < deadline:
            time.sleep(0.01)
        answer = self.files(f"unix:{path}")
        self.assertIn("dns.pcap", answer.stdout, answer.stderr)


if __name__ == "__main__":
    unittest.main()
