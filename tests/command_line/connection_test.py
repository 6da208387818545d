#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Connects to daemons with TLS, certificates, tokens and contexts.

The ports of 127.0.0.1 are 50051 without TLS, 50052 with TLS and tokens, and
50053 with TLS and client certificates.
"""

import contextlib
import dataclasses
import json
import os
import re
import shutil
import sys
import time
from collections.abc import Iterator

sys.path.insert(0, os.environ["TEST_SRCDIR"] + "/dissectd/tests/command_line")

import place

# The time within which a daemon reads a changed file.
REVOCATION_SECONDS = 60

# Makes two authorities, and certificates of the first one; `stranger` is a
# client of the other one.
CERTIFICATES = """
authority() {
  openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes \
    -keyout "$1.key" -out "$1.pem" -days 2 -subj "/CN=$1" 2> openssl.log
}
certificate() {
  openssl req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes \
    -keyout "$1.key" -out "$1.csr" -subj "/CN=$1" \
    -addext "subjectAltName=$3" 2> openssl.log
  openssl x509 -req -in "$1.csr" -CA "$2.pem" -CAkey "$2.key" \
    -CAcreateserial -days 2 -copy_extensions copy -out "$1.pem" 2> openssl.log
}
authority ca
authority other
certificate server ca DNS:lab.example,IP:127.0.0.1
certificate alice ca DNS:alice
certificate stranger other DNS:alice
"""

TOKENS = """
dissectctl token create alice --group team --append tokens --output alice.token
dissectctl token create bob --append tokens > bob.token
dissectctl token create mallory --append forged > mallory.token
"""

CONTEXTS = """
dissectctl config set-context alice --server=127.0.0.1:50052 \
  --tls-ca=ca.pem --token-file=alice.token
dissectctl config set-context bob --server=127.0.0.1:50052 \
  --tls-ca=ca.pem --token-file=bob.token
dissectctl config set-context certificate --server=127.0.0.1:50053 \
  --tls-ca=ca.pem --tls-certificate=alice.pem --tls-key=alice.key
