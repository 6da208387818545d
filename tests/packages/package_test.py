#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Installs, uses, upgrades and removes the Debian packages.

Takes two folders with packages; those of the second one have the higher
version. The tests run in the order of their names, in one system with a real
systemd.
"""

import argparse
import json
import pathlib
import re
import shutil
import subprocess
import sys
import unittest
from typing import ClassVar

import machine

_TREE = pathlib.Path(__file__).parents[2]
_CAPTURES = _TREE / "tests/captures"
_UNITS = "/lib/systemd/system"

# Debian's packages that the tests need.
_OTHERS = "curl libcap2-bin openssl prometheus wireshark-common"

# systemd's measures of exposure, in tenths, must not be higher. They are also
# in deploy/README.md.
_MAX_EXPOSURE = 17
_MAX_EXPOSURE_OF_CAPTURE = 20
_MAX_EXPOSURE_OF_NET_ADMIN = 22

# Comments of capture.conf that are settings.
_UNCOMMENT = (
    "sed -i 's/^#\\([A-Z][A-Za-z]*=\\)/\\1/'"
    " /etc/systemd/system/dissectd.service.d/capture.conf"
)
_RESTART = "systemctl daemon-reload; systemctl restart dissectd"

_CAP_NET_ADMIN = 12
_CAP_NET_RAW = 13

_PORT = 9999
_SEND = """
import socket, sys
first, last, port = map(int, sys.argv[1:])
with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sender:
    for number in range(first, last + 1):
        sender.sendto(b"packet %d" % number, ("127.0.0.1", port))
