# SPDX-License-Identifier: GPL-2.0-or-later
"""What Envoy's configuration needs to serve the files of a page."""

from __future__ import annotations

import json
import re
from pathlib import Path

_TYPES = {
    ".css": "text/css; charset=utf-8",
    ".html": "text/html; charset=utf-8",
    ".ico": "image/x-icon",
    ".js": "text/javascript; charset=utf-8",
    ".json": "application/json",
    ".png": "image/png",
    ".svg": "image/svg+xml",
    ".txt": "text/plain; charset=utf-8",
    ".woff2": "font/woff2",
}
# What the page may load, and with whom it may speak: also with the edges of
# other daemons that the user adds, which must be reached by TLS.
_RULES = (
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self' data: blob:",
    "font-src 'self'",
    "connect-src 'self' https:",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
)
# The build puts a hash of the content into these names.
_HASHED = re.compile(r"assets/[^/]+-[A-Za-z0-9_-]{8}\.[a-z0-9]+")
_INDEX = "index.html"
_INDENT = " " * 24


class PageError(Exception):
    """The folder has no page that can be served."""


def files_of(folder: Path) -> list[str]:
    """Returns the paths of a page's files, relative to its folder."""
    if not (folder / _INDEX).is_file():
        raise PageError(f'"{folder}" has no {_INDEX}; build the page first')
    found = sorted(
        path.relative_to(folder).as_posix()
        for path in folder.rglob("*")
        if path.is_file()
    )
    for name in found:
        if Path(name).suffix not in _TYPES:
            raise PageError(f'"{folder}" has a file of unknown type: {name}')
        if not re.fullmatch(r"[A-Za-z0-9._/-]+", name):
            raise PageError(f'"{folder}" has a file with an odd name: {name}')
    return found


def _headers(name: str) -> dict[str, str]:
    """Returns the headers of the answer that has a file."""
    lasting = "public, max-age=31536000, immutable"
    headers = {
        "content-type": _TYPES[Path(name).suffix],
        # Browsers ask for files without a hash in their name each time.
        "cache-control": lasting if _HASHED.fullmatch(name) else "no-cache",
        "x-content-type-options": "nosniff",
        "cross-origin-resource-policy": "same-origin",
    }
    if name.endswith(".html"):
        headers |= {
            "content-security-policy": "; ".join(_RULES),
            "cross-origin-opener-policy": "same-origin",
            "referrer-policy": "no-referrer",
        }
    return headers


def _route(path: str, file: str, headers: dict[str, str]) -> list[str]:
    """Returns the lines of a route that answers with a file."""
    lines = [
        f"- match: {{ path: {json.dumps(path)} }}",
        "  direct_response:",
        f"    {{ status: 200, body: {{ filename: {json.dumps(file)} }} }}",
        "  response_headers_to_add:",
    ]
    for key, value in headers.items():
        header = json.dumps({"key": key, "value": value})
        action = "OVERWRITE_IF_EXISTS_OR_ADD"
        lines.append(f"    - {{ header: {header}, append_action: {action} }}")
    return lines


def routes(folder: Path, place: str) -> str:
    """Returns the routes of a page, whose folder Envoy finds in a place."""
    lines = []
    for name in files_of(folder):
        file, headers = f"{place}/{name}", _headers(name)
        lines += _route(f"/{name}", file, headers)
        if name == _INDEX:
            lines += _route("/", file, headers)
    return "".join(f"{_INDENT}{line}\n" for line in lines)


def largest(folder: Path) -> int:
    """Returns the size of the largest file of a page, in bytes."""
    return max((folder / name).stat().st_size for name in files_of(folder))
