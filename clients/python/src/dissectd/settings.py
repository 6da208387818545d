# SPDX-License-Identifier: Apache-2.0
"""How to connect: addresses, contexts, TLS and tokens, as for dissectctl."""

from __future__ import annotations

import dataclasses
import json
import os
import pathlib
import socket
from typing import Any

import grpc

from dissectd.errors import DissectdError

DEFAULT_PORT = "50051"
# gRPC doesn't ask more often than every ten seconds.
KEEPALIVE = 30.0
_TARGET_SCHEMES = (
    "dns:",
    "ipv4:",
    "ipv6:",
    "unix:",
    "unix-abstract:",
    "vsock:",
)
_PLAIN_SCHEMES = ("http://", "https://", "tcp://", "grpc://")
_LOCAL = (
    "unix:",
    "unix-abstract:",
    "localhost:",
    "127.",
    "[::1]:",
    "ipv4:127.",
    "ipv6:[::1]",
)
_MAX_SOCKET_PATH = 107


class SettingsError(DissectdError, ValueError):
    """The address, the context, a certificate or a token is wrong."""


@dataclasses.dataclass
class Settings:
    """The options of a connection; empty ones are unset."""

    server: str = ""
    tls: bool = False
    tls_ca: str = ""
    tls_certificate: str = ""
    tls_key: str = ""
    tls_server_name: str = ""
    # Representations end up in logs.
    token: str = dataclasses.field(default="", repr=False)
    token_file: str = ""

    def wants_tls(self) -> bool:
        return (
            self.tls
            or self.server.startswith("https://")
            or bool(
                self.tls_ca
                or self.tls_certificate
                or self.tls_key
                or self.tls_server_name
            )
        )


_TEXTS = (
    "server",
    "tls_ca",
    "tls_certificate",
    "tls_key",
    "tls_server_name",
    "token_file",
)


def _wrong(text: str, why: str) -> SettingsError:
    return SettingsError(
        f'"{text}" isn\'t the address of a daemon: {why}. Give HOST:PORT, '
        f"HOST (with port {DEFAULT_PORT}), or unix:/PATH."
    )


def _split(text: str) -> tuple[str, str]:
    """Splits `HOST`, `HOST:PORT`, `[IPV6]`, `[IPV6]:PORT` or `IPV6`."""
    host, port = text, ""
    bracket, colon = text.rfind("]"), text.rfind(":")
    single = text.find(":") == colon
    if colon >= 0 and (single if bracket < 0 else bracket < colon):
        host, port = text[:colon], text[colon + 1 :]
    return host.removeprefix("[").removesuffix("]"), port


def parse_address(text: str) -> str:
    """Returns gRPC's target for the address of a daemon."""
    if text.startswith("/"):
        text = f"unix:{text}"
    if text.startswith(_TARGET_SCHEMES):
        path = text.removeprefix("unix:").removeprefix("//")
        if not path:
            raise _wrong(text, "the path is missing")
        if text.startswith("unix:") and len(path) > _MAX_SOCKET_PATH:
            raise _wrong(
                text, f"the path has more than {_MAX_SOCKET_PATH} bytes"
            )
        return text
    rest = text
    for scheme in _PLAIN_SCHEMES:
        if rest.startswith(scheme):
            rest = rest.removeprefix(scheme).removesuffix("/")
    host, port = _split(rest)
    host, port = host or "localhost", port or DEFAULT_PORT
    if not all(c.isalnum() or c in ".-_:%" for c in host):
        raise _wrong(text, f'"{host}" isn\'t a host')
    if not (port.isascii() and port.isdigit() and 0 < int(port) < 1 << 16):
        raise _wrong(text, f'"{port}" isn\'t a port')
    if host == "localhost" and not _resolves(host):
        host = "127.0.0.1"
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"


def _resolves(host: str) -> bool:
    try:
        socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)
    except OSError:
        return False
    return True


def config_path() -> pathlib.Path | None:
    """Returns the file that has dissectctl's contexts."""
    if path := os.environ.get("DISSECTD_CONFIG"):
        return pathlib.Path(path)
    folder = os.environ.get("XDG_CONFIG_HOME", "")
    if folder.startswith("/"):
        return pathlib.Path(folder, "dissectd", "config.json")
    home = os.environ.get("HOME")
    if home is None:
        return None
    return pathlib.Path(home, ".config", "dissectd", "config.json")


def _parse_context(
    path: pathlib.Path, name: str, values: dict[str, Any]
) -> Settings:
    settings = Settings()
    for key, value in values.items():
        known = isinstance(value, bool if key == "tls" else str)
        if not known or key not in ("tls", *_TEXTS):
            raise SettingsError(
                f'"{path}" isn\'t valid: context "{name}": "{key}" is unknown '
                "or of a wrong type."
            )
        is_path = key in _TEXTS and key not in ("server", "tls_server_name")
        if is_path and value:
            value = str(path.parent / value)  # noqa: PLW2901
        setattr(settings, key, value)
    return settings


def load_context(name: str) -> Settings:
    """Returns a context: the current one if the name is empty."""
    path = config_path()
    document: Any = {}
    if path is not None and path.exists():
        try:
            document = json.loads(path.read_text())
        except (OSError, ValueError) as error:
            raise SettingsError(f'"{path}" isn\'t valid: {error}.') from None
    contexts = document.get("contexts", {})
    chosen = name or document.get("current_context", "")
    if not chosen:
        return Settings()
    if path is None or chosen not in contexts:
        names = ", ".join(sorted(contexts)) or "none"
        raise SettingsError(
            f'There is no context "{chosen}". Known contexts: {names}.'
        )
    return _parse_context(path, chosen, contexts[chosen])


