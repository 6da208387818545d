// SPDX-License-Identifier: Apache-2.0

// Measures the packet list of a large capture: bench/dashboard.sh runs it.
import type { Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { repeatCapture } from "../../typescript/tests/support/captures.js";
import { Dashboard } from "./support/dashboard.js";
import { percentile, takeFrames, watchFrames } from "./support/measured.js";

const FRAMES = Number(process.env["BENCH_FRAMES"] ?? 1_000_000);
const CAPTURE = "redis.pcap";
const CAPTURE_FRAMES = 123;
const FILTER = "tcp.srcport == 6379";
const SCROLL_SECONDS = 10;
const OPENED = 40;
// The daemon prepares answers about frames while nobody asks.
const PREPARED_MS = 120_000;

let dashboard: Dashboard;
beforeAll(async () => {
  dashboard = await Dashboard.start();
});
afterAll(() => dashboard[Symbol.asyncDispose]());

/** Opens the file, and returns the milliseconds until its packets are shown. */
async function openList(file: string): Promise<{ page: Page; milliseconds: number }> {
  const begin = performance.now();
  const page = await dashboard.open(`#/packets/files/${file}`);
  await page.getByRole("listbox", { name: "Packets" }).getByRole("option").first().waitFor();
  await page
    .getByRole("tree", { name: "Packet details" })
    .getByText(/^Frame 1:/)
    .waitFor();
  return { page, milliseconds: performance.now() - begin };
}

/** Applies the filter, and returns the milliseconds until its packets are shown. */
async function applyFilter(page: Page, count: number): Promise<number> {
  const begin = performance.now();
  await page.getByRole("combobox", { name: "Display filter" }).fill(FILTER);
  await page.keyboard.press("Enter");
  await page.getByText(`Displayed: ${count.toLocaleString("en")}`).waitFor({ timeout: 600_000 });
  return performance.now() - begin;
}

/** Scrolls through the list as a wheel does, and returns the times of the page's frames. */
async function scroll(page: Page): Promise<number[]> {
  const list = page.getByRole("listbox", { name: "Packets" });
  await list.hover();
  await watchFrames(page);
  const end = performance.now() + SCROLL_SECONDS * 1000;
  while (performance.now() < end) {
    await page.mouse.wheel(0, 400);
    await page.evaluate(() => new Promise(requestAnimationFrame));
  }
  return takeFrames(page);
}

/** Selects a frame by the address, and returns the milliseconds until its tree is shown. */
function openFrame(page: Page, number: number): Promise<number> {
  return page.evaluate(
    (wanted) =>
      new Promise<number>((resolve) => {
        const begin = performance.now();
        const tree = document.querySelector('[role="tree"]');
        const look = (): void => {
          if (tree?.textContent.includes(`Frame ${String(wanted)}:`)) {
            resolve(performance.now() - begin);
          } else requestAnimationFrame(look);
        };
        const [path, query] = location.hash.split("?");
        const words = new URLSearchParams(query);
        words.set("frame", String(wanted));
        location.hash = `${path ?? ""}?${words.toString()}`;
        look();
      }),
    number,
  );
}

test(`the page shows any of ${String(FRAMES)} frames`, async () => {
  const copies = Math.ceil(FRAMES / CAPTURE_FRAMES);
  const file = repeatCapture(dashboard.daemon, CAPTURE, copies);
  const { page, milliseconds: opened } = await openList(file);
  const filtered = await applyFilter(page, 51 * copies);
  const frames = await scroll(page);
  await page.waitForTimeout(PREPARED_MS);

  const numbers = Array.from({ length: OPENED }, (_, index) =>
    Math.floor(((((index * 7919) % OPENED) + 0.37) / OPENED) * copies * CAPTURE_FRAMES),
  );
  const times: number[] = [];
  for (const number of numbers) times.push(await openFrame(page, number));
  console.table({
    frames: copies * CAPTURE_FRAMES,
    "open, s": (opened / 1000).toFixed(1),
    "filter, s": (filtered / 1000).toFixed(1),
    "scrolled: frame time, median, ms": percentile(frames, 0.5).toFixed(1),
    "scrolled: frame time, 95th percentile, ms": percentile(frames, 0.95).toFixed(1),
    "frame opened, median, ms": percentile(times, 0.5).toFixed(0),
    "frame opened, 95th percentile, ms": percentile(times, 0.95).toFixed(0),
    "frame opened, longest, ms": Math.max(...times).toFixed(0),
  });
  expect(percentile(frames, 0.5)).toBeLessThan(18);
});
