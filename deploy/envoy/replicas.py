#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Writes the file that tells Envoy the replicas behind it.

Envoy reads the file of `derive.py --replicas-file` again whenever another one
is moved to its place, as this program does. Calls that run go on.
"""

from __future__ import annotations

import argparse
import ipaddress
import json
import re
import sys
import tempfile
from pathlib import Path
from typing import NamedTuple

from values import split_address

_NAME = re.compile(r"[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?")
_TYPE = "type.googleapis.com/envoy.config.endpoint.v3.ClusterLoadAssignment"

Endpoint = dict[str, object]


class Replica(NamedTuple):
    """A daemon that runs with `--replica=NAME`, and its address."""

    name: str
    host: str
    port: int

    def endpoint(self) -> Endpoint:
        """Returns what Envoy knows of the replica."""
        address = {"address": self.host, "port_value": self.port}
        return {
            "endpoint": {"address": {"socket_address": address}},
            "metadata": {
                "filter_metadata": {"envoy.lb": {"replica": self.name}}
            },
        }


def parse(text: str) -> Replica:
    """Returns the replica that NAME=HOST:PORT describes."""
    name, _, address = text.partition("=")
    place = split_address(address)
    if not _NAME.fullmatch(name):
        raise argparse.ArgumentTypeError(
            f'"{text}" doesn\'t begin with the name of a replica and "="'
        )
    if not place:
        raise argparse.ArgumentTypeError(f'"{text}" isn\'t NAME=HOST:PORT')
    return Replica(name, *place)


def parse_with_ip(text: str) -> Replica:
    """As parse; the host is an address, as Envoy looks up none in the file."""
    replica = parse(text)
    try:
        ipaddress.ip_address(replica.host)
    except ValueError:
        raise argparse.ArgumentTypeError(
            f'"{text}" has no IP address'
        ) from None
    return replica


def repeated_name(replicas: list[Replica]) -> str | None:
    """Returns a name that two replicas have, or None if there is none."""
    names = [replica.name for replica in replicas]
    return next((name for name in names if names.count(name) > 1), None)


def endpoints(replicas: list[Replica], indent: str) -> str:
    """Returns the lines of Envoy's configuration with the replicas."""
    return "".join(
        f"{indent}- {json.dumps(replica.endpoint())}\n" for replica in replicas
    )


def discovery(replicas: list[Replica]) -> str:
    """Returns the content of the file that Envoy watches."""
    assignment = {
        "@type": _TYPE,
        "cluster_name": "dissectd",
        "endpoints": [
            {"lb_endpoints": [replica.endpoint() for replica in replicas]}
        ],
    }
    return json.dumps({"resources": [assignment]}, indent=1) + "\n"


def write(path: Path, text: str) -> None:
    """Moves a new file to the path. Everyone may read it."""
    with tempfile.NamedTemporaryFile(
        "w", dir=path.parent, prefix=f".{path.name}-", delete=False
    ) as new:
        new.write(text)
    made = Path(new.name)
    try:
        made.chmod(0o644)
        made.replace(path)
    except OSError:
        made.unlink()
        raise


def main() -> None:
    """Writes the file that the command line asks for."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("file", metavar="FILE.json", type=Path)
    parser.add_argument(
        "replicas",
        metavar="NAME=IP:PORT",
        nargs="*",
        type=parse_with_ip,
        help="a daemon with --replica=NAME; without any, calls are refused",
    )
    options = parser.parse_args()
    name = repeated_name(options.replicas)
    if name:
        parser.error(f'the replica "{name}" is given twice')
    try:
        write(options.file, discovery(options.replicas))
    except OSError as error:
        sys.exit(f"replicas: {error}")


if __name__ == "__main__":
    main()
