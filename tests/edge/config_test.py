# SPDX-License-Identifier: GPL-2.0-or-later
"""Envoy accepts what derive.py makes of the project's configuration."""

import pathlib
import re
import subprocess
import tempfile
import typing
import unittest

from authority import Authority, TokenIssuer
from envoy_process import DERIVE, ENVOY, make_descriptors

BASE = DERIVE.with_name("envoy.yaml")
REPLICAS = DERIVE.with_name("replicas.py")

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
        "--collector=lab.example:4317",
        "--require-certificates",
    ),
    "a socket": ("--daemon=unix:/run/dissectd/socket",),
    "no Connect": ("--without=connect",),
    "no tokens": ("--without=jwt",),
    "no client certificates": ("--without=client-certificates",),
    "spans": ("--collector=[::1]:4317",),
    "spans beside a socket": (
        "--collector=collector:4317",
        "--daemon=unix:/run/dissectd/socket",
    ),
    "replicas by name": (
        "--replica=a=a.dissectd.lab.example:50051",
        "--replica=b=[::1]:50052",
    ),
    "replicas in a file": ("--replicas-file={folder}/replicas.json",),
    "nothing but translation": (
        "--without=tls",
        "--without=jwt",
        "--without=hop-tls",
    ),
}

WRONG: dict[tuple[str, ...], str] = {
    ("--listen=8443",): "HOST:PORT",
    ("--listen=lab.example:99999",): "HOST:PORT",
    ("--listen=lab.example:8443",): "IP address",
    ("--listen=127.0.0.1:0",): "HOST:PORT",
    ("--daemon=unix:",): '"unix:" isn\'t HOST:PORT or unix:/PATH',
    ("--daemon=unix:socket",): "HOST:PORT or unix:/PATH",
    ("--daemon=::1:50051",): "HOST:PORT or unix:/PATH",
    ("--collector=unix:/run/collector",): "HOST:PORT",
    ("--origin=(",): "isn't a regular expression: missing )",
    ("--origin=",): "empty",
    ("--origin=https://(?!other).*",): "look-around",
    (r"--origin=(a)\1",): "look-around",
    ("--issuer=a\nb",): "printed",
    ("--calls-per-second=0",): "positive",
    ("--without=everything",): "invalid choice",
    ("--without=tracing",): "invalid choice",
    ("--origins=x",): "unrecognized",
    ("--without=jwt", "--issuer=b"): '--issuer is for the section "jwt"',
    ("--without=jwt", "--audience=b"): '--audience is for the section "jwt"',
    ("--without=hop-tls", "--daemon-name=b"): 'section "hop-tls"',
    ("--page=/nowhere",): '"/nowhere" has no index.html',
    ("--page-place=/srv/page",): "--page-place is for --page",
    ("--daemon=unix:/x", "--daemon-name=b"): 'section "hop-tls"',
    ("--replica=localhost:1",): 'begin with the name of a replica and "="',
    ("--replica=-a=localhost:1",): "begin with the name of a replica",
    ("--replica=a=localhost",): "isn't NAME=HOST:PORT",
    ("--replica=a=localhost:70000",): "isn't NAME=HOST:PORT",
    ("--replica=a=x:1", "--replica=a=y:1"): '--replica="a" is given twice',
    (
        "--replica=a=x:1",
        "--daemon=y:1",
    ): "--daemon and --replica exclude each other",
    (
        "--replica=a=x:1",
        "--replicas-file=y.json",
    ): "--replica and --replicas-file exclude each other",
    ("--without=replicas",): "invalid choice",
    ("--without=endpoints",): "invalid choice",
    ("--without=tls", "--require-certificates"): 'section "tls"',
    (
        "--without=client-certificates",
        "--require-certificates",
    ): 'section "client-certificates"',
}


SECTION_MARK = re.compile(r" *# (BEGIN|END) [a-z-]+")


