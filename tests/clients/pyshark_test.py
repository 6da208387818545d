# SPDX-License-Identifier: GPL-2.0-or-later
"""Runs pyshark, unmodified, with dissectctl in place of tshark and dumpcap.

Compares what its users get with what they get from tshark. run.sh runs these
tests, and passes the paths of the programs in the environment.
"""

import collections.abc
import contextlib
import os
import pathlib
import struct
import subprocess
import tempfile
import time
import typing
import unittest
import warnings

import pyshark
import stand_in
import wep_frame
from loopback_traffic import LoopbackTraffic
from pyshark import ek_field_mapping
from pyshark.capture import pipe_capture
from pyshark.capture.live_capture import UnknownInterfaceException
from pyshark.tshark.tshark import get_all_tshark_interfaces_names

ROOT = pathlib.Path(__file__).resolve().parents[2]
CAPTURES = ROOT / "tests/captures"
LIVE_SECONDS = 60

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


def values_of(layer: typing.Any) -> dict[str, str]:
    """Returns the values of a layer from Elasticsearch's JSON with their types.

    pyshark takes the types from tshark's mapping. Other layers have texts only.
    """
    names = getattr(layer, "all_field_names", [])
    return {name: repr(layer.get_field(name)) for name in sorted(names)}


def facts_of(packet: typing.Any) -> tuple[typing.Any, ...]:
    """Returns what is known of a packet: times, layers and all fields."""
    return (
        str(packet.sniff_timestamp),
        packet.highest_layer,
        [layer.layer_name for layer in packet.layers],
        str(packet),
        [values_of(layer) for layer in packet.layers],
    )


def live_facts_of(packet: typing.Any) -> tuple[typing.Any, ...]:
    """Returns what two captures of the same kind of packets have in common."""
    return (
        packet.highest_layer,
        [layer.layer_name for layer in packet.layers],
        [sorted(layer.field_names) for layer in packet.layers],
        str(packet.ip.src),
        str(packet.udp.srcport),
        str(packet.udp.dstport),
        str(packet.udp.payload),
    )


def count_of(capture: pathlib.Path) -> int:
    """Returns how many packets tshark reads from a file."""
    return subprocess.run(
        ["/usr/bin/tshark", "-r", str(capture)],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        check=True,
    ).stdout.count(b"\n")


