// SPDX-License-Identifier: Apache-2.0

import { expect, test } from "vitest";
import { pointsOf } from "./sparkline.js";

test("a line goes from the left to the right, and its largest value to the top", () => {
  expect(pointsOf([0, 10, 5])).toBe("0.0,31.0 60.0,1.0 120.0,16.0");
});

test("no traffic is a line at the lower edge", () => {
  expect(pointsOf([0, 0])).toBe("0.0,31.0 120.0,31.0");
  expect(pointsOf([])).toBe("");
});
