# SPDX-License-Identifier: GPL-2.0-or-later
"""Captures in S3, served by moto."""

import pathlib
import unittest
from typing import ClassVar

import boto3
from case import (
    FIELDS,
    OWN_CAPTURES,
    by_file,
    cluster,
    of_one_daemon,
    reasons,
)
from datagram_captures import datagram_capture
from dissectd.dask import read_captures
from moto.server import ThreadedMotoServer

BUCKET = "captures"
NAMES = ("dns.pcap", "http1.pcap.gz", "cut-short.pcap")


class S3Test(unittest.TestCase):
    server: ClassVar[ThreadedMotoServer]
    large: ClassVar[pathlib.Path]
    options: ClassVar[dict[str, str]]

    @classmethod
    def setUpClass(cls) -> None:
        cls.server = ThreadedMotoServer("127.0.0.1", 0, verbose=False)
        cls.server.start()
        cls.addClassCleanup(cls.server.stop)
        host, port = cls.server.get_host_and_port()
        cls.large = cluster().folder / "large.pcap"
        datagram_capture(cls.large)
        cls.options = {
            "key": "a",
            "secret": "b",
            "endpoint_url": f"http://{host}:{port}",
        }
        client = boto3.client(
            "s3",
            endpoint_url=cls.options["endpoint_url"],
            aws_access_key_id="a",
            aws_secret_access_key="b",
            region_name="us-east-1",
        )
        client.create_bucket(Bucket=BUCKET)
        for path in (*(OWN_CAPTURES / name for name in NAMES), cls.large):
            client.put_object(
                Bucket=BUCKET, Key=path.name, Body=path.read_bytes()
            )

    def expected_rows(self, path: pathlib.Path) -> list[dict[str, object]]:
        rows, _ = of_one_daemon(cluster().addresses[0], [str(path)], FIELDS)
        return rows[str(path)]

    def test_rows_are_those_of_local_files(self) -> None:
        uploads = cluster().uploads()
        frame, report = read_captures(
            [f"s3://{BUCKET}/*.pcap", f"s3://{BUCKET}/http1.pcap.gz"],
            FIELDS,
            daemons=cluster().addresses,
            errors="report",
            storage_options=self.options,
        ).compute()
        self.assertEqual(cluster().uploads(), uploads)
        rows = by_file(frame)
        for name in NAMES:
            path = OWN_CAPTURES / name
            self.assertEqual(
                rows.get(f"s3://{BUCKET}/{name}", []), self.expected_rows(path)
            )
        self.assertEqual(
            rows[f"s3://{BUCKET}/large.pcap"], self.expected_rows(self.large)
        )
        self.assertEqual(
            reasons(report), {f"s3://{BUCKET}/cut-short.pcap": "FILE_CUT_SHORT"}
        )

    def test_pieces_are_read_by_their_bytes(self) -> None:
        fields = ["frame.number", "frame.time", "ip.src", "udp.length"]
        frame = read_captures(
            f"s3://{BUCKET}/large.pcap",
            fields,
            daemons=cluster().addresses,
            split="stateless",
            split_bytes=1 << 20,
            storage_options=self.options,
        )
        self.assertGreater(frame.npartitions, 1)
        rows, _ = of_one_daemon(
            cluster().addresses[0], [str(self.large)], fields
        )
        self.assertEqual(
            by_file(frame.compute())[f"s3://{BUCKET}/large.pcap"],
            rows[str(self.large)],
        )
