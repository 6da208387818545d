# SPDX-License-Identifier: GPL-2.0-or-later
"""Runs pyshark, unmodified, with dissectctl in place of tshark.

Compares what its users get with what they get from tshark. run.sh runs these
tests, and passes the paths of the programs in the environment.
"""

import os
import pathlib
import struct
import subprocess
import tempfile
import time
import typing
import unittest
import warnings

import daemon
import pyshark
from pyshark.capture import pipe_capture
from pyshark.tshark.tshark import get_all_tshark_interfaces_names

ROOT = pathlib.Path(__file__).resolve().parents[2]
CAPTURES = ROOT / "tests/captures"

Packets = list[typing.Any]


def frames_of(capture: pathlib.Path) -> list[bytes]:
    """Returns the frames of a little-endian pcap file."""
    data = capture.read_bytes()
    frames = []
    at = 24  # The size of the file's header.
    while at < len(data):
        (length,) = struct.unpack_from("<I", data, at + 8)
        at += 16  # The size of a packet's header.
        frames.append(data[at : at + length])
        at += length
    return frames


def facts_of(packet: typing.Any) -> tuple[typing.Any, ...]:
    """Returns what is known of a packet: times, layers and all fields."""
    return (
        str(packet.sniff_timestamp),
        packet.highest_layer,
        [layer.layer_name for layer in packet.layers],
        str(packet),
    )


