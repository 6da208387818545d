# SPDX-License-Identifier: Apache-2.0
"""What pyshark asks tshark for, from the daemon.

`tshark_path` is accepted, and has no meaning: no program of this machine runs.
"""

from __future__ import annotations

import dissectd
from dissectd.v1 import capture_pb2 as capture
from dissectd.v1 import server_pb2 as server


class TSharkNotFoundException(Exception):
    """There is no daemon."""


class TSharkVersionException(Exception):
    """The daemon can't do what pyshark needs. Never raised here."""


def _interfaces(client: dissectd.Client) -> list[capture.Interface]:
    transport = client.transport
    request = capture.ListInterfacesRequest()
    answer = transport.call(transport.captures.ListInterfaces, request)
    return list(answer.interfaces)


def interface_names(client: dissectd.Client) -> list[str]:
    return [each.name for each in _interfaces(client)]


def get_tshark_interfaces(tshark_path: str | None = None) -> list[str]:
    """Returns the names of the interfaces of the daemon's machine."""
    del tshark_path
    with dissectd.connect() as client:
        return interface_names(client)


def all_interface_names(client: dissectd.Client) -> list[str]:
    """Returns the names of interfaces, each followed by that for people."""
    names = []
    for each in _interfaces(client):
        names += [each.name, each.friendly_name or each.vendor_name]
    return [name for name in names if name]


def get_all_tshark_interfaces_names(
    tshark_path: str | None = None,
) -> list[str]:
    """Returns the names of the interfaces, and those for people."""
    del tshark_path
    with dissectd.connect() as client:
        return all_interface_names(client)


def get_tshark_version(tshark_path: str | None = None) -> str:
    """Returns the version of Wireshark that the daemon has."""
    del tshark_path
    with dissectd.connect() as client:
        transport = client.transport
        request = server.GetServerInfoRequest()
        answer = transport.call(transport.server.GetServerInfo, request)
        return str(answer.engines[0].wireshark_version)
