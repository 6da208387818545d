# SPDX-License-Identifier: Apache-2.0
"""Connections, the store, the registry, and errors."""

import io
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys

import grpc
import pytest
from conftest import ROOT
from daemon import Daemon

import dissectd
from dissectd.errors import error_type
from dissectd.settings import (
    Settings,
    SettingsError,
    endpoint,
    parse_address,
    resolve,
)


@pytest.fixture
def clean(monkeypatch: pytest.MonkeyPatch, tmp_path: pathlib.Path) -> None:
    for name in list(os.environ):
        if name.startswith("DISSECTD_"):
            monkeypatch.delenv(name)
    monkeypatch.setenv("DISSECTD_CONFIG", str(tmp_path / "config.json"))


@pytest.mark.parametrize(
    ("text", "target"),
    [
        ("lab", "lab:50051"),
        ("lab:1", "lab:1"),
        (":7", "localhost:7"),
        ("::1", "[::1]:50051"),
        ("[::1]:2", "[::1]:2"),
        ("http://lab:3/", "lab:3"),
        ("https://lab", "lab:50051"),
        ("/run/dissectd", "unix:/run/dissectd"),
        ("unix:/run/dissectd", "unix:/run/dissectd"),
        ("dns:///lab:4", "dns:///lab:4"),
    ],
)
def test_addresses_are_dissectctls(text: str, target: str) -> None:
    assert parse_address(text) == target


@pytest.mark.parametrize("text", ["lab:0", "lab:x", "la b", "unix:", "a/b"])
def test_wrong_addresses_are_errors(text: str) -> None:
    with pytest.raises(SettingsError, match="isn't the address of a daemon"):
        parse_address(text)


@pytest.mark.usefixtures("clean")
def test_contexts_are_dissectctls(tmp_path: pathlib.Path) -> None:
    def dissectctl(*words: str) -> None:
        command = [os.environ["DISSECTCTL"], "config", *words]
        subprocess.run(command, check=True)

    (tmp_path / "lab.token").write_text("secret\n")
    dissectctl(
        "set-context",
        "lab",
        "--server=localhost:7",
        f"--token-file={tmp_path}/lab.token",
    )
    dissectctl("set-context", "other", "--server=localhost:8")
    assert resolve(Settings()).server == "localhost:50051"
    dissectctl("use-context", "lab")
    chosen = resolve(Settings())
    assert chosen.server == "localhost:7"
    header = endpoint(chosen).token.header()
    assert header == (("authorization", "Bearer secret"),)
    assert resolve(Settings(), "other").server == "localhost:8"
    # A token of a context doesn't go to another server.
    assert resolve(Settings(server="lab:9")).token_file == ""
    with pytest.raises(SettingsError, match="lab, other"):
        resolve(Settings(), "nowhere")


@pytest.mark.usefixtures("clean")
def test_variables_say_where_the_daemon_is(
    monkeypatch: pytest.MonkeyPatch, daemon: Daemon
) -> None:
    monkeypatch.setenv("DISSECTD_SERVER", daemon.address)
    with dissectd.connect() as w:
        assert w.info().engines[0].wireshark_version == "4.0.17"


@pytest.mark.parametrize(
    ("settings", "why"),
    [
        (Settings("lab", token="x"), "isn't sent to lab:50051 without TLS"),
        (Settings("unix:/x", tls=True), "TLS isn't for unix:/x"),
        (Settings("http://lab", tls=True), "without TLS"),
        (Settings("lab", tls_key="key"), "belong together"),
        (Settings("lab", tls_ca="/nowhere"), "/nowhere"),
        (Settings("localhost", token="a b"), "isn't a token"),
    ],
)
def test_contradictions_are_errors(settings: Settings, why: str) -> None:
    with pytest.raises(SettingsError, match=re.escape(why)):
        endpoint(settings)


def test_tls_with_certificates(tls_port: int, tmp_path: pathlib.Path) -> None:
    certificate = tmp_path / "certificate.pem"
    address = f"localhost:{tls_port}"
    with (
        dissectd.connect(
            address, tls_ca=str(certificate), tls_server_name="lab"
        ) as w,
        # The server has no methods, but the connection is there.
        pytest.raises(dissectd.VersionMismatch),
    ):
        w.info()
    with (
        dissectd.connect(address, tls_ca=str(certificate)) as w,
        pytest.raises(dissectd.ConnectionFailed),
    ):
        w.info()


