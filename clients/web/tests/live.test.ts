// SPDX-License-Identifier: Apache-2.0

import type { Locator, Page } from "playwright-core";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import type { Client } from "../../typescript/src/node.js";
import { Traffic } from "../../typescript/tests/support/traffic.js";
import { Dashboard } from "./support/dashboard.js";
import { expectAccessible, picture, queryOf } from "./support/look.js";

let dashboard: Dashboard;
let client: Client;
let traffic: Traffic;

beforeAll(async () => {
  dashboard = await Dashboard.start(["--keep-captures=60"]);
  client = dashboard.client();
  traffic = await Traffic.start();
});

beforeEach(async () => {
  const { captures } = await client.services.capture.listCaptures({});
  for (const { name } of captures) await client.attach(name).delete();
});

afterAll(async () => {
  client.close();
  await traffic[Symbol.asyncDispose]();
  await dashboard[Symbol.asyncDispose]();
});

/** Starts a capture of the test's traffic without the page. */
async function capture(): Promise<string> {
  const settings = { captureFilter: `udp port ${String(traffic.port)}`, idleSeconds: 0 };
  return (await client.capture("lo", settings)).name;
}

/** Starts a capture of the test's traffic as users do. */
async function captureByDialog(page: Page): Promise<void> {
  await page.getByRole("button", { name: "New capture …" }).click();
  const dialog = page.getByRole("dialog", { name: "Capture Options" });
  await dialog.getByRole("checkbox", { name: "Loopback: lo" }).check();
  const filter = dialog.getByRole("combobox", { name: "Capture filter for selected interfaces" });
  await filter.fill(`udp port ${String(traffic.port)}`);
  await dialog.getByRole("button", { name: "Start" }).click();
  await page.getByRole("heading", { name: "lo", exact: true }).waitFor();
}

function rowsOf(page: Page): Locator {
  return page.getByRole("listbox", { name: "Live packets" }).getByRole("option");
}

/** Returns the numbers of the packets that are elements now. */
async function numbersOf(page: Page): Promise<number[]> {
  const cells = rowsOf(page).locator("span:first-child");
  return (await cells.allTextContents()).map(Number);
}

async function untilPackets(page: Page, count: number): Promise<void> {
  const text = new Intl.NumberFormat("en-US").format(count);
  await expect
    .poll(() => page.locator(".capture-header").textContent())
    .toContain(`${text} packets`);
}

/** Waits until the newest packet that can be seen has a number. */
async function untilLast(page: Page, number: number): Promise<void> {
  await expect.poll(async () => (await numbersOf(page)).at(-1)).toBe(number);
}

test("a capture that the dialog starts shows its packets in order, stops, and is deleted", async () => {
  const page = await dashboard.open("#/live");
  await captureByDialog(page);
  await traffic.send(500);
  await untilLast(page, 500);
  await untilPackets(page, 500);
  const numbers = await numbersOf(page);
  expect(numbers).toEqual(numbers.toSorted((a, b) => a - b));
  await page.getByRole("table", { name: "Top talkers" }).getByText("127.0.0.1").waitFor();
  await page.getByRole("listitem").getByText("udp", { exact: true }).waitFor();
  await picture(page, "capture");
  await expectAccessible(page);

  await page.getByRole("button", { name: "Stop" }).click();
  await page.getByText("It was stopped.").waitFor();
  await page.getByText("0 dropped").waitFor();
  await page.getByRole("button", { name: "Delete …" }).click();
  const question = page.getByRole("dialog", { name: "Delete capture?" });
  await picture(page, "delete");
  await question.getByRole("button", { name: "Delete" }).click();
  await page.getByText("No capture is running.").waitFor();
  expect((await client.services.capture.listCaptures({})).captures).toEqual([]);
});

