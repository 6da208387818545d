// SPDX-License-Identifier: Apache-2.0

import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Locator, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { Dashboard } from "./support/dashboard.js";
import { expectAccessible, picture, queryOf } from "./support/look.js";

const FILE = "#/packets/files/dns.pcap";
const STANDARD = ["No.", "Time", "Source", "Destination", "Protocol", "Length", "Info"];

let dashboard: Dashboard;
beforeAll(async () => {
  dashboard = await Dashboard.start(["--max-sessions-per-principal=16"]);
});
afterAll(() => dashboard[Symbol.asyncDispose]());

function heading(page: Page, name: string): Locator {
  return page.getByRole("columnheader", { name, exact: true });
}

async function expectColumns(page: Page, titles: readonly string[]): Promise<void> {
  await expect.poll(() => page.getByRole("columnheader").allTextContents()).toEqual(titles);
}

async function choose(page: Page, column: string, item: string): Promise<void> {
  await heading(page, column).click({ button: "right" });
  await page.getByRole("menuitem", { name: item, exact: true }).click();
}

/** Drops a field as the details tree lets one drag it. */
async function dropField(page: Page, field: string, onto: string): Promise<void> {
  const dataTransfer = await page.evaluateHandle((name) => {
    const data = new DataTransfer();
    data.setData("application/x-dissectd-field", name);
    return data;
  }, field);
  await heading(page, onto).dispatchEvent("dragover", { dataTransfer });
  await heading(page, onto).dispatchEvent("drop", { dataTransfer });
}

