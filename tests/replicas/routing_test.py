# SPDX-License-Identifier: GPL-2.0-or-later
"""Each call that names a resource reaches the replica that has it."""

import typing
from collections.abc import Iterator

import grpc
from api import (
    analysis,
    analysis_service,
    capture,
    capture_service,
    dissection,
    dissection_service,
    export,
    export_service,
    file,
    file_service,
    reason_of,
    server,
    server_service,
    session,
    session_service,
)
from cluster import CALL_SECONDS, choosing
from cluster_case import NAMES, ClusterCase
from load import replica_of
from web_call import call_connect, call_grpc_web

# With three replicas, all of them go to the right one by chance only once in
# 3^8 times.
ROUNDS = 8
FRAMES = 26
LARGEST_REQUEST = 16 << 20
NOT_FOUND = grpc.StatusCode.NOT_FOUND


class RoutingTest(ClusterCase):
    """Callers that don't know of replicas, unless a test says so."""

    def setUp(self) -> None:
        super().setUp()
        self.files = file_service.FileServiceStub(self.channel)
        self.captures = capture_service.CaptureServiceStub(self.channel)
        self.dissection = dissection_service.DissectionServiceStub(self.channel)
        self.exports = export_service.ExportServiceStub(self.channel)
        self.analysis = analysis_service.AnalysisServiceStub(self.channel)

    def assert_all_from(
        self, replica: str, method: typing.Any, request: typing.Any
    ) -> None:
        """Fails unless the replica gives every answer."""
        for _ in range(ROUNDS):
            self.assertEqual(self.replica_for(method, request), replica)

    def replica_for_stream(
        self, method: typing.Any, request: typing.Any
    ) -> str:
        stream = self.call(method, request)
        self.assertTrue(list(stream))
        return replica_of(stream)

    def test_sessions(self) -> None:
        for replica in NAMES:
            name = self.open_session(replica)
            self.assertTrue(name.startswith(f"sessions/{replica}~"), name)
            for _ in range(ROUNDS):
                self.assertEqual(self.frames_of(name), FRAMES)
            self.assert_all_from(
                replica,
                self.sessions.ListFrames,
                session.ListFramesRequest(session=name),
            )
            streams: list[tuple[typing.Any, typing.Any]] = [
                (
                    self.dissection.Dissect,
                    dissection.DissectRequest(session=name),
                ),
                (
                    self.exports.ExportPackets,
                    export.ExportPacketsRequest(session=name),
                ),
                (
                    self.analysis.ListExportObjects,
                    analysis.ListExportObjectsRequest(
                        source=analysis.AnalysisSource(session=name),
                        type="http",
                    ),
                ),
            ]
            for method, request in streams:
                self.assertEqual(
                    self.replica_for_stream(method, request), replica
                )

    def test_sessions_from_browsers(self) -> None:
        for replica in NAMES:
            name = self.open_session(replica)
            request = session.GetSessionRequest(name=name)
            for call in (call_grpc_web, call_connect):
                for _ in range(ROUNDS):
                    answer = call(
                        self.cluster,
                        "SessionService/GetSession",
                        request.SerializeToString(),
                    )
                    self.assertEqual(answer.status, 200, answer)
                    self.assertEqual(answer.replica, replica)
                    found = session.GetSessionResponse.FromString(
                        answer.content
                    )
                    self.assertEqual(found.session.name, name)
            stream = call_grpc_web(
                self.cluster,
                "DissectionService/Dissect",
                dissection.DissectRequest(session=name).SerializeToString(),
            )
            self.assertEqual(
                (stream.grpc_status, stream.replica), ("0", replica)
            )

    def upload(self, content: bytes) -> str:
        """Uploads a file, and returns its name."""
        request = file.CreateUploadRequest(file_name="x.pcap")
        name = self.call(self.files.CreateUpload, request).upload.name
        request = file.GetUploadRequest(name=name)
        self.assert_all_from(
            name.partition("/")[2].partition("~")[0],
            self.files.GetUpload,
            request,
        )
        half = len(content) // 2

        def parts() -> Iterator[typing.Any]:
            yield file.WriteUploadRequest(name=name, data=content[:half])
            yield file.WriteUploadRequest(
                offset=half, data=content[half:], finish=True
            )

        written = self.call(self.files.WriteUpload, parts())
        return str(written.upload.file)

    def test_uploads_and_what_is_made_of_them(self) -> None:
        store = self.cluster.replicas["a"].store
        content = (store / "dns.pcap").read_bytes()
        for number in range(ROUNDS):
            uploaded = self.upload(content)
            replica = uploaded.removeprefix("files/uploads/").partition("~")[0]
            self.assertIn(replica, NAMES)
            name = self.open_session(file=uploaded)
            self.assertTrue(name.startswith(f"sessions/{replica}~"), name)
            request = export.ExportPacketsToFileRequest(
                name=f"files/exports/{number}.pcap",
                export=export.ExportPacketsRequest(file=uploaded),
            )
            written = self.call(self.exports.ExportPacketsToFile, request)
            exported = f"files/exports/{replica}~{number}.pcap"
            self.assertEqual(written.file.name, exported)
            for path in (uploaded, exported):
                found = file.GetFileRequest(name=path)
                self.assert_all_from(replica, self.files.GetFile, found)
            merge = export.MergeFilesRequest(
                files=[exported, uploaded],
                name=f"files/exports/merged-{number}.pcap",
            )
            merged = self.call(self.exports.MergeFiles, merge)
            self.assertTrue(
                merged.file.name.startswith(f"files/exports/{replica}~")
            )

    def test_captures(self) -> None:
        for replica in NAMES:
            request = capture.CreateCaptureRequest()
            request.options.interfaces.add().name = "lo"
            created = self.captures.CreateCapture(
                request, metadata=choosing(replica), timeout=CALL_SECONDS
            )
            name = created.capture.name
            self.assertTrue(name.startswith(f"captures/{replica}~"), name)
            self.assert_all_from(
                replica,
                self.captures.GetCapture,
                capture.GetCaptureRequest(name=name),
            )
            stop = capture.StopCaptureRequest(name=name)
            self.call(self.captures.StopCapture, stop)
            listed = self.call(
                self.captures.ListCaptureFiles,
                capture.ListCaptureFilesRequest(name=name),
            )
            path = listed.files[-1].file
            self.assertTrue(path.startswith(f"files/{name}/"), path)
            self.assert_all_from(
                replica, self.files.GetFile, file.GetFileRequest(name=path)
            )
            delete = capture.DeleteCaptureRequest(name=name)
            self.call(self.captures.DeleteCapture, delete)

    def test_the_largest_request_passes(self) -> None:
        request = dissection.DissectRequest(file="files/dns.pcap")
        attachment = request.options.attachments.add(name="large")
        attachment.content = bytes(LARGEST_REQUEST - request.ByteSize() - 100)
        *_, last = self.call(self.dissection.Dissect, request)
        self.assertEqual(last.end.frames_sent, FRAMES)

    def test_lists_show_the_replica_that_is_asked(self) -> None:
        for replica in NAMES:
            name = self.open_session(replica)
            listed = self.sessions.ListSessions(
                session.ListSessionsRequest(),
                metadata=choosing(replica),
                timeout=CALL_SECONDS,
            )
            names = [one.name for one in listed.sessions]
            self.assertIn(name, names)
            for one in names:
                self.assertTrue(one.startswith(f"sessions/{replica}~"), one)

    def test_a_wrong_way_is_told(self) -> None:
        name = self.open_session("a")
        request = session.GetSessionRequest(name=name)
        with self.cluster.replicas["b"].own_channel() as channel:
            stub = session_service.SessionServiceStub(channel)
            error = self.failure(stub.GetSession, request)
        self.assertEqual(error.code(), NOT_FOUND)
        self.assertEqual(reason_of(error), "OTHER_REPLICA")
        self.assertIn('"a", and this is "b"', error.details())

    def test_replicas_that_do_not_exist(self) -> None:
        request = session.GetSessionRequest(name=f"sessions/z~{'0' * 32}")
        error = self.failure(self.sessions.GetSession, request)
        self.assertEqual(error.code(), grpc.StatusCode.UNAVAILABLE)
        self.assertIn('The replica "z" can\'t be reached', error.details())
        answer = call_grpc_web(
            self.cluster,
            "SessionService/GetSession",
            request.SerializeToString(),
        )
        self.assertEqual(answer.grpc_status, "14")
        self.assertIn("The replica ", answer.message)
        answer = call_connect(
            self.cluster,
            "SessionService/GetSession",
            request.SerializeToString(),
        )
        self.assertEqual(answer.status, 503)
        stub = server_service.ServerServiceStub(self.channel)
        with self.assertRaises(grpc.RpcError) as caught:
            stub.GetServerInfo(
                server.GetServerInfoRequest(),
                metadata=choosing("a/b"),
                timeout=CALL_SECONDS,
            )
        self.assertIn("isn't the name of a replica", caught.exception.details())