test("the dialog has Wireshark's options, and says what is wrong with them", async () => {
  const page = await dashboard.open("#/live");
  await page.getByRole("button", { name: "New capture …" }).click();
  const dialog = page.getByRole("dialog", { name: "Capture Options" });
  const start = dialog.getByRole("button", { name: "Start" });
  await start.click();
  await dialog.getByText("Choose at least one interface.").waitFor();

  await dialog.getByRole("checkbox", { name: "Loopback: lo" }).check();
  await dialog.getByRole("combobox", { name: "Capture filter of lo" }).fill("no such filter");
  await dialog.getByRole("spinbutton", { name: "Snapshot length of lo" }).fill("60");
  await dialog.getByRole("option", { name: "Ethernet" }).waitFor({ state: "attached" });
  await picture(page, "input");
  await expectAccessible(page);
  await start.click();
  await dialog.getByText("Correct the capture filter.").waitFor();

  const filter = `udp port ${String(traffic.port)}`;
  await dialog.getByRole("combobox", { name: "Capture filter of lo" }).fill(filter);
  await dialog.getByRole("tab", { name: "Output" }).click();
  await dialog.getByRole("textbox", { name: "Name" }).fill("night.pcapng");
  await picture(page, "output");
  await expectAccessible(page);
  await dialog.getByRole("tab", { name: "Options" }).click();
  await dialog.getByRole("spinbutton", { name: "Packets" }).fill("20");
  await picture(page, "options");
  await expectAccessible(page);
  await start.click();
  await page.getByRole("heading", { name: "night.pcapng (lo)" }).waitFor();
  await traffic.send(30);
  await page.getByText("It stopped by its own stop conditions.").waitFor();
  await untilPackets(page, 20);

  await page.getByRole("button", { name: "Restart" }).click();
  await page.getByText("Running", { exact: true }).waitFor();
  const { captures } = await client.services.capture.listCaptures({});
  expect(captures).toHaveLength(2);
  expect(captures[1]?.options).toEqual(captures[0]?.options);
});

test("the list follows the newest packet, unless one scrolls up, until one is at the end", async () => {
  const name = await capture();
  const page = await dashboard.open(`#/live/${name}`);
  const list = page.getByRole("listbox", { name: "Live packets" });
  const follow = page.getByRole("button", { name: "Follow" });
  await traffic.send(300);
  await untilLast(page, 300);

  await list.hover();
  await page.mouse.wheel(0, -2000);
  await expect.poll(() => follow.getAttribute("aria-pressed")).toBe("false");
  const before = await list.evaluate((element) => element.scrollTop);
  await traffic.send(300);
  await untilPackets(page, 600);
  await page.getByText("600 packets.").waitFor();
  expect(await list.evaluate((element) => element.scrollTop)).toBeLessThanOrEqual(before);
  expect(await follow.getAttribute("aria-pressed")).toBe("false");

  await page.mouse.wheel(0, 1_000_000);
  await expect.poll(() => follow.getAttribute("aria-pressed")).toBe("true");
  await traffic.send(100);
  await untilLast(page, 700);

  await list.press("ArrowUp");
  await list.getByRole("option", { selected: true }).waitFor();
  expect(await follow.getAttribute("aria-pressed")).toBe("false");
  await follow.click();
  await traffic.send(100);
  await untilLast(page, 800);
});

test("a full list drops its oldest packets, and what one looks at stays in its place", async () => {
  const name = await capture();
  const page = await dashboard.open(`#/live/${name}`);
  const list = page.getByRole("listbox", { name: "Live packets" });
  const isFull = page.getByText("The last 100,000 packets.");
  await expect
    .poll(async () => {
      await traffic.send(20_000);
      return isFull.isVisible();
    })
    .toBe(true);
  await list.hover();
  await page.mouse.wheel(0, -20_000);
  const follow = page.getByRole("button", { name: "Follow" });
  await expect.poll(() => follow.getAttribute("aria-pressed")).toBe("false");

  // The packet that is seen at the top of the list, once the wheel has come to rest.
  const seen = (): Promise<string> =>
    list.evaluate((element) => {
      const { left, top } = element.getBoundingClientRect();
      const row = document.elementFromPoint(left + 20, top + 10)?.closest("[role=option]");
      return row?.id ?? "";
    });
  const offset = (): Promise<number> => list.evaluate((element) => element.scrollTop);
  let before = "";
  await expect
    .poll(async () => {
      const last = before;
      before = await seen();
      return before === last;
    })
    .toBe(true);
  const offsetBefore = await offset();
  await traffic.send(500);
  await expect.poll(offset).toBeLessThanOrEqual(offsetBefore - 500 * 20);
  expect(await seen()).toBe(before);
});

test("a display filter selects packets, and its error is shown", async () => {
  const name = await capture();
  const page = await dashboard.open(`#/live/${name}?filter=frame.number%20%25%2010%20==%200`);
  await traffic.send(100);
  await untilLast(page, 100);
  expect(await numbersOf(page)).toEqual([10, 20, 30, 40, 50, 60, 70, 80, 90, 100]);
  const filter = page.getByRole("combobox", { name: "Display filter" });
  await filter.fill("frame.number ==");
  await filter.press("Enter");
  await page.getByText("Go on typing").waitFor();
  expect(queryOf(page).get("filter")).toBe("frame.number % 10 == 0");
  await page.getByRole("button", { name: "Clear the filter" }).click();
  await expect.poll(async () => (await numbersOf(page)).at(-2)).toBe(99);
});

