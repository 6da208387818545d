// SPDX-License-Identifier: Apache-2.0

import type { StatsTreeNode } from "@dissectd/client/api";
import { expect, test } from "vitest";
import { lengthBarsOf } from "./packet-lengths.js";

test("bars are the ranges below the sum", () => {
  const nodes = [
    { name: "Packet Lengths", depth: 0, count: 5n },
    { name: "0-19", depth: 1, count: 2n },
    { name: "20 and greater", depth: 1, count: 3n },
  ] as unknown as readonly StatsTreeNode[];
  expect(lengthBarsOf({ title: "", columns: [], nodes })).toEqual({
    names: ["0-19", "20 and greater"],
    counts: [2, 3],
  });
});
