# SPDX-License-Identifier: GPL-2.0-or-later
"""Runs termshark, unmodified, with dissectctl in place of tshark and dumpcap.

Types the same keys for termshark with each of them, and waits until both
screens show what is expected, and the same. run.sh runs these tests, and passes
the paths of the programs in the environment.
"""

import collections.abc
import os
import pathlib
import re
import shutil
import subprocess
import tempfile
import threading
import time
import typing
import unittest

import stand_in
import terminal
from loopback_traffic import LoopbackTraffic

ROOT = pathlib.Path(__file__).resolve().parents[2]
CAPTURES = ROOT / "tests/captures"
VERSION = "2.4.0"
PATIENCE_SECONDS = 90
FILTER_CHECK_SECONDS = 10
USERS = ("ours", "theirs")

DOWN = "\x1b[B"
PAGE_DOWN = "\x1b[6~"
ENTER = "\r"
TAB = "\t"
INTERRUPT = "\x03"


class Pair:
    """The same termshark with dissectctl and with tshark."""

    def __init__(self, terminals: list[terminal.Terminal]) -> None:
        self._terminals = terminals

    def type(self, keys: str) -> None:
        for each in self._terminals:
            each.type(keys)

    def expect(
        self,
        *texts: str,
        without: tuple[str, ...] = (),
        part: collections.abc.Callable[[str], str] = str,
    ) -> None:
        """Waits until both screens have some texts and lack others.

        They must also be equal, or a part of them, if they can't be.
        """
        deadline = time.monotonic() + PATIENCE_SECONDS
        while True:
            for each in self._terminals:
                each.read(0.1)
            ours, theirs = (part(each.text()) for each in self._terminals)
            if (
                ours == theirs
                and all(text in ours for text in texts)
                and not any(text in ours for text in without)
            ):
                return
            if time.monotonic() > deadline:
                raise AssertionError(
                    f"the screens aren't the same with {texts} and without"
                    f" {without}\ndissectctl:\n{ours}\ntshark:\n{theirs}"
                )

    def watch(self, seconds: float) -> None:
        """Looks at the screens for some time."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            for each in self._terminals:
                each.read(0.1)

    def close(self) -> None:
        for each in self._terminals:
            each.close()


def queries_of(screen: str) -> str:
    """Returns the ids of the DNS queries on a screen."""
    return " ".join(re.findall(r"Standard query (0x\w+)", screen))


def packets_of(screen: str) -> str:
    """Returns a screen without the bar at the top, with the filter.

    There, termshark can go on showing its progress after it is done.
    """
    return "\n".join(screen.split("\n")[4:])


def dialog_of(screen: str) -> str:
    """Returns the text of the dialog on a screen; empty if there is none."""
    return "\n".join(re.findall("▌ *(.*?) *▐", screen))


class TermsharkTest(unittest.TestCase):
    """Compares screens."""

    folder: typing.ClassVar[pathlib.Path]
    place: typing.ClassVar[stand_in.StandIn]

    @classmethod
    def setUpClass(cls) -> None:
        # termshark's own processes may still write when it has ended.
        folder = tempfile.TemporaryDirectory(
            prefix="termshark.", ignore_cleanup_errors=True
        )
        cls.addClassCleanup(folder.cleanup)
        cls.folder = pathlib.Path(folder.name)
        cls.place = stand_in.StandIn(cls.folder)
        cls.addClassCleanup(cls.place.stop)
        for user in USERS:
            (cls.folder / user).mkdir()
            for name in ("dns.pcap", "http1.pcap.gz", "http1-tls.pcap"):
                shutil.copyfile(CAPTURES / name, cls.folder / user / name)

    def environment(
        self, name: str, tshark: str, dumpcap: str, more_settings: str = ""
    ) -> dict[str, str]:
        """Returns the environment of a user with these programs."""
        home = self.folder / name
        settings = home / "config/termshark"
        settings.mkdir(parents=True, exist_ok=True)
        (settings / "termshark.toml").write_text(
            f'[main]\ntshark = "{tshark}"\ndumpcap = "{dumpcap}"\n'
            + more_settings,
            encoding="utf-8",
        )
        return {
            "DISSECTD_SERVER": self.place.address,
            "HOME": str(home),
            "LC_ALL": "C.UTF-8",
            "PATH": os.environ["PATH"],
            "TERM": "xterm-256color",
            "XDG_CACHE_HOME": str(home / "cache"),
            "XDG_CONFIG_HOME": str(home / "config"),
        }

    def start(self, command: str, settings: str = "") -> Pair:
        """Starts termshark twice by a command line of a shell.

        Each runs in the folder of its user, with captures.
        """
        environments = {
            "ours": self.environment(
                "ours", self.place.tshark, self.place.dumpcap, settings
            ),
            "theirs": self.environment(
                "theirs", "/usr/bin/tshark", "/usr/bin/dumpcap", settings
            ),
        }
        pair = Pair(
            [
                terminal.Terminal(
                    ["sh", "-c", f"cd {self.folder / name} && {command}"],
                    environment,
                )
                for name, environment in environments.items()
            ]
        )
        self.addCleanup(pair.close)
        return pair

    def test_version(self) -> None:
        help_text = subprocess.run(
            ["termshark", "-h"],
            stdout=subprocess.PIPE,
            env=self.environment("ours", self.place.tshark, ""),
            check=True,
            text=True,
        ).stdout
        self.assertTrue(help_text.startswith(f"termshark {VERSION}"), help_text)

    def test_file(self) -> None:
        pair = self.start("exec termshark -r dns.pcap")
        pair.expect("Standard query 0xdb44", "Frame 1: 98 bytes")
        # The next packet, and one on the last page.
        pair.type(DOWN)
        pair.expect("Frame 2: 102 bytes", "0000   02 00 00 00 00 01")
        pair.type(PAGE_DOWN * 3)
        pair.expect("AAAA 2001:db8::80", "Frame 26: 134 bytes")

    def test_details(self) -> None:
        pair = self.start("exec termshark -r dns.pcap")
        pair.expect("Frame 1: 98 bytes", "Domain Name System (query)")
        pair.type(TAB)
        pair.type(DOWN * 4)
        pair.expect("Domain Name System (query) [=]")
        pair.type(ENTER)
        pair.expect("Transaction ID: 0xdb44", "Flags: 0x0120 Standard query")
        # In the bytes, the cursor selects a field of the details.
        pair.type(TAB)
        pair.type(DOWN * 3)
        pair.expect("Client Cookie: bbbf88b879d21677")

    def test_display_filter(self) -> None:
        pair = self.start("exec termshark -r dns.pcap")
        pair.expect("Standard query 0xdb44", "Frame 1: 98 bytes")
        pair.type("/dns.a")
        # Completions come from the list of fields.
        pair.expect("dns.a6.prefix_len", "dns.afsdb.hostname")
        pair.type(ENTER)
        pair.expect(
            "A www.example.org A 192.0.2.80",
            "Frame 2: 102 bytes",
            without=("0x4e5a", "prefix_len"),
            part=packets_of,
        )

    def test_options(self) -> None:
        pair = self.start(
            "exec termshark -r http1.pcap.gz -d tcp.port==80,data -Y tcp.len"
        )
        pair.expect("Len=125", "Frame 1: 74 bytes", without=("HTTP",))

    def test_key_log(self) -> None:
        keys = CAPTURES / "http1-tls.keys"
        pair = self.start(
            "exec termshark -r http1-tls.pcap -Y http",
            f'tshark-args = ["-o", "tls.keylog_file:{keys}"]\n',
        )
        pair.expect("GET /", "Hypertext Transfer Protocol")

    def test_standard_input(self) -> None:
        pair = self.start("cat dns.pcap | termshark -r -")
        pair.expect("<stdin>", "AAAA 2001:db8::80", "Frame 26: 134 bytes")

    def test_pipe(self) -> None:
        content = (CAPTURES / "dns.pcap").read_bytes()
        first = 1000
        go_on = threading.Event()
        self.addCleanup(go_on.set)

        def write(pipe: pathlib.Path) -> None:
            with open(pipe, "wb", buffering=0) as file:
                file.write(content[:first])
                go_on.wait(PATIENCE_SECONDS)
                file.write(content[first:])

        writers = []
        for user in USERS:
            pipe = self.folder / user / "fifo"
            os.mkfifo(pipe)
            writers.append(threading.Thread(target=write, args=(pipe,)))
            writers[-1].start()
        pair = self.start("exec termshark -r fifo")
        # Packets are shown while the capture still comes.
        pair.expect("0x4e5a", without=("0x40ed",), part=queries_of)
        go_on.set()
        for writer in writers:
            writer.join(PATIENCE_SECONDS)
        # termshark doesn't always load the details of the last packet.
        pair.expect("0x3eb4", part=queries_of)

    def test_live_capture(self) -> None:
        traffic = LoopbackTraffic()
        self.addCleanup(traffic.stop)
        first, second = traffic.ports
        pair = self.start(f"exec termshark -i lo -f 'udp port {first}'")

        def packets(screen: str) -> str:
            # Numbers and times differ.
            lines = [line.split()[2:] for line in screen.splitlines()]
            found = {" ".join(line) for line in lines if f"{first}" in line}
            return "\n".join(sorted(found))

        sent = f"UDP 47 {traffic.source} → {first} Len=5"
        pair.expect(sent, without=(str(second),), part=packets)
        pair.type(INTERRUPT)
        pair.expect("Loading was cancelled", part=dialog_of)

    def test_display_filter_of_a_live_capture(self) -> None:
        traffic = LoopbackTraffic()
        self.addCleanup(traffic.stop)
        first, second = traffic.ports
        pair = self.start("exec termshark -i lo -f udp")
        pair.expect(
            "<Stop>", part=lambda screen: "<Stop>" * ("<Stop>" in screen)
        )
        wanted = f"udp.dstport == {second}"
        pair.type(f"/{wanted}")
        pair.expect(wanted, part=lambda screen: wanted * (wanted in screen))
        # termshark runs tshark to check a filter, and takes no Enter before
        # that has ended. Only a color tells when.
        pair.watch(FILTER_CHECK_SECONDS)
        pair.type(ENTER)

        def ports(screen: str) -> str:
            return " ".join(sorted(set(re.findall(r"→ (\d+) Len=5", screen))))

        pair.expect(str(second), without=(str(first),), part=ports)


if __name__ == "__main__":
    unittest.main()
