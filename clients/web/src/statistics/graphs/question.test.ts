// SPDX-License-Identifier: Apache-2.0

import { describe, expect, test } from "vitest";
import { defaultGraphs, graphFor } from "./graph.js";
import { drawnValues, movingAverage, questionOf, reportFor } from "./question.js";

const packets = graphFor("", []);

describe("a question to io,stat", () => {
  test("is about frames, bytes or a field", () => {
    expect(defaultGraphs("").map(questionOf)).toEqual([
      { text: "FRAMES()" },
      { text: "FRAMES()tcp.analysis.flags" },
    ]);
    const bits = { ...packets, unit: "Bits", filter: "ip || ipv6" } as const;
    expect(questionOf(bits)).toEqual({ text: "BYTES()ip || ipv6" });
    const sum = { ...packets, unit: "SUM(Y Field)", field: "tcp.len", filter: "http" } as const;
    expect(questionOf(sum)).toEqual({ text: "SUM(tcp.len)(tcp.len) && (http)" });
    const frames = { ...sum, unit: "COUNT FRAMES(Y Field)" } as const;
    expect(questionOf(frames)).toEqual({ text: "FRAMES()(tcp.len) && (http)" });
    expect(reportFor(0.1, ["FRAMES()", "BYTES()"])).toBe("io,stat,0.1,FRAMES(),BYTES()");
  });

  test("needs a field, and a filter without commas", () => {
    const max = { ...packets, unit: "MAX(Y Field)" } as const;
    expect(questionOf(max).problem).toContain("Y field");
    expect(questionOf({ ...packets, filter: "max(tcp.len,1) > 5" }).problem).toContain("commas");
  });
});

test("an average moves over the values around", () => {
  expect(movingAverage([1, 2, 3, 4, 5], 3)).toEqual([1.5, 2, 3, 4, 4.5]);
  expect(movingAverage([2, 4], 10)).toEqual([3, 3]);
  expect(movingAverage([], 10)).toEqual([]);
});

test("bits are eight times the bytes, and there are no dots at zero", () => {
  expect(drawnValues({ ...packets, unit: "Bits" }, [1, 0])).toEqual([8, 0]);
  expect(drawnValues({ ...packets, style: "Dot" }, [1, 0])).toEqual([1, null]);
});
