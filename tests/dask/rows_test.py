# SPDX-License-Identifier: GPL-2.0-or-later
"""What read_captures returns, compared with the answers of one daemon."""

import contextlib
import functools
import io
import pathlib
import runpy
import tempfile
import unittest

import dask
import dissectd
import pyarrow.parquet
from case import (
    FIELDS,
    OWN_CAPTURES,
    ROOT,
    Rows,
    by_file,
    captures,
    cluster,
    of_one_daemon,
    reasons,
    start_daemon,
    with_rows,
)
from dissectd.dask import read_captures

DNS = str(OWN_CAPTURES / "dns.pcap")
CUT_SHORT = str(OWN_CAPTURES / "cut-short.pcap")
EMPTY = str(OWN_CAPTURES / "empty.pcap")


@functools.cache
def expected() -> tuple[dict[str, Rows], dict[str, str]]:
    """The rows of all captures, and the reasons for failures."""
    return of_one_daemon(cluster().addresses[0], captures(), FIELDS)


class RowsTest(unittest.TestCase):
    def test_rows_and_failures_are_those_of_one_daemon(self) -> None:
        rows, failures = expected()
        # The reference has left some.
        uploads = cluster().uploads()
        frame, report = read_captures(
            captures(),
            FIELDS,
            daemons=cluster().addresses,
            errors="report",
        ).compute()
        self.assertEqual(by_file(frame), with_rows(rows))
        self.assertEqual(reasons(report), failures)
        self.assertIn(CUT_SHORT, failures)
        self.assertEqual(cluster().uploads(), uploads)

    def test_a_killed_worker_and_a_killed_daemon_change_nothing(self) -> None:
        rows, failures = expected()
        shared = cluster()
        running = read_captures(
            captures(),
            FIELDS,
            daemons=shared.addresses,
            errors="report",
        ).persist()
        shared.wait_for_a_part(running.frame)
        with shared.without_a_daemon():
            shared.kill_a_worker()
            frame, report = running.compute()
        self.assertEqual(by_file(frame), with_rows(rows))
        self.assertEqual(reasons(report), failures)

    def test_all_partitions_have_the_same_types(self) -> None:
        frame = read_captures(
            [EMPTY, DNS, str(OWN_CAPTURES / "wifi.pcap")],
            [*FIELDS, "dns"],
            columns=["info"],
            occurrence="all",
            daemons=cluster().addresses,
        )
        parts = dask.compute(*frame.to_delayed())
        self.assertEqual([len(part) > 0 for part in parts], [False, True, True])
        for part in parts:
            self.assertEqual(list(part.dtypes), list(frame.dtypes))
        self.assertEqual(str(frame.dtypes["frame.time"]), LIST_OF_TIMES)
        self.assertIn("dictionary", str(frame.dtypes["file"]))

    def test_filters_and_options_are_applied(self) -> None:
        frame = read_captures(
            DNS,
            ["frame.number", "dns.qry.name"],
            "dns.flags.response == 1",
            daemons=cluster().addresses,
            two_pass=True,
        )
        rows, _ = of_one_daemon(
            cluster().addresses[0],
            [DNS],
            ["frame.number", "dns.qry.name"],
            "dns.flags.response == 1",
        )
        self.assertEqual(by_file(frame.compute()), rows)
        nothing = read_captures(
            DNS, ["ip.src"], "sctp", daemons=cluster().addresses
        ).compute()
        self.assertEqual(len(nothing), 0)

    def test_a_busy_daemon_is_asked_again(self) -> None:
        paths = captures()[:20]
        rows, _ = expected()
        busy = start_daemon(cluster().folder / "busy", "--max-workers=1")
        try:
            frame, report = read_captures(
                paths,
                FIELDS,
                daemons=[busy.address],
                errors="report",
                retries=30,
            ).compute()
        finally:
            busy.kill()
        chosen = {path: rows[path] for path in paths}
        self.assertEqual(by_file(frame), with_rows(chosen))
        self.assertEqual(set(reasons(report)), {CUT_SHORT})

    def test_tasks_need_no_cluster(self) -> None:
        frame = read_captures(DNS, FIELDS, daemons=cluster().addresses)
        with dask.config.set(scheduler="synchronous"):
            self.assertEqual(by_file(frame.compute())[DNS], expected()[0][DNS])


LIST_OF_TIMES = "list<item: timestamp[ns, tz=UTC]>[pyarrow]"


