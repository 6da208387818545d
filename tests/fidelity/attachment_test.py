#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Compares decryption with keys that dissectctl sends with tshark's.

For each case of attachment_cases.py, `dissectctl tshark` and `dissectctl read`
must print what tshark prints, and that must differ from what tshark prints
without the keys. Nothing of the keys may be found in the daemon's log or in any
file while a worker runs with them, nor afterwards.
"""

import collections.abc
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import time
import unittest

sys.path.insert(0, os.environ["TEST_SRCDIR"] + "/dissectd/tests/running")
sys.path.insert(0, os.environ["TEST_SRCDIR"] + "/dissectd/tests/fidelity")

import attachment_cases
import daemon
import programs

RUNFILES = pathlib.Path(os.environ["TEST_SRCDIR"]) / "dissectd"
DISSECTCTL = RUNFILES / "clients/cli/dissectctl"
PATIENCE_SECONDS = 60

# Comments in files with keys, which can be found wherever the files are copied.
_SECRET = b"Q7n4SecretMarker-9c1e"

# The folders where programs leave things behind.
_SHARED_FOLDERS = ("/tmp", "/var/tmp", "/dev/shm")
_MAX_SEARCHED_BYTES = 64 << 20


def files_below(folder: pathlib.Path) -> collections.abc.Iterator[pathlib.Path]:
    for parent, _, names in os.walk(folder):
        for name in names:
            path = pathlib.Path(parent) / name
            if path.is_file() and not path.is_symlink():
                yield path


def files_with_secret(
    folders: list[pathlib.Path], since: float, but: pathlib.Path
) -> list[str]:
    """Returns the files written since a time that have the secret.

    Leaves out those below `but`, which are the client's.
    """
    found = []
    for folder in folders:
        for path in files_below(folder):
            try:
                status = path.stat()
                if but in path.parents or status.st_mtime < since - 2:
                    continue
                if status.st_size > _MAX_SEARCHED_BYTES:
                    continue
                if _SECRET in path.read_bytes():
                    found.append(str(path))
            except OSError:
                # Other programs use these folders as well.
                continue
    return found


def children_of(pid: int) -> list[int]:
    """Returns the ids of all processes that a process has started."""
    found = []
    for path in pathlib.Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = path.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        if int(fields[1]) == pid:
            child = int(path.parent.name)
            found += [child, *children_of(child)]
    return found


def has_secret_in_memory_file(pid: int) -> bool:
    for link in pathlib.Path(f"/proc/{pid}/fd").glob("*"):
        try:
            if str(link.readlink()).startswith("/memfd:") and (
                _SECRET in link.read_bytes()
            ):
                return True
        except OSError:
            continue
    return False


class AttachmentTest(unittest.TestCase):
    """Runs one daemon for all tests."""

    place: pathlib.Path
    files: pathlib.Path
    server: daemon.Daemon
    environment: dict[str, str]

    @classmethod
    def setUpClass(cls) -> None:
        programs.set_time_zone()
        # The name is short because socket paths are limited to about 100 bytes.
        cls.place = pathlib.Path(tempfile.mkdtemp(prefix="attach."))
        cls.files = cls.place / "client"
        (cls.files / "folder").mkdir(parents=True)
        for source in (RUNFILES / "tests/captures").iterdir():
            shutil.copyfile(source, cls.files / source.name)
        # Comments are allowed in these.
        for name in ("http1-tls.keys", "tls-rsa.pem"):
            path = cls.files / name
            path.write_bytes(b"# " + _SECRET + b"\n" + path.read_bytes())
        shutil.copyfile(
            cls.files / "http1-tls.keys", cls.files / "folder/a,b;c.keys"
        )
        shutil.copyfile(
            cls.files / "tls-rsa.pem", cls.files / "folder/tls-rsa.pem"
        )
        (cls.place / "bin").mkdir()
        (cls.place / "bin/tshark").symlink_to(DISSECTCTL.resolve())
        (cls.place / "store").mkdir()
        cls.environment = programs.environment_of_both(cls.place / "home")
        cls.server = daemon.Daemon(
            str(RUNFILES / "server/dissectd"),
            str(DISSECTCTL),
            cls.place / "store",
            cls.place / "daemon",
            cls.environment,
            ["--log-level=trace"],
        )

    @classmethod
    def tearDownClass(cls) -> None:
        try:
            cls.server.stop()
        finally:
            cls.server.kill()
            shutil.rmtree(cls.place)

    def run_program(self, *command: str) -> tuple[int, bytes, bytes]:
        """Returns its exit status, its output and its messages."""
        run = subprocess.run(
            command,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            env={**self.environment, "DISSECTD_SERVER": self.server.address},
            cwd=self.files,
            timeout=PATIENCE_SECONDS,
            check=False,
        )
        return (
            run.returncode,
            run.stdout,
            programs.TSHARK_ONLY.sub(b"", run.stderr),
        )

    def our_tshark(self, *arguments: str) -> tuple[int, bytes, bytes]:
        return self.run_program(str(self.place / "bin/tshark"), *arguments)

    def test_prints_what_tshark_prints(self) -> None:
        for case in attachment_cases.CASES:
            for form in attachment_cases.FORMATS:
                source = ["-r", case.capture, *form]
                with self.subTest(case=case.name, form=form):
                    theirs = self.run_program("tshark", *source, *case.tshark)
                    without = self.run_program("tshark", *source)
                    self.assertNotEqual(theirs[1], without[1])
                    self.assertEqual(
                        self.our_tshark(*source, *case.tshark), theirs
                    )
                    status, output, messages = self.run_program(
                        str(DISSECTCTL),
                        "read",
                        "--local",
                        case.capture,
                        *form,
                        *case.read_options,
                    )
                    self.assertEqual(output, theirs[1])
                    self.assertEqual((status, messages), (0, b""))

    def test_writes_what_tshark_writes(self) -> None:
        options = ["-o", 'uat:rsa_keys:"tls-rsa.pem",""', "-Y", "http"]
        options += ["-r", "tls-rsa.pcap", "-F", "pcap", "-w", "-"]
        theirs = self.run_program("tshark", *options)
        self.assertGreater(len(theirs[1]), 100)
        self.assertEqual(self.our_tshark(*options), theirs)

    def test_says_what_is_wrong_with_a_file(self) -> None:
        (self.files / "broken.pem").write_bytes(
            b"-----BEGIN PRIVATE KEY-----\n" + _SECRET + b"\n"
        )
        row = 'uat:rsa_keys:"broken.pem",""'
        options = ["-r", "tls-rsa.pcap", "-o", row]
        theirs = self.run_program("tshark", *options)
        self.assertIn(b"broken.pem", theirs[2])
        self.assertEqual(self.our_tshark(*options), theirs)
        for option, message in (
            (
                ["--ssh-keylog", "missing"],
                b'Can\'t read SSH keys from "missing"',
            ),
            (["--keytab", "ssh.keys"], b"it isn't a keytab"),
            (
                ["-o", "wg.keylog_file:missing"],
                b'Can\'t read data from "missing": No such',
            ),
            (["-o", "tls.keylog_file:/dev/zero"], b"at most 15 MiB"),
            (["-o", 'uat:rsa_keys:"missing",""'], b'from "missing": No such'),
            (["-o", "tls.debug_file:x"], b"names a file of the server"),
        ):
            with self.subTest(option=option):
                status, output, messages = self.run_program(
                    str(DISSECTCTL), "read", "--local", "ssh.pcap", *option
                )
                self.assertIn(message, messages)
                self.assertEqual((status, output), (1, b""))

    def test_leaves_nothing_of_the_keys_behind(self) -> None:
        began = time.time()
        # Details of many frames, which nobody reads, keep the worker alive.
        self._make_long_capture(self.files / "long.pcap")
        client = subprocess.Popen(
            [
                str(self.place / "bin/tshark"),
                *("-r", "long.pcap", "-V", "-2"),
                *("-o", "tls.keylog_file:http1-tls.keys"),
                *("-o", 'uat:rsa_keys:"tls-rsa.pem",""'),
            ],
            stdout=subprocess.PIPE,
            env={**self.environment, "DISSECTD_SERVER": self.server.address},
            cwd=self.files,
        )
        try:
            assert client.stdout is not None
            client.stdout.read(1)
            workers = [
                pid
                for pid in children_of(self.server.pid)
                if has_secret_in_memory_file(pid)
            ]
            # Otherwise the keys would not be there to be found.
            self.assertTrue(workers, "no worker has the keys in memory")
            self._expect_no_secret(began)
        finally:
            client.kill()
            client.wait()
            if client.stdout is not None:
                client.stdout.close()
        deadline = time.monotonic() + PATIENCE_SECONDS
        while any(pathlib.Path(f"/proc/{pid}/fd").exists() for pid in workers):
            self.assertLess(time.monotonic(), deadline, "the workers stay")
            time.sleep(0.05)
        self._expect_no_secret(began)

    def _make_long_capture(self, path: pathlib.Path) -> None:
        content = (self.files / "http1-tls.pcap").read_bytes()
        path.write_bytes(content + content[24:] * 100)

    def _expect_no_secret(self, since: float) -> None:
        folders = [pathlib.Path(folder) for folder in _SHARED_FOLDERS]
        folders.append(self.place)
        # The search finds what is there.
        self.assertTrue(
            files_with_secret([self.place], 0, self.place / "nosuch")
        )
        self.assertEqual(files_with_secret(folders, since, self.files), [])


if __name__ == "__main__":
    unittest.main()
