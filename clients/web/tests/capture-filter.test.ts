// SPDX-License-Identifier: Apache-2.0

import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Page } from "playwright-core";
import { build } from "vite";
import { afterAll, beforeAll, expect, test } from "vitest";
import { Dashboard } from "./support/dashboard.js";
import { expectAccessible, picture } from "./support/look.js";

const ROOT = fileURLToPath(new URL("page", import.meta.url));
const CONFIG = fileURLToPath(new URL("../vite.config.ts", import.meta.url));
const PART = "capture-filter";

let dashboard: Dashboard;
beforeAll(async () => {
  dashboard = await Dashboard.start();
  await build({
    root: ROOT,
    configFile: CONFIG,
    logLevel: "error",
    build: { outDir: join(dashboard.folder, PART) },
  });
});
afterAll(() => dashboard[Symbol.asyncDispose]());

/** Opens a page that has only the input, at the origin that the gateway knows. */
async function open(): Promise<Page> {
  const page = await dashboard.open();
  const { origin } = new URL(page.url());
  await page.goto(`${origin}/${PART}/index.html`);
  return page;
}

test("a capture filter is checked for its packets, and completed while one types", async () => {
  const page = await open();
  const input = page.getByRole("combobox", { name: "Capture filter" });
  const said = page.getByRole("status");
  await input.fill("tcp port 80");
  await said.getByText("The filter is valid.").waitFor();
  await input.fill("tcp prt 80");
  await said.getByText("syntax error").waitFor();
  await said.getByText("Capture filters are in the language of libpcap").waitFor();
  await picture(page, "capture-filter");
  await expectAccessible(page, ".capture-filter");
  await input.fill("ether host 00:00:5e:00:53:01");
  await said.getByText("The filter is valid.").waitFor();
  await page.getByRole("textbox", { name: "Link-layer type" }).fill("RAW");
  await expect.poll(() => input.getAttribute("aria-invalid")).toBe("true");
  await page.getByRole("textbox", { name: "Link-layer type" }).fill("");
  await expect.poll(() => input.getAttribute("aria-invalid")).toBe("false");
  await input.fill("");
  await input.pressSequentially("udp and portr");
  await page.getByRole("option", { name: /^portrange/ }).waitFor();
  await input.press("ArrowDown");
  await input.press("Enter");
  expect(await input.inputValue()).toBe("udp and portrange");
});

test("capture filters are remembered and saved", async () => {
  const page = await open();
  const input = page.getByRole("combobox", { name: "Capture filter" });
  await input.fill("udp port 53");
  await input.press("Enter");
  await expect.poll(() => input.inputValue()).toBe("");
  await input.press("ArrowDown");
  await page.getByRole("option", { name: "udp port 53 recent" }).click();
  expect(await input.inputValue()).toBe("udp port 53");
  await input.fill("");
  await page.getByRole("button", { name: "Saved capture filters" }).click();
  await page.getByRole("menuitem", { name: "Manage capture filters …" }).click();
  const dialog = page.getByRole("dialog", { name: "Capture filters" });
  await dialog.getByRole("button", { name: "Add a filter" }).click();
  await dialog.getByRole("textbox", { name: "Name" }).fill("Names");
  await dialog.getByRole("textbox", { name: "Filter" }).fill("port 53");
  await dialog.getByRole("button", { name: "Save" }).click();
  await page.getByRole("button", { name: "Saved capture filters" }).click();
  await page.getByRole("menuitem", { name: "Names: port 53" }).click();
  expect(await input.inputValue()).toBe("port 53");
});
