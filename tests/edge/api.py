# SPDX-License-Identifier: GPL-2.0-or-later
"""The API, generated when it is imported, and what its errors say."""

import pathlib
import sys
import typing

import grpc
from google.rpc import error_details_pb2
from grpc_status import rpc_status

ROOT = pathlib.Path(__file__).resolve().parents[2]

sys.path.insert(0, str(ROOT / "proto"))


def _generate(name: str) -> tuple[typing.Any, typing.Any]:
    messages, services = grpc.protos_and_services(f"dissectd/v1/{name}.proto")
    return messages, services


analysis, analysis_service = _generate("analysis")
capture, capture_service = _generate("capture")
dissection, dissection_service = _generate("dissection")
export, export_service = _generate("export")
file, file_service = _generate("file")
server, server_service = _generate("server")
session, session_service = _generate("session")


def reason_of(error: grpc.RpcError) -> str:
    """Returns the reason of an error of the daemon, or "" for others."""
    status = rpc_status.from_call(error)
    for detail in status.details if status else ():
        info = error_details_pb2.ErrorInfo()
        if detail.Unpack(info):
            return str(info.reason)
    return ""
