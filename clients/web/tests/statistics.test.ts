// SPDX-License-Identifier: Apache-2.0

import { join } from "node:path";
import type { Page } from "playwright-core";
import { describe, expect, test } from "vitest";
import { Traffic } from "../../typescript/tests/support/traffic.js";
import { expectAccessibleInThemes, queryOf } from "./support/look.js";
import { linesLike, rowsOf, saved, tshark, writeConversations } from "./support/reports.js";
import { suite } from "./support/suite.js";

const HTTP = "http1.pcap.gz";

const user = suite();

function open(query: string, capture = HTTP): Promise<Page> {
  return user.open(`#/statistics/files/${capture}?${query}`);
}

describe("the protocol hierarchy", () => {
  test("is that of tshark", async () => {
    const page = await open("report=hierarchy");
    const table = page.getByRole("treegrid", { name: "Protocol Hierarchy" });
    const shown = (await rowsOf(table)).map((row) => [
      row["level"],
      row["Filter"],
      row["Packets"],
      row["Bytes"],
    ]);
    const printed = tshark(HTTP, "io,phs").matchAll(/^( *)(\S+) +frames:(\d+) bytes:(\d+)$/gm);
    const expected = [...printed].map(([, indent = "", protocol, frames, bytes]) => [
      indent.length / 2 + 1,
      protocol,
      Number(frames),
      Number(bytes),
    ]);
    expect(expected.length).toBeGreaterThan(5);
    expect(shown).toEqual(expected);
    await expectAccessibleInThemes(page);
  });

  test("is used with the keyboard, and filters packets", async () => {
    const page = await open("report=hierarchy");
    const ethernet = page.getByRole("row", { name: "Ethernet" });
    const http = page.getByRole("row", { name: "Hypertext Transfer Protocol" }).first();
    await http.waitFor();
    await ethernet.focus();
    await page.keyboard.press("ArrowLeft");
    await http.waitFor({ state: "detached" });
    await page.keyboard.press("ArrowRight");
    await http.waitFor();
    await http.focus();
    await page.keyboard.press("Enter");
    await expect.poll(() => page.url()).toContain(`#/packets/files/${HTTP}?filter=http`);
  });

  test("is limited to the display filter, whose errors it tells", async () => {
    const page = await open("report=hierarchy");
    const filter = page.getByRole("combobox", { name: "Display filter" });
    await filter.fill("ipv6");
    await page.getByRole("checkbox", { name: "Limit to display filter" }).check();
    const ethernet = page.getByRole("row", { name: "Ethernet" });
    await expect.poll(() => ethernet.innerText()).toMatch(/100\.0\s+10\s/);
    expect(queryOf(page).get("filter")).toBe("ipv6");
    await filter.fill("tcp.prt");
    await page.getByText("neither a field nor a protocol").waitFor();
    await page.getByRole("button", { name: "Apply" }).click();
    expect(queryOf(page).get("filter")).toBe("ipv6");
    await filter.fill("tcp.por");
    await page
      .getByRole("option", { name: /^tcp\.port\b/ })
      .first()
      .click();
    await page.getByRole("button", { name: "Apply" }).click();
    await expect.poll(() => queryOf(page).get("filter")).toBe("tcp.port");
  });

  test("tells once what is wrong with the filter of a link", async () => {
    const page = await open("report=hierarchy&filter=tcp.prt&limited=yes");
    const alert = page.getByRole("alert");
    await expect.poll(() => alert.innerText()).toContain("Correct the display filter above.");
    const message = page.getByText("neither a field nor a protocol");
    await message.waitFor();
    expect(await message.count()).toBe(1);
    await expectAccessibleInThemes(page);
  });

  test("tells that the capture is cut short", async () => {
    const page = await open("report=hierarchy", "cut-short.pcap");
    const warning = page.getByText("cut short in the middle of a packet");
    await expect.poll(() => warning.innerText()).toContain("the 25 frames before that");
  });
});