def without_section(text: str, name: str) -> str:
    return re.sub(
        rf"^ *# BEGIN {name}$.*?^ *# END {name}\n",
        "",
        text,
        flags=re.MULTILINE | re.DOTALL,
    )


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
        make_descriptors(cls.folder / "dissectd.binpb")
        subprocess.run(
            [REPLICAS, cls.folder / "replicas.json", "a=192.0.2.1:50051"],
            check=True,
        )

    def test_envoy_accepts_each(self) -> None:
        for what, variant in VARIANTS.items():
            with self.subTest(what):
                # Regular expressions have braces, too.
                options = tuple(
                    option.replace("{folder}", str(self.folder))
                    for option in variant
                )
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
        elif name == "--replica":
            self.assertIn(f'"replica": "{value.partition("=")[0]}"', config)
        elif value:
            for part in value.removeprefix("unix:").rsplit(":", 1):
                self.assertIn(part.strip("[]"), config)

    def test_values_that_are_not_changed_stay(self) -> None:
        left_out = BASE.read_text(encoding="utf-8")
        for name in ("tracing", "page", "replicas"):
            left_out = without_section(left_out, name)
        expected = [
            line.removesuffix(" # CHANGE")
            for line in left_out.splitlines()
            if not SECTION_MARK.fullmatch(line)
        ]
        derived = [
            line.removesuffix(" # CHANGE")
            for line in derive().stdout.splitlines()
        ]
        self.assertEqual(derived, expected)

    def assert_examples(
        self, options: tuple[str, ...], names: str, *values: str
    ) -> None:
        """Fails unless these options, and no others, are said to be missing."""
        derived = derive(*options)
        self.assertEqual(derived.returncode, 0)
        marked = [
            line
            for line in derived.stdout.splitlines()
            if line.endswith("# CHANGE")
        ]
        self.assertEqual(len(marked), len(values), marked)
        for value in values:
            self.assertTrue(any(value in line for line in marked), value)
        if not names:
            self.assertEqual(derived.stderr, "")
            return
        (warning,) = derived.stderr.splitlines()
        self.assertIn("warning", warning)
        self.assertTrue(warning.endswith(f"aren't given: {names}"), warning)

    def test_examples_that_stay_are_named(self) -> None:
        daemon = "{ address: dissectd, port_value: 50051 }"
        origin = r"'https://lab\.example'"
        issuer = "issuer: https://login.example"
        self.assert_examples(
            (), "--daemon, --origin, --issuer", daemon, origin, issuer
        )
        self.assert_examples(
            ("--daemon=dissectd:50051", "--without=jwt"), "--origin", origin
        )
        self.assert_examples(
            ("--daemon=unix:/x", "--origin=none", "--issuer=x"), ""
        )

    def test_a_page_can_be_elsewhere_for_envoy(self) -> None:
        page = self.folder / "page"
        (page / "assets").mkdir(parents=True)
        (page / "index.html").write_text("page")
        (page / "assets/a.js").write_text(" " * 5000)
        config = derive(f"--page={page}", "--page-place=/srv/the page").stdout
        for name in ("index.html", "assets/a.js"):
            self.assertIn(f'filename: "/srv/the page/{name}"', config)
        self.assertIn("max_direct_response_body_size_bytes: 5000\n", config)
        self.assertNotIn("PAGE:", config)

    def test_files_of_unknown_types_are_refused(self) -> None:
        page = self.folder / "odd page"
        page.mkdir()
        (page / "index.html").touch()
        for name in ("program.exe", "a b.js"):
            (page / name).touch()
            derived = derive(f"--page={page}")
            self.assertEqual((derived.returncode, derived.stdout), (2, ""))
            self.assertIn(name, derived.stderr)
            (page / name).unlink()

    def test_wrong_options_are_refused(self) -> None:
        for options, why in WRONG.items():
            with self.subTest(options):
                derived = derive(*options)
                self.assertEqual(derived.returncode, 2)
                [line] = derived.stderr.splitlines()
                self.assertIn(why, line)
                self.assertEqual(derived.stdout, "")
