#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Derives a configuration of Envoy from envoy.yaml, and prints it.

Options change the lines marked with CHANGE and leave out sections. Whatever
they don't change stays as it is, with its comments. Only values that are
examples, and so can't be right, keep their mark, and standard error names them.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
from collections.abc import Callable
from typing import NamedTuple, NoReturn

import page
import replicas
from base import BASE, BaseError, replace, sections, without
from values import (
    daemon_address,
    listen_address,
    page_folder,
    plain,
    positive,
    quoted,
    regular_expression,
    socket_address,
)

FILES = "/etc/envoy"
_CHANGE = " # CHANGE\n"
# Left out unless an option asks for them.
_OPTIONAL = {
    "tracing": "--collector",
    "page": "--page",
    "replicas": "--replica",
}
# Left out only for what takes their place.
_REPLACED = {"endpoints"}


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
    # The section that has the places, if they can be left out.
    section: str = ""
    # Whether the value in the base can't be right anywhere.
    is_example: bool = False


CHANGES = [
    Change(
        "--listen",
        "IP:PORT",
        "where clients connect",
        listen_address,
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
        is_example=True,
    ),
    Change(
        "--daemon-name",
        "NAME",
        "the host name in the daemon's certificate",
        quoted,
        "dissectd",
        ["sni: {} #", "san_type: DNS, matcher: {{ exact: {} }}"],
        section="hop-tls",
    ),
    Change(
        "--origin",
        "REGEX",
        "origins of the pages that may call; none, if there are no pages",
        regular_expression,
        r"'https://lab\.example'",
        ["{}"],
        is_example=True,
    ),
    Change(
        "--issuer",
        "URL",
        "who issues the tokens of callers",
        quoted,
        "https://login.example",
        ["issuer: {} #"],
        section="jwt",
        is_example=True,
    ),
    Change(
        "--audience",
        "NAME",
        "whom tokens must be for",
        quoted,
        "dissectd",
        ["audiences: [{}]"],
        section="jwt",
    ),
    Change(
        "--calls-per-second",
        "N",
        "calls that one caller may begin",
        positive,
        "200",
        ["max_tokens: {} #", "tokens_per_fill: {} #"],
    ),
    Change(
        "--collector",
        "HOST:PORT",
        "send a span for each call to this collector of OpenTelemetry",
        socket_address,
        "address: collector, port_value: 4317",
        ["{}"],
        section="tracing",
    ),
]


class Parser(argparse.ArgumentParser):
    """Says in one line what is wrong with the command line."""

    def error(self, message: str) -> NoReturn:
        # Values may have several lines.
        line = " ".join(message.split())
        self.exit(2, f"{self.prog}: {line}; see --help\n")


def destination(option: str) -> str:
    """Returns the name that argparse gives the value of an option."""
    return option.removeprefix("--").replace("-", "_")


