// SPDX-License-Identifier: Apache-2.0

import type { Locator, Page } from "playwright-core";

/** The rows, nodes and lines of the three panes, as users find them. */
export function panes(page: Page): {
  packet: (name: RegExp) => Locator;
  selectedPacket: Locator;
  node: (name: RegExp) => Locator;
  selectedNode: Locator;
  line: (name: RegExp) => Locator;
} {
  const list = page.getByRole("listbox", { name: "Packets" });
  const tree = page.getByRole("tree", { name: "Packet details" });
  const bytes = page.getByRole("listbox", { name: "Packet bytes" });
  return {
    packet: (name) => list.getByRole("option", { name }).first(),
    selectedPacket: list.getByRole("option", { selected: true }),
    node: (name) => tree.getByRole("treeitem", { name }).first(),
    selectedNode: tree.getByRole("treeitem", { selected: true }),
    line: (name) => bytes.getByRole("option", { name }),
  };
}
