// SPDX-License-Identifier: Apache-2.0

import type { Page } from "playwright-core";
import { describe, expect, test } from "vitest";
import { expectAccessibleInThemes, picture, queryOf } from "./support/look.js";
import { fieldsOf, linesLike, rowsOf, saved, tshark } from "./support/reports.js";
import { suite } from "./support/suite.js";

// A link that loses, swaps and repeats packets, with selective acknowledgements.
const LOSSY = "raw-ip-lossy.pcap";
const SERVER = "198.51.100.2:8000";
const CLIENT = "198.51.100.1:51240";

const user = suite();

function open(query: string, capture = LOSSY): Promise<Page> {
  return user.open(`#/statistics/files/${capture}?${query}`);
}

type Row = Record<string, string | number>;

/** Returns the points of a graph, which the address shows as a table. */
async function pointsOf(page: Page): Promise<Row[]> {
  return rowsOf(page.locator(".table-area").getByRole("table"));
}

describe("TCP stream graphs", () => {
  const graphs = "report=tcp-graphs&stream=1";

  test("have the sequence numbers of tshark", async () => {
    const page = await open(`${graphs}&type=stevens&as=table`);
    const shown = (await pointsOf(page)).map((row) => [
      row["Frame"],
      row["Time (s)"],
      row["Sequence Number (B)"],
    ]);
    const filter = "tcp.stream == 1 && ip.src == 198.51.100.2 && tcp.len > 0";
    const expected = fieldsOf(LOSSY, filter, ["frame.number", "frame.time_relative", "tcp.seq"]);
    expect(expected.length).toBeGreaterThan(4);
    expect(shown).toEqual(expected);
    await expectAccessibleInThemes(page);
  });

  test("have the segments, acknowledgements, windows and blocks of tshark", async () => {
    const page = await open(`${graphs}&type=tcptrace&as=table`);
    const points = await pointsOf(page);
    const of = (label: string): unknown[][] =>
      points
        .filter((row) => row["Graph"] === label)
        .map((row) => [row["Frame"], row["Sequence Number (B)"], row["To"]]);
    const sent = "tcp.stream == 1 && ip.src == 198.51.100.2 && tcp.len > 0";
    expect(of("Segments")).toEqual(
      fieldsOf(LOSSY, sent, ["frame.number", "tcp.seq", "tcp.nxtseq"]),
    );
    const answered = "tcp.stream == 1 && ip.src == 198.51.100.1 && tcp.flags.ack == 1";
    const answers = fieldsOf(LOSSY, answered, ["frame.number", "tcp.ack", "tcp.window_size"]);
    expect(of("ACK")).toEqual(answers.map(([frame, acknowledged]) => [frame, acknowledged, ""]));
    expect(of("Receive Window")).toEqual(
      answers.map(([frame, acknowledged, window]) => [
        frame,
        Number(acknowledged) + Number(window),
        "",
      ]),
    );
    const blocks = fieldsOf(LOSSY, `${answered} && tcp.options.sack_le`, [
      "frame.number",
      "tcp.options.sack_le",
      "tcp.options.sack_re",
    ]);
    const expected = blocks.flatMap(([frame, left, right]) => {
      const ends = String(right).split(",");
      return String(left)
        .split(",")
        .map((begin, index) => [frame, Number(begin), Number(ends[index])]);
    });
    expect(expected.length).toBeGreaterThan(1);
    expect(of("SACK")).toEqual(expected);
  });

  test("have the round-trip times of tshark", async () => {
    const page = await open(`report=tcp-graphs&stream=0&type=rtt&as=table`, "http1.pcap.gz");
    const shown = (await pointsOf(page)).map((row) => [
      row["Frame"],
      Number(row["Round Trip Time (ms)"]) / 1000,
    ]);
    const filter = "tcp.stream == 0 && ip.src == 192.0.2.1 && tcp.analysis.ack_rtt";
    const expected = fieldsOf("http1.pcap.gz", filter, ["frame.number", "tcp.analysis.ack_rtt"]);
    // The graph has none of segments without bytes, such as SYN and FIN.
    expect(shown.map(([frame]) => frame)).toEqual([7, 10]);
    for (const [frame, seconds] of shown) {
      const [, other] = expected.find(([number]) => number === frame) ?? [];
      expect(seconds).toBeCloseTo(Number(other), 6);
    }
  });

  test("are chosen by Wireshark's keys, and are in the address", async () => {
    const page = await open(graphs);
    const chart = (title: string): ReturnType<Page["getByRole"]> =>
      page.getByRole("application", { name: title });
    const fromServer = `${SERVER} → ${CLIENT}`;
    await chart(`Time / Sequence (Stevens) of ${fromServer}`).waitFor();
    await page.keyboard.press("4");
    await chart(`Time / Sequence (tcptrace) of ${fromServer}`).waitFor();
    expect(queryOf(page).get("type")).toBe("tcptrace");
    await page.keyboard.press("d");
    await chart(`Time / Sequence (tcptrace) of ${CLIENT} → ${SERVER}`).waitFor();
    await page.keyboard.press("PageDown");
    await chart("(tcptrace) of 198.51.100.1:51230 →").waitFor();
    await page.getByLabel("Type").selectOption("Throughput");
    await page.getByLabel("MA Window (s)").fill("0.01");
    await page.getByLabel("MA Window (s)").press("Tab");
    await expect.poll(() => queryOf(page).get("window")).toBe("0.01");
    expect(Object.fromEntries(queryOf(page))).toMatchObject({
      type: "throughput",
      stream: "0",
      direction: "client",
    });
    await using colleague = await user.dashboard.context();
    const other = await user.dashboard.open(new URL(page.url()).hash, colleague);
    const linked = "Throughput of 198.51.100.1:51230 → 198.51.100.2:8000";
    await other.getByRole("application", { name: linked }).waitFor();
    expect(await other.getByLabel("MA Window (s)").inputValue()).toBe("0.01");
  });

  test.each(["stevens", "tcptrace", "throughput", "rtt", "window"])(
    "can be used by everybody: %s",
    async (type) => {
      const page = await open(`${graphs}&type=${type}`);
      await page.locator(".chart canvas").waitFor();
      await expectAccessibleInThemes(page);
      await picture(page, type);
    },
  );

  test("lead to packets by the keyboard and by the mouse", async () => {
    const page = await open(`${graphs}&type=stevens`);
    const chart = page.getByRole("application", { name: "(Stevens)" });
    await chart.focus();
    await page.keyboard.press("ArrowRight");
    await page.keyboard.press("ArrowRight");
    await page.getByText("Packet 26 at 1.032063 s: Sequence Number 195").waitFor();
    await page.keyboard.press("Enter");
    await expect.poll(() => queryOf(page).get("frame")).toBe("26");
    expect(page.url()).toContain(`#/packets/files/${LOSSY}`);
    await page.goBack();
    await chart.locator(".u-over").click();
    await expect.poll(() => queryOf(page).get("frame")).toMatch(/^(24|26|28|30|32)$/);
  });

  test("are opened from a packet, in its direction", async () => {
    const page = await user.open(`#/packets/files/${LOSSY}?frame=22`);
    const packets = page.getByRole("listbox", { name: "Packets" });
    await packets.getByRole("option", { selected: true }).click({ button: "right" });
    await page.getByRole("menuitem", { name: "TCP Stream Graphs" }).click();
    await page.getByRole("menuitem", { name: "Window Scaling" }).click();
    const title = `Window Scaling of ${CLIENT} → ${SERVER}`;
    await page.getByRole("application", { name: title }).waitFor();
    await page.getByRole("button", { name: "Switch Direction" }).click();
    await page.getByRole("application", { name: `of ${SERVER} → ${CLIENT}` }).waitFor();
  });

  test("are opened from a conversation", async () => {
    const page = await open("report=conversations&type=tcp");
    await page.getByRole("button", { name: "Actions for 198.51.100.1:51240" }).click();
    await page.getByRole("menuitem", { name: "Graph…" }).click();
    await page.getByRole("application", { name: `of ${SERVER} → ${CLIENT}` }).waitFor();
  });

  test("are saved as CSV, as JSON and as a picture", async () => {
    const page = await open(`${graphs}&type=window`);
    await page.locator(".chart canvas").waitFor();
    const { name, content } = await saved(page, "Save as CSV");
    expect(name).toBe(`${LOSSY}-tcp-1-window.csv`);
    expect(content.toString()).toMatch(/^Frame,Time \(s\),Graph,Window Size \(B\)\r\n17,/);
    const points: unknown = JSON.parse((await saved(page, "Save as JSON")).content.toString());
    expect(points).toHaveProperty([0, "Graph"], "Receive Window");
    const picture = await saved(page, "Save as picture");
    expect(picture.name).toBe(`${LOSSY}-tcp-1-window.png`);
    expect(picture.content.subarray(1, 4).toString()).toBe("PNG");
  });

  test("say that there is no such stream", async () => {
    const page = await open("report=tcp-graphs&stream=9");
    await page.getByText("There is no such stream.").waitFor();
    await page.getByRole("button", { name: "Previous" }).click();
    await expect.poll(() => queryOf(page).get("stream")).toBe("8");
  });
});

