// SPDX-License-Identifier: Apache-2.0

// The sessions that the page opens at the daemon, tab by tab.
import type { BrowserContext, Locator, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { Dashboard } from "./support/dashboard.js";

let dashboard: Dashboard;
beforeAll(async () => {
  dashboard = await Dashboard.start(["--max-sessions-per-principal=2"]);
});
afterAll(() => dashboard[Symbol.asyncDispose]());

// The sessions of a test would take the room of the next one.
afterEach(() => dashboard.leave());

function packetsOf(page: Page): Locator {
  return page.getByRole("listbox", { name: "Packets" }).getByRole("option");
}

async function openFile(context: BrowserContext, file: string): Promise<Page> {
  const page = await dashboard.open(`#/packets/files/${file}`, context);
  await packetsOf(page).first().waitFor();
  return page;
}

async function sessionFiles(): Promise<string[]> {
  const { sessions } = await dashboard.client().services.session.listSessions({});
  return sessions.map(({ file }) => file).toSorted();
}

test("marks stay when a tab is reloaded, and it has one session", async () => {
  const context = await dashboard.context();
  const page = await openFile(context, "dns.pcap");
  await packetsOf(page).nth(2).click();
  await page.keyboard.press("Control+m");
  const marked = packetsOf(page).and(page.locator(".marked"));
  await marked.waitFor();
  await page.reload();
  await marked.waitFor();
  expect(await marked.textContent()).toContain("3");
  await expect.poll(sessionFiles).toEqual(["files/dns.pcap"]);
});

test("sessions of closed tabs make room for others, those of open tabs stay", async () => {
  const context = await dashboard.context();
  const kept = await openFile(context, "http1.pcap.gz");
  for (const file of ["dns.pcap", "redis.pcap", "calls.pcap"]) {
    await (await openFile(context, file)).close();
  }
  expect(await sessionFiles()).toEqual(["files/calls.pcap", "files/http1.pcap.gz"]);
  await packetsOf(kept).nth(5).click();
  await kept.getByRole("treeitem", { name: /^Frame 6:/ }).waitFor();

  const other = await openFile(context, "dns.pcap");
  const refused = await dashboard.open("#/packets/files/redis.pcap", context);
  await refused.getByRole("button", { name: "Close files/dns.pcap" }).click();
  await packetsOf(refused).first().waitFor();
  // The tab that lost its session takes another one when there is room.
  await kept.close();
  await other.reload();
  await packetsOf(other).first().waitFor();
});
