// SPDX-License-Identifier: Apache-2.0

import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Locator, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { repeatCapture } from "../../typescript/tests/support/captures.js";
import { Traffic } from "../../typescript/tests/support/traffic.js";
import { Dashboard } from "./support/dashboard.js";
import { expectAccessible, queryOf } from "./support/look.js";

let dashboard: Dashboard;
beforeAll(async () => {
  dashboard = await Dashboard.start();
});
afterAll(() => dashboard[Symbol.asyncDispose]());
// A caller may have some sessions only.
afterEach(async () => {
  await Promise.all(dashboard.browser.contexts().map((context) => context.close()));
  const { session } = dashboard.client().services;
  const { sessions } = await session.listSessions({});
  await Promise.all(sessions.map(({ name }) => session.closeSession({ name })));
});

const HTTP = "#/packets/files/http1.pcap.gz";

/** The rows, nodes and lines of the three panes, as users find them. */
function panes(page: Page): {
  packet: (name: RegExp) => Locator;
  selectedPacket: Locator;
  node: (name: RegExp) => Locator;
  selectedNode: Locator;
  line: (name: RegExp) => Locator;
} {
  const list = page.getByRole("listbox", { name: "Packets" });
  const tree = page.getByRole("tree", { name: "Packet details" });
  const bytes = page.getByRole("listbox", { name: "Packet bytes" });
  return {
    packet: (name) => list.getByRole("option", { name }).first(),
    selectedPacket: list.getByRole("option", { selected: true }),
    node: (name) => tree.getByRole("treeitem", { name }).first(),
    selectedNode: tree.getByRole("treeitem", { selected: true }),
    line: (name) => bytes.getByRole("option", { name }),
  };
}

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

test("a capture that runs shows its new packets", async () => {
  await using traffic = await Traffic.start();
  const client = dashboard.client();
  await using capture = await client.capture("lo", {
    captureFilter: `udp port ${String(traffic.port)}`,
  });
  await traffic.send(5);
  const page = await dashboard.open(`#/packets/${capture.name}`);
  const { packet } = panes(page);
  await page.getByText("Packets: 5", { exact: true }).waitFor();
  await page.getByText("The capture is running").waitFor();
  await packet(/^5/).waitFor();
  await traffic.send(20);
  await page.getByText("Packets: 25", { exact: true }).waitFor();
  await packet(/^1 /).click();
  await page.keyboard.press("End");
  await expect.poll(() => queryOf(page).get("frame")).toBe("25");
});

test("a long list shows any part of it, and only that", async () => {
  const name = repeatCapture(dashboard.daemon, "dns.pcap", 2000);
  const page = await dashboard.open(`#/packets/files/${name}`);
  const { selectedPacket } = panes(page);
  await selectedPacket.waitFor();
  const counts = await page.getByText(/^Packets: [\d,]+$/).textContent();
  const last = (counts ?? "").replace(/\D/g, "");
  await selectedPacket.click();
  await page.keyboard.press("End");
  await expect.poll(() => queryOf(page).get("frame")).toBe(last);
  await expect.poll(() => selectedPacket.textContent()).toMatch(new RegExp(`^${last}`));
  expect(await page.getByRole("option").count()).toBeLessThan(150);
});

/** Lets calls of a method wait until the test says so. */
async function holdCalls(page: Page, method: string): Promise<() => Promise<void>> {
  let release = (): void => undefined;
  const released = new Promise<void>((resolve) => {
    release = resolve;
  });
  const url = `**/dissectd.v1.SessionService/${method}`;
  await page.route(url, async (route) => {
    await released;
    // The page may have given the call up meanwhile.
    await route.continue().catch(() => undefined);
  });
  return async () => {
    release();
    await page.unroute(url);
  };
}

test("the packets stay until others have been filtered and sorted", async () => {
  const page = await dashboard.open(HTTP);
  const { packet, selectedPacket } = panes(page);
  const list = page.getByRole("listbox", { name: "Packets" });
  await selectedPacket.waitFor();
  const finishSorting = await holdCalls(page, "ListFrames");
  await page.getByRole("button", { name: "Length", exact: true }).click();
  await page.getByText("Sorting …").waitFor();
  await list.and(page.locator("[aria-busy=true]")).waitFor();
  await packet(/^1 .*\[SYN\]/).waitFor();
  await finishSorting();
  await list.and(page.locator(":not([aria-busy=true])")).waitFor();
  await expect.poll(() => page.getByText("Sorting …").count()).toBe(0);
  const first = list.locator("[aria-posinset='1']");
  await first.filter({ hasText: "[ACK]" }).waitFor();

  const finishFiltering = await holdCalls(page, "ListFrames");
  const filter = page.getByRole("combobox", { name: "Display filter", exact: true });
  await filter.fill("http.response");
  await filter.press("Enter");
  await page.getByText("Filtering …").waitFor();
  await packet(/\[ACK\]/).waitFor();
  await finishFiltering();
  await page.getByText(/Displayed: \d+ \(/).waitFor();
  await packet(/\[ACK\]/).waitFor({ state: "detached" });
});

test("a filter that is wrong is said to be once, and one that nothing passes, too", async () => {
  const page = await dashboard.open(`${HTTP}?filter=tcp.prot`);
  await page.getByText("No packets are displayed.").waitFor();
  const message = page.getByText("neither a field nor a protocol");
  await message.waitFor();
  expect(await message.count()).toBe(1);
  const other = await dashboard.open(`${HTTP}?filter=sctp`);
  await other.getByText("No packets are displayed.").waitFor();
});

test("reading a large capture shows its progress, and can be cancelled", async () => {
  const name = repeatCapture(dashboard.daemon, "dns.pcap", 10_000);
  const page = await dashboard.open(`#/packets/files/${name}`);
  await page.getByText("Reading the capture …").waitFor();
  await page.getByText(/^\d+ % · [\d,]+ packets$/).waitFor();
  const bar = page.getByRole("progressbar", { name: "Reading the capture" });
  expect(await bar.evaluate((element: HTMLProgressElement) => element.position)).toBeGreaterThan(0);
  await expectAccessible(page);
  await page.getByRole("link", { name: "Cancel" }).click();
  await page.getByRole("heading", { name: "Files" }).waitFor();
  const { session } = dashboard.client().services;
  await expect.poll(async () => (await session.listSessions({})).sessions.length).toBe(0);
});

test.each([
  ["files/..%2F..%2Fetc%2Fpasswd", "Choose a file at the start page."],
  ["files/no-capture.txt", "Choose a capture file, such as pcap or pcapng"],
])("what is wrong with the link to %s is explained", async (source, advice) => {
  writeFileSync(join(dashboard.daemon.store, "no-capture.txt"), "This is no capture.\n");
  const page = await dashboard.open(`#/packets/${source}`);
  const alert = page.getByRole("alert");
  await expect.poll(() => alert.innerText()).toContain(advice);
  expect(await alert.innerText()).not.toContain("uploadPath");
});

test("a link to a packet that the capture doesn't have is explained", async () => {
  const page = await dashboard.open(`${HTTP}?frame=999`);
  await page.getByText("Choose a packet in the list: the capture has fewer.").waitFor();
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
