// SPDX-License-Identifier: Apache-2.0

import { expect, test } from "vitest";
import { pointsOf } from "./sparkline.js";

test("the newest value is at the right, and the highest one at the top", () => {
  expect(pointsOf([0, 50, 25], 61)).toBe("116.0,31.0 118.0,1.0 120.0,16.0");
});

test("silence is a line at the bottom", () => {
  expect(pointsOf([0, 0], 61)).toBe("118.0,31.0 120.0,31.0");
  expect(pointsOf([], 61)).toBe("");
});
