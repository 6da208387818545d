// SPDX-License-Identifier: Apache-2.0

import type { Locator, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { Dashboard } from "./support/dashboard.js";
import { expectAccessible, picture } from "./support/look.js";

let dashboard: Dashboard;
beforeAll(async () => {
  dashboard = await Dashboard.start();
});
afterAll(() => dashboard[Symbol.asyncDispose]());

/** Opens the dialog for a capture from interfaces. */
async function openDialog(page: Page, ...interfaces: string[]): Promise<Locator> {
  await page.getByRole("button", { name: "New capture …" }).click();
  const dialog = page.getByRole("dialog", { name: "Capture Options" });
  for (const name of interfaces) await dialog.getByRole("checkbox", { name }).check();
  return dialog;
}

test("a capture filter is checked for its interface, and completed while one types", async () => {
  const page = await dashboard.open("#/live");
  const dialog = await openDialog(page, "Loopback: lo", "any");
  const row = dialog.getByRole("row").filter({ hasText: "Loopback: lo" });
  const input = dialog.getByRole("combobox", { name: "Capture filter of lo" });
  const said = row.getByRole("status");
  await input.fill("tcp port 80");
  await said.getByText("The filter is valid.").waitFor();
  await input.fill("tcp prt 80");
  await said.getByText("syntax error").waitFor();
  await said.getByText("Capture filters are in the language of libpcap").waitFor();
  await picture(page, "capture-filter");
  await expectAccessible(page, "dialog");

  await input.fill("");
  await input.pressSequentially("udp and portr");
  await dialog.getByRole("option", { name: /^portrange/ }).waitFor();
  await picture(page, "capture-filter-completion");
  await input.press("ArrowDown");
  await input.press("Enter");
  expect(await input.inputValue()).toBe("udp and portrange");

  // Packets of all interfaces have no addresses of Ethernet.
  const forAll = "Capture filter for selected interfaces";
  await dialog.getByRole("combobox", { name: forAll }).fill("ether host 00:00:5e:00:53:01");
  const any = dialog.getByRole("combobox", { name: "Capture filter of any" });
  await expect.poll(() => any.getAttribute("aria-invalid")).toBe("true");
  await said.getByText("The filter is valid.").waitFor();
});

test("capture filters are remembered when a capture starts", async () => {
  const page = await dashboard.open("#/live");
  const dialog = await openDialog(page, "Loopback: lo");
  const input = dialog.getByRole("combobox", { name: "Capture filter of lo" });
  await input.fill("udp port 53");
  await input.press("Enter");
  await page.getByRole("heading", { name: "lo", exact: true }).waitFor();
  await page.getByRole("link", { name: "dissectd" }).click();
  const startInput = page.getByRole("combobox", { name: "… using this filter:" });
  await startInput.press("ArrowDown");
  await page.getByRole("option", { name: "udp port 53 recent" }).click();
  expect(await startInput.inputValue()).toBe("udp port 53");
});

test("capture filters are saved, also from a dialog", async () => {
  const page = await dashboard.open("#/live");
  const dialog = await openDialog(page, "Loopback: lo");
  const row = dialog.getByRole("row").filter({ hasText: "Loopback: lo" });
  await row.getByRole("button", { name: "Saved capture filters" }).click();
  await page.getByRole("menuitem", { name: "Manage capture filters …" }).click();
  const manager = page.getByRole("dialog", { name: "Capture filters" });
  await manager.getByRole("button", { name: "Add a filter" }).click();
  await manager.getByRole("textbox", { name: "Name" }).fill("Names");
  await manager.getByRole("textbox", { name: "Filter" }).fill("port 53");
  await manager.getByRole("button", { name: "Save" }).click();
  await row.getByRole("button", { name: "Saved capture filters" }).click();
  await page.getByRole("menuitem", { name: "Names: port 53" }).click();
  const input = row.getByRole("combobox", { name: "Capture filter of lo" });
  expect(await input.inputValue()).toBe("port 53");
});