class PysharkTest(unittest.TestCase):
    """Compares captures read with both programs."""

    folder: typing.ClassVar[pathlib.Path]
    place: typing.ClassVar[stand_in.StandIn]

    def setUp(self) -> None:
        # pyshark 0.6 uses what later versions of Python deprecate.
        warnings.simplefilter("ignore")

    @classmethod
    def setUpClass(cls) -> None:
        folder = tempfile.TemporaryDirectory(prefix="pyshark.")
        cls.addClassCleanup(folder.cleanup)
        cls.folder = pathlib.Path(folder.name)
        cls.place = stand_in.StandIn(cls.folder)
        cls.addClassCleanup(cls.place.stop)
        os.environ["DISSECTD_SERVER"] = cls.place.address

    def programs(self) -> collections.abc.Iterator[str]:
        """Returns the paths of both programs one after the other.

        pyshark stores the types of fields for a version of tshark, so that each
        program has its own cache.
        """
        for program in (self.place.tshark, "/usr/bin/tshark"):
            cache = self.folder / f"cache{program}"
            cache.mkdir(parents=True, exist_ok=True)
            os.environ["XDG_CACHE_HOME"] = str(cache)
            ek_field_mapping.MAPPING.clear()
            yield program

    def both(
        self, capture: str, **options: typing.Any
    ) -> tuple[Packets, Packets]:
        """Returns the packets of a file by dissectctl and by tshark."""
        results = []
        for program in self.programs():
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

    def test_elasticsearch(self) -> None:
        packets = self.check("dns.pcap", use_ek=True)
        # The type comes from the mapping; without it, it would be a text.
        self.assertIn("56132", [layer.get("id") for layer in packets[0][4]])
        self.check("dns.pcap", use_ek=True, include_raw=True)
        self.check("ipv6.pcap", use_ek=True, display_filter="icmpv6")

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

    def test_secrets_of_tls(self) -> None:
        key = f'"{CAPTURES / "tls-rsa.pem"}",""'
        packets = self.check(
            "tls-rsa.pcap",
            override_prefs={"uat:rsa_keys": key},
            display_filter="http",
        )
        self.assertNotEqual(packets, [])

    def test_decryption_key(self) -> None:
        frame = wep_frame.encrypted(frames_of(CAPTURES / "dns.pcap")[0])
        (packet,) = self.in_memory(
            [frame],
            together=True,
            linktype=wep_frame.LINK_TYPE,
            decryption_key=wep_frame.KEY.hex(),
            encryption_type="wep",
        )
        self.assertIn("dns", packet[2])

    def test_disabled_protocol(self) -> None:
        self.check("dns.pcap", disable_protocol="dns")

    def test_output_file(self) -> None:
        with tempfile.TemporaryDirectory() as folder:
            written = pathlib.Path(folder) / "written.pcapng"
            self.check("dns.pcap", output_file=str(written))
            count = len(self.both("dns.pcap")[1])
            self.assertEqual(count_of(written), count)

    def test_pipe(self) -> None:
        results = []
        for program in self.programs():
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
        for program in self.programs():
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

    # With JSON, pyshark waits in vain for what follows the last packet,
    # whichever program it uses.
    def test_packets_in_memory(self) -> None:
        frames = frames_of(CAPTURES / "dns.pcap")[:5]
        self.in_memory(frames, together=False)
        self.in_memory(frames, together=True)
        self.in_memory(frames, together=True, use_ek=True)
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
        for program in self.programs():
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
        ours = get_all_tshark_interfaces_names(self.place.tshark)
        self.assertIn("lo", ours)

    @contextlib.contextmanager
    def traffic(self) -> collections.abc.Iterator[LoopbackTraffic]:
        traffic = LoopbackTraffic()
        try:
            yield traffic
        finally:
            traffic.stop()

    def live(
        self, kind: type[typing.Any], count: int, **options: typing.Any
    ) -> Packets:
        """Returns facts about packets of those that both programs capture."""
        results = []
        for program in self.programs():
            with kind(
                interface="lo", tshark_path=program, **options
            ) as capture:
                capture.sniff(packet_count=count, timeout=LIVE_SECONDS)
                results.append([live_facts_of(packet) for packet in capture])
        self.assertEqual(results[0], results[1])
        return results[0]

    def test_live_capture(self) -> None:
        with self.traffic() as traffic:
            port = str(traffic.ports[0])
            options = {"bpf_filter": f"udp dst port {port}"}
            packets = self.live(pyshark.LiveCapture, 5, **options)
            self.assertEqual([packet[5] for packet in packets], [port] * 5)
            packets = self.live(
                pyshark.LiveCapture, 5, use_json=True, **options
            )
            self.assertEqual(len(packets), 5)
            # Those that aren't displayed count, too.
            packets = self.live(
                pyshark.LiveCapture,
                5,
                display_filter="frame.number in {2..4}",
                **options,
            )
            self.assertEqual(len(packets), 3)

    def test_live_capture_into_a_file(self) -> None:
        with self.traffic() as traffic, tempfile.TemporaryDirectory() as folder:
            written = pathlib.Path(folder) / "written.pcapng"
            for program in self.programs():
                with pyshark.LiveCapture(
                    "lo",
                    tshark_path=program,
                    bpf_filter=f"udp dst port {traffic.ports[0]}",
                    output_file=str(written),
                ) as capture:
                    capture.sniff(packet_count=4, timeout=LIVE_SECONDS)
                self.assertGreaterEqual(count_of(written), 4)
                written.unlink()

    # pyshark kills the program when it has its packets. dissectctl copies the
    # files of a ring after that, so they can't be relied on.
    def test_ring_of_files(self) -> None:
        with self.traffic() as traffic, tempfile.TemporaryDirectory() as folder:
            results = []
            for number, program in enumerate(self.programs()):
                with pyshark.LiveRingCapture(
                    interface="lo",
                    tshark_path=program,
                    bpf_filter=f"udp dst port {traffic.ports[0]}",
                    # The rest of a file's name is the time in seconds.
                    ring_file_name=f"{folder}/{number}.pcapng",
                ) as capture:
                    capture.sniff(packet_count=5, timeout=LIVE_SECONDS)
                    results.append([live_facts_of(each) for each in capture])
            self.assertEqual(results[0], results[1])
            self.assertEqual(len(results[0]), 5)

    def test_unknown_interface(self) -> None:
        for program in self.programs():
            with (
                self.assertRaises(UnknownInterfaceException),
                pyshark.LiveCapture("nosuch", tshark_path=program) as capture,
            ):
                capture.sniff(packet_count=1)


if __name__ == "__main__":
    unittest.main()
