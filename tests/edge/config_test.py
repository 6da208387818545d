# SPDX-License-Identifier: GPL-2.0-or-later
"""Envoy accepts what derive.py makes of the project's configuration."""

import pathlib
import subprocess
import tempfile
import typing
import unittest

from authority import Authority, TokenIssuer
from edge import DERIVE, ENVOY

BASE = DERIVE.with_name("envoy.yaml")

VARIANTS: dict[str, tuple[str, ...]] = {
    "everything": (),
    "every value changed": (
        "--listen=[::1]:9443",
        "--daemon=lab.example:50052",
        "--daemon-name=lab.example",
        "--origin=https://(it's|lab)\\.example",
        "--issuer=https://other.example",
        "--audience=lab",
        "--calls-per-second=7",
        "--require-certificates",
    ),
    "a socket": ("--daemon=unix:/run/dissectd/socket",),
    "no Connect": ("--without=connect",),
    "no tokens": ("--without=jwt",),
    "no client certificates": ("--without=client-certificates",),
    "nothing but translation": (
        "--without=tls",
        "--without=jwt",
        "--without=hop-tls",
    ),
}

WRONG = {
    "--listen=8443": "HOST:PORT",
    "--listen=lab.example:99999": "HOST:PORT",
    "--daemon=unix:socket": "HOST:PORT",
    "--calls-per-second=0": "positive",
    "--without=everything": "invalid choice",
    "--origins=x": "unrecognized",
}


def derive(*options: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [DERIVE, *options], capture_output=True, text=True, check=False
    )


class ConfigTest(unittest.TestCase):
    """Configurations for all who run an edge."""

    folder: typing.ClassVar[pathlib.Path]

    @classmethod
    def setUpClass(cls) -> None:
        folder = tempfile.TemporaryDirectory(prefix="edge files ")
        cls.addClassCleanup(folder.cleanup)
        cls.folder = pathlib.Path(folder.name)
        authority = Authority()
        identity = authority.issue(hosts=("localhost",))
        for hop in ("", "hop-"):
            identity.write(cls.folder, f"{hop}certificate.pem", f"{hop}key.pem")
        for name in ("client-ca.pem", "hop-ca.pem"):
            (cls.folder / name).write_bytes(authority.root)
        (cls.folder / "jwks.json").write_text(TokenIssuer().key_set())

    def test_envoy_accepts_each(self) -> None:
        for what, options in VARIANTS.items():
            with self.subTest(what):
                derived = derive(*options, f"--files={self.folder}")
                self.assertEqual(derived.returncode, 0, derived.stderr)
                config = self.folder / "envoy.yaml"
                config.write_text(derived.stdout)
                check = subprocess.run(
                    [ENVOY, "--mode", "validate", "--config-path", config],
                    capture_output=True,
                    text=True,
                    check=False,
                )
                self.assertEqual(check.returncode, 0, check.stderr)
                for option in options:
                    self.assert_said(option, derived.stdout)

    def assert_said(self, option: str, config: str) -> None:
        """Fails if a configuration doesn't have the value of an option."""
        name, _, value = option.partition("=")
        if name == "--without":
            self.assertNotIn(f"BEGIN {value}", config)
        elif name == "--origin":
            self.assertIn(value.replace("'", "''"), config)
        elif value:
            for part in value.removeprefix("unix:").rsplit(":", 1):
                self.assertIn(part.strip("[]"), config)

    def test_values_that_are_not_changed_stay(self) -> None:
        marked = [
            line for line in derive().stdout.splitlines() if "CHANGE" in line
        ]
        base = BASE.read_text(encoding="utf-8").splitlines()
        self.assertEqual(marked, [line for line in base if "CHANGE" in line])

    def test_wrong_options_are_refused(self) -> None:
        for option, why in WRONG.items():
            derived = derive(option)
            self.assertEqual(derived.returncode, 2, option)
            self.assertIn(why, derived.stderr)
            self.assertEqual(derived.stdout, "")
        contradiction = derive("--without=jwt", "--issuer=x")
        self.assertEqual(contradiction.returncode, 1)
        self.assertIn("issuer", contradiction.stderr)
