#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Compares decryption with keys that dissectctl sends with tshark's.

For each case of attachment_cases.py, `dissectctl tshark` and `dissectctl read`
must print what tshark prints, with the keys and with wrong ones. What proves
the decryption must be there with the keys, and only with them.
"""

import concurrent.futures
import os
import sys
import time

sys.path.insert(0, os.environ["TEST_SRCDIR"] + "/dissectd/tests/running")
sys.path.insert(0, os.environ["TEST_SRCDIR"] + "/dissectd/tests/fidelity")

import attachment_cases
import programs
import report
from attachment_cases import Keys
from comparison import Outcome, Result
from key_test_bed import KeyTestBed


def difference(what: str, ours: object, theirs: object) -> list[str]:
    """Returns a description of a difference; nothing if there is none."""
    if ours == theirs:
        return []
    return [f"{what}: {_short(ours)} for {_short(theirs)}"]


def _short(value: object) -> str:
    text = repr(value)
    return text if len(text) < 2000 else f"{text[:900]} ... {text[-900:]}"


def compare_output(bed: KeyTestBed, case: Keys) -> list[str]:
    """Compares what is printed with the keys in all formats."""
    found = []
    for form in attachment_cases.FORMATS:
        source = ["-r", case.capture, *form]
        theirs = bed.run("tshark", *source, *case.tshark)
        ours = bed.run(bed.tshark, *source, *case.tshark)
        found += difference(f"tshark {form}", ours, theirs)
        local = ["read", "--local", case.capture, *form]
        ours = bed.run(bed.dissectctl, *local, *case.read_options)
        found += difference(f"read {form}", ours, (0, theirs[1], b""))
    return found


def prove_decryption(bed: KeyTestBed, case: Keys) -> list[str]:
    """Looks for the proof with the keys, with wrong ones and without."""
    found = []
    filtered = ["-r", case.capture, "-Y", case.proof]
    for what, keys, count in (
        ("the keys", case.tshark, True),
        ("wrong keys", case.wrong, False),
        ("no keys", [], False),
    ):
        theirs = bed.run("tshark", *filtered, *keys)
        ours = bed.run(bed.tshark, *filtered, *keys)
        found += difference(f"the proof with {what}", ours, theirs)
        if theirs[0] != 0 or (theirs[1] != b"") != count:
            found.append(f"the case is wrong: with {what}, {theirs}")
    wrong = ["-r", case.capture, "-V", *case.wrong]
    theirs = bed.run("tshark", *wrong)
    found += difference("wrong keys", bed.run(bed.tshark, *wrong), theirs)
    return found


def compare(bed: KeyTestBed, case: Keys) -> Result:
    began = time.monotonic()
    lines = compare_output(bed, case) + prove_decryption(bed, case)
    return _result(case.capture, case.name, lines, began)


def _result(what: str, name: str, lines: list[str], began: float) -> Result:
    return Result(
        what,
        name,
        Outcome.DIFFERENT if lines else Outcome.SAME,
        "\n".join(lines),
        time.monotonic() - began,
    )


def compare_writing(bed: KeyTestBed) -> Result:
    began = time.monotonic()
    options = ["-o", 'uat:rsa_keys:"tls-rsa.pem",""', "-Y", "http"]
    options += ["-r", "tls-rsa.pcap", "-F", "pcap", "-w", "-"]
    theirs = bed.run("tshark", *options)
    lines = difference("-w -", bed.run(bed.tshark, *options), theirs)
    # The file's header has 24 bytes.
    if len(theirs[1]) <= 24:
        lines.append("tshark writes no packets")
    return _result("tls-rsa.pcap", "-w -", lines, began)


def compare_broken_key(bed: KeyTestBed) -> Result:
    began = time.monotonic()
    (bed.files / "broken.pem").write_bytes(
        b"-----BEGIN PRIVATE KEY-----\nbroken\n"
    )
    row = 'uat:rsa_keys:"broken.pem",""'
    options = ["-r", "tls-rsa.pcap", "-o", row]
    theirs = bed.run("tshark", *options)
    lines = difference(row, bed.run(bed.tshark, *options), theirs)
    if b"broken.pem" not in theirs[2]:
        lines.append(f"tshark doesn't name the file: {theirs}")
    return _result("tls-rsa.pcap", row, lines, began)


_REFUSED = (
    (["--ssh-keylog", "missing"], b'Can\'t read SSH keys from "missing"'),
    (["--keytab", "ssh.keys"], b"it isn't a keytab"),
    (
        ["-o", "wg.keylog_file:missing"],
        b'Can\'t read data from "missing": No such',
    ),
    (["-o", "tls.keylog_file:/dev/zero"], b"at most 15 MiB"),
    (["-o", 'uat:rsa_keys:"missing",""'], b'from "missing": No such'),
    (["-o", "tls.debug_file:x"], b"names a file of the server"),
)


def expect_refusal(
    bed: KeyTestBed, options: list[str], message: bytes
) -> Result:
    began = time.monotonic()
    status, output, messages = bed.run(
        *(bed.dissectctl, "read", "--local", "ssh.pcap", *options)
    )
    lines = []
    if (status, output) != (1, b"") or message not in messages:
        lines = [f"expected {message!r}: {status}, {output!r}, {messages!r}"]
    return _result("ssh.pcap", " ".join(options), lines, began)


def compare_all(bed: KeyTestBed, results: report.Report) -> None:
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        for result in pool.map(
            lambda case: compare(bed, case), attachment_cases.CASES
        ):
            results.add(result)
    results.add(compare_writing(bed))
    results.add(compare_broken_key(bed))
    for options, message in _REFUSED:
        results.add(expect_refusal(bed, options, message))


def main() -> int:
    programs.set_time_zone()
    results = report.Report(len(attachment_cases.CASES))
    with KeyTestBed("attach") as bed:
        bed.start_daemon()
        compare_all(bed, results)
        # Fails with the reason if the daemon has died.
        bed.server.stop()
    return results.finish("attachments")


if __name__ == "__main__":
    sys.exit(main())