class PysharkTest(unittest.TestCase):
    """Compares captures read with both programs."""

    def setUp(self) -> None:
        # pyshark 0.6 uses what later versions of Python deprecate.
        warnings.simplefilter("ignore")

    @classmethod
    def setUpClass(cls) -> None:
        place = tempfile.TemporaryDirectory(prefix="pyshark.")
        cls.addClassCleanup(place.cleanup)
        folder = pathlib.Path(place.name)
        (folder / "store").mkdir()
        (folder / "bin").mkdir()
        cls.tshark = folder / "bin/tshark"
        cls.tshark.symlink_to(os.environ["DISSECTCTL"])
        environment = daemon.clean_environment(folder / "home")
        cls.server = daemon.Daemon(
            os.environ["DISSECTD"],
            os.environ["DISSECTCTL"],
            folder / "store",
            folder / "daemon",
            environment,
            [],
        )
        cls.addClassCleanup(cls.server.kill)
        os.environ["DISSECTD_SERVER"] = cls.server.address

    tshark: typing.ClassVar[pathlib.Path]
    server: typing.ClassVar[daemon.Daemon]

    def both(
        self, capture: str, **options: typing.Any
    ) -> tuple[Packets, Packets]:
        """Returns the packets of a file by dissectctl and by tshark."""
        results = []
        for program in (str(self.tshark), "/usr/bin/tshark"):
            with pyshark.FileCapture(
                str(CAPTURES / capture), tshark_path=program, **options
            ) as packets:
                results.append([facts_of(packet) for packet in packets])
        return results[0], results[1]

    def check(self, capture: str, **options: typing.Any) -> Packets:
        ours, theirs = self.both(capture, **options)
        self.assertNotEqual(theirs, [])
        self.assertEqual(ours, theirs)
        return ours

    def test_xml(self) -> None:
        self.check("dns.pcap")
        self.check("http1.pcap.gz")

    def test_json(self) -> None:
        self.check("dns.pcap", use_json=True)
        self.check("http1.pcap.gz", use_json=True, include_raw=True)

    def test_display_filter(self) -> None:
        packets = self.check("http1.pcap.gz", display_filter="http.request")
        self.assertTrue(all("http" in packet[2] for packet in packets))

    def test_custom_parameters(self) -> None:
        self.check("dns.pcap", custom_parameters=["-c", "3", "-2"])
        self.check("dns.pcap", custom_parameters={"-Y": "dns.a"})

    def test_decode_as(self) -> None:
        packets = self.check("dns.pcap", decode_as={"udp.port==53": "mdns"})
        self.assertIn("mdns", [layer for p in packets for layer in p[2]])

    def test_preferences(self) -> None:
        keys = CAPTURES / "http1-tls.keys"
        packets = self.check(
            "http1-tls.pcap",
            override_prefs={"tls.keylog_file": str(keys)},
            display_filter="http",
        )
        self.assertNotEqual(packets, [])

    def test_disabled_protocol(self) -> None:
        self.check("dns.pcap", disable_protocol="dns")

    def test_output_file(self) -> None:
        with tempfile.TemporaryDirectory() as folder:
            written = pathlib.Path(folder) / "written.pcapng"
            self.check("dns.pcap", output_file=str(written))
            count = subprocess.run(
                ["tshark", "-r", str(written)],
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                check=True,
            ).stdout.count(b"\n")
            self.assertEqual(count, len(self.both("dns.pcap")[1]))

    def test_pipe(self) -> None:
        results = []
        for program in (str(self.tshark), "/usr/bin/tshark"):
            # The process that pyshark starts reads from this descriptor.
            with open(CAPTURES / "dns.pcap", "rb") as file:
                reader = subprocess.Popen(
                    ["cat"], stdin=file, stdout=subprocess.PIPE
                )
            assert reader.stdout is not None
            # pyshark closes its own descriptor.
            pipe = os.dup(reader.stdout.fileno())
            reader.stdout.close()
            with pipe_capture.PipeCapture(pipe, tshark_path=program) as packets:
                results.append([facts_of(packet) for packet in packets])
            reader.wait()
        self.assertNotEqual(results[1], [])
        self.assertEqual(results[0], results[1])

    def in_memory(
        self, frames: list[bytes], together: bool, **options: typing.Any
    ) -> Packets:
        """Returns packets that both programs dissect while they get them."""
        times = [1_700_000_000.25 + number for number in range(len(frames))]
        results = []
        for program in (str(self.tshark), "/usr/bin/tshark"):
            with pyshark.InMemCapture(
                tshark_path=program, **options
            ) as capture:
                if together:
                    packets = capture.parse_packets(frames, times)
                else:
                    # Each is answered before the next is written.
                    packets = [
                        capture.parse_packet(*pair)
                        for pair in zip(frames, times, strict=True)
                    ]
                results.append([facts_of(packet) for packet in packets])
        self.assertEqual(len(results[1]), len(frames))
        self.assertEqual(results[0], results[1])
        return results[0]

    def test_packets_in_memory(self) -> None:
        frames = frames_of(CAPTURES / "dns.pcap")[:5]
        self.in_memory(frames, together=False)
        self.in_memory(frames, together=True)
        self.in_memory(frames, together=True, use_json=True)
        self.in_memory(frames, together=True, display_filter="dns")
        # pyshark kills its programs, after which no capture goes on.
        deadline = time.monotonic() + 30
        while " running " in self.captures() and time.monotonic() < deadline:
            time.sleep(0.1)
        self.assertNotIn(" running ", self.captures())

    def captures(self) -> str:
        return subprocess.run(
            [os.environ["DISSECTCTL"], "captures"],
            stdout=subprocess.PIPE,
            check=True,
            text=True,
        ).stdout

    def test_errors(self) -> None:
        for program in (str(self.tshark), "/usr/bin/tshark"):
            with (
                self.assertRaises(Exception) as raised,
                pyshark.FileCapture(
                    str(CAPTURES / "dns.pcap"),
                    tshark_path=program,
                    display_filter="ip.adr == 1",
                ) as packets,
            ):
                list(packets)
            self.assertIn("retcode: 2", str(raised.exception))

    def test_interfaces(self) -> None:
        ours = get_all_tshark_interfaces_names(str(self.tshark))
        self.assertIn("lo", ours)


if __name__ == "__main__":
    unittest.main()
