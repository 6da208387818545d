// SPDX-License-Identifier: Apache-2.0

import type { Locator, Page } from "playwright-core";
import { describe, expect, test } from "vitest";
import { expectAccessibleInThemes, picture, queryOf } from "./support/look.js";
import { rowsOf, saved, tshark } from "./support/reports.js";
import { suite } from "./support/suite.js";

const LOSSY = "raw-ip-lossy.pcap";

const user = suite();

function open(query = "", capture = LOSSY): Promise<Page> {
  return user.open(`#/statistics/files/${capture}?report=io${query}`);
}

function chartOf(page: Page): Locator {
  return page.getByRole("application", { name: "I/O Graph" });
}

/** What the page says about the point at the cursor. */
function textOf(page: Page): Promise<string> {
  return page.locator(".chart-text").innerText();
}

/** Shows the graphs as a table, and returns its rows without those that tshark has not. */
async function tableOf(page: Page, rows: number): Promise<Record<string, string | number>[]> {
  await page.getByRole("checkbox", { name: "Show as table" }).check();
  return (await rowsOf(page.getByRole("table", { name: "I/O Graph" }))).slice(0, rows);
}

/** Returns the numbers of tshark's table: the start of each interval, and the columns. */
function numbersOf(capture: string, interval: string, ...columns: string[]): number[][] {
  const lines = tshark(capture, ["io,stat", interval, ...columns].join(",")).matchAll(
    /^\|\s*([\d.]+) <> [^|]*\|(.*)$/gm,
  );
  return [...lines].map(([, start, cells = ""]) => [
    Number(start),
    ...cells.split("|").slice(0, columns.length).map(Number),
  ]);
}

/** Returns where a part of the chart is, from 0 to 1 in both directions. */
async function placeIn(page: Page, x: number, y = 0.5): Promise<{ x: number; y: number }> {
  const area = await chartOf(page).locator(".u-over").boundingBox();
  if (!area) throw new Error("The chart isn't there.");
  return { x: area.x + area.width * x, y: area.y + area.height * y };
}

async function drag(page: Page, from: number, to: number): Promise<void> {
  const start = await placeIn(page, from);
  const end = await placeIn(page, to);
  await page.mouse.move(start.x, start.y);
  await page.mouse.down();
  await page.mouse.move(end.x, end.y, { steps: 5 });
  await page.mouse.up();
}

function rangeOf(page: Page): number[] {
  return (queryOf(page).get("range") ?? "").split("..").filter(Boolean).map(Number);
}

