#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Derives a configuration of Envoy from envoy.yaml, and prints it.

Options change the lines marked with CHANGE and leave out sections. Whatever
they don't change stays as it is, with its comments. Only values that are
examples, and so can't be right, keep their mark, and standard error names them.
"""

from __future__ import annotations

import argparse
import ipaddress
import json
import re
import sys
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple, NoReturn

import page

BASE = Path(__file__).resolve().with_name("envoy.yaml")
FILES = "/etc/envoy"
_MARK = re.compile(r"^ *# (BEGIN|END) ([a-z-]+)$")
_CHANGE = " # CHANGE\n"
# Left out unless an option asks for them.
_OPTIONAL = {"tracing": "--collector", "page": "--page"}
# What Python's regular expressions have, and those of Envoy (RE2) don't.
_NOT_RE2 = re.compile(r"\\[1-9]|\(\?(<?[=!]|P=|>|\()")


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


def refusal(text: str, why: str) -> argparse.ArgumentTypeError:
    """Returns the error of an option's value."""
    return argparse.ArgumentTypeError(f'"{text}" {why}')


def split_address(text: str) -> tuple[str, int] | None:
    """Returns the parts of HOST:PORT, or None if the text is something else."""
    host, _, port = text.rpartition(":")
    if not re.fullmatch(r"[0-9]{1,5}", port) or not 0 < int(port) < 65536:
        return None
    if host.startswith("[") and host.endswith("]"):
        host = host[1:-1]
    elif ":" in host:
        return None
    return (
        (host, int(port)) if re.fullmatch(r"[A-Za-z0-9_.:-]+", host) else None
    )


def socket_address(text: str) -> str:
    """Returns HOST:PORT as Envoy's configuration writes it."""
    address = split_address(text)
    if not address:
        raise refusal(text, "isn't HOST:PORT")
    return f"address: {json.dumps(address[0])}, port_value: {address[1]}"


def listen_address(text: str) -> str:
    """Returns HOST:PORT, of which Envoy doesn't look up the host's name."""
    address = split_address(text)
    try:
        ipaddress.ip_address(address[0] if address else "")
    except ValueError:
        raise refusal(text, "isn't HOST:PORT with an IP address") from None
    return socket_address(text)


def daemon_address(text: str) -> str:
    """Returns HOST:PORT or unix:/PATH as Envoy's configuration writes it."""
    if re.fullmatch(r"unix:/[^\0-\x1f]+", text):
        return f"pipe: {{ path: {json.dumps(text.removeprefix('unix:'))} }}"
    if not split_address(text):
        raise refusal(text, "isn't HOST:PORT or unix:/PATH")
    return f"socket_address: {{ {socket_address(text)} }}"


def plain(text: str) -> str:
    """Returns a text that isn't empty and fits into a line."""
    if not text or not text.isprintable():
        raise refusal(text, "is empty or has characters that can't be printed")
    return text


def quoted(text: str) -> str:
    """Returns a plain text as YAML writes it."""
    return json.dumps(plain(text))


def regular_expression(text: str) -> str:
    """Returns a regular expression as YAML writes it without escapes."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            re.compile(plain(text))
    except re.error as wrong:
        raise refusal(text, f"isn't a regular expression: {wrong}") from None
    if _NOT_RE2.search(text):
        raise refusal(
            text, "has a look-around or back-reference; Envoy can't match those"
        )
    return "'" + text.replace("'", "''") + "'"


def positive(text: str) -> str:
    """Returns a number, which must be one that limits something."""
    if not re.fullmatch(r"[0-9]{1,9}", text) or int(text) < 1:
        raise refusal(text, "isn't a positive number")
    return str(int(text))


def page_folder(text: str) -> Path:
    """Returns the folder of a page that can be served."""
    folder = Path(plain(text)).resolve()
    try:
        page.files_of(folder)
    except page.PageError as wrong:
        raise argparse.ArgumentTypeError(str(wrong)) from None
    return folder


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


def parse_arguments(
    arguments: list[str], names: list[str]
) -> argparse.Namespace:
    """Returns the options, with all sections to leave out as `unwanted`."""
    parser = new_parser([name for name in names if name not in _OPTIONAL])
    options = parser.parse_args(arguments)
    unwanted = set(options.without)
    for name, option in _OPTIONAL.items():
        if getattr(options, destination(option)) is None:
            unwanted.add(name)
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


def examples(options: argparse.Namespace) -> list[Change]:
    """Returns the options that should have been given."""
    return [
        change
        for change in CHANGES
        if change.is_example
        and getattr(options, destination(change.option)) is None
        and change.section not in options.unwanted
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


def derive(base: str, options: argparse.Namespace) -> str:
    """Returns the configuration that the options ask for."""
    config = without(base, options.unwanted)
    if options.is_socket:
        cluster = "- name: dissectd\n      type: "
        config = replace(config, f"{cluster}STRICT_DNS", f"{cluster}STATIC")
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
