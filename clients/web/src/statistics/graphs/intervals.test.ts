// SPDX-License-Identifier: Apache-2.0

import { expect, test } from "vitest";
import { usualInterval } from "./intervals.js";

test("intervals are short enough for short captures, and long enough for long ones", () => {
  expect(usualInterval(0).title).toBe("1 ms");
  expect(usualInterval(0.5).title).toBe("20 ms");
  expect(usualInterval(100).title).toBe("1 s");
  expect(usualInterval(4_000_000).title).toBe("10 s");
  expect(usualInterval(1e12).title).toBe("10 min");
});
