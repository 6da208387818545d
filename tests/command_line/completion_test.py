#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Completes words of dissectctl's command line in real shells."""

import contextlib
import json
import os
import pathlib
import shutil
import socket
import sys
import time
import unittest
from collections.abc import Iterator
from typing import ClassVar

sys.path.insert(0, os.environ["TEST_SRCDIR"] + "/dissectd/tests/running")
sys.path.insert(0, os.environ["TEST_SRCDIR"] + "/dissectd/tests/command_line")

import daemon
import place
import shell

# Stands for dissectctl in the shells: completes words, but otherwise prints its
# arguments, so that tests see what the shell makes of the line.
_STAND_IN = """#!/bin/sh
case "$1" in complete) exec {} "$@" ;; esac
exec /usr/bin/python3 -c 'import json, sys
print("ARGUMENTS" + json.dumps(sys.argv[1:]))' "$@"
"""

# How long the daemon may take on a busy machine.
_PATIENCE_SECONDS = "60"

# Lines as they are typed, with a tab where the key is pressed, and the
# arguments that the shell makes of them.
_LINES = {
    "glos\tfieldc\t": ["glossary", "fieldcount"],
    "help files downl\t": ["help", "files", "download"],
    "files download dn\t": ["files", "download", "dns.pcap"],
    "files get files/dn\t": ["files", "get", "files/dns.pcap"],
    "read --disp\tx": ["read", "--display-filter", "x"],
    "read -T jsonr\t": ["read", "-T", "jsonraw"],
    "read -e dns.flags.resp\t": ["read", "-e", "dns.flags.response"],
    "read -O dns,http3\t": ["read", "-O", "dns,http3"],
    "read -Y dns.flags.resp\t": ["read", "-Y", "dns.flags.response"],
    "read --display-filter=dns.flags.resp\t": [
        "read",
        "--display-filter=dns.flags.response",
    ],
    "read -Y dns\\ \\&\\&\\ tcp.por\t": ["read", "-Y", "dns && tcp.port"],
    "read --local my\t": ["read", "--local", "my file.pcap"],
    "--tls-ca=my\t": ["--tls-ca=my file.pcap"],
    "read -o tcp.desegm\tTRUE": [
        "read",
        "-o",
        "tcp.desegment_tcp_streams:TRUE",
    ],
    "stat x -z conv,bluet\t": ["stat", "x", "-z", "conv,bluetooth"],
    "capture -i l\t": ["capture", "-i", "lo"],
    "write x -F nokiap\t": ["write", "x", "-F", "nokiapcap"],
    "follow --si\tcl\t": ["follow", "--side", "client"],
    "--context=fi\tinfo": ["--context=field", "info"],
    "--context \tinfo": ["--context", "field", "info"],
    # A daemon that can't be reached has nothing to offer.
    "--server=unix:/nowhere files get dn\t": [
        "--server=unix:/nowhere",
        "files",
        "get",
        "dn",
    ],
}

# Lines with an open quote, and the same. Only zsh doesn't close the quote.
_QUOTED = {
    "read -Y 'dns && tcp.por\t'": ["read", "-Y", "dns && tcp.port"],
    'read -Y "dns && tcp.por\t"': ["read", "-Y", "dns && tcp.port"],
    "read -Y 'dns.flags.response == \"Message is a q\t'": [
        "read",
        "-Y",
        'dns.flags.response == "Message is a query"',
    ],
    "read --local 'my f\t'": ["read", "--local", "my file.pcap"],
}


