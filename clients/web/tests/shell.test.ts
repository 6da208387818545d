// SPDX-License-Identifier: Apache-2.0

import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, expect, test } from "vitest";
import { Dashboard } from "./support/dashboard.js";

let dashboard: Dashboard;
beforeAll(async () => {
  dashboard = await Dashboard.start();
});
afterAll(() => dashboard[Symbol.asyncDispose]());

test("the page says that the daemon is away, and when it is back", async () => {
  const page = await dashboard.open();
  const connection = page.locator(".connection");
  await connection.and(page.locator(".online")).waitFor();
  await dashboard.daemon.kill();
  await page.reload();
  await expect.poll(() => connection.textContent()).toContain("The daemon is away.");
  await dashboard.daemon.restart();
  await connection.and(page.locator(".online")).waitFor();
});

test("the whole page is small", () => {
  const files = readdirSync(dashboard.folder, { recursive: true, encoding: "utf8" })
    .map((name) => join(dashboard.folder, name))
    .filter((path) => statSync(path).isFile());
  expect(files.length).toBeGreaterThan(3);
  const sizes = files.map((path) => gzipSync(readFileSync(path)).length);
  expect(sizes.reduce((sum, size) => sum + size)).toBeLessThan(400_000);
});
