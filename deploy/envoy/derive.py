#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Derives a configuration of Envoy from envoy.yaml, and prints it.

Options change the lines marked with CHANGE and leave out sections. Whatever
they don't change stays as it is, with its comments.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

BASE = Path(__file__).resolve().with_name("envoy.yaml")
FILES = "/etc/envoy"
_MARK = re.compile(r"^ *# (BEGIN|END) ([a-z-]+)$")


class BaseError(Exception):
    """The base configuration isn't as this program expects it."""


def sections(base: str) -> list[str]:
    """Returns the names of the sections that can be left out."""
    marks = filter(None, map(_MARK.match, base.splitlines()))
    return sorted({mark[2] for mark in marks})


def without(base: str, unwanted: set[str]) -> str:
    """Returns the configuration without some sections, and without marks."""
    kept = []
    open_sections: list[str] = []
    for line in base.splitlines(keepends=True):
        mark = _MARK.match(line)
        if mark and mark[1] == "BEGIN":
            open_sections.append(mark[2])
        elif mark and (not open_sections or open_sections.pop() != mark[2]):
            raise BaseError(f'"END {mark[2]}" has no beginning')
        elif not mark and not unwanted.intersection(open_sections):
            kept.append(line)
    if open_sections:
        raise BaseError(f'"BEGIN {open_sections[0]}" has no end')
    return "".join(kept)


def replace(config: str, old: str, new: str) -> str:
    """Replaces a text that the configuration must have once."""
    if config.count(old) != 1:
        raise BaseError(f"{BASE} doesn't have {old!r} once")
    return config.replace(old, new)


def socket_address(text: str) -> str:
    """Returns HOST:PORT as Envoy's configuration writes it."""
    host, _, port = text.rpartition(":")
    if not host or not port.isdecimal() or int(port) > 65535:
        raise argparse.ArgumentTypeError(f'"{text}" isn\'t HOST:PORT')
    host = host.removeprefix("[").removesuffix("]")
    return f"address: {json.dumps(host)}, port_value: {port}"


def daemon_address(text: str) -> str:
    """Returns HOST:PORT or unix:/PATH as Envoy's configuration writes it."""
    if text.startswith("unix:/"):
        return f"pipe: {{ path: {json.dumps(text.removeprefix('unix:'))} }}"
    return f"socket_address: {{ {socket_address(text)} }}"


def single_quoted(text: str) -> str:
    """Returns a text as YAML writes it without escapes."""
    return "'" + text.replace("'", "''") + "'"


def positive(text: str) -> str:
    """Returns a number, which must be one that limits something."""
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f'"{text}" isn\'t a positive number')
    return text


class Change(NamedTuple):
    """An option that changes values of the base."""

    option: str
    metavar: str
    help: str
    # What the value is in YAML.
    value: Callable[[str], str]
    # The value in the base, and the places that it has there.
    old: str
    places: list[str]


CHANGES = [
    Change(
        "--listen",
        "HOST:PORT",
        "where clients connect",
        socket_address,
        "address: 0.0.0.0, port_value: 8443",
        ["{}"],
    ),
    Change(
        "--daemon",
        "ADDRESS",
        "the daemon, at HOST:PORT or unix:/PATH",
        daemon_address,
        "socket_address: { address: dissectd, port_value: 50051 }",
        ["{}"],
    ),
    Change(
        "--daemon-name",
        "NAME",
        "the host name in the daemon's certificate",
        json.dumps,
        "dissectd",
        ["sni: {} #", "san_type: DNS, matcher: {{ exact: {} }}"],
    ),
    Change(
        "--origin",
        "REGEX",
        "origins of the pages that may call",
        single_quoted,
        r"'https://lab\.example'",
        ["{}"],
    ),
    Change(
        "--issuer",
        "URL",
        "who issues the tokens of callers",
        json.dumps,
        "https://login.example",
        ["issuer: {} #"],
    ),
    Change(
        "--audience",
        "NAME",
        "whom tokens must be for",
        json.dumps,
        "dissectd",
        ["audiences: [{}]"],
    ),
    Change(
        "--calls-per-second",
        "N",
        "calls that one caller may begin",
        positive,
        "200",
        ["max_tokens: {} #", "tokens_per_fill: {} #"],
    ),
]


def destination(option: str) -> str:
    """Returns the name that argparse gives the value of an option."""
    return option.removeprefix("--").replace("-", "_")


def parse_arguments(
    arguments: list[str], names: list[str]
) -> argparse.Namespace:
    """Returns the options of the command line."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    for change in CHANGES:
        parser.add_argument(
            change.option,
            metavar=change.metavar,
            type=change.value,
            help=change.help,
        )
    parser.add_argument(
        "--files",
        metavar="DIR",
        help=f"the folder of certificates and keys instead of {FILES}",
    )
    parser.add_argument(
        "--require-certificates",
        action="store_true",
        help="refuse clients that have no certificate",
    )
    parser.add_argument(
        "--without",
        metavar="SECTION",
        action="append",
        default=[],
        choices=names,
        help=f"leave out {', '.join(names)}; may be repeated",
    )
    return parser.parse_args(arguments)


def changed(config: str, options: argparse.Namespace) -> str:
    """Returns the configuration with the values that the options have."""
    for change in CHANGES:
        value = getattr(options, destination(change.option))
        if value is None:
            continue
        for place in change.places:
            old, new = place.format(change.old), place.format(value)
            config = replace(config, old, new)
    if options.require_certificates:
        config = replace(config, "certificate: false", "certificate: true")
    if options.files:
        config = re.sub(
            rf"filename: {FILES}/([a-z-]+\.[a-z]+)",
            lambda file: (
                f"filename: {json.dumps(options.files + '/' + file[1])}"
            ),
            config,
        )
    return config


def derive(base: str, arguments: list[str]) -> str:
    """Returns the configuration that the options ask for."""
    options = parse_arguments(arguments, sections(base))
    unwanted = set(options.without)
    # Nobody between can read or change what passes through a Unix socket.
    is_socket = options.daemon and options.daemon.startswith("pipe")
    if is_socket:
        unwanted.add("hop-tls")
    config = without(base, unwanted)
    if is_socket:
        config = replace(config, "type: STRICT_DNS", "type: STATIC")
    return changed(config, options)


def main() -> None:
    """Prints the configuration that the command line asks for."""
    try:
        sys.stdout.write(derive(BASE.read_text(encoding="utf-8"), sys.argv[1:]))
    except BaseError as error:
        sys.exit(f"derive: {error}")


if __name__ == "__main__":
    main()
