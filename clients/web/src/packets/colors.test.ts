// SPDX-License-Identifier: Apache-2.0

import { expect, test } from "vitest";
import { contrast, cssColor, readable } from "./colors.js";

test("the contrast is that of WCAG", () => {
  expect(contrast(0x000000, 0xffffff)).toBeCloseTo(21);
  expect(contrast(0x777777, 0xffffff)).toBeCloseTo(4.48, 2);
});

test("colors that can be read stay as they are", () => {
  expect(readable(0x12272e, 0xe4ffc7)).toBe(0x12272e);
  expect(readable(0xf78787, 0x12272e)).toBe(0xf78787);
});

test("other colors become darker or lighter until they can be read", () => {
  for (const [foreground, background] of [
    [0xbab5ab, 0xffffff],
    [0x333333, 0x12272e],
    [0x808080, 0x808080],
  ] as const) {
    expect(contrast(readable(foreground, background), background)).toBeGreaterThanOrEqual(4.5);
  }
});

test("colors are written as CSS has them", () => {
  expect(cssColor(0x0000ff)).toBe("#0000ff");
});
