// SPDX-License-Identifier: Apache-2.0

import { randomBytes } from "node:crypto";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { CAPTURES } from "../../typescript/tests/support/daemon.js";
import { Traffic } from "../../typescript/tests/support/traffic.js";
import { Dashboard } from "./support/dashboard.js";
import { expectAccessible } from "./support/look.js";

let dashboard: Dashboard;
beforeAll(async () => {
  dashboard = await Dashboard.start();
});
afterAll(() => dashboard[Symbol.asyncDispose]());

/** Writes a file for uploads, which is no capture. */
function largeFile(name: string, bytes: number): string {
  const path = join(dashboard.daemon.folder, name);
  writeFileSync(path, randomBytes(bytes));
  return path;
}

describe("the interfaces", () => {
  test("show their traffic as it comes", async () => {
    const page = await dashboard.open();
    const loopback = page.getByRole("listitem").filter({ hasText: "Loopback: lo" });
    await loopback.waitFor();
    await using traffic = await Traffic.start();
    await expect
      .poll(async () => {
        await traffic.send(500);
        return loopback.getByRole("img").getAttribute("aria-label");
      })
      .toMatch(/Traffic of lo: [1-9][0-9,]* packets\/s, .*B\/s/);
  });

  test("start captures, which the page lists, stops and deletes", async () => {
    await using traffic = await Traffic.start();
    const page = await dashboard.open();
    const filter = `udp port ${String(traffic.port)}`;
    await page.getByLabel("… using this filter:").fill(filter);
    await page.getByRole("button", { name: "Start capturing from lo" }).click();
    await page.waitForURL(/#\/live\/captures\//);
    const [, name = ""] = page.url().split("#/live/");
    await traffic.send(7);
    await page.getByRole("link", { name: "dissectd" }).click();
    const row = page.getByRole("table", { name: "Captures" }).getByRole("row").nth(1);
    await expect.poll(() => row.innerText()).toMatch(/lo.*Running\s+7\s/s);
    await row.getByRole("button", { name: "Stop the capture from lo" }).click();
    await expect.poll(() => row.innerText()).toMatch(/Stopped\s+7\s+[0-9.]+ (bytes|kB)/);
    const link = row.getByRole("link", { name: "lo" });
    expect(await link.getAttribute("href")).toBe(`#/packets/${name}`);

    await row.getByRole("button", { name: "Actions for the capture from lo" }).click();
    await page.getByRole("menuitem", { name: "Delete …" }).click();
    const question = page.getByRole("dialog", { name: "Delete capture?" });
    await question.getByRole("button", { name: "Cancel" }).click();
    await row.click({ button: "right" });
    await page.getByRole("menuitem", { name: "Delete …" }).click();
    await question.getByRole("button", { name: "Delete" }).click();
    await page.getByText("There is none.").waitFor();
  });

  test("say what is wrong with a capture filter", async () => {
    const page = await dashboard.open();
    await page.getByLabel("… using this filter:").fill("no filter");
    await page.getByRole("button", { name: "Start capturing from lo" }).click();
    await page.getByText("Correct the capture filter.").waitFor();
  });
});

describe("the files", () => {
  test("are filtered by name, as the address says", async () => {
    const page = await dashboard.open();
    await page.getByRole("searchbox", { name: "Filter files by name" }).fill("TLS");
    const files = page.getByRole("table", { name: "Files" });
    await files.getByRole("link", { name: "tls-psk.pcap" }).waitFor();
    await expect.poll(() => files.getByRole("link", { name: "dns.pcap" }).count()).toBe(0);
    expect(page.url()).toContain("name=TLS");
    const other = await dashboard.open("#/start?name=dns");
    await other.getByRole("link", { name: "dns.pcap" }).waitFor();
    expect(await other.getByRole("link", { name: "tls-psk.pcap" }).count()).toBe(0);
  });

  test("have the facts of capinfos", async () => {
    const page = await dashboard.open("#/start?name=dns.pcap");
    await page.getByRole("button", { name: "Actions for dns.pcap" }).click();
    await page.getByRole("menuitem", { name: "Capture File Properties" }).click();
    const dialog = page.getByRole("dialog", { name: "Capture File Properties" });
    await dialog.getByText("Ethernet").first().waitFor();
    expect(await dialog.innerText()).toMatch(/Packets\s+26\s/);
    await expectAccessible(page);
  });

  test("of which one is damaged are shown with the error", async () => {
    const page = await dashboard.open("#/start?name=cut-short");
    await page.getByRole("row").filter({ hasText: "cut-short" }).click({ button: "right" });
    await page.getByRole("menuitem", { name: "Capture File Properties" }).click();
    const dialog = page.getByRole("dialog", { name: "Capture File Properties" });
    await dialog.getByRole("alert").waitFor();
    await dialog.getByText("First packet").waitFor();
  });

  test("that were opened are among the recent ones", async () => {
    const page = await dashboard.open("#/start?name=dns.pcap");
    const files = page.getByRole("table", { name: "Files" });
    await files.getByRole("link", { name: "dns.pcap" }).click();
    await page.waitForURL(/#\/packets\/files\/dns.pcap/);
    // It counts as opened once the daemon has read it.
    const remembered = (): Promise<string | null> =>
      page.evaluate(() => localStorage.getItem("dissectd.recent"));
    await expect.poll(remembered).toContain("dns.pcap");
    await page.getByRole("link", { name: "dissectd" }).click();
    const recent = page.getByRole("list", { name: "Recent captures" });
    await recent.getByRole("link", { name: "dns.pcap" }).waitFor();
    await page.reload();
    await recent.getByRole("button", { name: "Remove dns.pcap from the list" }).click();
    await expect.poll(() => recent.count()).toBe(0);
  });
});

/** Lets a page send some megabytes a second, so that an upload takes as long as elsewhere. */
async function slowDown(page: Page): Promise<void> {
  const devtools = await page.context().newCDPSession(page);
  await devtools.send("Network.emulateNetworkConditions", {
    offline: false,
    latency: 0,
    downloadThroughput: -1,
    uploadThroughput: 5_000_000,
  });
}

describe("an upload", () => {
  async function choose(page: Page, ...paths: string[]): Promise<void> {
    await page.getByLabel("Drop capture files").setInputFiles(paths);
  }

  test("becomes a file of the store, which can be opened and deleted", async () => {
    const page = await dashboard.open("#/start?name=uploads");
    await choose(page, join(CAPTURES, "dns.pcap"), join(CAPTURES, "ipv6.pcap"));
    await page.getByRole("link", { name: "Open ipv6.pcap" }).waitFor();
    const link = page.getByRole("link", { name: "Open dns.pcap" });
    expect(await link.getAttribute("href")).toMatch(/#\/packets\/files\/uploads\/.*\/dns.pcap/);
    const row = page.getByRole("row").filter({ hasText: "ipv6.pcap" });
    await row.getByRole("button", { name: /Actions for/ }).click();
    await page.getByRole("menuitem", { name: "Delete …" }).click();
    await page.getByRole("dialog").getByRole("button", { name: "Delete" }).click();
    await page.getByText("ipv6.pcap is deleted.").waitFor();
    await expect.poll(() => row.count()).toBe(0);
  });

  test("can be dropped on the page", async () => {
    const page = await dashboard.open();
    await page.getByRole("heading", { name: "Files" }).waitFor();
    const transfer = await page.evaluateHandle(() => {
      const data = new DataTransfer();
      data.items.add(new File(["dropped"], "dropped.pcap"));
      return data;
    });
    const place = page.locator(".start-page");
    await place.dispatchEvent("dragover", { dataTransfer: transfer });
    await place.dispatchEvent("drop", { dataTransfer: transfer });
    await page.getByRole("link", { name: "Open dropped.pcap" }).waitFor();
  });

  test("is paused, goes on where it was, and is cancelled", async () => {
    const page = await dashboard.open();
    await slowDown(page);
    await choose(page, largeFile("large.bin", 60_000_000));
    const bar = page.getByRole("progressbar", { name: "Upload of large.bin" });
    const value = async (): Promise<number> => Number(await bar.getAttribute("value"));
    await expect.poll(value).toBeGreaterThan(1_000_000);
    await page.getByRole("button", { name: "Pause the upload of large.bin" }).click();
    await page.getByText(/^paused, /).waitFor();
    const before = await value();
    await page.getByRole("button", { name: "Resume the upload of large.bin" }).click();
    await expect.poll(value).toBeGreaterThan(before);
    await page.getByRole("button", { name: "Cancel the upload of large.bin" }).click();
    await expect.poll(() => bar.count()).toBe(0);
    await page.reload();
    await page.getByRole("heading", { name: "Files" }).waitFor();
    expect(await page.getByText("Choose the file again").count()).toBe(0);
  });

  test("goes on after the page was closed, and after the daemon has crashed", async () => {
    const context = await dashboard.context();
    const path = largeFile("left.bin", 40_000_000);
    const page = await dashboard.open("#/start", context);
    await slowDown(page);
    await choose(page, path);
    const bar = page.getByRole("progressbar", { name: "Upload of left.bin" });
    const value = async (): Promise<number> => Number(await bar.getAttribute("value"));
    await expect.poll(value).toBeGreaterThan(1_000_000);
    await page.reload();
    await page.getByText("Choose the file again to go on.").waitFor();
    await choose(page, path);
    await expect.poll(value).toBeGreaterThan(2_000_000);
    await dashboard.daemon.kill();
    await dashboard.daemon.restart();
    await page.getByRole("link", { name: "Open left.bin" }).waitFor({ timeout: 120_000 });
  });
});

test("servers are added, chosen and removed, and the page says what they answer", async () => {
  const page = await dashboard.open();
  await page.getByText(/dissectd 0\.1\.0, Wireshark 4.* You are/).waitFor();
  await page.getByRole("button", { name: "Add …" }).click();
  const dialog = page.getByRole("dialog", { name: "Add server" });
  await dialog.getByLabel("Name").fill("lab");
  await dialog.getByLabel("URL of its gateway").fill("https://127.0.0.1:9");
  await dialog.getByRole("button", { name: "Add" }).click();
  await page.getByText("The daemon is away.").waitFor();
  await page.reload();
  await page.getByText("The daemon is away.").waitFor();
  await page.getByRole("button", { name: "Remove …" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Remove" }).click();
  await page.getByText(/You are/).waitFor();
});

test.each(["light", "dark"] as const)("axe finds nothing in %s", async (colorScheme) => {
  const context = await dashboard.context();
  // The browser complains here of what the Content-Security-Policy forbids.
  const complaints: string[] = [];
  context.on("console", (message) => {
    if (message.type() === "error") complaints.push(message.text());
  });
  const page = await dashboard.open("#/start", context);
  await page.emulateMedia({ colorScheme });
  await page.getByLabel("Drop capture files").setInputFiles(join(CAPTURES, "dns.pcap"));
  await page.getByRole("link", { name: "Open dns.pcap" }).waitFor();
  await page.getByRole("table", { name: "Files" }).waitFor();
  await page.getByRole("list", { name: "Interfaces" }).getByRole("listitem").first().waitFor();
  expect(complaints).toEqual([]);
  await expectAccessible(page);
});
