// SPDX-License-Identifier: Apache-2.0

import { beforeEach, expect, test } from "vitest";
import {
  endOf,
  expandAbove,
  hasChildren,
  openKeys,
  parentOf,
  setAllOpen,
  setOpen,
  setSubtreeOpen,
  visibleNodes,
} from "./tree.js";

const NODES = [
  ["frame", 0],
  ["frame.number", 1],
  ["ip", 0],
  ["ip.flags", 1],
  ["ip.flags.df", 2],
  ["ip.src", 1],
].map(([name, depth]) => ({
  name: String(name),
  depth: Number(depth),
  label: String(name),
  is: (): boolean => false,
}));

function shown(): string[] {
  return visibleNodes(NODES, openKeys.value).map((index) => NODES[index]?.name ?? "");
}

beforeEach(() => {
  openKeys.value = new Set();
});

test("a closed tree shows the protocols only", () => {
  expect(shown()).toEqual(["frame", "ip"]);
});

test("nodes know what is above and below them", () => {
  expect(hasChildren(NODES, 2)).toBe(true);
  expect(hasChildren(NODES, 5)).toBe(false);
  expect(parentOf(NODES, 4)).toBe(3);
  expect(parentOf(NODES, 2)).toBe(-1);
  expect(endOf(NODES, 2)).toBe(6);
});

test("a node that is open shows its children", () => {
  setOpen(NODES, 2, true);
  expect(shown()).toEqual(["frame", "ip", "ip.flags", "ip.src"]);
  setOpen(NODES, 2, false);
  expect(shown()).toEqual(["frame", "ip"]);
});

test("whole subtrees, and the whole tree, open and close", () => {
  setSubtreeOpen(NODES, 2, true);
  expect(shown()).toEqual(["frame", "ip", "ip.flags", "ip.flags.df", "ip.src"]);
  setSubtreeOpen(NODES, 2, false);
  expect(shown()).toEqual(["frame", "ip"]);
  setAllOpen(NODES, true);
  expect(shown()).toHaveLength(NODES.length);
  setAllOpen(NODES, false);
  expect(shown()).toEqual(["frame", "ip"]);
});

test("what is above a node opens for it", () => {
  expandAbove(NODES, 4);
  expect(shown()).toContain("ip.flags.df");
});

test("a hundred thousand nodes below one take no time", () => {
  const nodes = Array.from({ length: 100_000 }, (_, index) => ({
    name: "text",
    depth: index === 0 ? 0 : 1 + ((index + 1) % 2),
    label: "a",
    is: (): boolean => true,
  }));
  const start = performance.now();
  setAllOpen(nodes, true);
  expect(visibleNodes(nodes, openKeys.value)).toHaveLength(nodes.length);
  expect(performance.now() - start).toBeLessThan(5000);
});
