#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Looks at the image, and calls its daemon in containers with few rights.

Runs as root, from test_image.sh. The last line has counts.
"""

import argparse
import os
import pathlib
import shutil
import signal
import stat
import subprocess
import sys
import tempfile
import time
import unittest
from typing import Any, ClassVar

from podman import (
    PATIENCE_SECONDS,
    Container,
    Podman,
    container,
    dns_traffic,
    network,
)
from spdx_tools.spdx.model import RelationshipType
from spdx_tools.spdx.parser.parse_anything import parse_file
from spdx_tools.spdx.validation.document_validator import (
    validate_full_spdx_document,
)

# The user of the image.
USER_ID = 65532

ROOT = pathlib.Path(__file__).resolve().parents[2]
CAPTURES = ROOT / "tests/captures"

# A limit to notice what makes the image larger.
MOST_MEGABYTES = 300

HARDENED = ("--cap-drop=ALL", "--security-opt=no-new-privileges")
CAPTURING = ("--cap-drop=ALL", "--cap-add=NET_RAW", "--cap-add=NET_ADMIN")


class Options(argparse.Namespace):
    """The arguments of this program."""

    image: str
    probe: str


options = Options()


class ImageTest(unittest.TestCase):
    """Looks at the image without running it."""

    root: ClassVar[pathlib.Path]
    image: ClassVar[dict[str, Any]]

    @classmethod
    def setUpClass(cls) -> None:
        folder = cls.enterClassContext(tempfile.TemporaryDirectory())
        podman = Podman(pathlib.Path(folder))
        cls.image = podman.inspect("image", options.image)
        cls.root = cls.enterClassContext(podman.mounted(options.image))

    def files(self) -> list[pathlib.Path]:
        return [
            path
            for path in self.root.rglob("*")
            if path.is_file() and not path.is_symlink()
        ]

    def elf_files(self) -> list[pathlib.Path]:
        return [
            path for path in self.files() if path.read_bytes()[:4] == b"\x7fELF"
        ]

    def in_root(self, *command: str) -> str:
        return subprocess.run(
            ["chroot", str(self.root), *command],
            capture_output=True,
            check=True,
            text=True,
        ).stdout

    def test_the_user_is_a_number_and_not_root(self) -> None:
        self.assertEqual(self.image["Config"]["User"], f"{USER_ID}:{USER_ID}")

    def test_the_labels_say_what_it_is(self) -> None:
        labels = self.image["Labels"]
        prefix = "org.opencontainers.image."
        version = self.in_root("/usr/local/bin/dissectd", "--version").split()
        self.assertEqual(labels[prefix + "version"], version[-1])
        self.assertEqual(labels[prefix + "licenses"], "GPL-2.0-or-later")
        for name in ("title", "description", "revision", "source"):
            self.assertNotEqual(labels.get(prefix + name, ""), "", name)

    def test_the_image_is_small(self) -> None:
        megabytes = self.image["Size"] / 1e6
        print(f"the image has {megabytes:.0f} MB", file=sys.stderr)
        self.assertLess(megabytes, MOST_MEGABYTES)

    def test_no_program_gives_rights_but_dumpcap(self) -> None:
        special = [
            path
            for path in self.files()
            if path.stat().st_mode & (stat.S_ISUID | stat.S_ISGID)
        ]
        self.assertEqual(special, [])
        found = subprocess.run(
            ["getcap", "-r", str(self.root)],
            capture_output=True,
            check=True,
            text=True,
        ).stdout
        self.assertEqual(
            found,
            f"{self.root}/usr/bin/dumpcap cap_net_admin,cap_net_raw=eip\n",
        )

    def test_only_the_store_and_tmp_can_be_written(self) -> None:
        writable = [
            str(path.relative_to(self.root))
            for path in self.root.rglob("*")
            if not path.is_symlink()
            and (path.stat().st_mode & stat.S_IWOTH or path.stat().st_uid != 0)
        ]
        self.assertEqual(sorted(writable), ["captures", "tmp"])

    def test_there_is_no_shell_and_no_interpreter(self) -> None:
        for name in ("sh", "bash", "perl", "python3", "apt", "dpkg"):
            self.assertEqual(list(self.root.rglob(f"bin/{name}")), [])

    def test_all_libraries_are_there(self) -> None:
        loader = "/lib64/ld-linux-x86-64.so.2"
        elf_files = self.elf_files()
        self.assertGreater(len(elf_files), 50)
        for path in elf_files:
            inside = f"/{path.relative_to(self.root)}"
            if path.name.startswith("ld-linux"):
                continue
            listing = self.in_root(loader, "--list", inside)
            self.assertNotIn("not found", listing, inside)

    def test_the_sbom_lists_all_packages(self) -> None:
        path = self.root / "usr/local/share/doc/dissectd/sbom.spdx.json"
        document = parse_file(str(path))
        problems = validate_full_spdx_document(document)
        self.assertEqual([p.validation_message for p in problems], [])
        depends = {
            str(r.related_spdx_element_id).removeprefix("SPDXRef-")
            for r in document.relationships
            if r.relationship_type == RelationshipType.DEPENDS_ON
        }
        status = self.root / "var/lib/dpkg/status.d"
        packages = {entry.name.replace("+", "-") for entry in status.iterdir()}
        self.assertEqual(depends, packages)
        self.assertIn("libwireshark16", packages)

    def test_each_package_comes_with_its_licence(self) -> None:
        for package in (self.root / "var/lib/dpkg/status.d").iterdir():
            licence = self.root / "usr/share/doc" / package.name / "copyright"
            self.assertTrue(licence.is_file(), package.name)
        own = self.root / "usr/local/share/doc/dissectd"
        self.assertTrue((own / "LICENSE").is_file())


class ContainerTest(unittest.TestCase):
    """Calls daemons in containers."""

    podman: ClassVar[Podman]
    store: ClassVar[pathlib.Path]
    namespace: ClassVar[str]

    @classmethod
    def setUpClass(cls) -> None:
        folder = pathlib.Path(
            cls.enterClassContext(tempfile.TemporaryDirectory())
        )
        cls.podman = Podman(folder)
        cls.store = folder / "store"
        shutil.copytree(CAPTURES, cls.store)
        for path in (cls.store, *cls.store.rglob("*")):
            os.chown(path, USER_ID, USER_ID)
        folder.chmod(0o755)
        cls.namespace = cls.enterClassContext(network())

    def start(
        self,
        *rights: str,
        store: str | None = None,
        arguments: tuple[str, ...] = (),
    ) -> Container:
        """Starts a container that is removed after the test.

        `store` is a volume; by default, all tests share a folder of captures.
        """
        started = self.enterContext(
            container(
                self.podman,
                options.image,
                f"--network=ns:/run/netns/{self.namespace}",
                f"--volume={store or self.store}:/captures",
                f"--volume={CAPTURES}:/local:ro",
                *rights,
                arguments=arguments,
            )
        )
        started.wait_until_healthy()
        return started

    def check(self, daemon: Container, *arguments: str) -> str:
        """Runs dissectctl, which must succeed, in the container."""
        result = daemon.dissectctl(*arguments)
        self.assertEqual(
            (result.returncode, result.stderr), (0, ""), daemon.log()
        )
        return result.stdout

    def probe(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Runs grpc_health_probe in the containers' network."""
        return subprocess.run(
            [
                *("ip", "netns", "exec", self.namespace),
                *(options.probe, "-addr=127.0.0.1:50051", *arguments),
            ],
            capture_output=True,
            check=False,
            text=True,
        )

    def test_the_daemon_has_no_rights(self) -> None:
        status = self.start(*HARDENED).status()
        for name in ("CapInh", "CapPrm", "CapEff", "CapBnd", "CapAmb"):
            self.assertEqual(int(status[name], 16), 0, name)
        self.assertEqual(status["NoNewPrivs"], "1")
        self.assertEqual(status["Uid"].split(), [str(USER_ID)] * 4)
        self.assertEqual(status["Gid"].split(), [str(USER_ID)] * 4)
        # Podman's filter of system calls is in force.
        self.assertEqual(status["Seccomp"], "2")

    def test_the_root_can_not_be_written(self) -> None:
        pid = self.start(*HARDENED).pid()
        mounts = pathlib.Path(f"/proc/{pid}/mountinfo").read_text()
        [root] = [
            line.split() for line in mounts.splitlines()
            if line.split()[4] == "/"
        ]  # fmt: skip
        self.assertIn("ro", root[5].split(","))

    def test_captures_are_read_as_tshark_reads_them(self) -> None:
        daemon = self.start(*HARDENED)
        environment = {
            **os.environ,
            "HOME": str(self.store),
            "LC_ALL": "C.UTF-8",
            "TZ": "UTC",
        }
        for name in (
            "dns.pcap",
            "http1.pcap.gz",
            "http2-tls-dsb.pcapng",
            "snmpv3.pcap",
            "wifi.pcap",
        ):
            with self.subTest(name):
                expected = subprocess.run(
                    ["tshark", "-r", str(CAPTURES / name), "-V"],
                    capture_output=True,
                    check=True,
                    env=environment,
                    text=True,
                ).stdout
                self.assertEqual(
                    self.check(daemon, "read", name, "-V"), expected
                )

    def test_a_capture_can_be_uploaded(self) -> None:
        daemon = self.start(*HARDENED)
        self.check(daemon, "files", "upload", "/local/dns.pcap")
        listed = self.check(daemon, "files", "list", "uploads/", "--no-headers")
        [name] = [line.split()[-1] for line in listed.splitlines()]
        self.assertEqual(
            self.check(daemon, "read", name),
            self.check(daemon, "read", "dns.pcap"),
        )

    def test_packets_can_be_captured_with_two_capabilities(self) -> None:
        daemon = self.start(*CAPTURING)
        with dns_traffic(self.namespace):
            result = daemon.dissectctl(
                "capture", "-i", "lo", "-f", "udp port domain", "-c", "3"
            )
        self.assertEqual(result.returncode, 0, result.stderr)
        self.assertEqual(result.stdout.count("A example.org"), 3)

    def test_without_capabilities_captures_fail_clearly(self) -> None:
        for rights in (("--cap-drop=ALL",), HARDENED):
            with self.subTest(rights):
                daemon = self.start(*rights)
                for command in (("interfaces",), ("capture", "-i", "lo")):
                    result = daemon.dissectctl(*command)
                    self.assertNotEqual(result.returncode, 0)
                    self.assertIn("--cap-add=NET_RAW", result.stderr)
                daemon.podman("rm", "--force", "--time=0", daemon.name)

    def test_probes_of_others_see_its_health(self) -> None:
        self.start(*HARDENED)
        result = self.probe()
        self.assertEqual(result.returncode, 0, result.stderr)
        self.assertIn("SERVING", result.stdout + result.stderr)
        result = self.probe("-service=dissectd.v1.FileService")
        self.assertEqual(result.returncode, 0, result.stderr)
        result = self.probe("-service=dissectd.v1.Nothing")
        self.assertNotEqual(result.returncode, 0)

    def test_health_turns_before_the_daemon_stops(self) -> None:
        daemon = self.start(
            *HARDENED,
            arguments=(
                "--listen=0.0.0.0:50051",
                "--insecure-plaintext-from-anywhere",
                "--store=/captures",
                "--lame-duck=300",
            ),
        )
        self.podman.output("kill", "--signal=TERM", daemon.name)
        deadline = time.monotonic() + PATIENCE_SECONDS
        while self.probe().returncode == 0:
            self.assertLess(time.monotonic(), deadline)
        self.assertEqual(daemon.health(), 1)

    def test_the_daemon_stops_when_it_is_told_to(self) -> None:
        daemon = self.start(*HARDENED)
        self.podman.output("stop", "--time=60", daemon.name)
        state = self.podman.inspect("container", daemon.name)["State"]
        self.assertEqual(state["ExitCode"], 0, daemon.log())

    def test_an_init_process_collects_what_a_killed_engine_leaves(self) -> None:
        daemon = self.start(*HARDENED, "--init")
        self.check(daemon, "session", "open", "dns.pcap")
        engines = [
            pid
            for pid in daemon.processes()
            if "dissectd-engine"
            in pathlib.Path(f"/proc/{pid}/comm").read_text()
        ]
        # Workers have the name, too. The engine is older.
        os.kill(min(engines), signal.SIGKILL)
        daemon.wait_until_healthy()
        deadline = time.monotonic() + PATIENCE_SECONDS
        while "Z" in daemon.processes().values():
            self.assertLess(time.monotonic(), deadline)
            time.sleep(0.2)

    def test_a_new_volume_can_be_written(self) -> None:
        volume = f"dissectd-image-{os.getpid()}"
        self.podman.output("volume", "create", volume)
        self.addCleanup(self.podman, "volume", "rm", "--force", volume)
        daemon = self.start(*HARDENED, store=volume)
        self.check(daemon, "files", "upload", "/local/dns.pcap")

    def test_a_store_that_can_not_be_read_is_named(self) -> None:
        self.store.chmod(0o700)
        os.chown(self.store, 0, 0)
        self.addCleanup(os.chown, self.store, USER_ID, USER_ID)
        with container(
            self.podman,
            options.image,
            f"--volume={self.store}:/captures",
            "--network=none",
            *HARDENED,
        ) as daemon:
            self.podman.output("wait", daemon.name)
            self.assertIn(
                'the store "/captures" can\'t be opened: Permission denied',
                daemon.log(),
            )


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--image", required=True, help="its id")
    parser.add_argument("--probe", required=True, help="grpc-health-probe")
    parser.parse_args(namespace=options)
    program = unittest.main(argv=sys.argv[:1], exit=False)
    result = program.result
    bad = len(result.failures) + len(result.errors)
    print(f"{result.testsRun - bad} passed, {bad} failed")
    return 0 if result.wasSuccessful() else 1


if __name__ == "__main__":
    sys.exit(main())