"""

# Uploads, dissects, converts, and asks questions.
_USE_ALL = """
file=$(dissectctl files upload /root/captures/dns.pcap)
dissectctl read "$file" -2 -V | grep 'Domain Name System'
dissectctl capinfos "$file"
dissectctl stat "$file" -z io,phs
dissectctl merge "$file" "$file" -w merged.pcap
dissectctl write "$file" -Y dns.a -w /root/written.pcap
session=$(dissectctl session open "$file" | head -1)
dissectctl frame "$session" 3
dissectctl session close "$session"
dissectctl filter 'dns.a == 192.0.2.80'
dissectctl tshark -r /root/captures/dns.pcap -z conv,udp
dissectctl interfaces
dissectctl files list
"""


def recipe(section: str, page: str = "deploy/README.md") -> list[str]:
    """Returns the code blocks of a section of the documentation."""
    text = (_TREE / page).read_text()
    text = text.split(f"\n## {section}\n")[1].split("\n## ")[0]
    return text.split("```")[1::2]


def exposure_items() -> dict[str, set[str]]:
    """Returns what the documentation explains of systemd's measure.

    The keys are "always", "capturing" and "more rights".
    """
    page = (_TREE / "deploy/README.md").read_text()
    items: dict[str, set[str]] = {}
    for names, when in re.findall(
        r"^\| (`.*) \| (always|capturing|more rights) \|", page, re.MULTILINE
    ):
        plain = names.replace(r"\|", "|")
        items.setdefault(when, set()).update(re.findall("`([^`]*)`", plain))
    return items


class PackageTest(unittest.TestCase):
    old: ClassVar[pathlib.Path]
    new: ClassVar[pathlib.Path]
    cache: ClassVar[pathlib.Path]
    here: ClassVar[machine.Machine]

    @classmethod
    def setUpClass(cls) -> None:
        cls.here = machine.Machine(cls.cache)
        cls.addClassCleanup(cls.here.close)
        home = cls.here.root / "root"
        for folder, packages in (("old", cls.old), ("new", cls.new)):
            (home / folder).mkdir()
            for path in packages.glob("*.deb"):
                name = path.name.split("_")[0]
                shutil.copy(path, home / folder / f"{name}.deb")
        shutil.copytree(_CAPTURES, home / "captures")
        shutil.copytree(_TREE / "deploy/prometheus", home / "deploy/prometheus")
        cls.here.download(
            [
                "/root/old/dissectd.deb",
                "/root/old/dissectctl.deb",
                *_OTHERS.split(),
            ]
        )
        cls.here.boot()

    def run_in(self, script: str) -> str:
        return self.here.run(script)

    def main_pid(self) -> str:
        return self.here.property("dissectd", "MainPID")

    def engine_pid(self) -> str:
        return self.run_in("pidof dissectd-engine").split()[0]

    def install(self, folder: str, more: str = "") -> None:
        self.run_in(
            f"cd /root/{folder} && apt-get install -y --no-install-recommends"
            f" ./dissectd.deb ./dissectctl.deb {more}"
        )

    def send(self, first: int, last: int) -> None:
        """Sends numbered packets on the machine's loopback interface."""
        subprocess.run(
            [
                *("nsenter", "--target", str(self.here.pid), "--net"),
                *(sys.executable, "-c", _SEND),
                *(str(first), str(last), str(_PORT)),
            ],
            check=True,
        )

    def start_capture(self) -> str:
        """Returns the name of a capture that runs."""
        return self.run_in(
            f"dissectctl capture --detach -i lo -f 'udp port {_PORT}' -w t.pcap"
        ).strip()

    def await_packets(self, capture: str, count: int) -> None:
        self.here.await_success(
            f"dissectctl captures get {capture} --no-headers | head -1 |"
            f" grep -E '(running|stopped) +{count} '"
        )

    def numbers_in(self, capture: str) -> list[int]:
        """Returns the numbers of the packets in the file of a capture."""
        payloads = self.run_in(
            f"dissectctl read files/{capture}/t.pcap -T fields -e data"
        )
        return [
            int(bytes.fromhex(line).removeprefix(b"packet "))
            for line in payloads.split()
        ]

    def test_01_installs_and_starts(self) -> None:
        self.install("old", _OTHERS)
        self.assertEqual(self.run_in("dpkg --audit"), "")
        self.assertEqual(self.here.property("dissectd", "SubState"), "running")
        self.assertEqual(
            self.here.property("dissectd", "StatusText"), "Serving"
        )
        self.assertIn("nologin", self.run_in("getent passwd dissectd"))
        enabled = self.here.try_run(
            "systemctl is-enabled dissectd.{service,socket}"
            " dissectd-fleet.service"
        )
        self.assertEqual(
            enabled.stdout.split(), ["enabled", "disabled", "disabled"]
        )

    def test_02_files_belong_to_those_who_need_them(self) -> None:
        for path, expected in (
            ("/var/lib/dissectd", "dissectd:dissectd 750"),
            ("/var/log/dissectd", "dissectd:dissectd 750"),
            ("/run/dissectd", "dissectd:dissectd 755"),
            ("/etc/dissectd/dissectd.conf", "root:root 644"),
            ("/usr/bin/dissectd", "root:root 755"),
            ("/usr/libexec/dissectd/dissectd-engine", "root:root 755"),
        ):
            owner = self.run_in(f"stat -c '%U:%G %a' {path}").strip()
            self.assertEqual(owner, expected, path)
        # Nothing of the packages may be left unknown to dpkg.
        self.assertEqual(self.run_in("dpkg --verify dissectd dissectctl"), "")

    def test_03_the_units_are_sound(self) -> None:
        units = " ".join(
            f"{_UNITS}/{unit}"
            for unit in (
                "dissectd.service",
                "dissectd.socket",
                "dissectd-fleet.service",
            )
        )
        verified = self.here.try_run(
            f"systemd-analyze verify --man=no {units} 2>&1"
        )
        self.assertEqual((verified.returncode, verified.stdout), (0, ""))
        found = self.check_exposure(_MAX_EXPOSURE)
        self.assertEqual(found, exposure_items()["always"])

    def check_exposure(self, limit: int) -> set[str]:
        """Returns the names of what counts for systemd's measure."""
        command = "systemd-analyze security --offline=true"
        # The output is a table with symbols, which a failure shows.
        self.run_in(f"{command} --threshold={limit} dissectd.service")
        items = json.loads(
            self.run_in(f"{command} --json=short dissectd.service")
        )
        return {item["name"] for item in items if item["exposure"]}

    def test_04_serves_without_rights(self) -> None:
        listed = self.run_in("dissectctl read --local /root/captures/dns.pcap")
        self.assertEqual(len(listed.splitlines()), 26)
        # Each kind of process does what the unit might forbid.
        self.run_in(_USE_ALL)
        warnings = self.run_in(
            "journalctl -u dissectd -o cat | grep -E ' (warning|error) ' ||:"
        )
        self.assertEqual(warnings, "")
        for pid in (self.main_pid(), self.engine_pid()):
            status = self.here.status_of(pid)
            self.assertEqual(status["NoNewPrivs"], "1")
            self.assertEqual(status["Seccomp"], "2")
            self.assertEqual(int(status["CapBnd"], 16), 0)
        refused = self.here.try_run("dissectctl capture -i lo -c 1")
        self.assertNotEqual(refused.returncode, 0)
        self.assertIn("CAP_NET_RAW", refused.stderr)

    def test_05_captures_with_the_drop_in(self) -> None:
        self.run_in(
            "install -D -m 644 /usr/share/doc/dissectd/examples/capture.conf"
            f" /etc/systemd/system/dissectd.service.d/capture.conf; {_RESTART}"
        )
        found = self.check_exposure(_MAX_EXPOSURE_OF_CAPTURE)
        items = exposure_items()
        self.assertEqual(found, items["always"] | items["capturing"])
        self.assert_captures(1 << _CAP_NET_RAW)

    def assert_captures(self, capabilities: int) -> None:
        """Captures with a daemon that has these capabilities."""
        capture = self.start_capture()
        self.send(1, 10)
        self.await_packets(capture, 10)
        self.run_in(f"dissectctl stop {capture}")
        self.assertEqual(self.numbers_in(capture), list(range(1, 11)))
        for pid, expected in (
            (self.main_pid(), capabilities),
            (self.engine_pid(), 0),
        ):
            status = self.here.status_of(pid)
            self.assertEqual(int(status["CapEff"], 16), expected)

    def test_05_captures_with_the_group_of_dumpcap(self) -> None:
        self.run_in(
            "echo wireshark-common wireshark-common/install-setuid boolean"
            " true | debconf-set-selections;"
            " dpkg-reconfigure -f noninteractive wireshark-common"
        )
        owner = self.run_in("stat -c '%U:%G %a' $(which dumpcap)").strip()
        self.assertEqual(owner, "root:wireshark 754")
        refused = self.here.try_run("dissectctl capture -i lo -c 1")
        self.assertIn('members of the group "wireshark"', refused.stderr)
        self.run_in(f"{_UNCOMMENT}; {_RESTART}")
        found = self.check_exposure(_MAX_EXPOSURE_OF_NET_ADMIN)
        self.assertEqual(found, set().union(*exposure_items().values()))
        self.assert_captures(1 << _CAP_NET_RAW | 1 << _CAP_NET_ADMIN)

    def test_06_an_upgrade_keeps_the_configuration_and_captures(self) -> None:
        self.run_in("echo 'max-workers = 7' >> /etc/dissectd/dissectd.conf")
        self.run_in("systemctl restart dissectd")
        before = self.main_pid()
        capture = self.start_capture()
        self.send(1, 100)
        self.await_packets(capture, 100)
        self.install("new")
        self.assertEqual(self.here.property("dissectd", "SubState"), "running")
        self.assertNotEqual(self.main_pid(), before)
        version = self.run_in("dpkg-query -W -f '${Version}' dissectd")
        self.assertTrue(version.endswith("2"), version)
        self.assertRegex(self.run_in("dissectctl info"), r"workers +7\n")
        # The capture has gone on.
        self.send(101, 200)
        self.await_packets(capture, 200)
        self.run_in(f"dissectctl stop {capture}")
        self.assertEqual(self.numbers_in(capture), list(range(1, 201)))
        self.assertRegex(
            self.run_in(f"dissectctl watch {capture}"), r"adopted +after \d"
        )
        self.assertEqual(
            self.here.try_run("pidof dumpcap capture-keeper").stdout, ""
        )

    def test_07_sockets_outlive_the_service(self) -> None:
        self.run_in(
            "systemctl stop dissectd; systemctl enable --now dissectd.socket"
        )
        self.assertEqual(
            self.run_in("stat -c '%U:%G %a' /run/dissectd.socket").strip(),
            "root:dissectd 660",
        )
        self.assertEqual(
            self.here.property("dissectd", "ActiveState"), "inactive"
        )
        # The first client starts the service, and later ones wait while it is
        # restarted.
        for address in ("unix:/run/dissectd.socket", "localhost:50051"):
            self.run_in(f"dissectctl --server={address} files list")
            self.run_in("systemctl restart --no-block dissectd")
            self.run_in(f"dissectctl --server={address} files list")
        self.run_in(
            "systemctl disable --now dissectd.socket;"
            " systemctl restart dissectd"
        )
        self.run_in("dissectctl files list")

    def test_08_a_hanging_daemon_is_replaced(self) -> None:
        self.run_in(
            "mkdir -p /run/systemd/system/dissectd.service.d; printf"
            " '[Service]\\nWatchdogSec=3\\nTimeoutAbortSec=3\\n'"
            " > /run/systemd/system/dissectd.service.d/watchdog.conf;"
            " systemctl daemon-reload; systemctl restart dissectd"
        )
        hanging = self.main_pid()
        self.run_in(f"kill -STOP {hanging}")
        self.here.await_success(
            "test $(systemctl show --value -p NRestarts dissectd) = 1 &&"
            " test $(systemctl show --value -p SubState dissectd) = running"
        )
        self.assertNotEqual(self.main_pid(), hanging)
        self.run_in("dissectctl files list")

    def test_09_the_recipe_for_serving_others_works(self) -> None:
        on_server, on_client = recipe("Exposing it")
        self.run_in("cp -a /etc/dissectd/dissectd.conf /root/kept")
        self.run_in(f'sudo() {{ "$@"; }}\n{on_server}')
        self.run_in("echo 127.0.0.1 lab.example >> /etc/hosts")
        self.run_in("cp /etc/dissectd/certificate.pem /root")
        allowed = self.run_in(f"cd /root\n{on_client}")
        self.assertIn("analyst", allowed)
        self.run_in("dissectctl --context=lab files list")
        refused = self.here.try_run(
            "dissectctl --server=lab.example:50051"
            " --tls-ca=/root/certificate.pem files list"
        )
        self.assertIn("token", refused.stderr)
        self.assertIn("ListFiles", self.run_in("cat /var/log/dissectd/*"))
        self.run_in("mv /root/kept /etc/dissectd/dissectd.conf")
        self.run_in("systemctl restart dissectd")

    def test_09_the_recipe_for_watching_works(self) -> None:
        [commands] = recipe("Watch it", "docs/operations.md")
        self.run_in(f'cd /root; sudo() {{ "$@"; }}\n{commands}')
        asked = (
            "curl -s --get http://localhost:9090/api/v1/query"
            " --data-urlencode 'query=dissectd_engine_ready == 1'"
        )
        self.here.await_success(f"{asked} | grep dissectd_engine_ready")
        rules = self.run_in("curl -s http://localhost:9090/api/v1/rules")
        self.assertIn("DissectdDown", rules)
        self.run_in("sed -i '/^metrics-listen/d' /etc/dissectd/dissectd.conf")
        self.run_in("systemctl disable --now prometheus")

    def test_10_what_keeps_it_from_starting_is_in_the_log(self) -> None:
        self.assert_fails_to_start(
            "echo 'max-worker = 7' >> /etc/dissectd/dissectd.conf",
            '"/etc/dissectd/dissectd.conf", line',
        )
        self.run_in("sed -i '$d' /etc/dissectd/dissectd.conf")
        drop_in = "/etc/systemd/system/dissectd.service.d/wrong.conf"
        self.assert_fails_to_start(
            f"printf '[Service]\\nRestrictSUIDSGID=yes\\n' > {drop_in};"
            " systemctl daemon-reload",
            "set RestrictSUIDSGID=no",
        )
        self.run_in(f"rm {drop_in}; systemctl daemon-reload")
        self.run_in("systemctl reset-failed dissectd")
        self.run_in("systemctl start dissectd")

    def assert_fails_to_start(self, mistake: str, message: str) -> None:
        self.run_in(mistake)
        failed = self.here.try_run("systemctl restart dissectd")
        self.assertNotEqual(failed.returncode, 0)
        log = self.run_in("journalctl -u dissectd --no-pager -n 50")
        self.assertIn(message, log)

    def test_11_removing_keeps_configuration_and_captures(self) -> None:
        self.start_capture()
        self.run_in("apt-get remove -y dissectd")
        self.here.await_success(
            "! pidof dissectd dissectd-engine capture-keeper dumpcap"
        )
        self.run_in("test ! -e /usr/bin/dissectd")
        self.run_in("grep max-workers /etc/dissectd/dissectd.conf")
        self.run_in('test -n "$(ls /var/lib/dissectd/captures)"')

    def test_12_purging_deletes_all_but_captures(self) -> None:
        purged = self.run_in("apt-get purge -y dissectd 2>&1")
        self.assertIn("captures are kept", purged)
        self.run_in("test ! -e /etc/dissectd/dissectd.conf")
        self.run_in("test ! -e /var/log/dissectd")
        self.run_in('test -n "$(ls /var/lib/dissectd/captures)"')

    def test_13_an_empty_store_is_purged(self) -> None:
        self.run_in("rm -r /var/lib/dissectd")
        self.install("new")
        self.run_in("dissectctl files list")
        purged = self.run_in("apt-get purge -y dissectd 2>&1")
        self.assertNotIn("captures are kept", purged)
        self.run_in("test ! -e /var/lib/dissectd")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    for name in ("old", "new", "cache"):
        parser.add_argument(f"--{name}", type=pathlib.Path, required=True)
    options, others = parser.parse_known_args()
    PackageTest.old = options.old
    PackageTest.new = options.new
    PackageTest.cache = options.cache
    unittest.main(argv=[sys.argv[0], "--failfast", "--verbose", *others])


if __name__ == "__main__":
    main()
