// SPDX-License-Identifier: Apache-2.0

import { expect, test } from "vitest";
import { count, elapsed, size } from "./format.js";

test("numbers have separators", () => {
  expect([count(0), count(12345)]).toEqual(["0", "12,345"]);
});

test.each([
  [999, "999 bytes"],
  [1200, "1.2 kB"],
  [3_456_789, "3.5 MB"],
  [7e15, "7000.0 TB"],
])("%d bytes are %s", (bytes, text) => {
  expect(size(bytes)).toBe(text);
});

test.each([
  [-5, "00:00"],
  [62_999, "01:02"],
  [3_723_000, "1:02:03"],
])("%d ms are %s", (milliseconds, text) => {
  expect(elapsed(milliseconds)).toBe(text);
});
