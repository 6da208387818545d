#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Checks that keys of a call leave nothing behind, however the call ends.

Calls bring keys of every kind with a mark that is new in each run. While a
worker has them, and after each kind of end, the mark must be in no file:
neither in the daemon's folders and log, which is at its finest level, nor in
shared folders or core dumps. Other clients must not be told of it either.
"""

import base64
import os
import pathlib
import resource
import secrets
import signal
import struct
import subprocess
import sys
import time
import unittest

sys.path.insert(0, os.environ["TEST_SRCDIR"] + "/dissectd/tests/running")
sys.path.insert(0, os.environ["TEST_SRCDIR"] + "/dissectd/tests/fidelity")

import programs
import secret_search
from key_test_bed import KeyTestBed
from test_bed import PATIENCE_SECONDS

POLL_SECONDS = 0.05

# The mark as text, and the bytes that it stands for.
MARK = secrets.token_hex(16)
MARKS = (
    MARK.encode(),
    bytes.fromhex(MARK),
    base64.b64encode(bytes.fromhex(MARK))[:-4],
)


def keytab() -> bytes:
    """Returns a keytab with one key, whose bytes are the mark's."""

    def counted(data: bytes) -> bytes:
        return struct.pack("!H", len(data)) + data

    entry = struct.pack("!H", 1) + counted(b"EXAMPLE.ORG") + counted(b"a")
    entry += struct.pack("!IIBH", 1, 1, 1, 23) + counted(bytes.fromhex(MARK))
    return b"\x05\x02" + struct.pack("!i", len(entry)) + entry


# Keys of each kind: in files, and as values.
KEYS = [
    *("-o", "tls.keylog_file:marked.keys"),
    *("-o", 'uat:rsa_keys:"marked.pem",""'),
    *("-o", "ssh.keylog_file:marked-ssh.keys"),
    *("-o", "wg.keylog_file:marked-wireguard.keys"),
    *("-K", "marked.keytab", "-o", "kerberos.decrypt:TRUE"),
    *("-o", f"tls.psk:{MARK}"),
    *("-o", f'uat:80211_keys:"wpa-pwd","{MARK}:net"'),
    *("-o", f'uat:esp_sa:"IPv4","*","*","*","NULL","0x{MARK}","NULL",""'),
    *("-o", f'uat:zigbee_pc_keys:"{MARK}","Normal","net"'),
]


