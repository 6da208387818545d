// SPDX-License-Identifier: Apache-2.0

import { expect, test } from "vitest";
import { formatOrder, parseOrder } from "./use-order.js";

test.each(["1", "-3"])("the order %s is read, and written the same", (text) => {
  expect(formatOrder(parseOrder(text))).toBe(text);
});

test.each([undefined, "", "0", "x", "1.5"])("%s is no order", (text) => {
  expect(parseOrder(text)).toBeUndefined();
  expect(formatOrder(undefined)).toBeUndefined();
});