def new_parser(names: list[str]) -> Parser:
    """Returns what reads the command line; the names are those of sections."""
    parser = Parser(description=(__doc__ or "").split("\n")[0])
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
        type=plain,
        help=f"the folder of certificates and keys instead of {FILES}",
    )
    parser.add_argument(
        "--page",
        metavar="FOLDER",
        type=page_folder,
        help="serve the files of this folder, such as the built dashboard; its"
        " own origin must be one of --origin",
    )
    parser.add_argument(
        "--page-place",
        metavar="DIR",
        type=plain,
        help="where Envoy finds the folder of --page, if that is elsewhere",
    )
    parser.add_argument(
        "--replica",
        metavar="NAME=HOST:PORT",
        action="append",
        type=replicas.parse,
        help="balance calls over this daemon, which runs with --replica=NAME,"
        " and others; a host that DNS doesn't have yet may be named",
    )
    parser.add_argument(
        "--replicas-file",
        metavar="FILE.json",
        type=quoted,
        help="balance calls over the daemons in this file, which replicas.py"
        " writes and Envoy watches",
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
    return parser


def check_replicas(parser: Parser, options: argparse.Namespace) -> None:
    """Refuses options that say in several ways where the daemons are."""
    places = {
        "--daemon": options.daemon,
        "--replica": options.replica,
        "--replicas-file": options.replicas_file,
    }
    given = [name for name, value in places.items() if value]
    if len(given) > 1:
        parser.error(f"{given[0]} and {given[1]} exclude each other")
    name = replicas.repeated_name(options.replica or [])
    if name:
        parser.error(f'--replica="{name}" is given twice')


def parse_arguments(
    arguments: list[str], names: list[str]
) -> argparse.Namespace:
    """Returns the options, with all sections to leave out as `unwanted`."""
    parser = new_parser(
        [name for name in names if name not in _OPTIONAL.keys() | _REPLACED]
    )
    options = parser.parse_args(arguments)
    unwanted = set(options.without)
    for name, option in _OPTIONAL.items():
        if getattr(options, destination(option)) is None:
            unwanted.add(name)
    check_replicas(parser, options)
    if options.replicas_file:
        unwanted = unwanted - {"replicas"} | {"endpoints"}
    # Nobody between can read or change what passes through a Unix socket.
    options.is_socket = (options.daemon or "").startswith("pipe")
    if options.is_socket:
        unwanted.add("hop-tls")
    for change in CHANGES:
        given = getattr(options, destination(change.option)) is not None
        if given and change.section in unwanted:
            parser.error(
                f'{change.option} is for the section "{change.section}",'
                " which is left out"
            )
    if options.page_place and not options.page:
        parser.error("--page-place is for --page, which isn't given")
    missing = unwanted & {"tls", "client-certificates"}
    if options.require_certificates and missing:
        parser.error(
            "--require-certificates is for the section"
            f' "{min(missing)}", which is left out'
        )
    options.unwanted = unwanted
    return options


def has_replicas(options: argparse.Namespace) -> bool:
    """Returns whether there can be several daemons."""
    return bool(options.replica or options.replicas_file)


def examples(options: argparse.Namespace) -> list[Change]:
    """Returns the options that should have been given."""
    return [
        change
        for change in CHANGES
        if change.is_example
        and getattr(options, destination(change.option)) is None
        and change.section not in options.unwanted
        and not (change.option == "--daemon" and has_replicas(options))
    ]


def mark_only(config: str, kept: list[Change]) -> str:
    """Removes marks from all lines but those with examples."""
    lines = config.splitlines(keepends=True)
    for number, line in enumerate(lines):
        if not any(change.old in line for change in kept):
            lines[number] = line.replace(_CHANGE, "\n")
    return "".join(lines)


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


def with_page(config: str, options: argparse.Namespace) -> str:
    """Returns the configuration with what serves the page."""
    place = options.page_place or str(options.page)
    found = re.findall(r"^ *# PAGE: .*\n", config, re.MULTILINE)
    if len(found) != 1:
        raise BaseError(f"{BASE} doesn't have one place for the page")
    config = replace(config, found[0], page.routes(options.page, place))
    size = "max_direct_response_body_size_bytes: "
    largest = max(4096, page.largest(options.page))
    return replace(config, f"{size}4096\n", f"{size}{largest}\n")


def with_replicas(config: str, options: argparse.Namespace) -> str:
    """Returns the configuration with the daemons that calls are sent to."""
    if options.replicas_file:
        return replace(
            config,
            "    - name: dissectd\n      type: STRICT_DNS\n",
            "    - name: dissectd\n      type: EDS\n      eds_cluster_config:\n"
            "        eds_config:\n"
            "          resource_api_version: V3\n"
            "          path_config_source:"
            f" {{ path: {options.replicas_file} }}\n",
        )
    found = re.findall(
        r"^( *)(- endpoint:\n *address:\n"
        r" *socket_address: \{ address: dissectd, .*\n)",
        config,
        re.MULTILINE,
    )
    if len(found) != 1:
        raise BaseError(f"{BASE} doesn't have one place for the replicas")
    indent, example = found[0]
    lines = replicas.endpoints(options.replica, indent)
    return replace(config, indent + example, lines)


def derive(base: str, options: argparse.Namespace) -> str:
    """Returns the configuration that the options ask for."""
    config = without(base, options.unwanted)
    if options.is_socket:
        cluster = "- name: dissectd\n      type: "
        config = replace(config, f"{cluster}STRICT_DNS", f"{cluster}STATIC")
    if has_replicas(options):
        config = with_replicas(config, options)
    config = mark_only(changed(config, options), examples(options))
    return with_page(config, options) if options.page else config


def main() -> None:
    """Prints the configuration that the command line asks for."""
    base = BASE.read_text(encoding="utf-8")
    try:
        options = parse_arguments(sys.argv[1:], sections(base))
        sys.stdout.write(derive(base, options))
    except BaseError as error:
        sys.exit(f"derive: {error}")
    left = ", ".join(change.option for change in examples(options))
    if left:
        print(
            "derive.py: warning: examples stay, in the lines marked with"
            f" CHANGE, as these options aren't given: {left}",
            file=sys.stderr,
        )


if __name__ == "__main__":
    main()