test("the list has the columns of the address, and the packet list has them, too", async () => {
  const name = await capture();
  const page = await dashboard.open(`#/live/${name}?columns=m,Cus:udp.dstport:1:U%3BPort,i`);
  await traffic.send(10);
  await untilLast(page, 10);
  const titles = page.getByRole("table", { name: "Columns" }).getByRole("columnheader");
  expect(await titles.allTextContents()).toEqual(["No.", "Port", "Info"]);
  expect(await rowsOf(page).last().locator("span").nth(1).textContent()).toBe(String(traffic.port));

  await titles.getByRole("button", { name: "Port" }).click();
  await page.getByRole("menuitem", { name: "Remove This Column" }).click();
  await expect.poll(() => titles.allTextContents()).toEqual(["No.", "Info"]);
  await untilLast(page, 10);
  await rowsOf(page).last().dblclick();
  await page.waitForURL(/#\/packets\//);
  expect(Object.fromEntries(queryOf(page))).toEqual({ columns: "m,i", frame: "10" });
});

test("a capture goes on when its page is closed, and another page re-attaches", async () => {
  const page = await dashboard.open("#/live");
  await captureByDialog(page);
  const address = new URL(page.url()).hash;
  await traffic.send(50);
  await untilLast(page, 50);
  await page.close();
  await traffic.send(50);
  const again = await dashboard.open(address);
  await untilLast(again, 100);
  await again.reload();
  await traffic.send(50);
  await untilLast(again, 150);
});

test("captures are tiles with their packets, also on a wall", async () => {
  const names = [await capture(), await capture()];
  const page = await dashboard.open("#/live");
  const tiles = page.getByRole("list", { name: "Running captures" }).getByRole("listitem", {
    name: "Capture on lo",
  });
  await expect.poll(() => tiles.count()).toBe(2);
  await traffic.send(40);
  for (const tile of await tiles.all()) {
    await expect.poll(() => tile.getByRole("definition").first().textContent()).toBe("40");
    await expect.poll(() => tile.getByRole("list").getByRole("listitem").count()).toBe(5);
  }
  await picture(page, "tiles");
  await expectAccessible(page);

  await client.attach(names[0] ?? "").stop();
  await tiles.first().getByText("Stopped", { exact: true }).waitFor();
  await page.getByRole("button", { name: "Full screen" }).click();
  await expect.poll(() => new URL(page.url()).hash).toBe("#/live?wall=1");
  await picture(page, "wall");
  await page.getByRole("button", { name: "Full screen" }).click();
  await expect.poll(() => new URL(page.url()).hash).toBe("#/live");
  await tiles.last().getByRole("link").click();
  await untilLast(page, 40);
});

test("the page goes on with a capture after the daemon has been restarted", async () => {
  const name = await capture();
  const page = await dashboard.open(`#/live/${name}`);
  await traffic.send(30);
  await untilLast(page, 30);
  await dashboard.daemon.kill();
  await page.getByText("The page goes on with this capture once the daemon is back.").waitFor();
  const rate = page.getByRole("region", { name: "Packets/s" });
  await rate.getByText("–").waitFor();
  await traffic.send(30);
  await dashboard.daemon.restart();
  await page.getByText("The daemon was restarted.").waitFor();
  await picture(page, "restarted");
  await untilLast(page, 60);
  const numbers = await numbersOf(page);
  expect(new Set(numbers).size).toBe(numbers.length);
});

test("tiles stay while the daemon is away, and go on afterwards, also behind another gateway", async () => {
  await capture();
  const page = await dashboard.open("#/live?wall=1");
  const tile = page.getByRole("listitem", { name: "Capture on lo" });
  await traffic.send(20);
  const packets = tile.getByRole("definition").first();
  await expect.poll(() => packets.textContent()).toBe("20");
  await dashboard.daemon.kill();
  await page.getByText("The daemon is away, and this is what was known before.").waitFor();
  expect(await packets.textContent()).toBe("20");
  await traffic.send(20);
  await dashboard.daemon.restart();
  await expect.poll(() => packets.textContent()).toBe("40");
  await dashboard.gateway.restart();
  await traffic.send(20);
  await expect.poll(() => packets.textContent()).toBe("60");
  await expect.poll(() => page.getByRole("alert").count()).toBe(0);
});

test("the browser's button leads from a new capture to the captures, not to its options", async () => {
  const page = await dashboard.open("#/live");
  await captureByDialog(page);
  await page.goBack();
  await page.getByRole("listitem", { name: "Capture on lo" }).waitFor();
  expect(await page.getByRole("dialog").count()).toBe(0);
});

test("a capture that doesn't exist is explained", async () => {
  const page = await dashboard.open("#/live/captures/nothing");
  await page.getByText("it may have been deleted").waitFor();
  await page.getByRole("link", { name: "All captures" }).click();
  await page.getByText("No capture is running.").waitFor();
});
