// SPDX-License-Identifier: Apache-2.0

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