const TELEPHONY = "telephony.pcap";
// The stream with lost and late packets, and with several payloads.
const STREAM = "0x12345678-192.0.2.1_6000-192.0.2.2_4000";

describe("RTP streams", () => {
  test("are those of tshark", async () => {
    const page = await open("report=rtp", TELEPHONY);
    const rows = await rowsOf(page.getByRole("table", { name: "RTP Streams" }));
    const shown = rows.map((row) =>
      [
        ...["Start Time", "Source Address", "Source Port", "Destination Address"],
        ...["Destination Port", "SSRC", "Payload", "Packets", "Lost", "Min Delta (ms)"],
        ...["Mean Delta (ms)", "Max Delta (ms)", "Min Jitter (ms)", "Mean Jitter (ms)"],
        "Max Jitter (ms)",
      ].map((title) => row[title]),
    );
    const number = " +([\\d.]+)";
    const pattern = new RegExp(
      `^${number} +[\\d.]+${number} +(\\d+)${number} +(\\d+) (0x\\S+) +(.*?) +(\\d+) +` +
        `(\\d+ \\([\\d.]+%\\))${number.repeat(6)}`,
    );
    const expected = linesLike(tshark(TELEPHONY, "rtp,streams"), pattern);
    expect(expected).toHaveLength(2);
    // tshark prints the last stream first.
    expect(shown).toEqual(expected.toReversed());
    expect(rows.map((row) => row["Status"])).toEqual(["Problems", ""]);
    await expectAccessibleInThemes(page);
    await picture(page, "rtp");
    const text = (await saved(page, "Save as text")).content.toString();
    expect(text).toBe(tshark(TELEPHONY, "rtp,streams"));
  });

  test("are analyzed packet by packet", async () => {
    const page = await open("report=rtp", TELEPHONY);
    await page.getByRole("button", { name: /^Analyze 192.0.2.1:6000 → 192.0.2.2:4000/ }).click();
    await expect.poll(() => queryOf(page).get("stream")).toBe(STREAM);
    const analysis = page.getByRole("region", { name: "RTP Stream Analysis" });
    const chart = analysis.getByRole("application", { name: "Jitter and delta" });
    await chart.locator("canvas").waitFor();
    await expectAccessibleInThemes(page);
    await picture(page, "rtp-analysis");
    await analysis.getByLabel("Show as table").check();
    const packets = await rowsOf(analysis.getByRole("table"));
    const filter = "rtp && udp.dstport == 4000";
    expect(packets.map((row) => [row["Packet"], row["Sequence"]])).toEqual(
      fieldsOf(TELEPHONY, filter, ["frame.number", "rtp.seq"]),
    );
    // The largest jitter is that of the list, which leaves these out as Wireshark does.
    const jitters = packets.map((row, index) => {
      const isQuiet = [row, packets[index - 1]].some((each) =>
        String(each?.["Status"]).startsWith("Comfort noise"),
      );
      return row["Marker"] === "SET" || isQuiet ? 0 : Number(row["Jitter (ms)"]);
    });
    const [listed] = await rowsOf(page.getByRole("table", { name: "RTP Streams" }));
    expect(Math.max(...jitters)).toBe(listed?.["Max Jitter (ms)"]);
    const problems = packets.filter((row) => /^(Wrong|Incorrect)/.test(String(row["Status"])));
    await analysis.getByText(`${String(problems.length)} with problems`).waitFor();
    await expect
      .poll(() => analysis.getByText("the first one in packet").getByRole("link").innerText())
      .toBe(String(problems[0]?.["Packet"]));
  });

  test("are shared by a link, lead to packets, and are filtered", async () => {
    const page = await open(`report=rtp&stream=${encodeURIComponent(STREAM)}`, TELEPHONY);
    const chart = page.getByRole("application", { name: "Jitter and delta" });
    await chart.focus();
    await page.keyboard.press("End");
    await page.getByText("Packet 42 at 0.041000 s: Jitter").waitFor();
    await page.keyboard.press("Enter");
    await expect.poll(() => queryOf(page).get("frame")).toBe("42");
    await page.goBack();
    await page.getByRole("button", { name: /^Actions for .*:4002 SSRC/ }).click();
    await page.getByRole("menuitem", { name: "Apply as Filter" }).click();
    await page.getByRole("menuitem", { name: "Selected", exact: true }).click();
    await page.getByText("Displayed: 20 (").waitFor();
  });
});

