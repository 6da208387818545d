#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Compares dissection with folders that dissectctl sends with tshark's.

Schemas of protobuf, MIBs and GeoIP databases must have the effect that they
have in tshark, and the folders that workers have of them must vanish, however
the workers, the engine and the daemon end.
"""

import collections.abc
import contextlib
import os
import pathlib
import signal
import subprocess
import sys
import time
import unittest

sys.path.insert(0, os.environ["TEST_SRCDIR"] + "/dissectd/tests/running")
sys.path.insert(0, os.environ["TEST_SRCDIR"] + "/dissectd/tests/captures")
sys.path.insert(0, os.environ["TEST_SRCDIR"] + "/dissectd/tests/fidelity")

import attachment_fixture
import folder_files
import secret_search
from test_bed import Answer

_TYPES = ["-o", 'uat:protobuf_udp_message_types:"8127","demo.Top"']
# FILES is the client's folder: tshark doesn't find what a schema imports if the
# name of its folder is relative.
_SCHEMAS = ["-o", 'uat:protobuf_search_paths:"FILES/schemas","TRUE"', *_TYPES]
_GEOIP = ["-o", 'uat:maxmind_db_paths:"geoip"']
_MIBS = [
    *("-o", "nameres.load_smi_modules:TRUE"),
    # Those of the profile's default list that aren't there.
    *("-o", "nameres.suppress_smi_errors:TRUE"),
    *("-o", 'uat:smi_paths:"mibs"'),
    *("-o", 'uat:smi_modules:"DEMO-MIB"'),
]

_DETAILS = [["-V"], ["-2", "-T", "json"], ["-T", "pdml"]]
_ALL = [*_DETAILS, []]
# Captures with options, and how they are printed.
CASES = [
    ("protobuf.pcap", _SCHEMAS, _ALL),
    ("protobuf.pcap", [*_SCHEMAS, "-o", "protobuf.preload_protos:TRUE"], _ALL),
    ("protobuf.pcap", [*_SCHEMAS, "-o", "protobuf.pbf_as_hf:TRUE"], _ALL),
    ("protobuf.pcap", [*_SCHEMAS, *_GEOIP], _ALL),
    ("snmp.pcap", _GEOIP, _DETAILS),
    # With two passes, tshark doesn't wait for what a filter needs.
    ("snmp.pcap", [*_GEOIP, "-Y", 'ip.geoip.city == "Utopia"'], [["-V"]]),
]


def _private_folders() -> list[pathlib.Path]:
    return [
        folder
        for parent in ("/dev/shm", "/tmp", os.environ.get("TMPDIR", "/tmp"))
        for folder in pathlib.Path(parent).glob("dissectd-attachments.*")
    ]


def _schemas_in_private_folders() -> list[pathlib.Path]:
    """Returns the paths of all copies of the schema with the secret."""
    found = []
    for folder in _private_folders():
        for path in folder.glob("*/attachments/schemas/top.proto"):
            try:
                if attachment_fixture.SECRET in path.read_bytes():
                    found.append(path)
            except OSError:
                continue
    return found


class FolderTest(attachment_fixture.AttachmentFixture):
    """Dissects with folders."""

    @classmethod
    def make_files(cls) -> None:
        files = cls.bed.files
        folder_files.write_captures(files)
        folder_files.write_folder(files / "schemas", folder_files.SCHEMAS)
        top = files / "schemas/top.proto"
        top.write_bytes(
            b"// " + attachment_fixture.SECRET + b"\n" + top.read_bytes()
        )
        folder_files.write_folder(files / "mibs", folder_files.MIBS)
        (files / "geoip").mkdir()
        (files / "geoip/cities.mmdb").write_bytes(folder_files.CITIES)
        (files / "geoip/systems.mmdb").write_bytes(folder_files.SYSTEMS)
        # tshark takes the names of MIBs from its settings only.
        folder_files.write_folder(
            cls.bed.folder / "settings/wireshark",
            {
                "preferences": "nameres.load_smi_modules: TRUE\n"
                "nameres.suppress_smi_errors: TRUE\n",
                "smi_paths": f'"{files}/mibs"\n',
                "smi_modules": '"DEMO-MIB"\n',
            },
        )
        folder_files.write_folder(
            cls.bed.settings / "profiles/other",
            {"preferences": "udp.check_checksum: TRUE\n"},
        )

    def with_files(self, options: list[str]) -> list[str]:
        return [word.replace("FILES", str(self.bed.files)) for word in options]

    def expect_ours(
        self,
        source: list[str],
        options: list[str],
        theirs: Answer,
    ) -> None:
        """Fails if dissectctl prints something else in one of its two ways."""
        self.assertNotEqual(theirs[1], self.run_program("tshark", *source)[1])
        self.assertEqual(self.our_tshark(*source, *options), theirs)
        name = source[source.index("-r") + 1]
        form = [word for word in source if word not in ("-r", name)]
        ours = self.dissectctl("read", "--local", name, *form, *options)
        self.assertEqual(ours, theirs)

    def expect_same(self, source: list[str], options: list[str]) -> None:
        theirs = self.run_program("tshark", *source, *options)
        self.expect_ours(source, options, theirs)

    def test_prints_what_tshark_prints(self) -> None:
        for capture, options, formats in CASES:
            for form in formats:
                with self.subTest(options=options, form=form):
                    self.expect_same(
                        ["-r", capture, *form], self.with_files(options)
                    )

    def test_names_objects_of_mibs(self) -> None:
        for form in _DETAILS:
            with self.subTest(form=form):
                source = ["-r", "snmp.pcap", *form]
                theirs = self.run_program(
                    "tshark", *source, settings=self.bed.folder / "settings"
                )
                self.expect_ours(source, _MIBS, theirs)

    def test_works_with_live_captures(self) -> None:
        schemas = self.with_files(_SCHEMAS)
        self.expect_same_live("protobuf.pcap", "-V", *schemas)
        self.expect_same_live("snmp.pcap", "-V", *_GEOIP)

    def test_works_with_a_profile_of_the_call(self) -> None:
        source = ["-r", "protobuf.pcap", "-V"]
        self.expect_same(source, ["-C", "other", *self.with_files(_SCHEMAS)])

    def test_writes_what_tshark_writes(self) -> None:
        options = self.with_files(_SCHEMAS)
        options += ["-Y", 'protobuf.message.name == "demo.Top"']
        options += ["-r", "protobuf.pcap", "-F", "pcap", "-w", "-"]
        theirs = self.run_program("tshark", *options)
        self.assertGreater(len(theirs[1]), 100)
        self.assertEqual(self.our_tshark(*options), theirs)

    def test_says_what_is_wrong_with_a_folder(self) -> None:
        files = self.bed.files
        folder_files.write_folder(
            files / "leaving", {"a.proto": 'import "/etc/hostname";\n'}
        )
        (files / "broken").mkdir()
        (files / "broken/a.mmdb").write_bytes(b"not a database")
        (files / "large").mkdir()
        with open(files / "large/big.mmdb", "wb") as file:
            file.truncate(16 << 20)
        folder_files.write_folder(files / "named", {"a'b.proto": "\n"})
        for option, message in (
            ('uat:protobuf_search_paths:"missing","TRUE"', b"No such file"),
            (
                'uat:protobuf_search_paths:"leaving","TRUE"',
                b"imports a file of the server",
            ),
            (
                'uat:maxmind_db_paths:"broken"',
                b"broken/a.mmdb: ",
            ),
            ('uat:maxmind_db_paths:"large"', b'"large/big.mmdb"'),
            ('uat:protobuf_search_paths:"named","TRUE"', b"has a quote"),
            ('uat:smi_modules:"/etc/hostname"', b"names a file of the server"),
        ):
            with self.subTest(option=option):
                status, output, messages = self.dissectctl(
                    "read", "--local", "snmp.pcap", "-o", option
                )
                self.assertIn(message, messages)
                self.assertEqual((status, output), (1, b""))
        # As in tshark, a folder without files that are of use has no effect.
        source = ["-r", "snmp.pcap", "-o", 'uat:maxmind_db_paths:"mibs"']
        self.assertEqual(
            self.our_tshark(*source), self.run_program("tshark", *source)
        )

    def _processes(self, name: str) -> list[int]:
        """Returns those of the daemon that run a program."""
        found = []
        for pid in secret_search.children_of(self.bed.server.pid):
            try:
                program = pathlib.Path(f"/proc/{pid}/exe").readlink().name
            except OSError:
                continue
            if program.split()[0] == name:
                found.append(pid)
        return found

    def _expect_vanished(self, began: float) -> None:
        self.wait_until(
            lambda: not _schemas_in_private_folders(), "the folder stays"
        )
        self.expect_no_secret(began)

    @contextlib.contextmanager
    def _dissecting(
        self,
    ) -> collections.abc.Iterator[subprocess.Popen[bytes]]:
        """Runs a client, for which a worker has a folder meanwhile."""
        self.make_long("protobuf.pcap", "long.pcap")
        with self.bed.running(
            *(self.bed.tshark, "-r", "long.pcap", "-V"),
            *self.with_files(_SCHEMAS),
        ) as client:
            assert client.stdout is not None
            client.stdout.read(1)
            yield client

    def _kill_while_dissecting(self, which: str) -> None:
        """Kills the client, a worker, the engine or the daemon."""
        began = time.time()
        with self._dissecting() as client:
            copies = _schemas_in_private_folders()
            self.assertEqual(len(copies), 1, "no worker has the folder")
            folder = copies[0].parents[2]
            self.assertEqual(folder.stat().st_mode & 0o7777, 0o700)
            self.assertEqual(folder.parent.stat().st_mode & 0o7777, 0o700)
            if which == "worker":
                os.kill(int(folder.name), signal.SIGKILL)
            elif which == "engine":
                workers = [int(folder.name)]
                for pid in self._processes("dissectd-engine"):
                    if pid not in workers:
                        os.kill(pid, signal.SIGKILL)
            elif which == "daemon":
                self.bed.server.kill()
            else:
                client.kill()
            if which == "worker":
                # The call goes on with another worker, which has a folder, too.
                self.wait_until(
                    lambda: not folder.exists(), "the worker's folder stays"
                )
            elif which != "client":
                self._expect_vanished(began)
        self._expect_vanished(began)

    def test_folders_vanish_with_the_call(self) -> None:
        self._kill_while_dissecting("client")

    def test_folders_vanish_with_a_killed_worker(self) -> None:
        self._kill_while_dissecting("worker")

    def test_folders_vanish_with_a_killed_engine(self) -> None:
        # The next engine removes what is left.
        self._kill_while_dissecting("engine")
        self.wait_until(
            lambda: self.our_tshark("-r", "snmp.pcap")[0] == 0,
            "no engine starts",
        )

    def test_folders_vanish_with_a_killed_daemon(self) -> None:
        try:
            self._kill_while_dissecting("daemon")
        finally:
            self.start_daemon()

    def test_leftovers_of_a_killed_daemon_and_engine_vanish(self) -> None:
        began = time.time()
        with self._dissecting():
            engines = self._processes("dissectd-engine")
            folders = [
                path.parents[3] for path in _schemas_in_private_folders()
            ]
            self.assertEqual(len(folders), 1)
            # A stopped daemon can't start another engine, which would clean up.
            os.kill(self.bed.server.pid, signal.SIGSTOP)
            for pid in engines:
                os.kill(pid, signal.SIGKILL)
            self.bed.server.kill()
        try:
            self.assertTrue(folders[0].exists())
        finally:
            self.start_daemon()
        self._expect_vanished(began)
        self.assertFalse(folders[0].exists())

    def test_the_folder_of_the_engine_vanishes(self) -> None:
        before = set(_private_folders())
        self.assertTrue(before)
        self.bed.server.stop()
        try:
            self.assertEqual(len(before - set(_private_folders())), 1)
        finally:
            self.start_daemon()


if __name__ == "__main__":
    unittest.main()
