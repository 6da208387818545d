// SPDX-License-Identifier: Apache-2.0

import type { Locator, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { Traffic } from "../../typescript/tests/support/traffic.js";
import { Dashboard } from "./support/dashboard.js";
import { queryOf } from "./support/look.js";

let dashboard: Dashboard;
beforeAll(async () => {
  dashboard = await Dashboard.start(["--max-sessions-per-principal=16"]);
});
afterEach(() => dashboard.leave());
afterAll(() => dashboard[Symbol.asyncDispose]());

/** Opens what a page shows in a browser that remembers nothing. */
async function openLinkOf(page: Page): Promise<Page> {
  return dashboard.open(new URL(page.url()).hash);
}

/** Expects that a part of a page becomes the same in both. */
async function expectSame(one: Page, other: Page, part: (page: Page) => Locator): Promise<void> {
  const textsOf = (page: Page): Promise<string[]> => part(page).allInnerTexts();
  await part(other).first().waitFor();
  const expected = await textsOf(one);
  expect(expected.join("")).not.toBe("");
  await expect.poll(() => textsOf(other)).toEqual(expected);
}

async function choose(page: Page, ...labels: readonly string[]): Promise<void> {
  for (const name of labels) await page.getByRole("menuitem", { name, exact: true }).click();
}

function packet(page: Page, name: RegExp): Locator {
  return page.getByRole("listbox", { name: "Packets" }).getByRole("option", { name }).first();
}

function node(page: Page, name: RegExp): Locator {
  return page.getByRole("treeitem", { name }).first();
}

test("a link to packets shows a colleague the same", async () => {
  const page = await dashboard.open("#/packets/files/http1.pcap.gz");
  const filter = page.getByRole("combobox", { name: "Display filter", exact: true });
  await packet(page, /GET \/lines/).waitFor();
  await filter.fill("tcp.port == 48050");
  await filter.press("Enter");
  await expect.poll(() => queryOf(page).get("filter")).toBe("tcp.port == 48050");
  await page.getByRole("combobox", { name: "Profile" }).selectOption("No Reassembly");
  await packet(page, /GET \/lines/).click();
  await node(page, /Transmission Control Protocol/).click({ button: "right" });
  await choose(page, "Protocol Preferences: tcp…");
  await page.getByLabel("Relative sequence numbers (Requires").uncheck();
  await page.getByRole("dialog").getByRole("button", { name: "Apply" }).click();
  await packet(page, /\[SYN\] Seq=2181830265/).waitFor();
  await node(page, /Transmission Control Protocol/).click({ button: "right" });
  await choose(page, "Decode As…");
  await page.getByLabel("Current").selectOption("smtp");
  await page.getByRole("button", { name: "Decode" }).click();
  await packet(page, /SMTP/).click();
  await node(page, /Simple Mail Transfer Protocol/).click();
  await node(page, /Internet Protocol/).click();
  await page.keyboard.press("ArrowRight");
  await node(page, /Time to Live/).click({ button: "right" });
  await choose(page, "Apply as Column");
  await page.getByRole("columnheader", { name: "Length" }).getByRole("button").click();
  await page.getByRole("columnheader", { name: "Length" }).getByRole("button").click();
  await expect.poll(() => queryOf(page).get("sort")).toBe("-6");
  // A click before the new order has come would hit another row.
  const first = page.getByRole("listbox", { name: "Packets" }).getByRole("option").first();
  await expect.poll(() => first.textContent()).toContain("1045");
  await packet(page, /SMTP/).click();

  const colleague = await openLinkOf(page);
  await expectSame(page, colleague, (each) => each.getByRole("columnheader"));
  await expectSame(page, colleague, (each) =>
    each.getByRole("listbox", { name: "Packets" }).getByRole("option"),
  );
  await expectSame(page, colleague, (each) =>
    each.getByRole("listbox", { name: "Packets" }).getByRole("option", { selected: true }),
  );
  await node(colleague, /Simple Mail Transfer Protocol/).waitFor();
  await expect
    .poll(() => colleague.getByRole("combobox", { name: "Profile" }).inputValue())
    .toBe("No Reassembly");
  const input = colleague.getByRole("combobox", { name: "Display filter", exact: true });
  expect(await input.inputValue()).toBe("tcp.port == 48050");
  expect(new URL(colleague.url()).hash).toBe(new URL(page.url()).hash);
});

describe("a link to statistics shows a colleague the same", () => {
  async function open(query: string): Promise<Page> {
    return dashboard.open(`#/statistics/files/http1.pcap.gz?${query}`);
  }

  test("with conversations of a type, limited, sorted and with names", async () => {
    const page = await open("report=conversations");
    await page.getByRole("tab", { name: "TCP · 4" }).click();
    await page.getByRole("combobox", { name: "Display filter" }).fill("http");
    await page.getByRole("checkbox", { name: "Limit to display filter" }).check();
    await page.getByRole("tab", { name: "TCP · 4" }).waitFor();
    await page.getByRole("checkbox", { name: "Name resolution" }).check();
    await page.getByRole("button", { name: "Bytes", exact: true }).click();
    await page.getByRole("button", { name: "Bytes", exact: true }).click();
    await expect.poll(() => queryOf(page).get("sort")).toBe("-7");
    const colleague = await openLinkOf(page);
    await expectSame(page, colleague, (each) => each.getByRole("row"));
    const limit = colleague.getByRole("checkbox", { name: "Limit to display filter" });
    expect(await limit.isChecked()).toBe(true);
    expect(await colleague.getByRole("checkbox", { name: "Name resolution" }).isChecked()).toBe(
      true,
    );
  });

  test("with expert information, and the packets of a line", async () => {
    const page = await open("report=expert");
    await page.getByRole("checkbox", { name: /^Note/ }).uncheck();
    await page.getByRole("button", { name: "Summary", exact: true }).click();
    await page.getByRole("button", { name: /^Show the packets with: HTTP\/1.1 200/ }).click();
    await page.getByRole("region", { name: /^Packets: HTTP\/1.1 200/ }).waitFor();
    const colleague = await openLinkOf(page);
    await expectSame(page, colleague, (each) => each.getByRole("row"));
    await expectSame(page, colleague, (each) =>
      each.getByRole("region", { name: /^Packets: / }).getByRole("listitem"),
    );
  });

  test("with a stream, its direction, its form, and what is found in it", async () => {
    const page = await open("report=follow&follower=tcp&stream=0");
    await page.getByRole("region", { name: "Stream content" }).waitFor();
    await page.getByRole("button", { name: "Next", exact: true }).click();
    await page.getByLabel("Show data as").selectOption("Hex Dump");
    await page.getByLabel("Direction").selectOption({ index: 1 });
    await page.getByRole("searchbox", { name: "Find", exact: true }).fill("47");
    await page.getByText(/^\d+ places?$/).waitFor();
    const colleague = await openLinkOf(page);
    await expectSame(page, colleague, (each) =>
      each.getByRole("region", { name: "Stream content" }),
    );
    await expectSame(page, colleague, (each) => each.getByText(/^\d+ places?$/));
  });

  test("with objects of which some are shown, and a sorted tree", async () => {
    const page = await open("report=objects");
    await page.getByRole("searchbox", { name: "Text filter" }).fill("text/plain");
    await page.getByRole("button", { name: "Filename", exact: true }).click();
    await expectSame(page, await openLinkOf(page), (each) => each.getByRole("row"));
    const tree = await open("report=hierarchy&decode-as=tcp.port%3D%3D80,smtp");
    await tree.getByRole("button", { name: "Bytes", exact: true }).click();
    const colleague = await openLinkOf(tree);
    await expectSame(tree, colleague, (each) => each.getByRole("row"));
    await colleague.getByRole("row", { name: "Simple Mail Transfer Protocol" }).first().waitFor();
  });
});

test("from packets to statistics and back, the page keeps what one looks at", async () => {
  const query = "filter=tcp&frame=6&profile=Classic&decode-as=tcp.port%3D%3D80,smtp&columns=m,i";
  const page = await dashboard.open(`#/packets/files/http1.pcap.gz?${query}`);
  await packet(page, /DATA fragment/).waitFor();
  await page.getByRole("link", { name: "Statistics" }).click();
  await page.getByRole("row", { name: "Simple Mail Transfer Protocol" }).first().waitFor();
  await page.getByRole("link", { name: "Conversations" }).click();
  await page.getByRole("table", { name: /^Conversations: / }).waitFor();
  await page.getByRole("link", { name: "Packets", exact: true }).click();
  await packet(page, /DATA fragment/).waitFor();
  await node(page, /^\W*Frame 6:/).waitFor();
  expect(await page.getByRole("columnheader").allTextContents()).toEqual(["No.", "Info"]);
  expect([...queryOf(page)].toSorted()).toEqual([...new URLSearchParams(query)].toSorted());
});

test("a link to a live capture shows a colleague the same packets", async () => {
  await using traffic = await Traffic.start();
  using d = dashboard.client();
  await using capture = await d.capture("lo", {
    captureFilter: `udp port ${String(traffic.port)}`,
  });
  await traffic.send(5);
  const page = await dashboard.open(`#/live/${capture.name}`);
  const list = (each: Page): Locator =>
    each.getByRole("listbox", { name: "Live packets" }).getByRole("option");
  await expect.poll(() => list(page).count()).toBe(5);
  const filter = page.getByRole("combobox", { name: "Display filter" });
  await filter.fill("frame.number > 3");
  await filter.press("Enter");
  await expect.poll(() => list(page).count()).toBe(2);
  const colleague = await openLinkOf(page);
  await expect.poll(() => list(colleague).count()).toBe(2);
  await expectSame(page, colleague, list);
});
