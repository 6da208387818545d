# SPDX-License-Identifier: GPL-2.0-or-later
"""Runs an interactive shell in a terminal, and types into it."""

import fcntl
import os
import pathlib
import pty
import re
import select
import signal
import struct
import termios
import time

PROMPT = "READY> "

# The time limit for what a shell does after a line.
_PATIENCE_SECONDS = 60

_COMMANDS = {
    "bash": ["bash", "-i"],
    "fish": ["fish", "--interactive"],
    "zsh": ["zsh", "-i"],
}

# Where each shell looks for its settings and for scripts of completion, below
# the home folder.
_SETTINGS = {
    "bash": (
        ".bashrc",
        f"source /usr/share/bash-completion/bash_completion\nPS1='{PROMPT}'\n",
    ),
    "fish": (
        ".config/fish/config.fish",
        f"function fish_prompt; echo '{PROMPT}'; end\n"
        "set -g fish_greeting\n"
        "set -g fish_autosuggestion_enabled 0\n",
    ),
    "zsh": (
        ".zshrc",
        "fpath=(~/zsh $fpath)\n"
        "autoload -U compinit; compinit -u -D\n"
        f"PS1='{PROMPT}'\n",
    ),
}
_SCRIPTS = {
    "bash": ".local/share/bash-completion/completions/dissectctl",
    "fish": ".config/fish/completions/dissectctl.fish",
    "zsh": "zsh/_dissectctl",
}


def _write(path: pathlib.Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)


class Shell:
    """A shell with a script that completes words of dissectctl."""

    def __init__(
        self,
        name: str,
        script: str,
        folder: pathlib.Path,
        environment: dict[str, str],
    ) -> None:
        home = pathlib.Path(environment["HOME"])
        settings, text = _SETTINGS[name]
        _write(home / settings, text)
        _write(home / _SCRIPTS[name], script)
        self._output = b""
        self._process, self._terminal = pty.fork()
        if self._process == 0:
            os.chdir(folder)
            # Without these, the shells look into the home folder.
            for variable in ("XDG_CONFIG_HOME", "XDG_DATA_HOME"):
                environment.pop(variable, None)
            environment["TERM"] = "xterm"
            command = _COMMANDS[name]
            os.execvpe(command[0], command, environment)
        size = struct.pack("HHHH", 50, 200, 0, 0)
        fcntl.ioctl(self._terminal, termios.TIOCSWINSZ, size)
        self._wait_for(re.escape(PROMPT))

    def _wait_for(self, pattern: str) -> str:
        """Returns the first group, and forgets what was printed before."""
        deadline = time.monotonic() + _PATIENCE_SECONDS
        while True:
            match = re.search(pattern.encode(), self._output)
            if match is not None:
                self._output = self._output[match.end() :]
                return match[match.lastindex or 0].decode()
            left = max(0, deadline - time.monotonic())
            if not select.select([self._terminal], [], [], left)[0]:
                raise TimeoutError(f"no {pattern} in {self._output[-2000:]!r}")
            self._output += os.read(self._terminal, 65536)

    def type_line(self, keys: str, pattern: str) -> str:
        """Types keys and Enter, and returns what the line prints."""
        os.write(self._terminal, keys.encode() + b"\r")
        printed = self._wait_for(pattern)
        self._wait_for(re.escape(PROMPT))
        return printed

    def press(self, keys: str, pattern: str) -> str:
        """Types keys, and returns what the shell shows of them at last."""
        os.write(self._terminal, keys.encode())
        return self._wait_for(pattern)

    def close(self) -> None:
        os.kill(self._process, signal.SIGKILL)
        os.waitpid(self._process, 0)
        os.close(self._terminal)
