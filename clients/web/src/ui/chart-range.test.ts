// SPDX-License-Identifier: Apache-2.0

import { describe, expect, test } from "vitest";
import { including, logTicks, moved, scaled, wholeRange, within } from "./chart-range.js";

describe("the range of a chart", () => {
  test("is that of all values, with room for bars", () => {
    expect(wholeRange([1, 2, 4], false)).toEqual({ min: 1, max: 4 });
    expect(wholeRange([1, 2, 4], true)).toEqual({ min: 0.5, max: 4.5 });
  });

  test("isn't empty with one value or none", () => {
    expect(wholeRange([3], true)).toEqual({ min: 2.5, max: 3.5 });
    expect(wholeRange([], false)).toEqual({ min: 0, max: 1 });
  });

  test("stays within the whole", () => {
    const whole = { min: 0, max: 10 };
    expect(within({ min: -2, max: 2 }, whole)).toEqual({ min: 0, max: 4 });
    expect(within({ min: 8, max: 12 }, whole)).toEqual({ min: 6, max: 10 });
    expect(within({ min: -1, max: 11 }, whole)).toBeUndefined();
    expect(within({ min: 5, max: 5 }, whole)?.max).toBeGreaterThan(5);
  });

  test("grows around a value, and moves", () => {
    expect(scaled({ min: 2, max: 6 }, 0.5, 3)).toEqual({ min: 2.5, max: 4.5 });
    expect(moved({ min: 2, max: 6 }, -0.5)).toEqual({ min: 0, max: 4 });
    expect(including({ min: 2, max: 6 }, 7)).toEqual({ min: 3, max: 7 });
    expect(including({ min: 2, max: 6 }, 1)).toEqual({ min: 1, max: 5 });
    expect(including({ min: 2, max: 6 }, 3)).toEqual({ min: 2, max: 6 });
  });
});

test("a logarithmic axis has numbers where it is", () => {
  expect(logTicks(0, 100)).toEqual([0, 1, 2, 5, 10, 20, 50, 100]);
  expect(logTicks(-3, 4)).toEqual([-2, -1, 0, 1, 2]);
  expect(logTicks(0, 0.5)).toEqual([0]);
});
