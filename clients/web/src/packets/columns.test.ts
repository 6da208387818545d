// SPDX-License-Identifier: Apache-2.0

import { beforeEach, describe, expect, test, vi } from "vitest";
import type * as Columns from "./columns.js";

// What the page has in a browser, as far as columns need it.
function stubBrowser(): void {
  const values = new Map<string, string>();
  const storage = {
    getItem: (key: string): string | null => values.get(key) ?? null,
    setItem: (key: string, value: string): void => void values.set(key, value),
  };
  const location = { origin: "https://lab.example", hash: "#/packets/files/dns.pcap" };
  const setHash = (_state: unknown, _title: string, hash: string): void => {
    location.hash = hash;
  };
  vi.stubGlobal("localStorage", storage);
  vi.stubGlobal("sessionStorage", storage);
  vi.stubGlobal("location", location);
  vi.stubGlobal("history", { pushState: setHash, replaceState: setHash });
  vi.stubGlobal("addEventListener", () => undefined);
}

// What the modules need of the browser must be there before them.
async function load(): Promise<typeof Columns> {
  const { followAddressBar } = await import("../app/address.js");
  followAddressBar();
  return import("./columns.js");
}

function titles({ columns }: typeof Columns): string[] {
  return columns.value.map(({ title }) => title);
}

const STANDARD = ["No.", "Time", "Source", "Destination", "Protocol", "Length", "Info"];

beforeEach(() => {
  vi.resetModules();
  stubBrowser();
});

describe("the columns", () => {
  test("are Wireshark's until the user chooses others", async () => {
    const module = await load();
    expect(titles(module)).toEqual(STANDARD);
    const [first] = module.columns.value;
    if (first) module.removeColumn(first);
    expect(titles(module)).toEqual(STANDARD.slice(1));
    expect(location.hash).toBe("#/packets/files/dns.pcap?columns=t%2Cs%2Cd%2Cp%2CL%2Ci");
    module.resetColumns();
    expect(titles(module)).toEqual(STANDARD);
    expect(location.hash).toBe("#/packets/files/dns.pcap");
  });

  test("are asked for again only if their texts change", async () => {
    const module = await load();
    const before = module.columnSelection.value;
    const [first, second] = module.columns.value;
    if (!first || !second) throw new Error("There are no columns.");
    module.resizeColumn(first, 99.6);
    expect(module.columnSelection.value).toBe(before);
    expect(module.gridTemplate.value).toMatch(/^100px 110px .* minmax\(400px, 1fr\)$/);
    module.hideColumn(second, true);
    expect(module.columnSelection.value.columns).toHaveLength(6);
  });

  test("take along what the list is sorted by", async () => {
    const module = await load();
    module.sortBy(5);
    module.sortBy(5);
    const [first, , , , , length] = module.columns.value;
    if (!first || !length) throw new Error("There are no columns.");
    module.moveColumn(length, first);
    expect(module.sortOrder.value).toEqual({ column: 0, isDescending: true });
    const [moved] = module.columns.value;
    if (moved) module.removeColumn(moved);
    expect(module.sortOrder.value).toBeUndefined();
  });

  test("can't all be hidden", async () => {
    const module = await load();
    module.setColumns(module.allColumns.value.map((column) => ({ ...column, isHidden: true })));
    expect(titles(module)).toEqual(STANDARD);
  });
});

test("a preferences file may have columns, or say in comments what they are", async () => {
  const { columnsInFile } = await load();
  const text = [
    "# Packet list column format",
    "gui.column.format: ",
    '\t"Nr", "%m",',
    '\t"Name", "%Cus:dns.qry.name:1:R"',
    "",
    "#gui.column.hidden: %m",
    "other: 1",
  ].join("\n");
  expect(columnsInFile(text)).toMatchObject([
    { title: "Nr", isHidden: true },
    { title: "Name", fields: "dns.qry.name", occurrence: 1, isHidden: false },
  ]);
});
