# SPDX-License-Identifier: GPL-2.0-or-later
"""Calls of the benchmarks, whose streams are counted and not decoded."""

import collections.abc
import pathlib
import threading
import typing

import grpc
from api import capture, capture_service, dissection
from waiting import wait_for

FLEET = "dissectd.v1.FleetService"
DISSECT = "/dissectd.v1.DissectionService/Dissect"
DISSECT_NODES = f"/{FLEET}/DissectNodes"
_PATIENCE_SECONDS = 300

fleet = grpc.protos("dissectd/v1/fleet.proto")

Message = typing.Any
Metadata = tuple[tuple[str, str], ...]


def connect(address: str, authority: bytes | None = None) -> grpc.Channel:
    """Returns a channel with a connection of its own, with TLS or without."""
    options = [
        ("grpc.use_local_subchannel_pool", 1),
        ("grpc.max_receive_message_length", -1),
    ]
    if authority is None:
        return grpc.insecure_channel(address, options)
    return grpc.secure_channel(
        address, grpc.ssl_channel_credentials(authority), options
    )


class Stream:
    """A call that a thread reads to its end, without decoding messages."""

    def __init__(
        self,
        channel: grpc.Channel,
        method: str,
        request: Message,
        metadata: Metadata = (),
    ) -> None:
        self.messages = 0
        self.bytes = 0
        self.last = b""
        self.error: grpc.RpcError | None = None
        call = channel.unary_stream(
            method, request_serializer=type(request).SerializeToString
        )
        self._call = call(request, metadata=metadata)
        self._thread = threading.Thread(target=self._read)
        self._thread.start()

    def _read(self) -> None:
        try:
            for message in self._call:
                self.messages += 1
                self.bytes += len(message)
                self.last = message
        except grpc.RpcError as error:
            self.error = error

    def wait_for_messages(self, count: int) -> None:
        """Waits until at least this number of messages has come."""

        def are_there() -> bool:
            if self.error is not None:
                raise self.error
            return self.messages >= count

        wait_for(f"{count} messages", are_there, _PATIENCE_SECONDS)

    def finish(self) -> None:
        """Waits for the end, which must be a good one."""
        self._thread.join(_PATIENCE_SECONDS)
        if self.error is not None:
            raise self.error
        if self._thread.is_alive():
            raise TimeoutError("a stream doesn't end")

    def cancel(self) -> None:
        self._call.cancel()
        self._thread.join(_PATIENCE_SECONDS)

    def frames(self) -> int:
        """Returns the number of frames that a finished stream had."""
        response = dissection.DissectResponse.FromString(self.last)
        return int(response.end.frames_sent)


def view(form: str, display_filter: str = "") -> Message:
    """Returns the view with a name: `list`, `fields`, `columnar`, `trees`."""
    chosen = dissection.View(display_filter=display_filter)
    if form == "list":
        chosen.columns.use_profile_columns = True
    elif form == "trees":
        chosen.tree = dissection.TREE_DETAIL_FULL
        chosen.labels = True
    else:
        chosen.fields.extend(FIELDS)
        if form == "columnar":
            chosen.form = dissection.FORM_COLUMNAR
    return chosen


FIELDS = [
    "frame.number",
    "frame.time",
    "ip.src",
    "ip.dst",
    "tcp.port",
    "udp.port",
]


class Capture:
    """A capture of an interface at a daemon."""

    def __init__(self, channel: grpc.Channel, interface: str) -> None:
        self._stub = capture_service.CaptureServiceStub(channel)
        request = capture.CreateCaptureRequest()
        request.options.interfaces.add(name=interface)
        self.name = str(self._stub.CreateCapture(request).capture.name)
        wait_for("the capture's start", lambda: self._state() == "RUNNING")

    def _get(self) -> Message:
        request = capture.GetCaptureRequest(name=self.name)
        return self._stub.GetCapture(request).capture

    def _state(self) -> str:
        name = capture.CaptureState.Name(self._get().state)
        return str(name).removeprefix("CAPTURE_STATE_")

    def packets(self) -> int:
        return int(self._get().packets_written)

    def wait_for_packets(self, count: int) -> None:
        wait_for(f"{count} packets", lambda: self.packets() >= count)

    def stop(self) -> None:
        self._stub.StopCapture(capture.StopCaptureRequest(name=self.name))
        wait_for("the capture's end", lambda: self._state() != "STOPPING")

    def delete(self) -> None:
        self._stub.DeleteCapture(
            capture.DeleteCaptureRequest(name=self.name, delete_files=True)
        )


def bytes_of(folder: pathlib.Path) -> int:
    """Returns the size of the capture files below a folder."""
    files: collections.abc.Iterable[pathlib.Path] = folder.rglob("*.pcap*")
    return sum(file.stat().st_size for file in files)