def test_a_daemon_for_the_life_of_a_program(
    tmp_path: pathlib.Path, store: pathlib.Path
) -> None:
    script = (
        "import dissectd, sys\n"
        "w = dissectd.local(program=sys.argv[1])\n"
        "print(w.transport.address)\n"
        "print(len(list(w.read(sys.argv[2]))))\n"
    )
    program = os.environ["DISSECTD"]
    run = subprocess.run(
        [sys.executable, "-c", script, program, store / "dns.pcap"],
        capture_output=True,
        check=True,
        text=True,
        env={**os.environ, "TMPDIR": str(tmp_path)},
    )
    address, frames = run.stdout.split()
    assert frames == "26"
    assert address.startswith(f"unix:{tmp_path}/")
    assert list(tmp_path.iterdir()) == []


def test_a_daemon_that_cannot_start_says_why(tmp_path: pathlib.Path) -> None:
    with pytest.raises(dissectd.ConnectionFailed, match="nowhere"):
        dissectd.local(tmp_path / "nowhere", program=os.environ["DISSECTD"])
    with pytest.raises(dissectd.ConnectionFailed, match="no program"):
        dissectd.local(program="/nowhere/dissectd")


def test_files_are_sent_once(
    w: dissectd.Client, tmp_path: pathlib.Path, store: pathlib.Path
) -> None:
    large = tmp_path / "large.pcap"
    content = (store / "redis.pcap").read_bytes()
    large.write_bytes(content[:24] + 10 * content[24:])
    sent: list[tuple[int, int]] = []

    def note(done: int, total: int) -> None:
        sent.append((done, total))

    for _ in range(2):
        frames = list(w.read(large, tree=False, limit=3, progress=note))
        assert len(frames) == 3
    size = large.stat().st_size
    assert sent == [(1 << 20, size), (size, size)]


def test_any_file_object_is_read(
    w: dissectd.Client, store: pathlib.Path
) -> None:
    content = (store / "dns.pcap").read_bytes()
    assert len(list(w.read(io.BytesIO(content)))) == 26
    assert len(list(w.read(content))) == 26
    command = ["cat", store / "dns.pcap"]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert len(list(w.read(process.stdout))) == 26


def test_names_in_the_store_can_be_short(
    w: dissectd.Client, store: pathlib.Path
) -> None:
    with w.upload(store / "dns.pcap", name="short-name.pcap") as file:
        assert file.name.endswith("/short-name.pcap")
        assert len(list(w.read("short-name.pcap"))) == 26
        assert len(list(w.read(file))) == 26
    with pytest.raises(dissectd.FileNotInStore, match="short-name"):
        list(w.read("short-name.pcap"))
    with pytest.raises(FileNotFoundError):
        list(w.read(pathlib.Path("short-name.pcap")))


def test_a_damaged_capture_gives_its_good_packets(
    w: dissectd.Client,
) -> None:
    numbers = []
    with pytest.raises(dissectd.ShortRead, match="cut short"):
        for packet in w.read("cut-short.pcap"):
            numbers.append(packet.number)  # noqa: PERF401
    assert numbers == list(range(1, numbers[-1] + 1))
    assert len(numbers) > 10


def test_the_registry_is_wiresharks(w: dissectd.Client) -> None:
    names = {value.value: value.name for value in w.named_values("ip.proto")}
    assert names[6] == "TCP"
    (field,) = w.field_definition("tcp.srcport")
    assert field.display_name == "Source Port"
    assert {p.filter_name for p in w.protocols()} >= {"tcp", "dns"}
    assert "dns.a" in {f.name for f in w.field_definitions("dns")}
    assert w.preference("tcp.desegment_tcp_streams").value == "TRUE"
    assert len(w.preferences("tcp")) > 5
    assert "TCP" in w.reports().followers
    assert w.check("tcp").valid
    completions = w.complete("tcp.srcp")
    assert [item.insert_text for item in completions.items] == ["tcp.srcport"]


def test_interfaces_are_listed(w: dissectd.Client) -> None:
    (loopback,) = [i for i in w.interfaces() if i.name == "lo"]
    assert loopback.loopback
    assert w.interface_capabilities("lo").link_types[0].name == "EN10MB"


def reasons(title: str = "") -> list[tuple[str, grpc.StatusCode]]:
    """Returns the reasons of the documentation, or of a section of it."""
    text = (ROOT / "docs" / "errors.md").read_text()
    if title:
        text = text.partition(f"\n## {title}\n")[2].partition("\n## ")[0]
    rows = re.findall(r"^\| `([A-Z_0-9]+)` \| ([A-Z_]+)", text, re.MULTILINE)
    # The reason INTERNAL can come with any code.
    return [
        (reason, grpc.StatusCode[code])
        for reason, code in rows
        if code in grpc.StatusCode.__members__
    ]