"""

FILES = r"(?s) +BYTES .*files/dns\.pcap\n.*"

_TLS = "dissectctl files --server=127.0.0.1:50052"
_MUTUAL = "dissectctl files --server=127.0.0.1:50053 --tls-ca=ca.pem"
_OWN_TOKEN = (
    "\nGive yours with --token-file=FILE or the variable DISSECTD_TOKEN."
)
_NOT_TRUSTED = (
    "The certificate of the daemon at 127.0.0.1:50052 isn't trusted: no "
    "authority that you trust has signed it, or it has expired.\n"
    "Name its authority with --tls-ca=FILE or the variable DISSECTD_TLS_CA."
)
_NO_TLS = (
    "The daemon at 127.0.0.1:50051 doesn't speak TLS.\n"
    "Leave out the options and variables about TLS, or name another one with "
    "--server=HOST:PORT."
)
_CLOSES = "The daemon at 127.0.0.1:{} closes the connection at once.\n"
_UNUSABLE = (
    "Can't use the files for TLS to connect to 127.0.0.1:50053.\n"
    "Check that they are whole, and that the key has no password and is that "
    "of the certificate."
)


@dataclasses.dataclass(frozen=True)
class Case:
    """A command for the shell, and what it does."""

    command: str
    # A regular expression for the whole output.
    output: str = ""
    error: str = ""
    exit_code: int = 0


def _fails(command: str, error: str, exit_code: int = 3) -> Case:
    return Case(command, "", f"dissectctl: {error}\n", exit_code)


TRANSPORT_CASES = [
    Case(f"{_TLS} --tls-ca=ca.pem --token-file=alice.token", FILES),
    Case(
        "DISSECTD_SERVER=https://127.0.0.1:50052 DISSECTD_TLS_CA=ca.pem "
        'DISSECTD_TOKEN="$(cat alice.token)" dissectctl files',
        FILES,
    ),
    Case(
        f"{_TLS} --tls-ca=ca.pem --token-file=alice.token "
        "--tls-server-name=lab.example",
        FILES,
    ),
    _fails(f"{_TLS} --tls --token-file=alice.token", _NOT_TRUSTED),
    _fails(f"{_TLS} --tls-ca=other.pem", _NOT_TRUSTED),
    _fails(
        f"{_TLS} --tls-ca=ca.pem --tls-server-name=field.example",
        "The certificate of the daemon at 127.0.0.1:50052 is for another name."
        "\nGive the name that it has with --tls-server-name=NAME, if that is "
        "the daemon you mean.",
    ),
    _fails(
        _TLS,
        _CLOSES.format(50052)
        + "If it speaks TLS, give --tls-ca=FILE or --tls. Otherwise it may "
        "have too many connections, or not be dissectd.",
    ),
    _fails(
        "dissectctl files --server=127.0.0.1:50051 --tls-ca=ca.pem", _NO_TLS
    ),
    _fails("dissectctl files --server=https://127.0.0.1:50051", _NO_TLS),
    _fails(
        f"{_TLS} --tls-ca=none.pem",
        'Can\'t read certificates of authorities from "none.pem": No such '
        "file or directory",
        1,
    ),
    _fails(
        f"{_TLS} --tls-ca=server.key",
        '"server.key" has no certificates of authorities in PEM.',
        1,
    ),
    Case(f"{_MUTUAL} --tls-certificate=alice.pem --tls-key=alice.key", FILES),
    _fails(
        _MUTUAL,
        _CLOSES.format(50053)
        + "If it wants a certificate from you, give --tls-certificate=FILE "
        "and --tls-key=FILE. Otherwise it may have too many connections.",
    ),
    _fails(
        f"{_MUTUAL} --tls-certificate=stranger.pem --tls-key=stranger.key",
        _CLOSES.format(50053)
        + "It may not trust your certificate: ask its operator which "
        "authorities it trusts. Otherwise it may have too many connections.",
    ),
    _fails(
        f"{_MUTUAL} --tls-certificate=alice.pem --tls-key=other.key", _UNUSABLE
    ),
    _fails(
        f"{_MUTUAL} --tls-certificate=alice.pem",
        "A certificate and its key belong together: give both "
        "--tls-certificate and --tls-key.",
        1,
    ),
]

TOKEN_CASES = [
    _fails(
        f"{_TLS} --tls-ca=ca.pem",
        "The call has no token and no user of a Unix socket." + _OWN_TOKEN,
    ),
    _fails(
        f"{_TLS} --tls-ca=ca.pem --token-file=mallory.token",
        "The call's token is unknown." + _OWN_TOKEN,
    ),
    _fails(
        f"{_TLS} --tls-ca=ca.pem --token-file=none.token",
        'Can\'t read a token from "none.token": No such file or directory',
        1,
    ),
    _fails(
        "dissectctl files --server=192.0.2.1 --token-file=alice.token",
        "The token isn't sent to 192.0.2.1:50051 without TLS, as others could "
        "read it. Give --tls or --tls-ca=FILE.",
        1,
    ),
]

CONTEXT_CASES = [
    Case("dissectctl --context=alice files", FILES),
    Case("dissectctl --context=certificate files", FILES),
    Case(
        "dissectctl --context=alice info | grep you | head -n 3",
        r"you are +token:alice\nyour groups +team\nyour roles +owner\n",
    ),
    Case(
        "dissectctl --context=certificate info | grep 'you are'",
        r"you are +certificate:alice\n",
    ),
    Case(
        "DISSECTD_CONTEXT=bob dissectctl tshark -r trace.pcap -c 1",
        r" +1 .* DNS .*\n",
    ),
    Case(
        "dissectctl --context=bob policy check ReadFile",
        r"allowed: .*files\.read.*viewer.*\n",
    ),
    Case(
        "dissectctl --context=bob policy check DeleteFile",
        r"denied: .*files\.write.*\n",
        "",
        1,
    ),
    _fails(
        "dissectctl --context=bob policy check RedFile",
        'There is no method "RedFile"; did you mean "ReadFile"?',
        2,
    ),
]

SHARING = r"OWNER {27}READERS\n"

NOT_SHARED = Case(
    "dissectctl --context=bob read $file -c 1 2>&1",
    r'dissectctl: You lack the permission "files\.read\.any" for '
    r"files/uploads/.*\n",
    "",
    3,
)

SHARING_CASES = [
    NOT_SHARED,
    Case(
        "dissectctl --context=alice files share $file --reader token:bob",
        SHARING + r"token:alice {21}token:bob\n",
    ),
    Case("dissectctl --context=bob read $file -c 1", r" +1 .* DNS .*\n"),
    Case(
        "dissectctl --context=alice files get $file",
        r" +BYTES .*\n.*\n\n" + SHARING + r"token:alice {21}token:bob\n",
    ),
    Case(
        "dissectctl --context=alice files share $file",
        SHARING + r"token:alice {21}-\n",
    ),
    NOT_SHARED,
    Case(
        "dissectctl --context=alice captures share $capture "
        "--reader token:bob --reader group:team --no-headers",
        r"token:alice {21}token:bob,group:team\n",
    ),
    Case(
        "dissectctl --context=bob captures get $capture --no-headers",
        r"captures/(?s:.*)\n\ntoken:alice {21}token:bob,group:team\n(?s:.*)",
    ),
]


def policy() -> str:
    user = f"unix:{os.getuid()}"
    everything = {"permissions": ["*"], "paths": ["*"], "interfaces": ["*"]}
    reading = ["server.info", "files.read", "captures.read", "dissect"]
    viewer = {"permissions": [*reading, "registry.read"], "paths": ["*"]}
    # Owners may use only what is shared with them, or theirs.
    owner = {
        "permissions": [
            *reading,
            "files.write",
            "interfaces.list",
            "captures.create",
            "captures.write",
        ],
        "paths": ["*"],
        "interfaces": ["*"],
    }
    return json.dumps(
        {
            "roles": {"all": everything, "viewer": viewer, "owner": owner},
            "bindings": [
                {"principals": [user], "roles": ["all"]},
                {
                    "principals": ["token:alice", "certificate:alice"],
                    "roles": ["owner"],
                },
                {"principals": ["token:bob"], "roles": ["viewer"]},
            ],
        }
    )


@contextlib.contextmanager
def secure_daemons(here: place.Place) -> Iterator[None]:
    """Runs the two daemons with TLS, which must not fail in the end."""
    tls = [
        f"--policy={here.current}/policy.json",
        f"--tls-certificate={here.current}/server.pem",
        f"--tls-key={here.current}/server.key",
        # The socket is for waiting until the daemon answers.
        "--identify-unix-users",
    ]
    options = {
        "tokens": [
            "--listen=127.0.0.1:50052",
            f"--token-file={here.current}/tokens",
        ],
        "mutual": [
            "--listen=127.0.0.1:50053",
            f"--tls-client-ca={here.current}/ca.pem",
            "--identify-certificates",
        ],
    }
    servers = []
    try:
        for name, own in options.items():
            store = here.folder / f"store-{name}"
            store.mkdir()
            shutil.copy(here.store / "dns.pcap", store)
            servers.append(here.start_daemon(name, store, tls + own))
        yield
        for server in servers:
            server.stop()
    finally:
        for server in servers:
            server.kill()


def problem_of(here: place.Place, case: Case, before: str = "") -> str:
    result = here.run(before + case.command)
    as_expected = (
        result.stderr == case.error
        and result.returncode == case.exit_code
        and re.fullmatch(case.output, result.stdout)
    )
    if as_expected:
        return ""
    return (
        f"{case.command}: exit status {result.returncode}\n"
        f"--- it says\n{result.stderr}--- not\n{case.error}"
        f"--- it prints\n{result.stdout}---\n"
    )


def sharing_problems(here: place.Place) -> list[str]:
    with place.dns_traffic():
        made = here.run(
            'echo "file=$(dissectctl --context=alice files upload trace.pcap)";'
            "capture=$(dissectctl --context=alice capture -i lo --detach -c 2);"
            'dissectctl --context=alice watch "$capture" >&2;'
            'echo "capture=$capture"'
        )
    problems = [problem_of(here, case, made.stdout) for case in SHARING_CASES]
    if made.returncode != 0:
        problems.append(f"alice can't make files: {made.stderr}")
    return problems


def revocation_problem(here: place.Place) -> str:
    """Removes the line of a token, and waits until it is refused."""
    tokens = here.current / "tokens"
    left = [line for line in tokens.open() if not line.startswith("bob ")]
    changed = here.current / "tokens.new"
    changed.write_text("".join(left))
    changed.chmod(0o600)
    changed.rename(tokens)
    case = _fails(
        "dissectctl --context=bob files",
        "The call's token is unknown." + _OWN_TOKEN,
    )
    deadline = time.monotonic() + REVOCATION_SECONDS
    while problem := problem_of(here, case):
        if time.monotonic() > deadline:
            return problem
        time.sleep(0.1)
    return problem_of(here, Case("dissectctl --context=alice files", FILES))


def main() -> int:
    place.enter_namespace()
    with place.new_place() as here:
        (here.current / "policy.json").write_text(policy())
        prepared = here.run(CERTIFICATES + TOKENS + CONTEXTS)
        if prepared.returncode != 0:
            print(prepared.stderr)
            return 1
        cases = TRANSPORT_CASES + TOKEN_CASES + CONTEXT_CASES
        with secure_daemons(here):
            problems = [problem_of(here, case) for case in cases]
            problems += sharing_problems(here)
            problems.append(revocation_problem(here))
    problems = [problem for problem in problems if problem]
    print("\n".join(problems))
    print(f"{len(cases)} ways to connect; {len(problems)} problems")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
