#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Checks how commands end: by signals, with closed and with full outputs."""

import json
import os
import re
import sys
import unittest
from typing import ClassVar

sys.path.insert(0, os.environ["TEST_SRCDIR"] + "/dissectd/tests/running")
sys.path.insert(0, os.environ["TEST_SRCDIR"] + "/dissectd/tests/command_line")

import daemon
import place

# The number of packets in trace.pcap.
_PACKETS = 26

# Waits until a file has a text.
_AWAIT = 'await() { until grep -q "$1" $2; do sleep 0.05; done; }; '
# `timeout` signals its child and then its whole group.
# The first one may have ended it already.
_STOP = (
    "stop() { kill -TERM $1; kill -TERM $1 2> /dev/null || true; wait $1; }; "
)

_CAPTURE = "dissectctl tshark -q -i lo -w live.pcapng -f 'udp port 53'"

_NO_SPACE = (
    "Not all the packets could be written to the {} because there is no space"
    " left on the file system.\n"
)


class EndingTest(unittest.TestCase):
    """Runs one daemon for all tests."""

    here: ClassVar[place.Place]

    @classmethod
    def setUpClass(cls) -> None:
        cls.here = cls.enterClassContext(place.new_place())

    def check(self, script: str, status: int, errors: str = "") -> str:
        """Runs a script, and returns what it prints."""
        run = self.here.run(script)
        self.assertEqual((run.returncode, run.stderr), (status, errors), script)
        return run.stdout

    def uploads(self) -> str:
        return self.check("dissectctl files list uploads/ --no-headers", 0)

    def test_two_signals_at_once_end_a_capture_well(self) -> None:
        with place.dns_traffic():
            for _ in range(3):
                run = self.here.run(f"timeout --preserve-status 2 {_CAPTURE}")
                self.assertEqual(run.returncode, 0, run.stderr)
                count = int(run.stderr.split("\n")[-2].split()[0])
                self.assertGreater(count, 0)
                written = self.check(
                    "dissectctl read --local live.pcapng | wc -l", 0
                )
                self.assertEqual(int(written), count)

    def test_a_document_ends_after_a_signal(self) -> None:
        printed = self.check(
            f"{_AWAIT}{_STOP} rm -f p; mkfifo p;"
            " dissectctl tshark -r p -T json > out & pid=$!;"
            " exec 3> p; cat trace.pcap >&3;"
            f' await \'"frame.number": "{_PACKETS}"\' out; stop $pid'
            " || { echo $?; cat out; }",
            0,
        )
        status, document = printed.split("\n", 1)
        self.assertEqual(status, "2")
        self.assertEqual(len(json.loads(document)), _PACKETS)

    def test_a_signal_leaves_no_upload(self) -> None:
        packets = (self.here.current / "trace.pcap").read_bytes()
        many = self.here.current / "many.pcap"
        # The file's header has 24 bytes.
        many.write_bytes(packets + packets[24:] * 100)
        before = self.uploads()
        # The output has a reader that reads one line only.
        run = self.here.run(
            f"{_STOP} rm -f p; mkfifo p;"
            " dissectctl tshark -r many.pcap -V > p & pid=$!;"
            " exec 3< p; read -r line <&3; kill -TERM $pid;"
            " sleep 1.2; stop $pid || test $? = 143"
        )
        self.assertEqual(run.returncode, 0, run.stderr)
        self.assertEqual(self.uploads(), before)

    def test_a_signal_ends_the_reading_of_a_pipe(self) -> None:
        self.check(
            f"{_STOP} rm -f p; mkfifo p;"
            " dissectctl tshark -r p -w written.pcap & pid=$!;"
            " exec 3> p; cat trace.pcap >&3; sleep 1; stop $pid",
            0,
        )
        count = self.check("dissectctl read --local written.pcap | wc -l", 0)
        self.assertEqual(int(count), _PACKETS)

    def test_a_signal_ends_the_wait_for_a_writer(self) -> None:
        for command in ("read --local p", "write --local p -w out.pcap"):
            self.check(
                f"{_STOP} rm -f p; mkfifo p; dissectctl {command} & pid=$!;"
                " sleep 0.5; stop $pid",
                2,
            )

    def test_a_capture_needs_a_folder(self) -> None:
        self.check(
            "cat trace.pcap"
            " | dissectctl tshark -i - -b packets:5 -w nowhere/r.pcapng",
            1,
            "tshark: The file to which the capture would be saved"
            ' ("nowhere/r.pcapng") could not be opened: No such file or'
            " directory.\n",
        )

    def test_packets_that_cannot_be_written_are_kept(self) -> None:
        for command, status in (
            ("tshark -i - -w /dev/full", 1),
            ("capture -i - --output=/dev/full", 4),
        ):
            name = command.split()[0].replace("capture", "dissectctl")
            run = self.here.run(f"cat trace.pcap | dissectctl {command} -q")
            self.assertEqual(run.returncode, status, run.stderr)
            self.assertIn(
                f"{name}: " + _NO_SPACE.format('file "/dev/full"'), run.stderr
            )
            kept = run.stderr.split("\n")[-2]
            self.assertIn(": The daemon keeps the packets: dissectctl ", kept)
            self.check(kept[kept.index("dissectctl captures") :], 0)

    def test_a_capture_without_its_daemon_says_how_to_go_on(self) -> None:
        store = self.here.folder / "kept"
        store.mkdir()

        def start() -> daemon.Daemon:
            started = self.here.start_daemon(
                "keeping", store, ["--keep-captures=120"]
            )
            self.addCleanup(started.kill)
            return started

        server = start()
        server_option = f"--server={server.address}"
        for options, signal in (
            ("", "TERM"),
            ("-w kept.pcapng", "KILL"),
            ("-w counted.pcapng -q", "TERM"),
        ):
            with self.subTest(options=options, signal=signal):
                run = self.here.run(
                    f"{_AWAIT} rm -f errors; : > errors;"
                    f" dissectctl capture -i lo {options} {server_option}"
                    " > /dev/null 2> errors & pid=$!;"
                    " await Capturing errors;"
                    f" kill -{signal} {server.pid};"
                    " status=0; wait $pid || status=$?;"
                    " cat errors; exit $status"
                )
                self.assertEqual(run.returncode, 3, run.stdout)
                hint = run.stdout.splitlines()[-1]
                server.kill()
                server = start()
                found = re.fullmatch(
                    r"dissectctl: The capture may go on as (captures/\w+):"
                    r" (dissectctl watch \1), (dissectctl stop \1)",
                    hint,
                )
                assert found is not None, run.stdout
                self.check(f"{found[3]} {server_option}", 0)
                events = self.check(f"{found[2]} {server_option}", 0)
                self.assertIn("adopted", events)
        server.stop()

    def test_a_full_disk_has_a_status(self) -> None:
        for command in ("files", "info", "glossary fields"):
            self.check(
                f"dissectctl {command} > /dev/full",
                4,
                "dissectctl: Can't write to standard output: No space left on"
                " device\n",
            )
        for command, status in (
            ("dissectctl write dns.pcap", 4),
            ("dissectctl tshark -r trace.pcap", 2),
        ):
            name = "tshark" if "tshark" in command else "dissectctl"
            self.check(
                f"{command} -w /dev/full",
                status,
                f"{name}: " + _NO_SPACE.format('file "/dev/full"'),
            )

    def test_a_list_needs_no_reader(self) -> None:
        self.check(
            "bash -o pipefail -c 'dissectctl tshark -G fields | head -n 1'", 0
        )

    def test_streams_may_be_closed(self) -> None:
        bad = ": Bad file descriptor.\n"
        no_input = f'The file "-" could not be opened{bad}'
        no_pipe = (
            "tshark: The capture session could not be initiated due to error"
            f" on pipe open{bad}"
        )
        no_output = f'tshark: The file "-" could not be created{bad}'
        for script, status, errors in (
            ("dissectctl tshark -r - <&-", 2, f"tshark: {no_input}"),
            ("dissectctl read --local - <&-", 2, f"dissectctl: {no_input}"),
            ("dissectctl tshark -i - -c 1 <&-", 1, no_pipe),
            ("dissectctl tshark -r trace.pcap >&-", 0, ""),
            ("dissectctl tshark -r trace.pcap -w - >&-", 2, no_output),
            ("dissectctl tshark -r trace.pcap <&- >&- 2>&-", 0, ""),
            ("dissectctl tshark -r nowhere.pcap 2>&-", 2, ""),
        ):
            with self.subTest(script=script):
                self.check(script, status, errors)


if __name__ == "__main__":
    place.enter_namespace()
    unittest.main(argv=sys.argv[:1])
