// SPDX-License-Identifier: Apache-2.0

// Measures how soon something is seen of the page: bench/dashboard.sh runs it.
import { afterAll, beforeAll, expect, test } from "vitest";
import { Dashboard } from "./support/dashboard.js";
import { percentile } from "./support/measured.js";

const USERS = 10;

let dashboard: Dashboard;
beforeAll(async () => {
  dashboard = await Dashboard.start();
});
afterAll(() => dashboard[Symbol.asyncDispose]());

/** Opens the page as somebody who hasn't been there, and returns the time of its first paint. */
async function firstPaint(): Promise<number> {
  const page = await dashboard.open();
  await page.getByRole("heading", { name: "Files" }).waitFor();
  const time = await page.evaluate(
    () => performance.getEntriesByName("first-contentful-paint")[0]?.startTime ?? Number.NaN,
  );
  await page.context().close();
  return time;
}

test("the page is soon there", async () => {
  const times: number[] = [];
  for (let user = 0; user < USERS; ++user) times.push(await firstPaint());
  console.table({
    "first paint, median, ms": percentile(times, 0.5).toFixed(0),
    "first paint, longest, ms": Math.max(...times).toFixed(0),
  });
  expect(percentile(times, 0.5)).toBeLessThan(1000);
});
