# SPDX-License-Identifier: Apache-2.0
"""Tables of fields, compared with what tshark prints."""

import io
import pathlib
import subprocess
import sys

import pandas as pd
import pytest

import dissectd

FIELDS = [
    "frame.number",
    "frame.len",
    "ip.src",
    "ipv6.dst",
    "eth.src",
    "tcp.srcport",
    "tcp.analysis.initial_rtt",
    "udp.port",
    "dns.qry.name",
    "http.host",
]
FILES = ["dns.pcap", "http1.pcap.gz", "ipv6.pcap", "telephony.pcap"]


def tshark(path: pathlib.Path, occurrence: str) -> list[list[str]]:
    words = [word for field in FIELDS for word in ("-e", field)]
    run = subprocess.run(
        [
            "tshark",
            "-r",
            path,
            "-T",
            "fields",
            "-E",
            f"occurrence={occurrence}",
            "-E",
            "aggregator=;",
            *words,
        ],
        capture_output=True,
        check=True,
        text=True,
    )
    return [line.split("\t") for line in run.stdout.splitlines()]


def text(value: object) -> str:
    if value is None or value is pd.NaT:
        return ""
    if isinstance(value, dissectd.Duration):
        return value.seconds_text()
    if isinstance(value, list):
        return ";".join(map(text, value))
    return str(value)


@pytest.mark.parametrize("file", FILES)
@pytest.mark.parametrize("occurrence", ["f", "l", "a"])
def test_fields_are_tsharks(
    w: dissectd.Client, store: pathlib.Path, file: str, occurrence: str
) -> None:
    word = {"f": "first", "l": "last", "a": "all"}[occurrence]
    table = w.fields(file, FIELDS, occurrence=word)  # type: ignore[arg-type]
    found = [[text(value) for value in row.values()] for row in table]
    assert found == tshark(store / file, occurrence)


def test_data_frames_have_types(w: dissectd.Client) -> None:
    table = w.fields(
        "dns.pcap",
        ["frame.time", "frame.time_delta", "ip.src", "udp.srcport", "dns"],
        columns=["info"],
    )
    frame = table.to_pandas()
    assert list(map(str, frame.dtypes))[1:3] == [
        "datetime64[ns, UTC]",
        "timedelta64[ns]",
    ]
    assert frame["frame.time"].iloc[0].value == table["frame.time"][0].epoch_ns
    assert frame["ip.src"].iloc[0] == "192.0.2.1"
    assert frame["udp.srcport"].isna().sum() == 10
    assert frame["info"].iloc[0].startswith("Standard query")
    polars = table.to_polars()
    assert polars.shape == frame.shape == (26, 6)
    assert polars["udp.srcport"].null_count() == 10


def test_a_table_without_rows_has_its_columns(w: dissectd.Client) -> None:
    table = w.fields("dns.pcap", ["ip.src"], "arp", columns=["info"])
    assert len(table) == 0
    assert table.to_arrow().column_names == ["info", "ip.src"]
    assert list(table["ip.src"]) == []


def test_batches_are_parts_of_the_table(w: dissectd.Client) -> None:
    parts = list(w.file("redis.pcap").field_batches(["tcp.len"]))
    whole = w.fields("redis.pcap", ["tcp.len"])
    joined = [value for part in parts for value in part["tcp.len"]]
    assert joined == list(whole["tcp.len"])


def test_without_pyarrow_tables_still_work(
    w: dissectd.Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    monkeypatch.delitem(sys.modules, "dissectd.arrow", raising=False)
    table = w.fields("dns.pcap", ["ip.src"])
    assert "192.0.2.1" in repr(table)
    with pytest.raises(ImportError, match=r"pip install 'dissectd\[arrow\]'"):
        table.to_arrow()


def test_notebooks_show_tables_and_packets(w: dissectd.Client) -> None:
    html = w.fields("dns.pcap", ["ip.src"])._repr_html_()
    assert html.count("<tr>") == 21
    assert "6 more rows" in html
    html = w.file("dns.pcap").frame(2)._repr_html_()
    assert html.count("<details") == html.count("</details>") > 5
    assert html.count("<div") == html.count("</div>")
    assert "Standard query response, No error" in html


def test_an_unknown_field_is_an_error(w: dissectd.Client) -> None:
    with pytest.raises(dissectd.FieldError, match=r"ip\.nonsense"):
        w.fields("dns.pcap", ["ip.nonsense"])
    with pytest.raises(ValueError, match="middle"):
        w.fields("dns.pcap", ["ip.src"], occurrence="middle")  # type: ignore[arg-type]
    with pytest.raises(TypeError, match="as a list"):
        w.read("dns.pcap", fields="ip.src")


def test_the_packet_list_is_tsharks(
    w: dissectd.Client, store: pathlib.Path
) -> None:
    rows = w.rows("telephony.pcap", "number", "src", "protocol", "info")
    run = subprocess.run(
        [
            "tshark",
            "-r",
            store / "telephony.pcap",
            "-T",
            "fields",
            *("-e", "frame.number", "-e", "_ws.col.Source"),
            *("-e", "_ws.col.Protocol", "-e", "_ws.col.Info"),
        ],
        capture_output=True,
        check=True,
        text=True,
    )
    lines = io.StringIO("".join("\t".join(r.values()) + "\n" for r in rows))
    assert lines.getvalue() == run.stdout


def test_protocols_tell_where_they_are(w: dissectd.Client) -> None:
    names = ["frame", "dns", "tcp"]
    table = w.fields("dns.pcap", names)
    frames, dns, tcp = (list(table[name]) for name in names)
    assert frames == 26 * [True]
    assert dns.count(True) == 18
    assert tcp.count(True) == 10
    assert table.to_arrow().to_pydict() == dict(
        zip(names, [frames, dns, tcp], strict=True)
    )
    every = w.fields("dns.pcap", ["frame", "tcp"], occurrence="all")
    assert list(every["frame"]) == 26 * [[True]]
    assert every["tcp"][0] == []
    assert every.to_arrow()["frame"].to_pylist() == 26 * [[True]]


def test_long_values_are_cut_in_a_table_that_is_shown(
    w: dissectd.Client,
) -> None:
    table = w.fields("telephony.pcap", ["frame.number", "udp.payload"])
    assert max(map(len, repr(table).splitlines())) < 100
    assert max(map(len, table["udp.payload"][:20])) > 100


def test_only_the_first_rows_are_made_to_be_shown(
    w: dissectd.Client,
) -> None:
    table = w.fields("dns.pcap", ["frame.number"])
    whole = table.batches[0]
    table.batches.extend([whole, whole])
    # A batch without its fields fails if it is looked at.
    broken = type(whole)()
    broken.CopyFrom(whole)
    del broken.fields[:]
    table.batches.append(broken)
    assert repr(table).endswith("(104 rows)")
    assert "84 more rows" in table._repr_html_()
    with pytest.raises(IndexError):
        list(table)


def test_rows_take_lists(w: dissectd.Client) -> None:
    expected = list(w.rows("dns.pcap", "src", "dst"))
    assert list(w.rows("dns.pcap", ["src", "dst"])) == expected
    with pytest.raises(TypeError, match="not 7"):
        list(w.rows("dns.pcap", [7]))  # type: ignore[list-item]


def test_rows_have_the_columns_of_the_profile(w: dissectd.Client) -> None:
    named = w.rows("dns.pcap", "number", "src", "info")
    expected = [list(row.values()) for row in named]
    rows = list(w.rows("dns.pcap"))
    assert [[row[n] for n in ("No.", "Source", "Info")] for row in rows] == (
        expected
    )
