#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Compares dissection with scripts that dissectctl sends with tshark's."""

import os
import pathlib
import sys
import time
import typing
import unittest

sys.path.insert(0, os.environ["TEST_SRCDIR"] + "/dissectd/tests/running")
sys.path.insert(0, os.environ["TEST_SRCDIR"] + "/dissectd/tests/captures")
sys.path.insert(0, os.environ["TEST_SRCDIR"] + "/dissectd/tests/fidelity")

import attachment_fixture
import folder_files
import packet_bytes
import secret_search

_SCRIPTS = {
    # Adds a protocol to each frame that has UDP.
    "post.lua": """local post = Proto("noted", "Notes in Lua")
local note = ProtoField.string("noted.note", "Note")
local twice = ProtoField.uint32("noted.twice", "Twice the Length")
post.fields = { note, twice }
local length = Field.new("udp.length")
local before = ...
function post.dissector(buffer, packet, tree)
  local found = length()
  if not found then return end
  local own = tree:add(post, buffer())
  own:add(note, (before or "frame ") .. packet.number)
  own:add(twice, 2 * found.value)
end
register_postdissector(post)
""",
    # A protocol on a port of UDP, with a preference.
    "folder/mine.lua": """local mine = Proto("mine", "A Protocol in Lua")
mine.fields.kind = ProtoField.uint8("mine.kind", "Kind", base.HEX,
    { [1] = "One", [2] = "Two" })
mine.fields.text = ProtoField.string("mine.text", "Text")
mine.prefs.loud = Pref.bool("Loud", false, "Whether to be loud")
function mine.dissector(buffer, packet, tree)
  local text = buffer(1):string()
  if mine.prefs.loud then text = text:upper() end
  packet.cols.protocol = "MINE"
  packet.cols.info = text
  local own = tree:add(mine, buffer())
  own:add(mine.fields.kind, buffer(0, 1))
  own:add(mine.fields.text, buffer(1), text)
end
DissectorTable.get("udp.port"):add(9999, mine)
""",
    "syntax.lua": "local x = = 3\n",
    "raising.lua": 'local y = 1\nerror("raised")\n',
    # Raises for each frame.
    "failing.lua": """local failing = Proto("failing", "Fails")
function failing.dissector(buffer, packet, tree)
  tree:add(failing, buffer())
  error("at frame " .. packet.number)
end
register_postdissector(failing)
""",
    "endless.lua": "while true do end\n",
    "printing.lua": 'print("one", ...)\nio.write("two\\n")\n'
    'os.execute("echo three")\n',
}

_POST = ["-X", "lua_script:post.lua"]
_MINE = ["-X", "lua_script:folder/mine.lua"]

CASES = [
    _POST,
    [*_POST, "-X", "lua_script1:number "],
    _MINE,
    [*_MINE, "-o", "mine.loud:TRUE"],
    [*_MINE, "-Y", "mine.kind == 2"],
    [*_MINE, "-2", "-R", 'mine.text contains "3"'],
    [*_POST, *_MINE, "-X", "lua_script1:#", "-Y", "noted.twice > 20"],
    [*_MINE, "-d", "udp.port==40000,mine"],
    [*_MINE, "--disable-protocol", "mine"],
    ["-X", "lua_script:failing.lua"],
]
FORMATS = [
    ["-V"],
    [],
    ["-T", "json"],
    ["-T", "pdml"],
    ["-T", "ek"],
    ["-V", "-2"],
]