def _from_environment(given: Settings) -> Settings:
    settings = dataclasses.replace(given)
    for key in _TEXTS:
        if not getattr(settings, key):
            value = os.environ.get(f"DISSECTD_{key.upper()}", "")
            setattr(settings, key, value)
    if given.token:
        settings.token_file = ""
    elif not settings.token_file:
        settings.token = os.environ.get("DISSECTD_TOKEN", "")
    return settings


def resolve(given: Settings, context: str = "") -> Settings:
    """Fills in what variables and the context say."""
    settings = _from_environment(given)
    context = context or os.environ.get("DISSECTD_CONTEXT", "")
    # The token of a context must not go to another server.
    if context or not settings.server:
        known = load_context(context)
        for key in _TEXTS:
            if key == "token_file" and settings.token:
                continue
            if not getattr(settings, key):
                setattr(settings, key, getattr(known, key))
        settings.tls = settings.tls or known.tls
    settings.server = settings.server or f"localhost:{DEFAULT_PORT}"
    return settings


def _read_pem(path: str, what: str, mark: str) -> bytes | None:
    if not path:
        return None
    try:
        content = pathlib.Path(path).read_bytes()
    except OSError as error:
        raise SettingsError(
            f'"{path}" can\'t be read: {error.strerror}.'
        ) from None
    if mark.encode() not in content:
        raise SettingsError(f'"{path}" has no {what} in PEM.')
    return content


def tls_credentials(settings: Settings) -> grpc.ChannelCredentials:
    if bool(settings.tls_certificate) != bool(settings.tls_key):
        raise SettingsError(
            "A certificate and its key belong together: give both "
            "tls_certificate and tls_key."
        )
    return grpc.ssl_channel_credentials(
        _read_pem(
            settings.tls_ca,
            "certificates of authorities",
            "-----BEGIN CERTIFICATE-----",
        ),
        _read_pem(settings.tls_key, "key", "PRIVATE KEY-----"),
        _read_pem(
            settings.tls_certificate,
            "certificate",
            "-----BEGIN CERTIFICATE-----",
        ),
    )


class Token:
    """A token, which is read again if its file changes."""

    def __init__(self, token: str, file: str) -> None:
        self._token = self._checked(token, "The token") if token else ""
        self._file = file
        self._changed: tuple[int, int] | None = None

    def header(self) -> tuple[tuple[str, str], ...]:
        if self._file:
            self._read()
        if not self._token:
            return ()
        return (("authorization", f"Bearer {self._token}"),)

    def _read(self) -> None:
        try:
            status = os.stat(self._file)  # noqa: PTH116
            changed = (status.st_mtime_ns, status.st_ino)
            if changed == self._changed:
                return
            content = pathlib.Path(self._file).read_text()
        except (OSError, ValueError) as error:
            raise SettingsError(
                f'The token in "{self._file}" can\'t be read: {error}.'
            ) from None
        lines = (line.strip() for line in content.splitlines())
        tokens = [line for line in lines if line and line[0] != "#"]
        if not tokens:
            raise SettingsError(f'"{self._file}" has no token.')
        self._token = self._checked(tokens[0], f'"{self._file}"')
        self._changed = changed

    @staticmethod
    def _checked(token: str, source: str) -> str:
        if not all("!" <= c <= "~" for c in token):
            raise SettingsError(
                f"{source} isn't a token: it has spaces or characters beyond "
                "ASCII."
            )
        return token


@dataclasses.dataclass(frozen=True)
class Endpoint:
    """All that is needed to make a channel."""

    target: str
    credentials: grpc.ChannelCredentials | None
    token: Token
    options: tuple[tuple[str, int | str], ...]


def _keepalive(seconds: float) -> list[tuple[str, int | str]]:
    """Asks a silent daemon whether it is there, so that stalls are noticed."""
    return [
        ("grpc.keepalive_time_ms", round(seconds * 1000)),
        ("grpc.keepalive_timeout_ms", round(seconds * 500)),
        # Otherwise gRPC waits a minute for the answer.
        ("grpc.http2.ping_timeout_ms", round(seconds * 500)),
        ("grpc.http2.max_pings_without_data", 0),
        ("grpc.initial_reconnect_backoff_ms", 200),
        ("grpc.max_reconnect_backoff_ms", 5000),
    ]


def endpoint(settings: Settings, keepalive: float = KEEPALIVE) -> Endpoint:
    """Checks settings, and reads the files that they name."""
    target = parse_address(settings.server)
    tls = settings.wants_tls()
    if tls and target.startswith("unix"):
        raise SettingsError(
            f"TLS isn't for {target}: a Unix socket doesn't leave this "
            "machine. Leave the options about TLS out."
        )
    if tls and settings.server.startswith("http://"):
        raise SettingsError(
            f'"{settings.server}" is an address without TLS: write https:// '
            "if the daemon speaks TLS; otherwise leave the options about TLS "
            "out."
        )
    token = Token(settings.token, settings.token_file)
    if token.header() and not tls and not target.startswith(_LOCAL):
        raise SettingsError(
            f"The token isn't sent to {target} without TLS, as others could "
            "read it. Give tls=True or tls_ca."
        )
    # A message exceeds the batch size by up to one frame, which has no limit.
    options: list[tuple[str, int | str]] = [
        ("grpc.max_receive_message_length", -1),
        *_keepalive(keepalive),
    ]
    if settings.tls_server_name:
        options.append(
            ("grpc.ssl_target_name_override", settings.tls_server_name)
        )
    credentials = tls_credentials(settings) if tls else None
    return Endpoint(target, credentials, token, tuple(options))