describe("the I/O graph", () => {
  test("shows Wireshark's graphs with tshark's values", async () => {
    const page = await open();
    await chartOf(page).waitFor();
    await page.getByRole("textbox", { name: "Name of TCP Errors" }).waitFor();
    expect(await page.getByRole("combobox", { name: "Interval" }).inputValue()).toBe("0.1");
    await expectAccessibleInThemes(page);
    await picture(page, "io-graph");
    const expected = numbersOf(LOSSY, "0.1", "FRAMES()", "FRAMES()tcp.analysis.flags");
    expect(expected.length).toBeGreaterThan(20);
    const rows = await tableOf(page, expected.length);
    expect(rows.map((row) => [row["Start (s)"], row["All Packets"], row["TCP Errors"]])).toEqual(
      expected,
    );
    await expectAccessibleInThemes(page);
    await picture(page, "io-table");
  });

  test("has graphs of fields, filters and averages", async () => {
    const page = await open("&interval=0.5");
    await page.getByRole("button", { name: "+ Add a graph" }).click();
    const filter = page.getByRole("combobox", { name: "Display filter of All Packets" }).last();
    await filter.fill("tcp.port in {80, 8000}");
    await filter.press("Enter");
    await page
      .getByRole("combobox", { name: "Y axis of All Packets" })
      .last()
      .selectOption("SUM(Y Field)");
    await page.getByText("Write the name of a field as the Y field").waitFor();
    const field = page.getByRole("textbox", { name: "Y field of All Packets" }).last();
    await field.fill("tcp.len");
    await field.press("Enter");
    await page.getByRole("textbox", { name: "Name of All Packets" }).last().fill("Content");
    await page.getByRole("combobox", { name: "Y axis of TCP Errors" }).selectOption("Bits");
    const sum = "SUM(tcp.len)tcp.len && (tcp.port == 80 || tcp.port == 8000)";
    const bytes = "BYTES()tcp.analysis.flags";
    const expected = numbersOf(LOSSY, "0.5", "FRAMES()", bytes, sum);
    const rows = await tableOf(page, expected.length);
    expect(expected.some(([, , , content]) => Number(content) > 0)).toBe(true);
    expect(
      rows.map((row) => [
        row["Start (s)"],
        row["All Packets"],
        Number(row["TCP Errors"]) / 8,
        row["Content"],
      ]),
    ).toEqual(expected);
  });

  test("tells which graph is wrong, and shows the others", async () => {
    const page = await open();
    const filter = page.getByRole("combobox", { name: "Display filter of TCP Errors" });
    await filter.fill("tcp.prt");
    await filter.press("Enter");
    const warning = page.getByText("TCP Errors:");
    await expect.poll(() => warning.innerText()).toContain("neither a field nor a protocol");
    const legend = page.getByRole("list", { name: "Series" });
    await expect.poll(() => legend.innerText()).toBe("All Packets");
  });

  test("zooms and pans with the mouse, and a link shows the same", async () => {
    const page = await open();
    await chartOf(page).locator("canvas").waitFor();
    await drag(page, 0.25, 0.5);
    await expect.poll(() => rangeOf(page)).toHaveLength(2);
    const [min = 0, max = 0] = rangeOf(page);
    expect(min).toBeCloseTo(0.68, 1);
    expect(max).toBeCloseTo(1.35, 1);
    await page.keyboard.down("Shift");
    await drag(page, 0.5, 0.75);
    await page.keyboard.up("Shift");
    await expect.poll(() => rangeOf(page)[0]).toBeLessThan(min - 0.1);
    const panned = rangeOf(page)[0] ?? 0;
    await page.mouse.wheel(0, 100);
    await expect.poll(() => rangeOf(page)[0]).toBeGreaterThan(panned);
    await page.getByRole("checkbox", { name: "Log scale" }).check();
    await page.getByRole("checkbox", { name: "Show TCP Errors" }).uncheck();
    await page.getByRole("button", { name: "Copy All Packets" }).click();
    await page.getByText("All Packets (2)").waitFor();
    await picture(page, "io-zoomed");
    const shown = rangeOf(page);
    await using other = await user.dashboard.context();
    const colleague = await user.dashboard.open(new URL(page.url()).hash, other);
    await colleague.getByText("All Packets (2)").waitFor();
    expect(await colleague.getByRole("checkbox", { name: "Log scale" }).isChecked()).toBe(true);
    await colleague.getByRole("button", { name: "Reset zoom" }).click();
    await expect.poll(() => rangeOf(colleague)).toEqual([]);
    expect(rangeOf(page)).toEqual(shown);
    const middle = await placeIn(page, 0.5);
    await page.mouse.dblclick(middle.x, middle.y);
    await expect.poll(() => rangeOf(page)).toEqual([]);
  });

  test("goes to the packet of a click", async () => {
    const page = await open("&interval=1");
    await chartOf(page).locator("canvas").waitFor();
    const firstFrames = numbersOf(LOSSY, "1", "MIN(frame.number)frame.number");
    const place = await placeIn(page, 0.48, 0.05);
    await page.mouse.click(place.x, place.y);
    await expect.poll(() => page.url()).toContain("#/packets/");
    expect(queryOf(page).get("frame")).toBe(String(firstFrames[1]?.[1]));
    await page.goBack();
    await chartOf(page).waitFor();
  });

  test("is used with the keyboard", async () => {
    const page = await open("&interval=1");
    const chart = chartOf(page);
    await chart.focus();
    await page.keyboard.press("ArrowRight");
    await expect.poll(() => textOf(page)).toMatch(/^0 s: All Packets \d+, TCP Errors \d+$/);
    await page.keyboard.press("End");
    await expect.poll(() => textOf(page)).toMatch(/^2 s:/);
    await page.keyboard.press("ArrowLeft");
    await expect.poll(() => textOf(page)).toMatch(/^1 s:/);
    await page.keyboard.press("+");
    await expect.poll(() => rangeOf(page)).toHaveLength(2);
    await page.keyboard.press("Shift+ArrowLeft");
    await page.keyboard.press("-");
    await expect.poll(() => rangeOf(page)).toEqual([]);
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("Enter");
    await expect.poll(() => page.url()).toContain("#/packets/");
    const errors = "MIN(frame.number)frame.number && tcp.analysis.flags";
    const firstFrames = numbersOf(LOSSY, "1", errors);
    expect(queryOf(page).get("frame")).toBe(String(firstFrames[1]?.[1]));
  });

  test("is saved as CSV, as JSON, as tshark's text and as a picture", async () => {
    const page = await open("&interval=1");
    await chartOf(page).locator("canvas").waitFor();
    const { name, content: csv } = await saved(page, "Save as CSV");
    expect(name).toBe("raw-ip-lossy.pcap-io-graph.csv");
    const [titles, first] = csv.toString().split("\r\n");
    expect(titles).toBe("Start (s),All Packets,TCP Errors");
    expect(first).toMatch(/^0,\d+,\d+$/);
    const json: unknown = JSON.parse((await saved(page, "Save as JSON")).content.toString());
    expect(json).toHaveProperty([0, "Start (s)"], 0);
    const text = (await saved(page, "Save as text")).content.toString();
    expect(text).toBe(tshark(LOSSY, "io,stat,1,FRAMES(),FRAMES()tcp.analysis.flags"));
    const png = (await saved(page, "Save as PNG")).content;
    expect(png.subarray(1, 4).toString()).toBe("PNG");
    expect(png.length).toBeGreaterThan(5000);
  });
});
