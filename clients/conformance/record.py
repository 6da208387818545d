# SPDX-License-Identifier: Apache-2.0
"""Records the conformance vectors from a daemon; README.md describes them.

    record.py [--check]

Needs the paths of the programs in DISSECTD and DISSECTCTL. Writes the vectors
of vectors.json into the folder `vectors`. With --check, compares with the ones
that are there instead, and prints counts in the last line.
"""

import argparse
import base64
import json
import os
import pathlib
import shutil
import sys
import tempfile
import typing

import daemon
import expected
import grpc
import made_captures
from google.protobuf import (
    descriptor_pool,
    json_format,
    message,
    message_factory,
)
from grpc_reflection.v1alpha import (
    proto_reflection_descriptor_database as reflection,
)

FOLDER = pathlib.Path(__file__).resolve().parent
CAPTURES = FOLDER.parents[1] / "tests" / "captures"
VECTORS = FOLDER / "vectors"
SERVICE = "dissectd.v1.DissectionService"
MOST_BYTES = 400_000
MOST_ATTEMPTS = 50

Json = dict[str, typing.Any]


class Dissection:
    """Calls Dissect, with messages that the daemon describes."""

    def __init__(self, channel: grpc.Channel) -> None:
        database = reflection.ProtoReflectionDescriptorDatabase(channel)
        pool = descriptor_pool.DescriptorPool(database)
        method = pool.FindMethodByName(f"{SERVICE}.Dissect")
        self._request = message_factory.GetMessageClass(method.input_type)
        self._response = message_factory.GetMessageClass(method.output_type)
        self._call = channel.unary_stream(f"/{SERVICE}/Dissect")

    def messages(self, request: Json) -> list[tuple[bytes, message.Message]]:
        """Returns the messages of the stream, as sent and parsed.

        Leaves out those about progress, as they depend on time.
        """
        sent = json_format.ParseDict(request, self._request())
        responses = [
            (data, self._response.FromString(data))
            for data in self._call(sent.SerializeToString())
        ]
        return [
            response
            for response in responses
            if not response[1].HasField("progress")
        ]


def completed(request: Json) -> Json:
    """Returns a request with scripts and with what makes answers the same."""
    options = request.get("options", {})
    for script in options.get("luaScripts", []):
        content = (FOLDER / script["name"]).read_bytes()
        script["content"] = base64.b64encode(content).decode()
    return {**request, "options": {**options, "timeZone": "UTC"}}


def varint(number: int) -> bytes:
    """Returns a number in the variable-length encoding of protobuf."""
    encoded = bytearray()
    while number > 0x7F:
        encoded.append(number & 0x7F | 0x80)
        number >>= 7
    encoded.append(number)
    return bytes(encoded)


def plain_frames(
    dissection: Dissection, request: Json
) -> list[message.Message]:
    """Returns what the daemon answers in the plain form."""
    view = {**request["view"], "form": "FORM_PLAIN"}
    return [
        frame
        for _, response in dissection.messages({**request, "view": view})
        for frame in response.plain_batch.frames
    ]


def is_regular(
    responses: list[message.Message], frames: int, request: Json
) -> bool:
    """Returns whether all batches but the last are full.

    The daemon sends frames early if the next ones take long.
    """
    largest: int = request.get("batch", {}).get("maxFrames", max(frames, 1))
    batches = [
        response
        for response in responses
        if response.WhichOneof("kind") in {"batch", "column_batch"}
    ]
    return len(batches) == -(-frames // largest)


def regular_messages(
    dissection: Dissection, frames: int, request: Json
) -> list[tuple[bytes, message.Message]]:
    """Asks until the stream doesn't depend on time."""
    for _ in range(MOST_ATTEMPTS):
        responses = dissection.messages(request)
        parsed = [response for _, response in responses]
        if is_regular(parsed, frames, request):
            return responses
    raise RuntimeError(f"{request['file']}: this machine is too slow")


def record(dissection: Dissection, request: Json) -> tuple[bytes, str]:
    """Returns a stream and its expected decoding."""
    frames = plain_frames(dissection, request)
    responses = regular_messages(dissection, len(frames), request)
    stream = b"".join(varint(len(data)) + data for data, _ in responses)
    if request["view"].get("form") != "FORM_COLUMNAR":
        return stream, expected.frames_text(frames)
    fields = request["view"]["fields"]
    return stream, expected.columns_text(frames, fields)


def record_all(address: str, folder: pathlib.Path) -> None:
    requests = json.loads((FOLDER / "vectors.json").read_text("utf-8"))
    with grpc.insecure_channel(address) as channel:
        dissection = Dissection(channel)
        for name, request in requests.items():
            stream, text = record(dissection, completed(request))
            (folder / f"{name}.stream").write_bytes(stream)
            (folder / f"{name}.json").write_text(text, "utf-8")


def record_with_daemon(folder: pathlib.Path) -> None:
    """Records all vectors into a folder."""
    with tempfile.TemporaryDirectory() as name:
        work = pathlib.Path(name)
        shutil.copytree(CAPTURES, work / "store")
        made_captures.write_captures(work / "store")
        served = daemon.Daemon(
            os.environ["DISSECTD"],
            os.environ["DISSECTCTL"],
            work / "store",
            work / "daemon",
            daemon.clean_environment(work / "home"),
            ["--allow-lua"],
        )
        try:
            record_all(served.address, folder)
        finally:
            served.kill()


def contents(folder: pathlib.Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def compare(recorded: dict[str, bytes], kept: dict[str, bytes]) -> int:
    """Prints what differs, and counts. Returns the exit status."""
    failed = 0
    names = sorted(recorded.keys() | kept.keys())
    for name in names:
        if recorded.get(name) != kept.get(name):
            failed += 1
            print(f"{name}: isn't what the daemon sends; run record.py")
    size = sum(map(len, kept.values()))
    if size > MOST_BYTES:
        failed += 1
        print(f"the vectors have {size} bytes; the limit is {MOST_BYTES}")
    print(f"{len(names) + 1 - failed} passed, {failed} failed")
    return int(failed > 0)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true")
    arguments = parser.parse_args()
    if arguments.check:
        with tempfile.TemporaryDirectory() as name:
            record_with_daemon(pathlib.Path(name))
            return compare(contents(pathlib.Path(name)), contents(VECTORS))
    shutil.rmtree(VECTORS, ignore_errors=True)
    VECTORS.mkdir()
    record_with_daemon(VECTORS)
    return 0


if __name__ == "__main__":
    sys.exit(main())