class LuaTest(attachment_fixture.AttachmentFixture):
    """Dissects with scripts."""

    daemon_options: typing.ClassVar[list[str]] = ["--allow-lua"]

    @classmethod
    def make_files(cls) -> None:
        folder_files.write_folder(cls.bed.files, _SCRIPTS)
        packet_bytes.write_capture(
            cls.bed.files / "udp.pcap",
            [
                packet_bytes.udp_packet(
                    (
                        number % 2 == 0,
                        bytes([number % 3]) + b"hello %d" % number,
                    ),
                    40000,
                    9999,
                )
                for number in range(5)
            ],
        )

    def test_prints_what_tshark_prints(self) -> None:
        source = ["-r", "udp.pcap"]
        for options in CASES:
            for form in FORMATS:
                with self.subTest(options=options, form=form):
                    theirs = self.run_program(
                        "tshark", *source, *form, *options
                    )
                    self.assertEqual(
                        self.our_tshark(*source, *form, *options), theirs
                    )
                    ours = self.dissectctl(
                        "read", "--local", "udp.pcap", *form, *options
                    )
                    self.assertEqual(ours, theirs)

    def test_makes_a_difference(self) -> None:
        source = ["-r", "udp.pcap", "-V"]
        self.assertNotEqual(
            self.our_tshark(*source, *_POST)[1], self.our_tshark(*source)[1]
        )

    def test_prints_fields_of_scripts(self) -> None:
        options = ["-r", "udp.pcap", *_POST, *_MINE, "-T", "fields"]
        for field in ("mine.kind", "mine.text", "noted.note", "noted.twice"):
            options += ["-e", field]
        theirs = self.run_program("tshark", *options)
        self.assertIn(b"frame 1", theirs[1])
        self.assertEqual(self.our_tshark(*options), theirs)

    def test_writes_what_tshark_writes(self) -> None:
        options = ["-r", "udp.pcap", *_MINE, "-Y", "mine.kind == 0"]
        options += ["-F", "pcap", "-w", "-"]
        theirs = self.run_program("tshark", *options)
        self.assertGreater(len(theirs[1]), 60)
        self.assertEqual(self.our_tshark(*options), theirs)

    def test_works_with_live_captures(self) -> None:
        self.expect_same_live("udp.pcap", *_MINE, "-V")
        self.expect_same_live("udp.pcap", *_MINE, "-Y", "mine.kind == 2")

    def test_warns_of_wrong_scripts_and_goes_on(self) -> None:
        for script in ("syntax.lua", "raising.lua", "missing.lua"):
            with self.subTest(script=script):
                options = ["-r", "udp.pcap", "-X", f"lua_script:{script}"]
                theirs = self.run_program("tshark", *options)
                self.assertIn(script.encode(), theirs[2])
                self.assertEqual(self.our_tshark(*options), theirs)

    def test_shows_what_scripts_print(self) -> None:
        status, output, messages = self.dissectctl(
            *("read", "--local", "udp.pcap", "-X", "lua_script:printing.lua"),
            *("-X", "lua_script1:more"),
        )
        without = self.dissectctl("read", "--local", "udp.pcap")
        self.assertEqual((status, output), without[:2])
        for line in (b": one\tmore\n", b": two\n", b": three\n"):
            self.assertIn(line, messages)

    def _spinning(self, known: list[int]) -> list[int]:
        """Returns the daemon's new processes that have run for a second."""
        found = []
        for pid in secret_search.children_of(self.bed.server.pid):
            try:
                text = pathlib.Path(f"/proc/{pid}/stat").read_text()
            except OSError:
                continue
            ticks = int(text.rpartition(")")[2].split()[11])
            if pid not in known and ticks > os.sysconf("SC_CLK_TCK"):
                found.append(pid)
        return found

    def test_ends_scripts_with_the_call(self) -> None:
        before = secret_search.children_of(self.bed.server.pid)
        with self.bed.running(
            *(self.bed.tshark, "-r", "udp.pcap"),
            *("-X", "lua_script:endless.lua"),
        ):
            self.wait_until(
                lambda: self._spinning(before) != [], "the script doesn't run"
            )
            workers = self._spinning(before)
        self.wait_until(
            lambda: (
                not any(
                    pathlib.Path(f"/proc/{pid}/fd").exists() for pid in workers
                )
            ),
            "the script goes on",
        )
        self.assertEqual(self.our_tshark("-r", "udp.pcap", *_MINE)[0], 0)

    def test_leaves_no_script_behind(self) -> None:
        began = time.time()
        secret = attachment_fixture.SECRET.decode()
        folder_files.write_folder(
            self.bed.files,
            {"secret.lua": f"-- {secret}\n" + _SCRIPTS["post.lua"]},
        )
        options = ["-r", "udp.pcap", "-V", "-X", "lua_script:secret.lua"]
        self.assertIn(b"Notes in Lua", self.our_tshark(*options)[1])
        time.sleep(0.5)
        self.expect_no_secret(began)

    def test_needs_the_operators_permission(self) -> None:
        self.bed.server.stop()
        type(self).daemon_options = []
        try:
            self.start_daemon()
            status, output, messages = self.our_tshark("-r", "udp.pcap", *_POST)
            self.assertEqual(status, 2)
            self.assertEqual(output, b"")
            self.assertIn(b"--allow-lua", messages)
        finally:
            self.bed.server.kill()
            type(self).daemon_options = ["--allow-lua"]
            self.start_daemon()


if __name__ == "__main__":
    unittest.main()
