# SPDX-License-Identifier: GPL-2.0-or-later
"""The values of derive.py's options, as Envoy's configuration writes them."""

from __future__ import annotations

import argparse
import ipaddress
import json
import re
import warnings
from pathlib import Path

import page

# What Python's regular expressions have, and those of Envoy (RE2) don't.
_NOT_RE2 = re.compile(r"\\[1-9]|\(\?(<?[=!]|P=|>|\()")


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