describe("VoIP calls", () => {
  test("are listed with what the daemon knows of them", async () => {
    const page = await open("report=voip", "calls.pcap");
    const calls = await rowsOf(page.getByRole("table", { name: "VoIP Calls" }));
    expect(calls.map((row) => row["Protocol"])).toEqual([
      "H.323",
      "H.323",
      "AC_ISDN",
      "ISUP",
      "MGCP",
      "SKINNY",
      "H.248",
      "AC_CAS",
    ]);
    expect(calls[3]).toMatchObject({
      "Start Time": 0.028,
      "Initial Speaker": 100,
      Packets: 5,
      State: "COMPLETED",
      Comments: "2-100 → 2-200",
    });
    await expectAccessibleInThemes(page);
    await picture(page, "voip");
    const { name, content } = await saved(page, "Save as CSV");
    expect(name).toBe("calls.pcap-voip-calls.csv");
    expect(content.toString().split("\r\n")).toHaveLength(10);
  });

  test.each([
    [TELEPHONY, "SIP call 1", 9 + 25],
    ["calls.pcap", "H.323 call 1", 4],
    ["calls.pcap", "AC_ISDN call 3", 3],
    ["calls.pcap", "ISUP call 4", 5],
    ["calls.pcap", "MGCP call 5", 6],
    ["calls.pcap", "SKINNY call 6", 4],
    ["calls.pcap", "H.248 call 7", 3],
    ["calls.pcap", "AC_CAS call 8", 2],
  ])("of %s lead to the packets of %s", async (capture, call, packets) => {
    const page = await open("report=voip", capture);
    await page.getByRole("button", { name: `Actions for ${call}` }).click();
    await page.getByRole("menuitem", { name: "Apply as Filter" }).click();
    await page.getByText(`Displayed: ${String(packets)} (`).waitFor();
  });

  test("have a flow graph of their packets", async () => {
    const page = await open("report=voip", TELEPHONY);
    await page.getByRole("button", { name: "Actions for SIP call 2" }).click();
    await page.getByRole("menuitem", { name: "Flow Sequence" }).click();
    await expect.poll(() => queryOf(page).get("report")).toBe("flow");
    expect(queryOf(page).get("limited")).toBe("yes");
    expect(queryOf(page).get("filter")).toContain('sip.Call-ID == "two@example.com"');
  });
});

test("packet lengths are bars, besides the table of tshark", async () => {
  const page = await open("report=plen,tree", "http1.pcap.gz");
  const rows = await rowsOf(page.getByRole("treegrid", { name: "Packet Lengths" }));
  const counts = rows.map((row) => [row["Topic / Item"], row["Count"]]);
  const expected = linesLike(tshark("http1.pcap.gz", "plen,tree"), /^ ?(\S.*?) {2,}(\d+) /);
  expect(counts).toEqual(expected);
  const chart = page.getByRole("application", { name: "Packets by their lengths" });
  await chart.focus();
  await page.keyboard.press("Home");
  for (let presses = 0; presses < 2; ++presses) await page.keyboard.press("ArrowRight");
  await page.getByText("40-79: 25 packets").waitFor();
  await expectAccessibleInThemes(page);
  await picture(page, "lengths");
  const { name, content } = await saved(page, "Save as picture");
  expect(name).toBe("http1.pcap.gz-packet-lengths.png");
  expect(content.subarray(1, 4).toString()).toBe("PNG");
});
