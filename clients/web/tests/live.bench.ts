// SPDX-License-Identifier: Apache-2.0

// Measures whether the page keeps up with a capture: bench/dashboard.sh runs it.
import { setTimeout as sleep } from "node:timers/promises";
import { createSocket } from "node:dgram";
import type { CDPSession } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { Dashboard } from "./support/dashboard.js";
import { heapOf, percentile, takeFrames, watchFrames } from "./support/measured.js";

const RATE = Number(process.env["BENCH_RATE"] ?? 5000);
const SECONDS = Number(process.env["BENCH_SECONDS"] ?? 300);
const WARM_UP_SECONDS = 60;
const PORT = 9;
const TICK_MS = 10;

let dashboard: Dashboard;
beforeAll(async () => {
  dashboard = await Dashboard.start();
});
afterAll(() => dashboard[Symbol.asyncDispose]());

/** Sends datagrams at a rate for some time, and returns their number. */
async function sendFor(seconds: number): Promise<number> {
  const socket = createSocket("udp4");
  const begin = performance.now();
  let sent = 0;
  for (let now = 0; now < seconds * 1000; now = performance.now() - begin) {
    for (const due = (now / 1000) * RATE; sent < due; sent++) {
      socket.send(`packet ${String(sent)}`, PORT, "127.0.0.1");
    }
    await sleep(TICK_MS);
  }
  await new Promise<void>((resolve) => {
    socket.close(resolve);
  });
  return sent;
}

/** Returns the seconds that the page's main thread has worked. */
async function workOf(devtools: CDPSession): Promise<number> {
  const { metrics } = await devtools.send("Performance.getMetrics");
  return metrics.find(({ name }) => name === "TaskDuration")?.value ?? Number.NaN;
}

test(`the page keeps up with ${String(RATE)} packets a second`, async () => {
  const client = dashboard.client();
  const settings = { captureFilter: `udp port ${String(PORT)}`, idleSeconds: 0 };
  const { name } = await client.capture("lo", settings);
  const page = await dashboard.open(`#/live/${name}`);
  await page.getByRole("listbox", { name: "Live packets" }).waitFor();
  const devtools = await page.context().newCDPSession(page);

  await devtools.send("Performance.enable");

  const warmUp = await sendFor(WARM_UP_SECONDS);
  const before = await heapOf(devtools);
  await watchFrames(page);
  const workBefore = await workOf(devtools);
  const sent = warmUp + (await sendFor(SECONDS));
  const end = performance.now();
  const frames = await takeFrames(page);
  const work = (await workOf(devtools)) - workBefore;
  const after = await heapOf(devtools);
  if (process.env["SHOTS"]) await page.screenshot({ path: `${process.env["SHOTS"]}/bench.png` });

  const last = page.getByRole("listbox", { name: "Live packets" }).getByRole("option").last();
  await expect
    .poll(async () => Number.parseInt((await last.locator("span").first().textContent()) ?? "", 10))
    .toBe(sent);
  console.table({
    "packets per second": Math.round((sent - warmUp) / SECONDS),
    "packets in all": sent,
    "frame time, median, ms": percentile(frames, 0.5).toFixed(1),
    "frame time, 95th percentile, ms": percentile(frames, 0.95).toFixed(1),
    "frame time, longest, ms": Math.max(...frames).toFixed(1),
    "work of the main thread, %": Math.round((work / SECONDS) * 100),
    "heap after the first minute, MB": before.toFixed(1),
    "heap at the end, MB": after.toFixed(1),
    "last packet shown after, ms": Math.round(performance.now() - end),
  });
  expect(percentile(frames, 0.95)).toBeLessThan(50);
  expect(after).toBeLessThan(before * 1.1 + 2);
  client.close();
});