GENERAL = (dissectd.InvalidRequest, dissectd.TryAgainError)


@pytest.mark.parametrize(
    ("title", "kinds"),
    [
        ("The capture can't be read", (dissectd.FileError,)),
        ("The capture can't be written", (dissectd.WriteError,)),
        ("Files and uploads", (dissectd.StoreError, dissectd.CaptureError)),
        ("Capturing", (dissectd.CaptureError, dissectd.BadFilterError)),
    ],
)
def test_a_section_of_reasons_has_its_exceptions(
    title: str, kinds: tuple[type, ...]
) -> None:
    found = {
        reason: error_type(reason, code) for reason, code in reasons(title)
    }
    assert len(found) > 5
    others = {
        reason: kind.__name__
        for reason, kind in found.items()
        if not issubclass(kind, (*kinds, *GENERAL))
    }
    assert others == {}


def test_each_reason_has_an_exception() -> None:
    found = reasons()
    assert len(found) > 150
    plain = [
        reason
        for reason, code in found
        if error_type(reason, code) is dissectd.DissectdError
    ]
    assert plain == []


def test_errors_can_be_read_by_programs(w: dissectd.Client) -> None:
    with pytest.raises(dissectd.FileNotInStore) as error:
        w.stored("nowhere.pcap").info()
    assert error.value.reason == "FILE_NOT_FOUND"
    assert error.value.code is grpc.StatusCode.NOT_FOUND
    assert isinstance(error.value, dissectd.NotFound)
    assert json.dumps(error.value.metadata)


def test_the_module_tells_which_daemon_it_uses(daemon: Daemon) -> None:
    def run(address: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "dissectd", address]
        return subprocess.run(
            command, capture_output=True, check=False, text=True
        )

    good = run(daemon.address)
    assert good.returncode == 0
    assert f"at {daemon.address}, with wireshark-4.0.17" in good.stdout
    bad = run("unix:/nowhere")
    assert bad.returncode == 3
    assert "can't be reached" in bad.stderr


def test_file_objects_are_not_taken_for_resources(
    w: dissectd.Client,
    tmp_path: pathlib.Path,
    store: pathlib.Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    (tmp_path / "files").mkdir()
    shutil.copy(store / "ipv6.pcap", tmp_path / "files" / "dns.pcap")
    monkeypatch.chdir(tmp_path)
    with open("files/dns.pcap", "rb") as file:
        packet = next(iter(w.read(file)))
    assert "ipv6" in packet
    with pytest.raises(TypeError, match="no capture"):
        list(w.read(17))  # type: ignore[arg-type]


def test_a_pipe_can_only_be_read(w: dissectd.Client) -> None:
    reading, writing = os.pipe()
    os.close(writing)
    with os.fdopen(reading, "rb") as pipe:
        with pytest.raises(dissectd.InvalidRequest, match="pipe"):
            w.file(pipe).conversations("tcp")
        with pytest.raises(dissectd.InvalidRequest, match="pipe"):
            w.open(pipe)


def test_a_local_folder_can_be_called_captures(
    w: dissectd.Client,
    tmp_path: pathlib.Path,
    store: pathlib.Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for folder in ("captures", "files"):
        (tmp_path / folder).mkdir()
        shutil.copy(store / "ipv6.pcap", tmp_path / folder / "dns.pcap")
    monkeypatch.chdir(tmp_path)
    for path in ("captures/dns.pcap", "files/dns.pcap"):
        assert "ipv6" in next(iter(w.read(path)))
    stored = w.stored("dns.pcap")
    assert repr(stored) == "<StoredFile files/dns.pcap>"
    assert "ipv6" not in next(iter(stored.read()))
    with w.open(stored) as session:
        assert session.info().frames == 26


def test_a_missing_file_is_named(w: dissectd.Client) -> None:
    with pytest.raises(FileNotFoundError, match="/nowhere/x"):
        list(w.read("/nowhere/x.pcap"))


def test_a_text_file_object_is_refused(
    w: dissectd.Client, store: pathlib.Path
) -> None:
    with (
        open(store / "dns.pcap", encoding="latin-1") as file,
        pytest.raises(TypeError, match="binary"),
    ):
        list(w.read(file))  # type: ignore[arg-type]


def test_coroutines_need_no_import_of_their_own() -> None:
    program = "import dissectd; print(dissectd.aio.connect('unix:/x'))"
    shown = subprocess.run(
        [sys.executable, "-c", program],
        check=True,
        capture_output=True,
        text=True,
    )
    assert shown.stdout == "<Client of unix:/x>\n"