class SecretTest(unittest.TestCase):
    """Runs one daemon for each test."""

    def setUp(self) -> None:
        self.bed = self.enterContext(KeyTestBed("secret"))
        # Core dumps go where the daemon runs.
        hard = resource.getrlimit(resource.RLIMIT_CORE)[1]
        resource.setrlimit(resource.RLIMIT_CORE, (hard, hard))
        os.chdir(self.bed.folder)
        self.addCleanup(os.chdir, "/")
        self.began = time.time()
        self.bed.start_daemon("--log-level=trace")
        self.write_keys()

    def write_keys(self) -> None:
        files = self.bed.files
        comment = f"# {MARK}\n".encode()
        for name, source in (
            ("marked.keys", "http1-tls.keys"),
            ("marked.pem", "tls-rsa.pem"),
            ("marked-ssh.keys", "ssh.keys"),
            ("marked-wireguard.keys", "wireguard.keys"),
        ):
            content = (files / source).read_bytes()
            (files / name).write_bytes(comment + content)
        (files / "marked.keytab").write_bytes(keytab())
        # Details of many frames, which nobody reads, keep the worker alive.
        content = (files / "http1-tls.pcap").read_bytes()
        (files / "long.pcap").write_bytes(content + content[24:] * 100)

    def dissect(self) -> "subprocess.Popen[bytes]":
        """Starts a call with keys that goes on until its output is read."""
        client = self.enterContext(
            self.bed.running(
                *(self.bed.tshark, "-r", "long.pcap", "-V", "-2", *KEYS)
            )
        )
        assert client.stdout is not None
        self.assertEqual(client.stdout.read(1), b"F")
        return client

    def workers(self) -> list[int]:
        """Returns the processes with the keys."""
        found = secret_search.processes_with(MARKS, self.bed.server.pid)
        self.assertTrue(found, "no worker has the keys in memory")
        return found

    def await_end_of(self, pids: list[int]) -> None:
        deadline = time.monotonic() + PATIENCE_SECONDS
        while alive := [pid for pid in pids if secret_search.is_alive(pid)]:
            self.assertLess(time.monotonic(), deadline, f"{alive} go on")
            time.sleep(POLL_SECONDS)

    def search(self) -> list[str]:
        folders = [pathlib.Path(name) for name in secret_search.SHARED_FOLDERS]
        if "XDG_RUNTIME_DIR" in os.environ:
            folders.append(pathlib.Path(os.environ["XDG_RUNTIME_DIR"]))
        folders.append(self.bed.folder)
        return secret_search.files_with(
            MARKS, folders, self.began, self.bed.files
        )

    def expect_nothing(self) -> None:
        self.assertEqual(self.search(), [])

    def test_the_search_finds_what_is_there(self) -> None:
        for number, mark in enumerate(MARKS):
            for folder in (self.bed.folder, pathlib.Path("/dev/shm")):
                path = folder / f"{self.bed.folder.name}-{number}"
                self.addCleanup(path.unlink, missing_ok=True)
                path.write_bytes(bytes((1 << 20) - 5) + mark)
                self.assertEqual(self.search(), [str(path)])
                path.unlink()
        self.expect_nothing()

    def test_call_that_ends(self) -> None:
        status, output, _ = self.bed.run(
            *(self.bed.tshark, "-r", "http1-tls.pcap", "-Y", "http", *KEYS)
        )
        self.assertEqual(status, 0)
        # The keys have been used.
        self.assertIn(b"GET ", output)
        self.expect_nothing()

    def test_call_that_is_cancelled(self) -> None:
        client = self.dissect()
        workers = self.workers()
        self.expect_nothing()
        client.kill()
        self.await_end_of(workers)
        self.expect_nothing()

    def test_worker_that_is_killed(self) -> None:
        self.dissect()
        workers = self.workers()
        for pid in workers:
            os.kill(pid, signal.SIGKILL)
        self.await_end_of(workers)
        self.expect_nothing()

    def test_worker_that_crashes(self) -> None:
        if resource.getrlimit(resource.RLIMIT_CORE)[0] == 0:
            self.skipTest("there can't be core dumps")
        self.dissect()
        workers = self.workers()
        for pid in workers:
            limits = pathlib.Path(f"/proc/{pid}/limits").read_text()
            self.assertRegex(limits, r"Max core file size +0 +0 ")
            os.kill(pid, signal.SIGSEGV)
        self.await_end_of(workers)
        self.expect_nothing()

    def test_daemon_that_stops(self) -> None:
        self.dissect()
        workers = self.workers()
        self.bed.server.stop()
        self.await_end_of(workers)
        self.expect_nothing()

    def test_daemon_that_is_killed(self) -> None:
        self.dissect()
        workers = self.workers()
        self.bed.server.kill()
        self.await_end_of(workers)
        self.expect_nothing()

    def test_values_that_are_wrong(self) -> None:
        for setting in (
            f'uat:80211_keys:"nosuch","{MARK}"',
            f'uat:80211_keys:"wpa-psk","{MARK}"',
            f"uat:esp_sa:{MARK}",
            f'uat:rsa_keys:"{MARK}"',
            f"http.tcp.port:{MARK}",
            f"nosuch.{MARK}:{MARK}",
        ):
            with self.subTest(setting=setting):
                status, output, messages = self.bed.run(
                    *(self.bed.tshark, "-r", "dns.pcap", "-o", setting)
                )
                self.assertNotEqual(status, 0)
                self.assertEqual(output, b"")
                self.assertIn(MARK.encode(), messages)
        self.expect_nothing()

    def test_what_other_clients_are_told(self) -> None:
        before = self.reports()
        self.dissect()
        self.workers()
        self.assertEqual(self.reports(), before)

    def reports(self) -> list[bytes]:
        """Returns what clients are told of the settings."""
        found = []
        for report in ("currentprefs", "defaultprefs", "decodes"):
            status, output, _ = self.bed.run(
                self.bed.dissectctl, "glossary", report
            )
            self.assertEqual(status, 0)
            self.assertNotEqual(output, b"")
            for mark in MARKS:
                self.assertNotIn(mark, output)
            found.append(output)
        return found


if __name__ == "__main__":
    programs.set_time_zone()
    unittest.main()