class FilesTest(unittest.TestCase):
    def test_a_folder_has_all_files_below_it(self) -> None:
        with tempfile.TemporaryDirectory() as name:
            below = pathlib.Path(name, "a", "b")
            below.mkdir(parents=True)
            copy = below / "x"
            copy.write_bytes(pathlib.Path(DNS).read_bytes())
            frame = read_captures(
                [name, copy], ["frame.number"], daemons=cluster().addresses
            )
            self.assertEqual(set(by_file(frame.compute())), {str(copy)})

    def test_captures_in_the_daemons_store_are_not_sent(self) -> None:
        shared = cluster()
        address, store = shared.addresses[0], shared.folder / "0" / "store"
        copy = store / "dns.pcap"
        copy.write_bytes(pathlib.Path(DNS).read_bytes())
        try:
            frame = read_captures(
                copy, FIELDS, daemons=[address], store=store
            ).compute()
            self.assertEqual(by_file(frame)[str(copy)], expected()[0][DNS])
            # What the daemon reads isn't what the worker could send.
            elsewhere = read_captures(
                copy, FIELDS, daemons=shared.addresses[1:2], store=store
            )
            with self.assertRaises(dissectd.FileNotInStore):
                elsewhere.compute()
        finally:
            copy.unlink()

    def test_files_that_are_missing_are_an_error(self) -> None:
        nothing: list[str] = []
        for places in ("/nowhere/*.pcap", "/nowhere/x.pcap", nothing):
            with self.assertRaises(FileNotFoundError):
                read_captures(places, FIELDS, daemons=cluster().addresses)


class ErrorsTest(unittest.TestCase):
    def test_a_damaged_capture_is_raised_with_its_name(self) -> None:
        frame = read_captures(
            [DNS, CUT_SHORT], FIELDS, daemons=cluster().addresses
        )
        with self.assertRaisesRegex(dissectd.ShortRead, "cut-short.pcap: "):
            frame.compute()

    def test_the_report_says_what_is_missing(self) -> None:
        with tempfile.TemporaryDirectory() as name:
            text = pathlib.Path(name, "notes.txt")
            text.write_text("no capture")
            gone = pathlib.Path(name, "gone.pcap")
            gone.write_bytes(pathlib.Path(DNS).read_bytes())
            captures = read_captures(
                [CUT_SHORT, text, gone],
                ["frame.number"],
                daemons=cluster().addresses,
                errors="report",
            )
            gone.unlink()
            frame, report = captures.compute()
        rows, failures = of_one_daemon(
            cluster().addresses[0], [CUT_SHORT], ["frame.number"]
        )
        self.assertEqual(by_file(frame), rows)
        found = reasons(report)
        self.assertEqual(found[CUT_SHORT], failures[CUT_SHORT])
        self.assertEqual(found[str(text)], "FILE_UNKNOWN_FORMAT")
        self.assertEqual(found[str(gone)], "FILE_NOT_READABLE")
        frames_read = dict(
            zip(report["file"], report["frames_read"], strict=True)
        )
        self.assertEqual(frames_read[CUT_SHORT], len(rows[CUT_SHORT]))
        self.assertEqual(frames_read[str(text)], 0)

    def test_wrong_questions_fail_at_once(self) -> None:
        daemons = cluster().addresses
        with self.assertRaises(dissectd.DisplayFilterError):
            read_captures(DNS, FIELDS, "ip.src ==", daemons=daemons)
        with self.assertRaises(dissectd.FieldError):
            read_captures(DNS, ["ip.nonsense"], daemons=daemons)
        with self.assertRaisesRegex(dissectd.FieldError, "one column"):
            read_captures(DNS, ["ip.src", "ip.src"], daemons=daemons)
        with self.assertRaisesRegex(TypeError, "as a list"):
            read_captures(DNS, FIELDS, daemons=daemons[0])
        with self.assertRaises(TypeError):
            read_captures(DNS, FIELDS, nonsense=1)

    def test_daemons_that_are_gone_are_named(self) -> None:
        addresses = ["localhost:1", "unix:/nowhere"]
        with self.assertRaisesRegex(
            dissectd.ConnectionFailed, "localhost:1.*unix:/nowhere|unix.*:1"
        ):
            read_captures(DNS, FIELDS, daemons=addresses)

    def test_one_daemon_that_is_there_is_enough(self) -> None:
        addresses = ["localhost:1", cluster().addresses[1], "unix:/nowhere"]
        frame = read_captures(DNS, FIELDS, daemons=addresses).compute()
        self.assertEqual(by_file(frame)[DNS], expected()[0][DNS])


class ExampleTest(unittest.TestCase):
    def test_the_example_writes_parquet_that_duckdb_reads(self) -> None:
        example = ROOT / "clients" / "python" / "examples" / "many_captures.py"
        program = runpy.run_path(str(example))
        with tempfile.TemporaryDirectory() as folder:
            printed = io.StringIO()
            with contextlib.redirect_stdout(printed):
                program["write"](
                    [DNS, CUT_SHORT, EMPTY], folder, cluster().addresses
                )
            self.assertIn(f"{CUT_SHORT}: FILE_CUT_SHORT", printed.getvalue())
            rows, _ = of_one_daemon(
                cluster().addresses[0],
                [DNS, CUT_SHORT],
                ["dns.qry.name"],
                "dns.flags.response == 0",
            )
            names = [
                row["dns.qry.name"] for found in rows.values() for row in found
            ]
            most = program["most_asked"](folder)
            self.assertEqual(
                {name: count for name, count, _ in most},
                {name: names.count(name) for name in names},
            )
            schemas = {
                pyarrow.parquet.read_schema(path).remove_metadata().to_string()
                for path in pathlib.Path(folder).glob("*.parquet")
            }
            self.assertEqual(len(schemas), 1)