describe("conversations", () => {
  const PATTERN =
    /^(\S+):(\d+) +<-> (\S+):(\d+) +(\d+) (\d+) bytes +(\d+) (\d+) bytes +(\d+) (\d+) bytes +(\S+) +(\S+)/;

  test("are those of tshark", async () => {
    const page = await open("report=conversations&type=tcp");
    const table = page.getByRole("table", { name: "Conversations: TCP" });
    const shown = (await rowsOf(table)).map((row) =>
      [
        ...["Address A", "Port A", "Address B", "Port B", "Packets B → A", "Bytes B → A"],
        ...["Packets A → B", "Bytes A → B", "Packets", "Bytes", "Rel Start", "Duration"],
      ].map((title) => row[title]),
    );
    const expected = linesLike(tshark(HTTP, "conv,tcp"), PATTERN);
    expect(expected).toHaveLength(4);
    expect(shown).toEqual(expected);
    await expectAccessibleInThemes(page);
  });

  test("are sorted, filtered and followed", async () => {
    const page = await open("report=conversations");
    await page.getByRole("tab", { name: "TCP · 4" }).click();
    await page.getByRole("button", { name: "Bytes", exact: true }).click();
    const table = page.getByRole("table", { name: "Conversations: TCP" });
    await expect
      .poll(async () => (await rowsOf(table)).map((row) => row["Bytes"]))
      .toEqual([1190, 1774, 2372, 9391]);
    const actions = page.getByRole("button", { name: "Actions for 192.0.2.1:48082" });
    await actions.click();
    await page.getByRole("menuitem", { name: "Follow Stream…" }).click();
    await page.getByRole("heading", { name: "Follow Stream" }).waitFor();
    expect(queryOf(page).get("stream")).toBe("3");
    await page.goBack();
    await page.getByRole("row").filter({ has: actions }).click({ button: "right" });
    await page.getByRole("menuitem", { name: "Apply as Filter" }).click();
    await page.getByRole("menuitem", { name: "Selected", exact: true }).click();
    await expect.poll(() => page.url()).toContain("#/packets/");
    expect(queryOf(page).get("filter")).toContain("tcp.port==48082");
  });

  test("prepare filters, which one goes on with above the packets", async () => {
    const page = await open("report=conversations&type=tcp&filter=http&profile=Classic");
    await page.getByRole("button", { name: "Actions for 192.0.2.1:48082" }).click();
    await page.getByRole("menuitem", { name: "Prepare as Filter" }).click();
    await page.getByRole("menuitem", { name: "… and not Selected" }).click();
    const input = page.getByRole("combobox", { name: "Display filter", exact: true });
    await expect.poll(() => input.inputValue()).toMatch(/^\(http\) && !\(.*tcp\.port==48082/);
    await expect
      .poll(() => input.evaluate((element) => element === document.activeElement))
      .toBe(true);
    expect(queryOf(page).get("filter")).toBe("http");
    expect(queryOf(page).get("profile")).toBe("Classic");
  });

  test("are saved as CSV, as JSON and as tshark's text", async () => {
    const page = await open("report=conversations&type=tcp");
    const { name, content: csv } = await saved(page, "Save as CSV");
    expect(name).toBe("http1.pcap.gz-conv-tcp.csv");
    const [titles, first] = csv.toString().split("\r\n");
    expect(titles).toContain("Address A,Port A,Address B,Port B,Packets,Bytes,Stream ID");
    expect(first).toContain("192.0.2.1,48050,192.0.2.2,80,12,2372,0,7,719,5,1653");
    const json: unknown = JSON.parse((await saved(page, "Save as JSON")).content.toString());
    expect(json).toHaveLength(4);
    expect(json).toHaveProperty([0, "Bytes"], 2372);
    const text = (await saved(page, "Save as text")).content.toString();
    expect(text).toBe(tshark(HTTP, "conv,tcp"));
  });
});

test("ten thousand conversations are as quick as few", async () => {
  writeConversations(join(user.dashboard.daemon.store, "many.pcap"), 10_000);
  const page = await open("report=conversations&type=udp", "many.pcap");
  const table = page.getByRole("table", { name: "Conversations: UDP" });
  await page.getByRole("tab", { name: "UDP · 10000" }).waitFor();
  await page.getByRole("button", { name: "Port A" }).click();
  const ports = async (): Promise<unknown[]> => (await rowsOf(table)).map((row) => row["Port A"]);
  await expect.poll(ports).toContain(10_000);
  expect((await ports()).length).toBeLessThan(150);
  expect(await table.getAttribute("aria-rowcount")).toBe("10001");
  await page.getByRole("tabpanel").evaluate((panel) => {
    panel.scrollTop = panel.scrollHeight;
  });
  await expect.poll(ports).toContain(19_999);
  expect((await ports()).length).toBeLessThan(150);
});

test("endpoints are those of tshark", async () => {
  const page = await open("report=endpoints&type=ip");
  const table = page.getByRole("table", { name: "Endpoints: IPv4" });
  const shown = (await rowsOf(table)).map((row) =>
    [...["Address", "Packets", "Bytes", "Tx Packets", "Tx Bytes", "Rx Packets", "Rx Bytes"]].map(
      (title) => row[title],
    ),
  );
  const pattern = /^([\d.]+) +(\d+) +(\d+) +(\d+) +(\d+) +(\d+) +(\d+)/;
  const expected = linesLike(tshark(HTTP, "endpoints,ip"), pattern);
  expect(expected).toHaveLength(2);
  expect(shown).toEqual(expected);
  await expectAccessibleInThemes(page);
});

describe("a report of the daemon", () => {
  const byName = (a: unknown[], b: unknown[]): number => String(a).localeCompare(String(b));

  test("is that of tshark as a tree, and as text", async () => {
    const page = await open("report=http,tree");
    const table = page.getByRole("treegrid", { name: "Packet Counter" });
    const shown = (await rowsOf(table)).map((row) =>
      [...["level", "Topic / Item", "Count", "Rate (ms)", "Percent"]].map((title) => row[title]),
    );
    const printed = tshark(HTTP, "http,tree");
    const expected = linesLike(printed, /^( *)(\S.*?) {2,}(\d+) +([\d.]+) +([\d.]+%)/).map(
      ([, ...cells]) => cells,
    );
    expect(expected.length).toBeGreaterThan(10);
    const withoutLevels = shown.map(([, ...cells]) => cells);
    expect(withoutLevels.toSorted(byName)).toEqual(expected.toSorted(byName));
    await expectAccessibleInThemes(page);
    await page.getByRole("checkbox", { name: "Show tshark's text" }).check();
    const text = page.getByLabel("tshark's text", { exact: true });
    await expect.poll(() => text.textContent()).toBe(printed);
  });

  test("is sorted as a tree", async () => {
    const page = await open("report=http,tree");
    await page.getByRole("button", { name: "Count" }).click();
    await page.getByRole("button", { name: "Count" }).click();
    const table = page.getByRole("treegrid", { name: "Packet Counter" });
    const requests = async (): Promise<unknown[]> =>
      (await rowsOf(table))
        .map((row) => row["Topic / Item"])
        .filter((name) => ["GET", "HEAD", "POST"].includes(String(name)));
    await expect.poll(requests).toEqual(["GET", "HEAD", "POST"]);
    await page.getByRole("button", { name: "Topic / Item" }).click();
    await page.getByRole("button", { name: "Topic / Item" }).click();
    await expect.poll(requests).toEqual(["POST", "HEAD", "GET"]);
  });

  test.each([
    ["plen,tree", "Packet Lengths", "Topic / Item"],
    ["sip,stat", "SIP Statistics", "Average setup (ms)"],
    ["rtp,streams", "RTP Streams", "SSRC"],
    ["voip,calls", "VoIP Calls", "Initial Speaker"],
    ["icmp,srt", "Service Response Time: ICMP", "Frame of minimum"],
    ["diameter,srt", "Service Response Time: Diameter", "Avg SRT (s)"],
    ["dhcp,stat", "DHCP (BOOTP) Statistics", "DHCP Message Type"],
    ["tcp,graph&arguments=0", "tcp: graph", "Acknowledgement"],
  ])("%s has a table", async (report, title, column) => {
    const page = await open(`report=${report}`, "telephony.pcap");
    await page.getByRole("heading", { name: title, exact: true, level: 1 }).waitFor();
    await page.getByRole("columnheader", { name: column, exact: true }).first().waitFor();
  });

  test("asks for its arguments", async () => {
    const page = await open("report=hosts");
    await page.getByRole("textbox", { name: "Arguments" }).fill("ipv4");
    await page.getByRole("button", { name: "Make the report" }).click();
    await expect.poll(() => queryOf(page).get("arguments")).toBe("ipv4");
    await page.getByRole("button", { name: "Save as text" }).waitFor();
    await expectAccessibleInThemes(page);
  });

  test("is found in the list", async () => {
    const page = await open("report=hierarchy");
    const list = page.getByRole("navigation", { name: "Reports" });
    await list.getByRole("link", { name: "SIP Statistics" }).waitFor();
    await list.getByRole("searchbox").fill("load");
    await list.getByRole("link", { name: "SIP Statistics" }).waitFor({ state: "detached" });
    await list.getByRole("link", { name: "Load Distribution" }).click();
    await page.getByRole("heading", { name: "HTTP: Load Distribution" }).waitFor();
    expect(queryOf(page).get("report")).toBe("http_srv,tree");
  });
});

test("expert information is shown by severity, with its packets", async () => {
  const page = await open("report=expert");
  const table = page.getByRole("table", { name: "Expert Information" });
  const summaries = async (): Promise<unknown[]> =>
    (await rowsOf(table)).map((row) => `${String(row["Severity"])} ${String(row["Count"])}`);
  await expect.poll(summaries).toContain("Note 4");
  await page.getByRole("checkbox", { name: "Note (8)" }).uncheck();
  await expect.poll(summaries).not.toContain("Note 4");
  await page.getByRole("button", { name: /^Show the packets with: HTTP\/1.1 200/ }).click();
  const packets = page.getByRole("region", { name: /^Packets: HTTP\/1.1 200/ });
  await expect.poll(() => packets.getByRole("link").count()).toBe(3);
  await expectAccessibleInThemes(page);
  await packets.getByRole("link").first().click();
  await expect.poll(() => queryOf(page).get("frame")).toBe("6");
});

describe("a followed stream", () => {
  test("has both sides, in all forms", async () => {
    const page = await open("report=follow&follower=tcp&stream=0");
    const content = page.getByRole("region", { name: "Stream content" });
    await expect.poll(() => content.innerText()).toContain("GET /lines.json HTTP/1.1");
    expect(await content.innerText()).toContain("HTTP/1.1 200 OK");
    await page.getByText("2 client pkts, 2 server pkts, 3 turns.").waitFor();
    await expectAccessibleInThemes(page);
    await page
      .getByLabel("Direction")
      .selectOption({ label: "192.0.2.1:48050 → 192.0.2.2:80 (249 bytes)" });
    await expect.poll(() => content.innerText()).not.toContain("HTTP/1.1 200 OK");
    await page.getByLabel("Show data as").selectOption("Hex Dump");
    const dump = "00000000  47 45 54 20 2f 6c 69 6e  65 73 2e 6a 73 6f 6e 20   GET /lin es.json ";
    await expect.poll(() => content.innerText()).toContain(dump);
    expect(queryOf(page).get("direction")).toBe("client");
    await page.getByLabel("Show data as").selectOption("Raw");
    await content.getByText(/^474554202f6c696e65732e6a736f6e20/).waitFor();
    using d = user.dashboard.client();
    const client = await d.follow(HTTP, "tcp", 0).client();
    expect((await saved(page, "Save as…")).content).toEqual(Buffer.from(client));
  });

  test("is searched", async () => {
    const page = await open("report=follow&follower=tcp&stream=0");
    await page.getByRole("searchbox", { name: "Find", exact: true }).fill("http/1.1");
    await page.getByText("4 places").waitFor();
    await page.getByRole("button", { name: "Find Next" }).click();
    await expect.poll(() => page.locator("mark.current").innerText()).toBe("HTTP/1.1");
  });

  test("is one after the other, and is filtered out", async () => {
    const page = await open("report=follow&follower=tcp&stream=0");
    const content = page.getByRole("region", { name: "Stream content" });
    await page.getByRole("button", { name: "Next", exact: true }).click();
    await expect.poll(() => content.innerText()).toContain("Range: bytes=");
    await page.getByRole("combobox", { name: "Follow", exact: true }).selectOption("udp");
    await page.getByText("There is no such stream, or it has no data.").waitFor();
    await page.getByRole("combobox", { name: "Follow", exact: true }).selectOption("tcp");
    await expect.poll(() => content.innerText()).toContain("HTTP/1.1");
    await page.getByRole("button", { name: "Filter Out This Stream" }).click();
    await expect.poll(() => queryOf(page).get("filter")).toBe("!(tcp.stream eq 0)");
  });

  test("has streams in streams", async () => {
    const page = await open("report=follow&follower=http2&stream=0", "http2-tls-dsb.pcapng");
    const content = page.getByRole("region", { name: "Stream content" });
    await expect.poll(() => content.innerText()).toMatch(/:method\W+GET/);
    await page.getByLabel("Substream").waitFor();
  });
});

test("objects are listed and saved", async () => {
  const page = await open("report=objects");
  const table = page.getByRole("table", { name: "HTTP object list" });
  const names = async (): Promise<unknown[]> => (await rowsOf(table)).map((row) => row["Filename"]);
  await expect.poll(names).toEqual(["lines.json", "large.txt", "/", "random.bin", "/", "/"]);
  const { name, content } = await saved(page, "Save large.txt");
  expect(name).toBe("large.txt");
  expect(content).toHaveLength(9000);
  await page.getByRole("searchbox", { name: "Text filter" }).fill("text/plain");
  await expect.poll(names).toEqual(["large.txt", "random.bin"]);
  const archive = (await saved(page, "Save All")).content;
  expect(archive.includes(content)).toBe(true);
  expect(archive.includes("random.bin")).toBe(true);
  await expectAccessibleInThemes(page);
});

test("the properties of the file are those of capinfos", async () => {
  const page = await open("report=properties", "interfaces-comments.pcapng");
  const area = page.getByRole("region", { name: "Capture File Properties" });
  await expect.poll(() => area.innerText()).toContain("Recorded by tests/captures/record");
  expect(await area.innerText()).toMatch(/Length\s+2924 bytes/);
  expect(await area.innerText()).toMatch(/Interface near0[\s\S]*Link type\s+Ethernet/);
  await expectAccessibleInThemes(page);
});

test("reports of a capture that goes on are made again", async () => {
  await using traffic = await Traffic.start();
  using d = user.dashboard.client();
  await using capture = await d.capture("lo", {
    captureFilter: `udp port ${String(traffic.port)}`,
  });
  const page = await user.open(`#/statistics/${capture.name}?report=hierarchy`);
  await page.getByRole("treegrid").waitFor();
  await traffic.send(3);
  const udp = page.getByRole("row", { name: "User Datagram Protocol" });
  await expect.poll(() => udp.innerText()).toMatch(/100\.0\s+3\s/);
  await traffic.send(4);
  await expect.poll(() => udp.innerText()).toMatch(/100\.0\s+7\s/);
});

test("reports go on after the daemon was restarted", async () => {
  const page = await open("report=endpoints&type=ip");
  await page.getByRole("table", { name: "Endpoints: IPv4" }).waitFor();
  await user.dashboard.daemon.kill();
  await page.getByRole("link", { name: "Expert Information" }).click();
  await expect.poll(() => page.locator(".connection").innerText()).toContain("is away");
  await user.dashboard.daemon.restart();
  await page.getByRole("table", { name: "Expert Information" }).waitFor();
});

test("without a capture the page says where to choose one", async () => {
  const page = await user.open("#/statistics");
  await page.getByText("No capture is open.").waitFor();
  await page.getByRole("link", { name: "start page" }).waitFor();
});
