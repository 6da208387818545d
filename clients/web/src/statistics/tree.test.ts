// SPDX-License-Identifier: Apache-2.0

import { describe, expect, test } from "vitest";
import { parentOf, sortedTree, treeOf, visibleNodes } from "./tree.js";

const NODES = treeOf(
  [
    ["eth", 0],
    ["ip", 1],
    ["tcp", 2],
    ["udp", 2],
    ["arp", 1],
    ["sll", 0],
  ].map(([name, depth]) => ({ name, depth: Number(depth) })),
);

function names(collapsed: readonly number[]): unknown[] {
  return visibleNodes(NODES, new Set(collapsed)).map(({ value }) => value.name);
}

describe("a tree", () => {
  test("knows which nodes have children", () => {
    expect(NODES.map(({ hasChildren }) => hasChildren)).toEqual([
      true,
      true,
      false,
      false,
      false,
      false,
    ]);
  });

  test("hides what is below collapsed nodes", () => {
    expect(names([])).toEqual(["eth", "ip", "tcp", "udp", "arp", "sll"]);
    expect(names([1])).toEqual(["eth", "ip", "arp", "sll"]);
    expect(names([0])).toEqual(["eth", "sll"]);
    expect(names([0, 1])).toEqual(["eth", "sll"]);
  });

  test("knows the node above another one", () => {
    const parents = NODES.map((node) => parentOf(NODES, node)?.value.name);
    expect(parents).toEqual([undefined, "eth", "ip", "ip", "eth", undefined]);
  });

  test("is sorted below each node", () => {
    const sorted = sortedTree(NODES, (a, b) => String(b.name).localeCompare(String(a.name)));
    expect(sorted.map(({ value }) => value.name)).toEqual([
      "sll",
      "eth",
      "ip",
      "udp",
      "tcp",
      "arp",
    ]);
    expect(sorted.map((node) => parentOf(sorted, node)?.value.name)).toEqual([
      undefined,
      undefined,
      "eth",
      "ip",
      "ip",
      "eth",
    ]);
  });
});
