// SPDX-License-Identifier: Apache-2.0

import { expect, test } from "vitest";
import { defaultGraphs, formatGraphs, graphFor, parseGraphs } from "./graph.js";

test("the address has graphs in a short form", () => {
  const graphs = defaultGraphs("");
  const text = formatGraphs(graphs);
  expect(text).toBe("1*All Packets**1*1*1***1*TCP Errors*tcp.analysis.flags*2*3*1**");
  expect(parseGraphs(text)).toEqual(graphs);
});

test("any name and filter can be in the address", () => {
  const [first] = defaultGraphs("");
  const odd = { ...graphFor("", []), ...first, name: "5 * 100%2A", filter: "ip.len * 2 > 9" };
  expect(parseGraphs(formatGraphs([odd, odd]))).toEqual([odd, odd]);
});

test("what isn't understood in the address is the default", () => {
  expect(parseGraphs("1*name*dns*77*x")).toEqual([
    { ...graphFor("dns", []), name: "name", color: "Blue" },
  ]);
});

test("a display filter has a graph of its own, in a color that isn't taken", () => {
  expect(defaultGraphs("dns")[2]).toMatchObject({ filter: "dns", color: "Green", isOn: true });
});