class CompletionTest(unittest.TestCase):
    """Runs one daemon for all tests."""

    here: ClassVar[place.Place]

    @classmethod
    def setUpClass(cls) -> None:
        cls.here = cls.enterClassContext(place.new_place())
        (cls.here.current / "my file.pcap").touch()
        cls.check_script(
            "dissectctl config set-context field --server=127.0.0.1"
        )

    @classmethod
    def check_script(cls, script: str) -> str:
        """Runs a script that must not fail, and returns what it prints."""
        run = cls.here.run(script)
        if run.returncode != 0 or run.stderr:
            raise AssertionError(f"{script}: {run.returncode} {run.stderr}")
        return run.stdout

    @contextlib.contextmanager
    def new_shell(self, name: str) -> Iterator[shell.Shell]:
        folder = self.here.folder / name
        environment = daemon.clean_environment(folder)
        program = folder / "bin" / "dissectctl"
        program.parent.mkdir(exist_ok=True)
        program.write_text(_STAND_IN.format(place.DISSECTCTL))
        program.chmod(0o755)
        environment["PATH"] = f"{program.parent}:{environment['PATH']}"
        environment["DISSECTD_COMPLETION_SECONDS"] = _PATIENCE_SECONDS
        environment["DISSECTD_CONFIG"] = str(
            self.here.folder / "home/config/dissectd/config.json"
        )
        script = self.check_script(f"dissectctl completion {name}")
        running = shell.Shell(name, script, self.here.current, environment)
        try:
            yield running
        finally:
            running.close()

    def check_lines(self, name: str, lines: dict[str, list[str]]) -> None:
        with self.new_shell(name) as running:
            for keys, expected in lines.items():
                with self.subTest(shell=name, keys=keys):
                    printed = running.type_line(
                        f"dissectctl {keys}", r"ARGUMENTS(\[.*?\])\r?\n"
                    )
                    self.assertEqual(json.loads(printed), expected)

    def test_bash_completes_words(self) -> None:
        # Bash closes the quote itself.
        quoted = {keys[:-1]: words for keys, words in _QUOTED.items()}
        self.check_lines("bash", _LINES | quoted)

    def test_zsh_completes_words(self) -> None:
        quoted = dict(_QUOTED)
        # A file's name is whole.
        keys = "read --local 'my f\t"
        quoted[keys] = quoted.pop(f"{keys}'")
        self.check_lines("zsh", _LINES | quoted)

    def test_fish_completes_words(self) -> None:
        quoted = {keys[:-1]: words for keys, words in _QUOTED.items()}
        self.check_lines("fish", _LINES | quoted)

    def test_shells_list_what_a_word_may_be(self) -> None:
        # Bash lists names at the second tab, without descriptions.
        with self.new_shell("bash") as running:
            running.press("dissectctl re\t\t", r"read +reports")
        with self.new_shell("zsh") as running:
            running.press("dissectctl re\t", r"reports +-- List the reports")
        with self.new_shell("fish") as running:
            running.press("dissectctl re\t", r"ports.*List the reports")

    def complete(
        self, words: str, patience: str = _PATIENCE_SECONDS
    ) -> list[str]:
        printed = self.check_script(
            f"DISSECTD_COMPLETION_SECONDS={patience} "
            f"dissectctl complete zsh {words}"
        )
        return printed.splitlines()

    def test_captures_and_sessions_are_known(self) -> None:
        with place.dns_traffic():
            capture = self.check_script(
                "capture=$(dissectctl capture -i lo --detach -c 1);"
                'dissectctl watch "$capture" >&-; echo "$capture"'
            ).strip()
        session = self.check_script("dissectctl session open dns.pcap").strip()
        for words, name in {
            "stop ''": capture.removeprefix("captures/"),
            "stop capt": capture,
            "session close ''": session.removeprefix("sessions/"),
            "read --session sess": session,
        }.items():
            lines = self.complete(words)
            self.assertEqual(lines[0], "whole", words)
            self.assertEqual(
                [line.split("\t")[0] for line in lines[1:]], [name]
            )

    def test_names_with_control_characters_are_left_out(self) -> None:
        nasty = self.here.store / "nasty\x1b[31m\nforged.pcap"
        nasty.touch()
        try:
            self.assertEqual(self.complete("read nas"), ["whole"])
        finally:
            nasty.unlink()

    def test_lines_are_never_run(self) -> None:
        for name in ("bash", "zsh"):
            with self.new_shell(name) as running:
                running.press(
                    'dissectctl read "$(touch ran)" -T jsonr\t', "jsonraw"
                )
        self.assertFalse((self.here.current / "ran").exists())

    def test_wrong_questions_have_no_answer(self) -> None:
        for words in ("", "zsh", "tcsh read", "bash", "bash x", "bash '' ''"):
            self.assertEqual(
                self.check_script(f"dissectctl complete {words}"), ""
            )
        for words in (
            "--context=unknown files get ''",
            "--token-file=/nowhere files get ''",
            "read -T x",
            "read --nothing=x",
            "nothing x",
        ):
            self.assertEqual(self.complete(words), ["whole"], words)

    def test_a_daemon_that_says_nothing_is_not_waited_for(self) -> None:
        with socket.socket() as silent:
            silent.bind(("127.0.0.1", 0))
            silent.listen()
            port = silent.getsockname()[1]
            begin = time.monotonic()
            for patience in ("", "0", "much", "1"):
                lines = self.complete(
                    f"--server=127.0.0.1:{port} files get ''", patience
                )
                self.assertEqual(lines, ["whole"])
            self.assertLess(time.monotonic() - begin, 40)


def main() -> None:
    place.enter_namespace()
    for program in ("bash", "fish", "zsh"):
        if shutil.which(program) is None:
            sys.exit(f"{program} is missing: ./dev packages test")
    if not pathlib.Path("/usr/share/bash-completion").exists():
        sys.exit("bash-completion is missing: ./dev packages test")
    unittest.main(argv=sys.argv[:1])


if __name__ == "__main__":
    main()
