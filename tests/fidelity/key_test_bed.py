# SPDX-License-Identifier: GPL-2.0-or-later
"""A test bed with encrypted captures and their keys."""

import collections.abc
import pathlib
import re
import shutil

import programs
import test_bed
from test_bed import Answer, TestBed

# What tshark logs about preferences with older names. It has two lines, and the
# daemon sends clients the first.
_OLDER_NAME = re.compile(
    rb"^(((tshark|dissectctl): )?Preference \"[^\"]*\" has been converted to .*"
    rb"|Save your preferences to make this change permanent\.)\n",
    re.MULTILINE,
)


class KeyTestBed(TestBed):
    """Has encrypted captures and their keys in the client's folder."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        test_bed.copy_captures(self.files)
        _add_other_keys(self.files)

    def run(
        self,
        *command: str,
        piped: bytes = b"",
        variables: collections.abc.Mapping[str, str] | None = None,
    ) -> Answer:
        """Leaves out what differs between tshark and dissectctl with keys."""
        status, output, messages = super().run(
            *command, piped=piped, variables=variables
        )
        return (
            status,
            programs.without_tries(output),
            _OLDER_NAME.sub(b"", messages),
        )


def _add_other_keys(folder: pathlib.Path) -> None:
    """Copies keys to a path with odd characters, and makes wrong keys."""
    (folder / "folder").mkdir()
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
