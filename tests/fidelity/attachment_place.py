# SPDX-License-Identifier: GPL-2.0-or-later
"""A daemon, and a client that has encrypted captures with their keys."""

import pathlib
import re
import shutil
import subprocess

import daemon
import programs

PATIENCE_SECONDS = 60

# What tshark logs about preferences with older names. It has two lines, and the
# daemon sends clients the first.
_OLDER_NAME = re.compile(
    rb"^(((tshark|dissectctl): )?Preference \"[^\"]*\" has been converted to .*"
    rb"|Save your preferences to make this change permanent\.)\n",
    re.MULTILINE,
)


class Place:
    """Runs one daemon, with a folder for the client. A context manager."""

    def __init__(
        self,
        folder: pathlib.Path,
        runfiles: pathlib.Path,
        options: list[str],
    ) -> None:
        """Starts the daemon. `folder` must be empty."""
        self.folder = folder
        self.files = folder / "client"
        self.dissectctl = str(runfiles / "clients/cli/dissectctl")
        self.tshark = str(folder / "bin/tshark")
        _copy_captures(runfiles / "tests/captures", self.files)
        (folder / "bin").mkdir()
        pathlib.Path(self.tshark).symlink_to(
            pathlib.Path(self.dissectctl).resolve()
        )
        (folder / "store").mkdir()
        environment = programs.environment_of_both(folder / "home")
        self.server = daemon.Daemon(
            str(runfiles / "server/dissectd"),
            self.dissectctl,
            folder / "store",
            folder / "daemon",
            environment,
            options,
        )
        self.environment = {
            **environment,
            "DISSECTD_SERVER": self.server.address,
        }

    def __enter__(self) -> "Place":
        return self

    def __exit__(self, *_: object) -> None:
        self.server.kill()

    def start(self, *command: str) -> subprocess.Popen[bytes]:
        """Starts a program whose output is to be read from pipes."""
        return subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env=self.environment,
            cwd=self.files,
        )

    def run(self, *command: str) -> tuple[int, bytes, bytes]:
        """Returns a program's exit status, output and messages."""
        with self.start(*command) as process:
            try:
                output, messages = process.communicate(timeout=PATIENCE_SECONDS)
            except subprocess.TimeoutExpired:
                process.kill()
                raise
        messages = programs.TSHARK_ONLY.sub(b"", messages)
        return (
            process.returncode,
            programs.without_tries(output),
            _OLDER_NAME.sub(b"", messages),
        )


def _copy_captures(source: pathlib.Path, folder: pathlib.Path) -> None:
    """Copies the captures with their keys, and makes wrong keys as well."""
    (folder / "folder").mkdir(parents=True)
    for each in source.iterdir():
        if each.is_file():
            shutil.copyfile(each, folder / each.name)
    shutil.copyfile(folder / "http1-tls.keys", folder / "folder/a,b;c.keys")
    shutil.copyfile(folder / "tls-rsa.pem", folder / "folder/tls-rsa.pem")
    for name, change in (
        ("http1-tls.keys", _with_other_digits),
        ("ssh.keys", _with_other_digits),
        ("wireguard.keys", _with_other_private_keys),
        ("kerberos-user.keytab", _with_other_end),
    ):
        content = (folder / name).read_bytes()
        (folder / f"wrong-{name}").write_bytes(change(content))


def _with_other_digits(keys: bytes) -> bytes:
    return re.sub(
        rb"[0-9a-f]$",
        lambda found: b"1" if found[0] == b"0" else b"0",
        keys,
        flags=re.MULTILINE,
    )


def _with_other_private_keys(keys: bytes) -> bytes:
    return re.sub(rb"(_PRIVATE_KEY = ).", rb"\1/", keys)


def _with_other_end(keytab: bytes) -> bytes:
    return keytab[:-1] + bytes([keytab[-1] ^ 1])
