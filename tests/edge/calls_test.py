# SPDX-License-Identifier: GPL-2.0-or-later
"""Calls of every kind through the edge."""

import hashlib
import os
import random
import socket
import threading
import time
import typing
from collections.abc import Iterator

import grpc
from api import (
    capture,
    capture_service,
    dissection,
    dissection_service,
    file,
    file_service,
    reason_of,
)
from case import CALL_SECONDS, EdgeCase, bearer
from waiting import wait_for

IDLE_SECONDS = float(os.environ.get("IDLE_SECONDS", "75"))
UPLOAD_BYTES = 100_000_000
CHUNK_BYTES = 1 << 20
# What the edge may need in memory: far less than the upload.
EDGE_BYTES = 200_000_000


class CallsTest(EdgeCase):
    """A caller with a token."""

    def setUp(self) -> None:
        channel = self.channel()
        self.captures = capture_service.CaptureServiceStub(channel)
        self.dissection = dissection_service.DissectionServiceStub(channel)
        self.files = file_service.FileServiceStub(channel)
        self.caller = bearer(self.edge.issuer.sign(sub="alice"))

    def call(self, method: typing.Any, request: typing.Any) -> typing.Any:
        return method(request, metadata=self.caller, timeout=CALL_SECONDS)

    def follow(self, name: str, **options: typing.Any) -> typing.Any:
        """Begins to dissect a capture, and waits for the stream's header."""
        request = dissection.DissectRequest(capture=name)
        stream = self.dissection.Dissect(
            request, metadata=self.caller, **options
        )
        self.assertEqual(next(stream).WhichOneof("kind"), "header")
        return stream

    def start_capture(self) -> tuple[str, socket.socket]:
        """Captures what is sent to a socket, which nobody does yet."""
        receiver = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.addCleanup(receiver.close)
        receiver.bind(("127.0.0.1", 0))
        request = capture.CreateCaptureRequest()
        interface = request.options.interfaces.add()
        interface.name = "lo"
        interface.capture_filter = f"udp port {receiver.getsockname()[1]}"
        name = self.call(self.captures.CreateCapture, request).capture.name
        return name, receiver

    def test_a_stream_is_complete(self) -> None:
        request = dissection.DissectRequest(file="files/dns.pcap")
        stream = self.call(self.dissection.Dissect, request)
        *_, last = stream
        self.assertEqual(last.end.frames_sent, 26)

    def test_errors_keep_their_details(self) -> None:
        with self.assertRaises(grpc.RpcError) as caught:
            self.call(self.files.GetFile, file.GetFileRequest(name="files/x"))
        self.assertEqual(caught.exception.code(), grpc.StatusCode.NOT_FOUND)
        self.assertEqual(reason_of(caught.exception), "FILE_NOT_FOUND")
        request = dissection.DissectRequest(file="files/dns.pcap")
        request.view.display_filter = "ip.adr"
        with self.assertRaises(grpc.RpcError) as caught:
            next(self.call(self.dissection.Dissect, request))
        self.assertEqual(reason_of(caught.exception), "DISPLAY_FILTER_INVALID")

    def chunks(self, name: str, content: bytes) -> Iterator[typing.Any]:
        for offset in range(0, len(content), CHUNK_BYTES):
            data = content[offset : offset + CHUNK_BYTES]
            yield file.WriteUploadRequest(
                name=name,
                offset=offset,
                data=data,
                finish=offset + len(data) == len(content),
            )

    def test_a_large_upload_arrives_and_comes_back(self) -> None:
        content = random.Random(1).randbytes(UPLOAD_BYTES)
        sha256 = hashlib.sha256(content).digest()
        request = file.CreateUploadRequest(file_name="large", sha256=sha256)
        upload = self.call(self.files.CreateUpload, request).upload
        began = time.monotonic()
        written = self.files.WriteUpload(
            self.chunks(upload.name, content), metadata=self.caller
        )
        seconds = time.monotonic() - began
        rate = UPLOAD_BYTES / seconds
        self.assertEqual(written.upload.committed_bytes, UPLOAD_BYTES)
        returned = hashlib.sha256()
        for part in self.files.ReadFile(
            file.ReadFileRequest(name=written.upload.file),
            metadata=self.caller,
        ):
            returned.update(part.data)
        self.assertEqual(returned.digest(), sha256)
        peak = self.edge.peak_bytes()
        print(f"{rate / 1e6:.0f} MB/s, Envoy: {peak / 1e6:.0f} MB", end=" ")
        self.assertLess(peak, EDGE_BYTES)

    def test_a_silent_stream_lasts(self) -> None:
        name, receiver = self.start_capture()
        stream = self.follow(name, timeout=24 * 3600)
        frames = threading.Event()

        def read() -> None:
            for message in stream:
                if message.WhichOneof("kind") == "batch":
                    frames.set()

        reader = threading.Thread(target=read)
        reader.start()
        self.assertFalse(frames.wait(IDLE_SECONDS))
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sender:
            sender.sendto(b"hello", receiver.getsockname())
        self.assertTrue(frames.wait(CALL_SECONDS))
        request = capture.StopCaptureRequest(name=name)
        self.call(self.captures.StopCapture, request)
        reader.join(CALL_SECONDS)
        self.assertEqual(stream.code(), grpc.StatusCode.OK)

    def test_a_cancelled_call_ends_in_the_daemon(self) -> None:
        name, _ = self.start_capture()
        stream = self.follow(name)
        stream.cancel()
        wait_for(
            "the daemon's line",
            lambda: "Dissect: CANCELLED" in self.edge.daemon_log(),
        )

    def test_the_deadline_reaches_the_daemon(self) -> None:
        name, _ = self.start_capture()
        with self.assertRaises(grpc.RpcError) as caught:
            list(self.follow(name, timeout=2))
        # On a busy machine, the client can see that the edge or the daemon has
        # cut the stream off before its own timer fires.
        self.assertIn(
            caught.exception.code(),
            {
                grpc.StatusCode.DEADLINE_EXCEEDED,
                grpc.StatusCode.CANCELLED,
                grpc.StatusCode.INTERNAL,
            },
        )
        wait_for(
            "the daemon's line",
            lambda: "Dissect: DEADLINE_EXCEEDED" in self.edge.daemon_log(),
        )

    def test_many_streams_share_the_edge(self) -> None:
        name, receiver = self.start_capture()
        # More than the daemon takes over one connection.
        channels = [self.channel() for _ in range(2)]
        streams = [
            dissection_service.DissectionServiceStub(channel).Dissect(
                dissection.DissectRequest(capture=name), metadata=self.caller
            )
            for channel in channels
            for _ in range(12)
        ]
        for stream in streams:
            self.assertEqual(next(stream).WhichOneof("kind"), "header")
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sender:
            sender.sendto(b"hello", receiver.getsockname())
        for stream in streams:
            kinds = (message.WhichOneof("kind") for message in stream)
            self.assertIn("batch", kinds)
            stream.cancel()
