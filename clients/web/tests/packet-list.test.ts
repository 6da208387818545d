// SPDX-License-Identifier: Apache-2.0

import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { repeatCapture } from "../../typescript/tests/support/captures.js";
import { Traffic } from "../../typescript/tests/support/traffic.js";
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
  // A million frames: reading them takes longer than all that is looked at here.
  const name = repeatCapture(dashboard.daemon, "dns.pcap", 40_000);
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
