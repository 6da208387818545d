// SPDX-License-Identifier: Apache-2.0

import { join } from "node:path";
import type { Locator, Page } from "playwright-core";
import { describe, expect, test } from "vitest";
import { expectAccessibleInThemes, picture, queryOf } from "./support/look.js";
import { saved, tshark, writeConversations } from "./support/reports.js";
import { suite } from "./support/suite.js";

const HTTP = "http1.pcap.gz";

const user = suite();

function open(query = "", capture = HTTP): Promise<Page> {
  return user.open(`#/statistics/files/${capture}?report=flow${query}`);
}

function selectedRow(page: Page): Locator {
  const list = page.getByRole("listbox", { name: "Flow Graph" });
  return list.getByRole("option", { selected: true });
}

function rowsOf(page: Page): Locator {
  return page.getByRole("listbox", { name: "Flow Graph" }).getByRole("option");
}

// Sessions know what later packets say about earlier ones, as tshark does in its second pass.
function tsharkFlow(report: string): string {
  return tshark(HTTP, report, "-2");
}

/** Returns the time and the comment of each arrow that tshark prints. */
function arrowsOf(report: string): string[] {
  const lines = tsharkFlow(report).matchAll(/^\|(\S+) +\|.*\|([^|]+)$/gm);
  return [...lines].map(([, time = "", comment = ""]) => `${time} ${comment.trim()}`);
}

async function savedArrows(page: Page): Promise<string[]> {
  const { content } = await saved(page, "Save as JSON");
  const rows = JSON.parse(content.toString()) as { Time: string; Comment: string }[];
  return rows.map(({ Time, Comment }) => `${Time} ${Comment.trim()}`);
}

describe("the flow graph", () => {
  test("has tshark's arrows", async () => {
    const page = await open();
    const first = rowsOf(page).first();
    await first.waitFor();
    expect(await first.getAttribute("aria-label")).toMatch(
      /^0\.000000: 192\.0\.2\.1 port 48050 to 192\.0\.2\.2 port 80, TCP: 48050 → 80 \[SYN\]/,
    );
    expect(await first.innerText()).toContain("48050 → 80 [SYN] Seq");
    await expectAccessibleInThemes(page);
    await picture(page, "flow");
    const expected = arrowsOf("flow,any,standard");
    expect(expected.length).toBeGreaterThan(20);
    expect(await savedArrows(page)).toEqual(expected);
    const text = (await saved(page, "Save as text")).content.toString();
    expect(text).toBe(tsharkFlow("flow,any,standard"));
  });

  test("is of the chosen type, and limited to the display filter", async () => {
    const page = await open("&filter=ipv6&limited=yes");
    await rowsOf(page).first().waitFor();
    await page.getByRole("combobox", { name: "Flow type" }).selectOption("TCP Flows");
    await expect.poll(() => rowsOf(page).first().innerText()).toContain("SYN");
    await expect.poll(() => queryOf(page).get("flow")).toBe("tcp");
    await expect.poll(() => savedArrows(page)).toEqual(arrowsOf("flow,tcp,standard,ipv6"));
    await page.getByRole("combobox", { name: "Flow type" }).selectOption("ICMP Flows");
    await page.getByText("There are no such flows in the capture.").waitFor();
  });

  test("goes to packets, and back to their arrows", async () => {
    const page = await open();
    await rowsOf(page).nth(3).click();
    await expect.poll(() => page.url()).toContain("#/packets/");
    expect(queryOf(page).get("frame")).toBe("4");
    await page.goBack();
    const selected = selectedRow(page);
    await expect.poll(() => selected.getAttribute("aria-posinset")).toBe("4");
    await page.getByRole("listbox", { name: "Flow Graph" }).focus();
    await page.keyboard.press("ArrowDown");
    await expect.poll(() => selected.getAttribute("aria-posinset")).toBe("5");
    await page.keyboard.press("Enter");
    await expect.poll(() => page.url()).toContain("#/packets/");
    expect(queryOf(page).get("frame")).toBe("5");
  });

  test("is saved as CSV and as pictures", async () => {
    const page = await open();
    await rowsOf(page).first().waitFor();
    const { name, content } = await saved(page, "Save as CSV");
    expect(name).toBe("http1.pcap.gz-flow-any.csv");
    expect(content.toString().split("\r\n")[1]).toMatch(
      /^1,0\.000000,192\.0\.2\.1,48050,192\.0\.2\.2,80,/,
    );
    const svg = (await saved(page, "Save as SVG")).content.toString();
    expect(svg).toContain(">192.0.2.1</text>");
    const png = (await saved(page, "Save as PNG")).content;
    expect(png.subarray(1, 4).toString()).toBe("PNG");
    expect(png.length).toBeGreaterThan(10_000);
  });

  test("of ten thousand arrows is as quick as one of few", async () => {
    writeConversations(join(user.dashboard.daemon.store, "flows.pcap"), 10_000);
    const page = await open("", "flows.pcap");
    const list = page.getByRole("listbox", { name: "Flow Graph" });
    await rowsOf(page).first().waitFor();
    await list.focus();
    await page.keyboard.press("End");
    const last = selectedRow(page);
    await expect.poll(() => last.getAttribute("aria-posinset")).toBe("10000");
    expect(await rowsOf(page).count()).toBeLessThan(60);
  });
});
