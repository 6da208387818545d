// SPDX-License-Identifier: Apache-2.0

import type { Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { Dashboard } from "./support/dashboard.js";
import { expectAccessible, queryOf } from "./support/look.js";
import { panes } from "./support/panes.js";

let dashboard: Dashboard;
beforeAll(async () => {
  dashboard = await Dashboard.start();
});
// A caller may have some sessions only.
afterEach(() => dashboard.leave());
afterAll(() => dashboard[Symbol.asyncDispose]());

const HTTP = "#/packets/files/http1.pcap.gz";

async function choose(page: Page, ...labels: readonly (string | RegExp)[]): Promise<void> {
  for (const name of labels) {
    const item = page.getByRole("menuitem", { name, exact: true }).first();
    await item.click();
  }
}

test("a capture opens with Wireshark's columns and its first packet", async () => {
  const page = await dashboard.open(HTTP);
  const { packet, selectedPacket, node } = panes(page);
  await packet(/GET \/lines\.json/).waitFor();
  for (const title of ["No.", "Time", "Source", "Destination", "Protocol", "Length", "Info"]) {
    await page.getByRole("button", { name: title, exact: true }).waitFor();
  }
  await expect.poll(() => selectedPacket.textContent()).toContain("[SYN]");
  await node(/^Frame 1: 74 bytes on wire/).waitFor();
  await page.getByText("Packets: 46").waitFor();
  const background = await packet(/GET \/lines\.json/).evaluate(
    (row) => getComputedStyle(row).backgroundColor,
  );
  expect(background).toBe("rgb(228, 255, 199)");
});

test("tree and bytes follow each other", async () => {
  const page = await dashboard.open(`${HTTP}?frame=6`);
  const { node, selectedNode, line } = panes(page);
  await node(/Hypertext Transfer Protocol/).click();
  await page.keyboard.press("Shift+ArrowRight");
  await node(/Server: nginx/).click();
  await expect.poll(() => line(/^0050/).locator(".digits .field").count()).toBe(13);
  await page.getByText("Server (http.server), 22 bytes").waitFor();
  await line(/^0020/).locator(".digits span").nth(2).click();
  await expect.poll(() => selectedNode.textContent()).toContain("Source Port: 80");
  await page.keyboard.press("ArrowRight");
  await page.keyboard.press("ArrowRight");
  await expect.poll(() => selectedNode.textContent()).toContain("Destination Port: 48050");
  await page.getByRole("tab", { name: "Uncompressed entity body (8124 bytes)" }).click();
  await line(/^0000/).click();
  await page.keyboard.press("End");
  await line(/^1fb0/).waitFor();
});

test("the tree stays open from packet to packet", async () => {
  const page = await dashboard.open(`${HTTP}?frame=4`);
  const { node, packet } = panes(page);
  await node(/Internet Protocol/).click();
  await page.keyboard.press("ArrowRight");
  await node(/Time to Live: 64/).click();
  await packet(/GET \/large\.txt/).click();
  await node(/^Frame 8:/).waitFor();
  await node(/Time to Live: 64/).waitFor();
  await page.getByText("Time to Live (ip.ttl), 1 byte").waitFor();
});

test("the keyboard moves as in Wireshark", async () => {
  const page = await dashboard.open(`${HTTP}?frame=4`);
  const { node, packet } = panes(page);
  const frame = (): string | null => queryOf(page).get("frame");
  const press = async (key: string, expected: string): Promise<void> => {
    await page.keyboard.press(key);
    await expect.poll(frame, { message: key }).toBe(expected);
  };
  await packet(/GET \/lines\.json/).click();
  await press("ArrowDown", "5");
  await press("ArrowUp", "4");
  await press("End", "46");
  await press("Home", "1");
  await press("Space", "2");
  await node(/^Frame 2:/).click();
  await press("Control+ArrowDown", "3");
  await press("Control+ArrowUp", "2");
  await press("Control+.", "3");
  await press("Control+,", "2");
  await page.keyboard.press("Control+g");
  await page.getByRole("dialog", { name: "Go to Packet" }).waitFor();
  await page.keyboard.type("12");
  await press("Enter", "12");
  // The thirteenth packet begins another connection.
  await press("Control+.", "1");
});

test("links lead to related packets, and back", async () => {
  const page = await dashboard.open(`${HTTP}?frame=4`);
  const { node } = panes(page);
  await node(/Hypertext Transfer Protocol/).click();
  await page.keyboard.press("ArrowRight");
  await page.getByRole("link", { name: "[Response in frame: 6]" }).click();
  await node(/^Frame 6:/).waitFor();
  await page.goBack();
  await node(/^Frame 4:/).waitFor();
});

test("fields become filters, and packets follow and conversation filters", async () => {
  const page = await dashboard.open(`${HTTP}?frame=4`);
  const { node, packet } = panes(page);
  await node(/Hypertext Transfer Protocol/).click({ button: "right" });
  await choose(page, "Apply as Filter", "Selected");
  await expect.poll(() => queryOf(page).get("filter")).toBe("http");
  await page.getByText(/Displayed: \d+ \(/).waitFor();
  await packet(/GET \/large\.txt/)
    .getByText("192.0.2.1")
    .click({ button: "right" });
  await choose(page, "Apply as Filter", "… and not Selected");
  await expect.poll(() => queryOf(page).get("filter")).toBe("(http) && !(ip.src == 192.0.2.1)");
  await packet(/200 OK/).click({ button: "right" });
  await choose(page, "Conversation Filter", "TCP");
  await expect.poll(() => queryOf(page).get("filter")).toMatch(/^tcp\.stream eq \d+$/);
  await packet(/\[SYN\]/).click({ button: "right" });
  await choose(page, "Follow", /^TCP Stream \d+$/);
  await expect.poll(() => page.url()).toContain("#/statistics/files/http1.pcap.gz?");
  expect(queryOf(page).get("report")).toBe("follow");
  expect(queryOf(page).get("follower")).toBe("tcp");
});

test("what is selected can be copied in several forms", async () => {
  const context = await dashboard.context();
  await context.grantPermissions(["clipboard-read", "clipboard-write"]);
  const page = await dashboard.open(`${HTTP}?frame=4`, context);
  const { node } = panes(page);
  const copied = (): Promise<string> => page.evaluate(() => navigator.clipboard.readText());
  const copy = async (label: string): Promise<void> => {
    await node(/Type: IPv4/).click({ button: "right" });
    await choose(page, "Copy", label);
  };
  await node(/Ethernet II/).click();
  await page.keyboard.press("ArrowRight");
  const texts = {
    Description: "Type: IPv4 (0x0800)",
    "Field Name": "eth.type",
    Value: "2048",
    "As Filter": "eth.type == 0x800",
    "as a Hex Stream": "0800",
    "as a Base64 String": "CAA=",
  };
  for (const [label, text] of Object.entries(texts)) {
    await copy(label);
    await expect.poll(copied, { message: label }).toBe(text);
  }
  await copy("As JSON");
  await expect.poll(copied).toContain('"name": "eth.type"');
});

test("packets are marked, ignored and commented", async () => {
  const page = await dashboard.open(`${HTTP}?frame=4`);
  const { packet, selectedPacket, node } = panes(page);
  await packet(/GET \/lines\.json/).click();
  await page.keyboard.press("Control+m");
  await selectedPacket.and(page.locator(".marked")).waitFor();
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("Control+d");
  await packet(/<Ignored>/).waitFor();
  await packet(/GET \/large\.txt/).click({ button: "right" });
  await choose(page, "Packet Comments…");
  await page.getByLabel("New comment").fill("Why is it so large?");
  await page.getByRole("dialog").getByRole("button", { name: "Save" }).click();
  await packet(/Commented.*GET \/large\.txt/).waitFor();
  await node(/Packet comments/).waitFor();
  await packet(/GET \/large\.txt/).click({ button: "right" });
  await choose(page, "Set Time Reference");
  await packet(/\*REF\*/).waitFor();
});

test("the find bar finds filters, bytes and strings", async () => {
  const page = await dashboard.open(`${HTTP}?frame=1`);
  await panes(page).selectedPacket.waitFor();
  await page.keyboard.press("Control+f");
  const find = page.getByRole("textbox", { name: "Find" });
  const found = async (text: string, frame: string): Promise<void> => {
    await find.fill(text);
    await find.press("Enter");
    await expect.poll(() => queryOf(page).get("frame"), { message: text }).toBe(frame);
  };
  await found("http.request", "4");
  await page.getByLabel("Kind").selectOption("Hex value");
  await found("48 54 54 50 2f 31 2e 31 20 32", "6");
  await page.getByLabel("Kind").selectOption("String");
  await found("get /LARGE", "8");
  await page.getByRole("button", { name: "Find previous" }).click();
  await page.getByText("No other packet matches.").waitFor();
  await find.fill("(");
  await page.getByLabel("Kind").selectOption("Display filter");
  await find.press("Enter");
  await page.getByText("Correct the filter where it is underlined.").waitFor();
  await find.press("Escape");
  await expect.poll(() => find.count()).toBe(0);
});

test("marks and comments stay when the capture is dissected in another way", async () => {
  const page = await dashboard.open(`${HTTP}?frame=4`);
  const { packet, selectedPacket } = panes(page);
  await packet(/GET \/lines\.json/).click();
  await page.keyboard.press("Control+m");
  await selectedPacket.and(page.locator(".marked")).waitFor();
  await page.getByRole("combobox", { name: "Profile" }).selectOption("Classic");
  await expect.poll(() => queryOf(page).get("profile")).toBe("Classic");
  await selectedPacket.and(page.locator(".marked")).waitFor();
});

test("a port is decoded as another protocol, and preferences are changed", async () => {
  const page = await dashboard.open(`${HTTP}?frame=4`);
  const { packet, node } = panes(page);
  await packet(/GET \/lines\.json/).click({ button: "right" });
  await choose(page, "Protocol Preferences", "tcp…");
  await page.getByLabel("Relative sequence numbers (Requires").uncheck();
  await page.getByRole("dialog").getByRole("button", { name: "Apply" }).click();
  await packet(/\[SYN\] Seq=2181830265/).waitFor();
  expect(queryOf(page).get("prefs")).toBe("tcp.relative_sequence_numbers:FALSE");
  await node(/Transmission Control Protocol/).click({ button: "right" });
  await choose(page, "Decode As…");
  await page.getByLabel("Current").selectOption("smtp");
  await page.getByRole("button", { name: "Decode" }).click();
  await packet(/SMTP.*C: DATA fragment/).waitFor();
  expect(queryOf(page).get("decode-as")).toBe("tcp.port==80,smtp");
  await packet(/GET|SMTP/).click({ button: "right" });
  await choose(page, "Protocol Preferences", "tcp…");
  const relative = page.getByLabel("Relative sequence numbers (Requires");
  expect(await relative.isChecked()).toBe(false);
  await page.keyboard.press("Escape");
  await packet(/SMTP/).click({ button: "right" });
  await choose(page, "Decode As…");
  const current = page.getByLabel("Current");
  expect(await current.inputValue()).toBe("smtp");
  await current.selectOption("(no rule)");
  await page.getByRole("button", { name: "Decode" }).click();
  await packet(/GET \/lines\.json/).waitFor();
  expect(queryOf(page).get("decode-as")).toBe(null);
});

test("a page that is reloaded many times keeps one session", async () => {
  const page = await dashboard.open(HTTP);
  const { session } = dashboard.client().services;
  for (let times = 0; times < 8; ++times) {
    await panes(page).selectedPacket.waitFor();
    await page.reload();
  }
  await panes(page).selectedPacket.waitFor();
  expect((await session.listSessions({})).sessions.length).toBe(1);
});

test("the panes are there again after the daemon", async () => {
  const page = await dashboard.open(`${HTTP}?frame=6`);
  const { packet, node } = panes(page);
  await node(/^Frame 6:/).waitFor();
  await dashboard.daemon.kill();
  await page.getByText("The daemon is away.").waitFor();
  await dashboard.daemon.restart();
  await packet(/GET \/large\.txt/).click();
  await node(/^Frame 8:/).waitFor();
});

test.each(["light", "dark"])("axe has no findings in %s colors", async (theme) => {
  const page = await dashboard.open(`${HTTP}?frame=4`);
  const { node, packet } = panes(page);
  await page.getByLabel("Theme").selectOption(theme);
  await node(/Hypertext Transfer Protocol/).click();
  await page.keyboard.press("Shift+ArrowRight");
  await page.keyboard.press("Control+f");
  await page.getByRole("search", { name: "Find packet" }).waitFor();
  await expectAccessible(page);
  await page.getByRole("button", { name: "Length", exact: true }).click();
  await packet(/ACK/).click({ button: "right" });
  await expectAccessible(page);
  await choose(page, "Mark Packet");
  await page.locator(".packet-row.marked").first().waitFor();
  await node(/Hypertext|Transmission/).click({ button: "right" });
  await choose(page, "Decode As…");
  await page.getByLabel("Current").waitFor();
  await expectAccessible(page);
  await page.keyboard.press("Escape");
  await node(/Transmission/).click({ button: "right" });
  await choose(page, /^Protocol Preferences: tcp/);
  await page.getByLabel("Relative sequence numbers (Requires").waitFor();
  await expectAccessible(page);
});
