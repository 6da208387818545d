#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Checks the bundle that `dissectctl debug bundle` writes for reports."""

import json
import os
import stat
import sys
import unittest
from typing import Any, ClassVar

sys.path.insert(0, os.environ["TEST_SRCDIR"] + "/dissectd/tests/command_line")

import place

_PARTS = ["info", "health", "diagnostics", "sessions", "captures"]

# The user of the tests may see less than the owner of a token.
_POLICY = {
    "roles": {
        "admin": {"permissions": ["*"]},
        "viewer": {
            "permissions": ["server.info", "files.read", "captures.read"]
        },
    },
    "bindings": [
        {"principals": ["token:admin"], "roles": ["admin"]},
        {"principals": [f"unix:{os.getuid()}"], "roles": ["viewer"]},
    ],
}


class DebugTest(unittest.TestCase):
    """Runs one daemon for all tests, and another with callers."""

    here: ClassVar[place.Place]

    @classmethod
    def setUpClass(cls) -> None:
        cls.here = cls.enterClassContext(place.new_place())

    def check(self, script: str, status: int = 0) -> tuple[str, str]:
        """Runs a script, and returns what it prints."""
        run = self.here.run(script)
        self.assertEqual(run.returncode, status, run.stderr)
        return run.stdout, run.stderr

    def load(self, name: str) -> Any:
        return json.loads((self.here.current / name).read_text("utf-8"))

    def test_it_has_all_parts(self) -> None:
        self.check("dissectctl capture -i lo -c 1 --detach")
        printed, said = self.check(
            "session=$(dissectctl session open dns.pcap);"
            " dissectctl read missing.pcap || true;"
            " dissectctl debug bundle report.json;"
            ' dissectctl session close "$session"'
        )
        self.assertIn("report.json\n", printed)
        self.assertIn("info, health, diagnostics, sessions, captures", said)
        self.assertIn("names files", said)
        bundle = self.load("report.json")
        self.assertEqual(
            list(bundle),
            ["format", "time", "dissectctl", *_PARTS, "errors"],
        )
        self.assertEqual(bundle["errors"], {})
        self.assertEqual(bundle["health"], "SERVING")
        self.assertEqual(bundle["sessions"][0]["file"], "files/dns.pcap")
        self.assertIn("lo", json.dumps(bundle["captures"]))
        self.assertEqual(
            bundle["info"]["engines"][0]["id"].split("-")[0], "wireshark"
        )
        self.assertEqual(bundle["info"]["limits"]["maxWorkers"], 64)
        diagnostics = bundle["diagnostics"]
        self.assertEqual(diagnostics["processId"], self.here.server.pid)
        options = {
            option["name"]: option["values"]
            for option in diagnostics["options"]
        }
        self.assertEqual(options["store"], [str(self.here.store)])
        self.assertIn("dissectd_engine_ready 1", diagnostics["metrics"])
        self.assertTrue(
            any("FILE_NOT_FOUND" in line for line in diagnostics["logLines"])
        )

    def test_a_file_is_private_and_never_replaced(self) -> None:
        self.check("dissectctl debug bundle mine.json")
        path = self.here.current / "mine.json"
        self.assertEqual(stat.S_IMODE(path.stat().st_mode), 0o600)
        before = path.read_bytes()
        _, said = self.check("dissectctl debug bundle mine.json", 4)
        self.assertIn("mine.json", said)
        self.assertIn("exists", said)
        self.assertEqual(path.read_bytes(), before)
        self.check("dissectctl debug bundle /dev/full/x", 4)

    def test_it_goes_to_standard_output_or_to_a_new_name(self) -> None:
        printed, _ = self.check("dissectctl debug bundle -")
        self.assertEqual(json.loads(printed)["errors"], {})
        name, _ = self.check("dissectctl debug bundle")
        self.assertRegex(name, r"^dissectd-debug-\d{8}T\d{6}Z\.json\n$")
        self.assertEqual(self.load(name.strip())["health"], "SERVING")
        self.check("dissectctl debug bundle - > /dev/full", 4)

    def test_what_fails_is_in_it(self) -> None:
        folder = self.here.current
        (folder / "policy.json").write_text(json.dumps(_POLICY), "utf-8")
        self.check(
            "dissectctl token create admin --append tokens --output admin.token"
        )
        token = (folder / "admin.token").read_text("utf-8").strip()
        store = self.here.folder / "other"
        store.mkdir()
        server = self.here.start_daemon(
            "identified",
            store,
            [
                "--identify-unix-users",
                f"--token-file={folder}/tokens",
                f"--policy={folder}/policy.json",
            ],
        )
        bundle_of = f"dissectctl --server={server.address} debug bundle"
        as_admin = f"{bundle_of} --token-file=admin.token"
        try:
            _, said = self.check(f"{bundle_of} viewer.json", 3)
            self.assertIn("diagnostics: ", said)
            self.assertIn("sessions: ", said)
            bundle = self.load("viewer.json")
            errors = bundle["errors"]
            self.assertEqual(list(errors), ["diagnostics", "sessions"])
            self.assertEqual(errors["diagnostics"]["code"], 7)
            self.assertIn("server.diagnose", errors["diagnostics"]["message"])
            self.assertEqual(bundle["captures"], [])
            self.check(f"{as_admin} admin.json")
            self.assertNotIn(token, json.dumps(self.load("admin.json")))
            server.stop()
            _, said = self.check(f"{as_admin} none.json", 3)
            self.assertIn("There is no bundle", said)
            self.assertIn(f"{', '.join(_PARTS)}: No daemon answers at ", said)
            self.assertEqual(said.count("Start one with"), 1, said)
            self.assertFalse((folder / "none.json").exists())
        finally:
            server.kill()


if __name__ == "__main__":
    place.enter_namespace()
    unittest.main(argv=sys.argv[:1])