describe("the columns of the packet list", () => {
  test("are Wireshark's, and sort by a click", async () => {
    const page = await dashboard.open(FILE);
    await expectColumns(page, STANDARD);
    await heading(page, "Length").getByRole("button").click();
    expect(queryOf(page).get("sort")).toBe("6");
    expect(await heading(page, "Length").getAttribute("aria-sort")).toBe("ascending");
    await page.keyboard.press("Enter");
    expect(queryOf(page).get("sort")).toBe("-6");
    expect(await heading(page, "Length").getAttribute("aria-sort")).toBe("descending");
    await choose(page, "Time", "Remove This Column");
    expect(queryOf(page).get("sort")).toBe("-5");
    await heading(page, "Length").getByRole("button").click();
    expect(queryOf(page).get("sort")).toBe(null);
    await expectAccessible(page, ".column-header");
  });

  test("get fields that are dropped, which the address has and the browser remembers", async () => {
    const context = await dashboard.context();
    const page = await dashboard.open(FILE, context);
    await expectColumns(page, STANDARD);
    await dropField(page, "dns.qry.name", "Protocol");
    const titles = STANDARD.toSpliced(4, 0, "Name");
    await expectColumns(page, titles);
    expect(queryOf(page).get("columns")).toBe("m,t,s,d,Cus:dns.qry.name:0:R;Name,p,L,i");
    const again = await dashboard.open(FILE, context);
    await expectColumns(again, titles);
    const link = new URL(page.url()).hash;
    const colleague = await dashboard.open(link);
    await expectColumns(colleague, titles);
    await choose(page, "Name", "Reset to the Profile's Columns");
    await expectColumns(page, STANDARD);
    expect(queryOf(page).get("columns")).toBe(null);
  });

  test("are moved by the mouse and by the menu", async () => {
    const page = await dashboard.open(FILE);
    await heading(page, "Protocol").dragTo(heading(page, "Source"));
    const moved = ["No.", "Time", "Protocol", "Source", "Destination", "Length", "Info"];
    await expectColumns(page, moved);
    await choose(page, "Protocol", "Move Right");
    await choose(page, "Protocol", "Move Right");
    await expectColumns(page, STANDARD);
    expect(queryOf(page).get("columns")).toBe(null);
  });

  test("show the texts of the packets, in the order that one asks for", async () => {
    const page = await dashboard.open(`${FILE}?frame=2`);
    const rows = page.getByRole("listbox", { name: "Packets" }).getByRole("option");
    const firstTexts = (): Promise<string[]> => rows.first().locator("span").allTextContents();
    await page.getByRole("treeitem", { name: /Domain Name System/ }).click();
    await page.keyboard.press("Shift+ArrowRight");
    const name = page.getByRole("treeitem", { name: /^\W*Name: / }).first();
    await name.dragTo(heading(page, "Protocol"));
    await expectColumns(page, STANDARD.toSpliced(4, 0, "Name"));
    await expect.poll(async () => (await firstTexts())[4]).toBe("www.example.org");
    await heading(page, "Name").getByRole("button").click();
    // Packets without a name come first.
    await expect.poll(async () => (await firstTexts())[4]).toBe("");
    await heading(page, "Name").getByRole("button").click();
    await expect.poll(async () => (await firstTexts())[4]).toBe("www.example.org");
    await choose(page, "Name", "Move Left");
    expect((await firstTexts())[3]).toBe("www.example.org");
    expect(queryOf(page).get("sort")).toBe("-4");
    await name.click({ button: "right" });
    await page.getByRole("menuitem", { name: "Apply as Column" }).click();
    await expect.poll(async () => (await firstTexts())[7]).toBe("www.example.org");
  });

  test("are resized by the mouse, aligned and hidden", async () => {
    const page = await dashboard.open(FILE);
    await expectColumns(page, STANDARD);
    const box = await heading(page, "Time").boundingBox();
    if (!box) throw new Error("The column can't be seen.");
    await page.mouse.move(box.x + box.width, box.y + 5);
    await page.mouse.down();
    await page.mouse.move(box.x + box.width + 50, box.y + 5, { steps: 5 });
    await page.mouse.up();
    const widened = await heading(page, "Time").boundingBox();
    expect(Math.round((widened?.width ?? 0) - box.width)).toBe(50);
    await expectColumns(page, STANDARD);
    await choose(page, "Time", "Align Right");
    expect(queryOf(page).get("columns")).toBe("m,t;;r;160,s,d,p,L,i");
    await choose(page, "Time", "Length ✓");
    await expectColumns(page, STANDARD.toSpliced(5, 1));
    await page.reload();
    await expectColumns(page, STANDARD.toSpliced(5, 1));
    await choose(page, "Time", "Length");
    await expectColumns(page, STANDARD);
  });

  test("are edited all at once, and what is wrong is said", async () => {
    const page = await dashboard.open(FILE);
    await heading(page, "Info").click({ button: "right" });
    await picture(page, "column-menu");
    await page.getByRole("menuitem", { name: "Column Preferences …" }).click();
    const dialog = page.getByRole("dialog", { name: "Column preferences" });
    await dialog.getByRole("button", { name: "Add a column" }).click();
    await dialog.getByRole("textbox", { name: "Title" }).last().fill("Address");
    await dialog.getByRole("textbox", { name: "Fields" }).fill("dns.a || dns.nothing");
    await dialog.getByRole("spinbutton", { name: "Occurrence" }).fill("1");
    await dialog.getByRole("button", { name: "Save" }).click();
    await dialog.getByRole("alert").getByText("dns.nothing is neither a field").waitFor();
    await picture(page, "column-preferences");
    await expectAccessible(page, "dialog");
    await dialog.getByRole("textbox", { name: "Fields" }).fill("dns.a || dns.aaaa");
    await dialog.getByRole("button", { name: "Move Address up" }).click();
    // The focus goes with the row.
    await page.keyboard.press("Enter");
    await dialog.getByRole("button", { name: "Move Address down" }).click();
    await dialog.getByRole("combobox", { name: "Type" }).nth(1).selectOption("Absolute time");
    await dialog.getByRole("textbox", { name: "Title" }).first().fill("#");
    await dialog.getByRole("button", { name: "Save" }).click();
    await dialog.waitFor({ state: "detached" });
    await expectColumns(page, ["#", ...STANDARD.slice(1, 6), "Address", "Info"]);
    const expected = "m;#,At;Time;;110,s,d,p,L,Cus:dns.a || dns.aaaa:1:R;Address,i";
    expect(queryOf(page).get("columns")).toBe(expected);
    await picture(page, "columns");
  });

  test("are those of the profile", async () => {
    const profile = join(dashboard.daemon.folder, "home/.config/wireshark/profiles/Names");
    mkdirSync(profile, { recursive: true });
    const formats = '"Nr", "%m", "Name", "%Cus:dns.qry.name:1:R", "What", "%i"';
    writeFileSync(join(profile, "preferences"), `gui.column.format: ${formats}\n`);
    const page = await dashboard.open(`${FILE}?profile=Names`);
    await expectColumns(page, ["Nr", "Name", "What"]);
    await page.getByRole("combobox", { name: "Profile" }).selectOption("Default");
    await expectColumns(page, STANDARD);
  });
});
